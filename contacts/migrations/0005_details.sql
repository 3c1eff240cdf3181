-- How to reach a person moves to a table of its own: fewer people may read it than may know of
-- the posting. The definer copies it, because the owner of the tables sees no tenant's rows.
ALTER TABLE contacts_workdetails ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_workdetails FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON contacts_workdetails TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON contacts_workdetails TO tandem_definer;
SET LOCAL ROLE tandem_definer;
INSERT INTO public.contacts_workdetails (posting_id, email, telephone, bounce_reason, acl)
    SELECT id, email, telephone, bounce_reason, acl FROM public.contacts_posting;
RESET ROLE;

-- The details' acl is the posting's, always.
CREATE FUNCTION tandem.details_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT p.acl INTO NEW.acl FROM public.contacts_posting p WHERE p.id = NEW.posting_id;
    RETURN NEW;
END $$;
CREATE FUNCTION tandem.posting_acl_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_workdetails SET acl = '{}' WHERE posting_id = NEW.id;
    RETURN NULL;
END $$;

SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.note_bounce(p_posting bigint, p_email text, p_reason text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting p SET bounced_at = now()
    WHERE p.id = p_posting AND p.bounced_at IS NULL
      AND p.acl && nullif(current_setting('app.keys', true), '')::bigint[]
      AND nullif(current_setting('app.org_id', true), '') IS NOT NULL
      AND EXISTS (SELECT 1 FROM public.contacts_workdetails d
                  WHERE d.posting_id = p.id AND lower(d.email) = lower(p_email));
    IF FOUND THEN
        UPDATE public.contacts_workdetails SET bounce_reason = left(p_reason, 300)
        WHERE posting_id = p_posting;
        RETURN true;
    END IF;
    RETURN false;
END $$;
RESET ROLE;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['details_acl()', 'posting_acl_changed()'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        RESET ROLE;
    END LOOP;
END $$;
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl ON contacts_workdetails
    FOR EACH ROW EXECUTE FUNCTION tandem.details_acl();
CREATE TRIGGER acl_changed AFTER UPDATE OF acl ON contacts_posting
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_acl_changed();
