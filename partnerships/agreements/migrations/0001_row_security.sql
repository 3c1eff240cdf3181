INSERT INTO tandem.follows_partnership VALUES ('agreements_agreement'), ('agreements_agreementversion');
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['agreements_agreement', 'agreements_agreementversion'] LOOP
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
    END LOOP;
END $$;

-- Any member starts one and adds a version, in its own name.
CREATE POLICY member_starts ON agreements_agreement FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND revision = 1 AND stage IN ('idea', 'drafting')
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY member_changes ON agreements_agreement FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND tandem.organisation() IS NOT NULL)
    WITH CHECK (EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
CREATE POLICY member_adds ON agreements_agreementversion FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND EXISTS (SELECT 1 FROM agreements_agreement a
                            WHERE a.id = agreement_id AND a.partnership_id = agreements_agreementversion.partnership_id));
GRANT SELECT, INSERT, UPDATE (stage, revision) ON agreements_agreement TO tandem_web;
GRANT SELECT, INSERT ON agreements_agreementversion TO tandem_web;

-- The newest version is the one that counts; only one that lacks nothing is ready to sign; what is
-- over stays so.
CREATE FUNCTION tandem.agreement_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage IN ('varied', 'ended') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement that is over is not changed';
    END IF;
    IF NEW.revision IS DISTINCT FROM (SELECT max(v.number) FROM public.agreements_agreementversion v
                                      WHERE v.agreement_id = NEW.id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the newest version of an agreement counts';
    END IF;
    IF NEW.stage = 'approval' AND NOT EXISTS (
        SELECT 1 FROM public.agreements_agreementversion v
        WHERE v.agreement_id = NEW.id AND v.number = NEW.revision AND v.missing = '{}') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement that lacks something is not ready to sign';
    END IF;
    IF NEW.stage IN ('signed', 'varied') AND NEW.stage <> OLD.stage THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement is signed by signing it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE UPDATE OF stage, revision ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION tandem.agreement_steps();

-- A version follows the one before it, carries the fingerprint of its own text, and is kept.
CREATE FUNCTION tandem.agreement_version_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + coalesce((SELECT max(v.number) FROM public.agreements_agreementversion v
                                   WHERE v.agreement_id = NEW.agreement_id), 0) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version follows the one before it';
    END IF;
    IF NEW.digest <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version carries the fingerprint of its text';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON agreements_agreementversion
    FOR EACH ROW EXECUTE FUNCTION tandem.agreement_version_fits();
CREATE FUNCTION tandem.kept_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'this is kept as it was';
END $$;
CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF agreement_id, partnership_id, number, title, starts_on,
    review_on, expires_on, clinical, on_site, clauses, text, digest, missing, changed,
    author_organisation_id, author_id, created_at ON agreements_agreementversion
    FOR EACH ROW EXECUTE FUNCTION tandem.kept_as_it_was();

-- Through which of their organisations a person sees the agreement behind a neutral link.
CREATE FUNCTION tandem.ways_to_agreement(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.agreements_agreement a
    JOIN public.organisations_membership m ON m.organisation_id = ANY (a.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE a.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
ALTER FUNCTION tandem.ways_to_agreement(bigint, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.ways_to_agreement(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.ways_to_agreement(bigint, text) TO tandem_web;
RESET ROLE;
