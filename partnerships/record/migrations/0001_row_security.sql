-- ---------------------------------------------------------------- who holds a key to what
-- A partnership's acl: its owner, the members that accepted, and minus the user ids of grants.
CREATE FUNCTION tandem.partnership_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := (SELECT array_agg(DISTINCT k ORDER BY k) FROM (
        SELECT NEW.owner_id AS k
        UNION SELECT m.organisation_id FROM public.record_member m
              WHERE m.partnership_id = NEW.id AND m.state = 'accepted'
        UNION SELECT -g.user_id FROM public.record_partnershipgrant g
              WHERE g.content_object_id = NEW.id) keys);
    RETURN NEW;
END $$;

-- A row below a partnership: the partnership's acl. With the argument 'internal', a row marked
-- so is its author's organisation's alone.
CREATE FUNCTION tandem.child_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_NARGS > 0 AND TG_ARGV[0] = 'internal' THEN
        IF NEW.internal THEN
            NEW.acl := ARRAY[NEW.author_organisation_id];
            RETURN NEW;
        END IF;
    END IF;
    -- The lock makes this wait for a change of membership under way, and that change for this.
    SELECT p.acl INTO NEW.acl FROM public.record_partnership p
        WHERE p.id = NEW.partnership_id FOR KEY SHARE;
    RETURN NEW;
END $$;

-- A membership is also seen by the organisation it is about, from its invitation on: what it
-- answers must stay visible to it for it to be able to answer. An invitation by both ends.
CREATE FUNCTION tandem.member_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- As strong as what follows when the state changes, so that two answers cannot deadlock.
    SELECT p.acl INTO NEW.acl FROM public.record_partnership p
        WHERE p.id = NEW.partnership_id FOR UPDATE;
    IF NEW.state <> 'recorded' AND NEW.organisation_id <> ALL (NEW.acl) THEN
        NEW.acl := NEW.acl || NEW.organisation_id;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION tandem.invitation_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := ARRAY[NEW.from_organisation_id, NEW.to_organisation_id];
    RETURN NEW;
END $$;

-- A posting is seen by its recorder and by the members of partnerships where it is a live
-- named contact or deputy.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.posting_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := (SELECT array_agg(DISTINCT k ORDER BY k) FROM (
        SELECT NEW.recorded_by_id AS k
        UNION SELECT unnest(p.acl) FROM public.record_namedcontact c
              JOIN public.record_partnership p ON p.id = c.partnership_id
              WHERE c.posting_id = NEW.id AND c.ended_at IS NULL) keys);
    RETURN NEW;
END $$;
RESET ROLE;

