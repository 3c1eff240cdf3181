-- Scope: what the transaction acts for, from settings local to it. Empty text means nobody.
CREATE SCHEMA tandem;
GRANT USAGE ON SCHEMA tandem TO tandem_web, tandem_worker, tandem_definer;
GRANT CREATE ON SCHEMA tandem TO tandem_definer;

CREATE FUNCTION tandem.organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.org_id', true), '')::bigint $$;
CREATE FUNCTION tandem.person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::bigint $$;
CREATE FUNCTION tandem.keys() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.keys', true), '')::bigint[] $$;
CREATE FUNCTION tandem.is_operator() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT 1 FROM public.organisations_user u
          WHERE u.id = tandem.person() AND u.is_operator AND u.is_active) $$;

-- Reference: every organisation is known to everyone signed in; an operator admits or suspends.
ALTER TABLE organisations_organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_organisation FOR SELECT TO tandem_web USING (true);
CREATE POLICY operator_admits ON organisations_organisation FOR UPDATE TO tandem_web
    USING (tandem.is_operator()) WITH CHECK (tandem.is_operator());
CREATE POLICY owner_imports ON organisations_organisation TO tandem_owner
    USING (true) WITH CHECK (true);
CREATE POLICY definer_reads ON organisations_organisation FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, UPDATE (joined_at, suspended_at) ON organisations_organisation TO tandem_web;
GRANT SELECT ON organisations_organisation TO tandem_definer;
GRANT SELECT ON organisations_school, organisations_succession TO tandem_web;

-- People who sign in. The role that serves pages can make nobody an operator.
GRANT SELECT, INSERT, UPDATE ON organisations_user TO tandem_web;
GRANT SELECT ON organisations_user, organisations_user_groups, organisations_user_user_permissions
    TO tandem_web;
GRANT SELECT ON organisations_user TO tandem_definer;
CREATE FUNCTION tandem.keep_operator_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' THEN
        IF TG_OP = 'INSERT' AND (NEW.is_operator OR NEW.is_superuser) THEN
            RAISE insufficient_privilege USING MESSAGE = 'only the owner role makes operators';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.is_operator IS DISTINCT FROM OLD.is_operator
                                 OR NEW.is_superuser IS DISTINCT FROM OLD.is_superuser) THEN
            RAISE insufficient_privilege USING MESSAGE = 'only the owner role makes operators';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_operator_flag BEFORE INSERT OR UPDATE ON organisations_user
    FOR EACH ROW EXECUTE FUNCTION tandem.keep_operator_flag();

-- Memberships: seen by the person, by their organisation, and by operators, who admit the first.
ALTER TABLE organisations_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_membership FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_colleagues ON organisations_membership FOR SELECT TO tandem_web
    USING (user_id = tandem.person() OR organisation_id = tandem.organisation()
           OR tandem.is_operator());
CREATE POLICY operator_admits ON organisations_membership FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator());
CREATE POLICY definer_reads ON organisations_membership FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT ON organisations_membership TO tandem_web;
GRANT SELECT ON organisations_membership TO tandem_definer;

-- Requests to speak for an organisation: the person's own, and operators'.
ALTER TABLE organisations_joiningrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_joiningrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_operator ON organisations_joiningrequest FOR SELECT TO tandem_web
    USING (user_id = tandem.person() OR tandem.is_operator());
CREATE POLICY ask_for_oneself ON organisations_joiningrequest FOR INSERT TO tandem_web
    WITH CHECK (user_id = tandem.person() AND state = 'pending');
