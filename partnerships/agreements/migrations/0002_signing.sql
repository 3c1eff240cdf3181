INSERT INTO tandem.follows_partnership VALUES ('agreements_signatory'), ('agreements_signature');
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['agreements_signatory', 'agreements_signature'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON %I
            FOR EACH ROW EXECUTE FUNCTION tandem.child_acl()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format($p$CREATE POLICY those_with_a_key ON %I FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false))$p$, t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
    END LOOP;
END $$;

-- Each member names its own colleague who signs, and ends that.
CREATE POLICY member_names ON agreements_signatory FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND named_by_id = tandem.person()
                AND ended_at IS NULL
                AND EXISTS (SELECT 1 FROM organisations_membership m
                            WHERE m.organisation_id = agreements_signatory.organisation_id
                              AND m.user_id = agreements_signatory.user_id AND m.ended_at IS NULL)
                AND EXISTS (SELECT 1 FROM agreements_agreement a
                            WHERE a.id = agreement_id AND a.partnership_id = agreements_signatory.partnership_id));
CREATE POLICY member_ends ON agreements_signatory FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND acl && nullif(current_setting('app.keys', true), '')::bigint[])
    WITH CHECK (organisation_id = tandem.organisation() AND ended_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (ended_at) ON agreements_signatory TO tandem_web;
-- Who is named signs, in their own name and for their own organisation.
CREATE POLICY signatory_signs ON agreements_signature FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
                AND EXISTS (SELECT 1 FROM agreements_signatory s
                            WHERE s.agreement_id = agreements_signature.agreement_id
                              AND s.organisation_id = agreements_signature.organisation_id
                              AND s.user_id = agreements_signature.user_id AND s.ended_at IS NULL));
GRANT SELECT, INSERT ON agreements_signature TO tandem_web;
GRANT UPDATE (signed_version_id) ON agreements_agreement TO tandem_web;

-- What is signed is the newest version, ready to sign, by its own fingerprint.
CREATE FUNCTION tandem.agreement_signature_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.agreements_agreement a
        JOIN public.agreements_agreementversion v ON v.agreement_id = a.id AND v.number = a.revision
        WHERE a.id = NEW.agreement_id AND a.stage = 'approval' AND v.id = NEW.version_id
          AND a.partnership_id = NEW.partnership_id AND v.digest = NEW.digest) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is signed is the newest version, once it is ready';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON agreements_signature
    FOR EACH ROW EXECUTE FUNCTION tandem.agreement_signature_fits();
CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF agreement_id, partnership_id, version_id,
    organisation_id, user_id, name, role, digest, signed_at ON agreements_signature
    FOR EACH ROW EXECUTE FUNCTION tandem.kept_as_it_was();

-- As before; and it is signed when every member, and at least two, have signed this version.
CREATE OR REPLACE FUNCTION tandem.agreement_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage IN ('varied', 'ended') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement that is over is not changed';
    END IF;
    IF NEW.revision IS DISTINCT FROM (SELECT max(v.number) FROM public.agreements_agreementversion v
                                      WHERE v.agreement_id = NEW.id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the newest version of an agreement counts';
    END IF;
    IF NEW.stage IN ('approval', 'signed') AND NOT EXISTS (
        SELECT 1 FROM public.agreements_agreementversion v
        WHERE v.agreement_id = NEW.id AND v.number = NEW.revision AND v.missing = '{}') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement that lacks something is not ready to sign';
    END IF;
    IF NEW.stage = 'varied' THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement is replaced by a renewal';
    END IF;
    IF NEW.stage = 'signed' AND (NEW.signed_version_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM public.agreements_agreementversion v
        WHERE v.id = NEW.signed_version_id AND v.agreement_id = NEW.id AND v.number = NEW.revision)
        OR (SELECT count(*) FROM public.agreements_signature s
            WHERE s.version_id = NEW.signed_version_id) < 2
        OR EXISTS (
        SELECT 1 FROM public.record_member m
        JOIN public.organisations_organisation o ON o.id = m.organisation_id
        WHERE m.partnership_id = NEW.partnership_id AND m.state = 'accepted'
          AND o.left_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM public.agreements_signature s
                          WHERE s.version_id = NEW.signed_version_id
                            AND s.organisation_id = m.organisation_id))) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement is signed once every member has signed it';
    END IF;
    IF NEW.signed_version_id IS DISTINCT FROM OLD.signed_version_id AND NEW.stage <> 'signed' THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement is signed by signing it';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER steps ON agreements_agreement;
CREATE TRIGGER steps BEFORE UPDATE OF stage, revision, signed_version_id ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION tandem.agreement_steps();
