-- Reference: areas and role types are known to everyone signed in.
GRANT SELECT ON contacts_region, contacts_place, contacts_placeregion, contacts_outwardcode,
    contacts_roletype TO tandem_web;

-- Tables below a partnership whose acl follows it; `tandem.refresh_acl` walks this list.
CREATE TABLE tandem.follows_partnership (relation text PRIMARY KEY);
GRANT SELECT ON tandem.follows_partnership TO tandem_definer;

-- A posting is its recorder's; the record of partnerships widens this to their members.
ALTER TABLE contacts_posting ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_posting FORCE ROW LEVEL SECURITY;
CREATE POLICY those_with_a_key ON contacts_posting FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY record ON contacts_posting FOR INSERT TO tandem_web
    WITH CHECK (recorded_by_id = tandem.organisation()
                AND EXISTS (SELECT 1 FROM contacts_person p WHERE p.id = person_id));
CREATE POLICY recorder_corrects ON contacts_posting FOR UPDATE TO tandem_web
    USING (recorded_by_id = tandem.organisation())
    WITH CHECK (recorded_by_id = tandem.organisation());
CREATE POLICY definer ON contacts_posting TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (role_type_id, job_title, email, telephone, started_on, ended_on,
    source, checked_at, bounced_at, bounce_reason) ON contacts_posting TO tandem_web;
GRANT SELECT, UPDATE ON contacts_posting TO tandem_definer;

CREATE FUNCTION tandem.posting_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := ARRAY[NEW.recorded_by_id];
    RETURN NEW;
END $$;
ALTER FUNCTION tandem.posting_acl() OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.posting_acl() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.posting_acl() TO tandem_owner;
RESET ROLE;
CREATE TRIGGER posting_acl BEFORE INSERT OR UPDATE OF acl, recorded_by_id ON contacts_posting
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_acl();

-- A person is seen by who recorded them, by themselves, and by who sees one of their postings.
ALTER TABLE contacts_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_person FORCE ROW LEVEL SECURITY;
CREATE POLICY recorder_or_by_posting ON contacts_person FOR SELECT TO tandem_web
    USING (recorded_by_id = tandem.organisation() OR user_id = tandem.person()
           OR EXISTS (SELECT 1 FROM contacts_posting g WHERE g.person_id = contacts_person.id));
CREATE POLICY record ON contacts_person FOR INSERT TO tandem_web
    WITH CHECK (recorded_by_id = tandem.organisation());
CREATE POLICY recorder_corrects ON contacts_person FOR UPDATE TO tandem_web
    USING (recorded_by_id = tandem.organisation())
    WITH CHECK (recorded_by_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (name) ON contacts_person TO tandem_web;

-- An address that refuses is marked by whoever sees the posting: a partner's e-mail bounces
-- too. Nothing else of it can be changed this way, and not an address corrected since.
CREATE FUNCTION tandem.note_bounce(p_posting bigint, p_email text, p_reason text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting SET bounced_at = now(), bounce_reason = left(p_reason, 300)
    WHERE id = p_posting AND lower(email) = lower(p_email) AND bounced_at IS NULL
      AND acl && nullif(current_setting('app.keys', true), '')::bigint[]
      AND nullif(current_setting('app.org_id', true), '') IS NOT NULL;
    RETURN FOUND;
END $$;
ALTER FUNCTION tandem.note_bounce(bigint, text, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.note_bounce(bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.note_bounce(bigint, text, text) TO tandem_web;
RESET ROLE;
