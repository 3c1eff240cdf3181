-- Signing in: every table shows a person their own rows alone. A sign-in acts for the person
-- whose second factor it checks, so that row security holds before anybody is signed in too.
ALTER TABLE mfa_authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE mfa_authenticator FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON mfa_authenticator TO tandem_web
    USING (user_id = tandem.person()) WITH CHECK (user_id = tandem.person());
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator TO tandem_web;

ALTER TABLE organisations_signedinsession ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_signedinsession FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_signedinsession TO tandem_web
    USING (user_id = tandem.person()) WITH CHECK (user_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (session_key, last_seen_at, address, user_agent), DELETE
    ON organisations_signedinsession TO tandem_web;

ALTER TABLE organisations_linkedsignin ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_linkedsignin FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_linkedsignin TO tandem_web
    USING (user_id = tandem.person()) WITH CHECK (user_id = tandem.person());
CREATE POLICY definer_reads ON organisations_linkedsignin FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT, UPDATE (shown_as, last_used_at), DELETE
    ON organisations_linkedsignin TO tandem_web;
GRANT SELECT ON organisations_linkedsignin TO tandem_definer;

ALTER TABLE organisations_emailchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_emailchange FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_emailchange TO tandem_web
    USING (user_id = tandem.person()) WITH CHECK (user_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (old_agreed_at, new_agreed_at, stopped_at, done_at)
    ON organisations_emailchange TO tandem_web;

-- Whom an identity at a provider signs in, asked before anybody is signed in: one id or none.
CREATE FUNCTION tandem.find_linked_person(p_issuer text, p_subject text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.user_id FROM public.organisations_linkedsignin l
    WHERE l.issuer = p_issuer AND l.subject = p_subject
$$;
ALTER FUNCTION tandem.find_linked_person(text, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.find_linked_person(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.find_linked_person(text, text) TO tandem_web;
RESET ROLE;
