-- As before; an organisation that has closed signs nothing any more.
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
    IF NEW.stage = 'varied' AND NOT EXISTS (
        SELECT 1 FROM public.agreements_agreement r WHERE r.renews_id = NEW.id AND r.stage = 'signed') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an agreement is replaced by a renewal that is signed';
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
          AND o.left_at IS NULL AND (o.closed_on IS NULL OR o.closed_on > current_date)
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
