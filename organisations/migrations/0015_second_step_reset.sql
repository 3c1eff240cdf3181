-- ---------------------------------------------------------------- operators belong nowhere
-- Who decides who speaks for an organisation has no standing access to one's records: whoever
-- belongs to an organisation is no operator, whatever role of the database says so.
CREATE FUNCTION tandem.keep_operators_apart() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (TG_TABLE_NAME = 'organisations_membership'
        AND EXISTS (SELECT 1 FROM public.organisations_user u
                    WHERE u.id = (to_jsonb(NEW) ->> 'user_id')::bigint AND u.is_operator))
       OR (TG_TABLE_NAME = 'organisations_user'
        AND EXISTS (SELECT 1 FROM public.organisations_membership m
                    WHERE m.user_id = NEW.id AND m.ended_at IS NULL)) THEN
        RAISE check_violation USING MESSAGE = 'an operator belongs to no organisation',
            CONSTRAINT = 'operator_belongs_nowhere';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION tandem.keep_operators_apart() OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.keep_operators_apart() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.keep_operators_apart() TO tandem_owner;
RESET ROLE;
CREATE TRIGGER keep_operators_apart BEFORE INSERT ON organisations_membership
    FOR EACH ROW EXECUTE FUNCTION tandem.keep_operators_apart();
CREATE TRIGGER keep_operators_apart BEFORE UPDATE OF is_operator ON organisations_user
    FOR EACH ROW WHEN (NEW.is_operator AND NOT OLD.is_operator)
    EXECUTE FUNCTION tandem.keep_operators_apart();

-- ---------------------------------------------------------------- a lost second step
-- Written by the function below alone; operators read how it was checked.
ALTER TABLE organisations_secondstepreset ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_secondstepreset FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees ON organisations_secondstepreset FOR SELECT TO tandem_web
    USING (tandem.is_operator());
CREATE POLICY definer_writes ON organisations_secondstepreset FOR INSERT TO tandem_definer
    WITH CHECK (reset_by_id = tandem.person());
GRANT SELECT ON organisations_secondstepreset TO tandem_web;
GRANT INSERT ON organisations_secondstepreset TO tandem_definer;
GRANT USAGE ON SEQUENCE organisations_secondstepreset_id_seq TO tandem_definer;
CREATE POLICY definer_resets ON mfa_authenticator TO tandem_definer
    USING (tandem.is_operator() AND user_id <> tandem.person());
GRANT SELECT, DELETE ON mfa_authenticator TO tandem_definer;
CREATE POLICY definer_resets ON organisations_signedinsession TO tandem_definer
    USING (tandem.is_operator() AND user_id <> tandem.person());
GRANT SELECT, DELETE ON organisations_signedinsession TO tandem_definer;
GRANT UPDATE (second_step_due) ON organisations_user TO tandem_definer;

-- An operator removes what somebody else's second step was made of, and ends their sessions; they
-- have to set it up anew. Says the keys of those sessions, or nothing where there was no second step.
CREATE FUNCTION tandem.reset_second_step(p_user bigint, p_how text) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE ended text[];
BEGIN
    IF NOT tandem.is_operator() OR p_user = tandem.person() OR trim(p_how) = '' THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an operator resets the second step of somebody else, and says how it was checked';
    END IF;
    DELETE FROM public.mfa_authenticator WHERE user_id = p_user;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.organisations_secondstepreset (user_id, reset_by_id, how)
        VALUES (p_user, tandem.person(), p_how);
    UPDATE public.organisations_user SET second_step_due = true WHERE id = p_user;
    WITH gone AS (DELETE FROM public.organisations_signedinsession WHERE user_id = p_user
                  RETURNING session_key)
    SELECT coalesce(array_agg(session_key::text), '{}') INTO ended FROM gone;
    RETURN ended;
END $$;

-- ---------------------------------------------------------------- invited, and signed in elsewhere
-- Whether an open invitation was sent to exactly this address, for somebody without an account.
CREATE FUNCTION tandem.invitation_is_for(p_ref text, p_sending integer, p_email text)
    RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.organisations_personinvitation i
        WHERE i.ref = p_ref AND i.sending = p_sending AND i.email = lower(p_email)
          AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now())
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['reset_second_step(bigint, text)',
        'invitation_is_for(text, integer, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
