-- An agreement binds nobody who has not signed it. It goes along with its partnership as it is: the
-- members name the successor in a new version and sign that.
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_agreements(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, goes_along, outcome)
    SELECT p_reorganisation, 'agreements', a.id, 'follow', true, ''
    FROM public.agreements_agreement a
    JOIN public.record_member m ON m.partnership_id = a.partnership_id
    WHERE m.organisation_id = tandem.reorganised(p_reorganisation)
      AND m.state IN ('recorded', 'invited', 'accepted') AND a.stage NOT IN ('varied', 'ended')
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_agreements(p_ids bigint[]) RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.id, p.name::text, (SELECT count(*) FROM public.agreements_signatory s
        WHERE s.agreement_id = a.id AND s.ended_at IS NULL) || ' who sign'
    FROM public.agreements_agreement a JOIN public.record_partnership p ON p.id = a.partnership_id
    WHERE a.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_agreements(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE it record;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'agreements');
    IF NOT FOUND THEN RETURN NULL; END IF;
    RETURN tandem.settle_reorganisation_row(
        p_row, CASE WHEN it.follows THEN 'to_sign' ELSE 'stayed' END, NULL);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_agreements(bigint)',
        'describe_agreements(bigint[])',
        'reorganise_agreements(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|told)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