-- Recompute a partnership and everything below it; concurrent changes wait for each other.
CREATE FUNCTION tandem.refresh_acl(p_partnership bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE child text;
BEGIN
    PERFORM 1 FROM public.record_partnership WHERE id = p_partnership FOR UPDATE;
    UPDATE public.record_partnership SET acl = '{}' WHERE id = p_partnership;
    FOR child IN SELECT relation FROM tandem.follows_partnership LOOP
        EXECUTE format('UPDATE public.%I SET acl = ''{}'' WHERE partnership_id = $1', child)
            USING p_partnership;
    END LOOP;
    UPDATE public.contacts_posting SET acl = '{}' WHERE id IN (
        SELECT posting_id FROM public.record_namedcontact WHERE partnership_id = p_partnership);
END $$;

CREATE FUNCTION tandem.member_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'accepted' THEN
        RETURN NULL;
    END IF;
    PERFORM tandem.refresh_acl(coalesce(NEW.partnership_id, OLD.partnership_id));
    RETURN NULL;
END $$;
CREATE FUNCTION tandem.grant_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.refresh_acl(coalesce(NEW.content_object_id, OLD.content_object_id));
    RETURN NULL;
END $$;
CREATE FUNCTION tandem.owner_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.refresh_acl(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION tandem.named_contact_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting SET acl = '{}'
        WHERE id IN (coalesce(NEW.posting_id, OLD.posting_id), OLD.posting_id);
    RETURN NULL;
END $$;

-- An organisation answers for itself: nobody else can make it a member.
CREATE FUNCTION tandem.member_answers_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('accepted', 'declined', 'left') AND NEW.state IS DISTINCT FROM OLD.state
       AND NEW.organisation_id IS DISTINCT FROM tandem.organisation() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an organisation answers for itself';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answers_itself BEFORE UPDATE ON record_member
    FOR EACH ROW EXECUTE FUNCTION tandem.member_answers_itself();

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['partnership_acl()', 'child_acl()', 'member_acl()', 'invitation_acl()',
        'refresh_acl(bigint)', 'member_changed()', 'grant_changed()',
        'owner_changed()', 'named_contact_changed()'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        RESET ROLE;
    END LOOP;
END $$;

CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, owner_id ON record_partnership
    FOR EACH ROW EXECUTE FUNCTION tandem.partnership_acl();
CREATE TRIGGER owner_changed AFTER UPDATE OF owner_id ON record_partnership
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION tandem.owner_changed();
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, state, partnership_id, organisation_id
    ON record_member FOR EACH ROW EXECUTE FUNCTION tandem.member_acl();
CREATE TRIGGER changed AFTER INSERT OR DELETE OR UPDATE OF state ON record_member
    FOR EACH ROW EXECUTE FUNCTION tandem.member_changed();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON record_partnershipgrant
    FOR EACH ROW EXECUTE FUNCTION tandem.grant_changed();
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON record_namedcontact
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
CREATE TRIGGER changed AFTER INSERT OR DELETE OR UPDATE OF posting_id, ended_at
    ON record_namedcontact FOR EACH ROW EXECUTE FUNCTION tandem.named_contact_changed();
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, from_organisation_id, to_organisation_id
    ON record_invitation FOR EACH ROW EXECUTE FUNCTION tandem.invitation_acl();
INSERT INTO tandem.follows_partnership VALUES ('record_member'), ('record_namedcontact');

-- ---------------------------------------------------------------- reading and writing
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['record_partnership', 'record_member', 'record_namedcontact',
        'record_invitation', 'record_partnershipgrant'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, UPDATE ON %I TO tandem_definer', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['record_partnership', 'record_member', 'record_namedcontact',
        'record_invitation'] LOOP
        EXECUTE format($p$CREATE POLICY those_with_a_key ON %I FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
    END LOOP;
END $$;

-- Partnership: opened and changed by its owner, never removed (closed).
CREATE POLICY open ON record_partnership FOR INSERT TO tandem_web
    WITH CHECK (owner_id = tandem.organisation());
CREATE POLICY owner_changes ON record_partnership FOR UPDATE TO tandem_web
    USING (owner_id = tandem.organisation()) WITH CHECK (owner_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (name, purpose, closed_at) ON record_partnership TO tandem_web;

-- Membership: the owner adds and invites; a member answers and leaves for itself.
CREATE POLICY owner_adds ON record_member FOR INSERT TO tandem_web
    WITH CHECK (EXISTS (SELECT 1 FROM record_partnership p
                        WHERE p.id = partnership_id AND p.owner_id = tandem.organisation())
                AND (state = 'recorded' OR organisation_id = tandem.organisation()));
CREATE POLICY owner_or_itself ON record_member FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           OR EXISTS (SELECT 1 FROM record_partnership p
                      WHERE p.id = partnership_id AND p.owner_id = tandem.organisation()))
    WITH CHECK (organisation_id = tandem.organisation()
           OR EXISTS (SELECT 1 FROM record_partnership p
                      WHERE p.id = partnership_id AND p.owner_id = tandem.organisation()));
GRANT SELECT, INSERT, UPDATE (state, answered_at, answered_by_id, decline_reason)
    ON record_member TO tandem_web;

-- Named contact: each member its own; the owner records them for an organisation that has not
-- accepted yet.
CREATE POLICY own_side ON record_namedcontact FOR INSERT TO tandem_web
    WITH CHECK (recorded_by_id = tandem.organisation()
        AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)
        AND EXISTS (SELECT 1 FROM contacts_posting g WHERE g.id = posting_id)
        AND EXISTS (SELECT 1 FROM record_member m JOIN record_partnership p ON p.id = m.partnership_id
            WHERE m.partnership_id = record_namedcontact.partnership_id
              AND m.organisation_id = record_namedcontact.organisation_id
              AND ((m.organisation_id = tandem.organisation() AND m.state = 'accepted')
                   OR (p.owner_id = tandem.organisation() AND m.state IN ('recorded', 'invited')))));
CREATE POLICY own_side_ends ON record_namedcontact FOR UPDATE TO tandem_web
    USING (EXISTS (SELECT 1 FROM record_member m JOIN record_partnership p ON p.id = m.partnership_id
            WHERE m.partnership_id = record_namedcontact.partnership_id
              AND m.organisation_id = record_namedcontact.organisation_id
              AND ((m.organisation_id = tandem.organisation() AND m.state = 'accepted')
                   OR (p.owner_id = tandem.organisation() AND m.state IN ('recorded', 'invited')))));
GRANT SELECT, INSERT, UPDATE (ended_at) ON record_namedcontact TO tandem_web;

-- Invitation: sent by the partnership's owner, seen by both ends, marked used by the invited.
CREATE POLICY owner_invites ON record_invitation FOR INSERT TO tandem_web
    WITH CHECK (from_organisation_id = tandem.organisation()
        AND EXISTS (SELECT 1 FROM record_partnership p
                    WHERE p.id = partnership_id AND p.owner_id = tandem.organisation()));
CREATE POLICY either_end ON record_invitation FOR UPDATE TO tandem_web
    USING (from_organisation_id = tandem.organisation() OR to_organisation_id = tandem.organisation())
    WITH CHECK (from_organisation_id = tandem.organisation()
                OR to_organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (email, message, sending, sent_at, expires_at, used_at, revoked_at)
    ON record_invitation TO tandem_web;

-- Personal grants: given and ended by the partnership's owner; seen by the person.
CREATE POLICY owner_or_person ON record_partnershipgrant FOR SELECT TO tandem_web
    USING (user_id = tandem.person()
           OR EXISTS (SELECT 1 FROM record_partnership p
                      WHERE p.id = content_object_id AND p.owner_id = tandem.organisation()));
CREATE POLICY owner_gives ON record_partnershipgrant FOR INSERT TO tandem_web
    WITH CHECK (EXISTS (SELECT 1 FROM record_partnership p
                        WHERE p.id = content_object_id AND p.owner_id = tandem.organisation()));
CREATE POLICY owner_ends ON record_partnershipgrant FOR DELETE TO tandem_web
    USING (EXISTS (SELECT 1 FROM record_partnership p
                   WHERE p.id = content_object_id AND p.owner_id = tandem.organisation()));
GRANT SELECT, INSERT, DELETE ON record_partnershipgrant TO tandem_web;

-- ---------------------------------------------------------------- look-ups that learn scope late
-- The invitation behind a signed link, for someone who acts for nobody yet.
CREATE FUNCTION tandem.find_invitation(p_ref text, p_sending integer)
    RETURNS TABLE (id bigint, partnership_id bigint, partnership_name text,
                   from_organisation_id bigint, to_organisation_id bigint, message text,
                   expires_at timestamptz, used_at timestamptz, revoked_at timestamptz,
                   superseded boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.id, i.partnership_id, i.partnership_name::text, i.from_organisation_id,
           i.to_organisation_id, i.message, i.expires_at, i.used_at, i.revoked_at,
           i.sending <> p_sending
    FROM public.record_invitation i WHERE i.ref = p_ref
$$;
-- Through which of their organisations a person sees the partnership behind a neutral link.
CREATE FUNCTION tandem.ways_to_partnership(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.record_partnership p
    JOIN public.organisations_membership m ON m.organisation_id = ANY (p.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE p.ref = p_ref AND m.user_id = p_user AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
-- Hold a partnership before one of its memberships: whoever takes them in this order cannot
-- deadlock with the recomputing of keys. For its owner and whoever is or was asked into it.
CREATE FUNCTION tandem.hold_partnership(p_partnership bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.record_partnership p WHERE p.id = p_partnership
        AND EXISTS (SELECT 1 FROM public.record_member m
                    WHERE m.partnership_id = p.id AND m.state <> 'recorded'
                      AND m.organisation_id =
                          nullif(current_setting('app.org_id', true), '')::bigint)
        FOR UPDATE;
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['find_invitation(text, integer)', 'ways_to_partnership(bigint, text)',
        'hold_partnership(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