CREATE POLICY operator_decides ON organisations_joiningrequest FOR UPDATE TO tandem_web
    USING (tandem.is_operator()) WITH CHECK (tandem.is_operator() AND decided_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (state, decided_at, decided_by_id, decision_note)
    ON organisations_joiningrequest TO tandem_web;

-- Forms already received belong to the person who sent them.
ALTER TABLE organisations_submission ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_submission FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_submission TO tandem_web
    USING (user_id = tandem.person()) WITH CHECK (user_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (result_url), DELETE ON organisations_submission TO tandem_web;

-- Audit: appended in the acting person's name, seen by whoever may see the object.
ALTER TABLE organisations_auditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_auditevent FORCE ROW LEVEL SECURITY;
ALTER TABLE organisations_auditevent_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_auditevent_default FORCE ROW LEVEL SECURITY;
CREATE POLICY those_who_see_the_object ON organisations_auditevent FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY in_ones_own_name ON organisations_auditevent FOR INSERT TO tandem_web
    WITH CHECK (organisation_id IS NOT DISTINCT FROM tandem.organisation()
                AND user_id IS NOT DISTINCT FROM tandem.person());
GRANT SELECT, INSERT ON organisations_auditevent TO tandem_web;

-- The acl of an event is copied from its object; without one it is the actor's own.
CREATE FUNCTION tandem.audit_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE copied bigint[];
BEGIN
    IF NEW.object_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relname = NEW.object_table
          AND a.attname = 'acl' AND NOT a.attisdropped) THEN
        EXECUTE format('SELECT acl FROM public.%I WHERE id = $1', NEW.object_table)
            INTO copied USING NEW.object_id;
    END IF;
    NEW.acl := coalesce(copied,
        CASE WHEN NEW.organisation_id IS NOT NULL THEN ARRAY[NEW.organisation_id]
             WHEN NEW.user_id IS NOT NULL THEN ARRAY[-NEW.user_id] ELSE '{}' END);
    RETURN NEW;
END $$;
ALTER FUNCTION tandem.audit_acl() OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.audit_acl() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.audit_acl() TO tandem_owner;
RESET ROLE;
CREATE TRIGGER audit_acl BEFORE INSERT ON organisations_auditevent
    FOR EACH ROW EXECUTE FUNCTION tandem.audit_acl();

-- Outbox: rows of the organisation on whose behalf they go out; account e-mails have none.
ALTER TABLE organisations_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_delivery FORCE ROW LEVEL SECURITY;
ALTER TABLE organisations_delivery SET (fillfactor = 70);
CREATE POLICY own ON organisations_delivery FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY ask ON organisations_delivery FOR INSERT TO tandem_web
    WITH CHECK ((organisation_id IS NULL OR organisation_id = tandem.organisation())
                AND state = 'pending' AND phase = 0);
CREATE POLICY withdraw ON organisations_delivery FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()) WITH CHECK (state = 'cancelled');
-- Whoever may withdraw: only what has not been handed over, and only to cancel it.
CREATE POLICY withdraw_before_sending ON organisations_delivery AS RESTRICTIVE
    FOR UPDATE TO tandem_web
    USING (state = 'pending' OR (state = 'taken' AND phase = 0))
    WITH CHECK (state = 'cancelled' AND claimed_by = '' AND payload = '{}');
CREATE POLICY worker_sends ON organisations_delivery FOR SELECT TO tandem_worker USING (true);
CREATE POLICY worker_marks ON organisations_delivery FOR UPDATE TO tandem_worker
    USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (state, reason, payload, claimed_by, lease_until)
    ON organisations_delivery TO tandem_web;
-- The worker marks how far an e-mail got; it cannot say to whom it goes or what it is about.
GRANT SELECT, UPDATE (state, phase, due_at, lease_until, claimed_by, attempt, uncertain_times,
    sent_at, reply, reason, payload) ON organisations_delivery TO tandem_worker;

-- Which organisation a signed-in person may act for at an address, in one statement.
CREATE FUNCTION tandem.acting_for(p_user bigint, p_slug text)
    RETURNS TABLE (organisation_id bigint, name text, slug text, kind text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id, o.name::text, o.slug::text, o.kind::text, m.role::text
    FROM public.organisations_membership m
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE m.user_id = p_user AND o.slug = p_slug AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
$$;
ALTER FUNCTION tandem.acting_for(bigint, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.acting_for(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.acting_for(bigint, text) TO tandem_web;
RESET ROLE;
