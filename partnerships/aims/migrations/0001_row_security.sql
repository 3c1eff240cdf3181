INSERT INTO tandem.follows_partnership VALUES
    ('aims_aimversion'), ('aims_aimcomment'), ('aims_aimagreed');
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['aims_aimversion', 'aims_aimcomment', 'aims_aimagreed'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON %I
            FOR EACH ROW EXECUTE FUNCTION tandem.child_acl()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format($p$CREATE POLICY those_with_a_key ON %I FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false))$p$, t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tandem_web', t);
    END LOOP;
END $$;

-- Any member adds a version, says something and agrees, in its own name.
CREATE POLICY member_adds ON aims_aimversion FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY member_says ON aims_aimcomment FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND EXISTS (SELECT 1 FROM aims_aimversion v
                            JOIN record_partnership p ON p.id = v.partnership_id
                            WHERE v.id = version_id AND v.partnership_id = aims_aimcomment.partnership_id
                              AND p.closed_at IS NULL));
CREATE POLICY member_agrees ON aims_aimagreed FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
                AND EXISTS (SELECT 1 FROM aims_aimversion v
                            JOIN record_partnership p ON p.id = v.partnership_id
                            WHERE v.id = version_id AND v.partnership_id = aims_aimagreed.partnership_id
                              AND p.closed_at IS NULL));

-- A version follows the one before it.
CREATE FUNCTION tandem.aim_version_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.number <> 1 + coalesce((SELECT max(v.number) FROM public.aims_aimversion v
                                   WHERE v.partnership_id = NEW.partnership_id), 0) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version follows the one before it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON aims_aimversion
    FOR EACH ROW EXECUTE FUNCTION tandem.aim_version_follows();

-- What is agreed is the newest version.
CREATE FUNCTION tandem.aim_agreed_fits() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.version_id IS DISTINCT FROM (SELECT v.id FROM public.aims_aimversion v
                                        WHERE v.partnership_id = NEW.partnership_id
                                        ORDER BY v.number DESC LIMIT 1) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is agreed is the newest version';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON aims_aimagreed
    FOR EACH ROW EXECUTE FUNCTION tandem.aim_agreed_fits();
