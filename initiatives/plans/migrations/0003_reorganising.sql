-- An initiative that an organisation looks after or leads goes along with the partnership: whoever
-- took its place there looks after it and leads it. Its text and its past stay.
GRANT UPDATE (organisation_id, revision, changed_at) ON plans_initiative TO tandem_definer;
GRANT UPDATE (organisation_id, posting_id, user_id) ON plans_lead TO tandem_definer;
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_initiatives(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, goes_along, outcome)
    SELECT p_reorganisation, 'initiatives', i.id, 'follow', true, ''
    FROM public.plans_initiative i, tandem.reorganised(p_reorganisation) AS former
    WHERE i.withdrawn_at IS NULL AND (i.organisation_id = former OR EXISTS (
        SELECT 1 FROM public.plans_lead l WHERE l.initiative_id = i.id AND l.organisation_id = former))
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_initiatives(p_ids bigint[])
    RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.id, p.name::text, o.name || ' looks after it'
    FROM public.plans_initiative i JOIN public.record_partnership p ON p.id = i.partnership_id
    JOIN public.organisations_organisation o ON o.id = i.organisation_id
    WHERE i.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_initiatives(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    later bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'initiatives');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT m.succeeded_by_id INTO later FROM public.plans_initiative i
        JOIN public.record_member m ON m.partnership_id = i.partnership_id
        WHERE i.id = it.object_id AND i.withdrawn_at IS NULL
          AND m.organisation_id = it.predecessor_id AND m.state = 'succeeded';
    IF NOT it.follows OR later IS NULL THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    UPDATE public.plans_initiative
        SET organisation_id = later, revision = revision + 1, changed_at = now()
        WHERE id = it.object_id AND organisation_id = it.predecessor_id;
    UPDATE public.plans_lead l SET organisation_id = later, posting_id = (
            SELECT r.result_id FROM public.organisations_reorganisationrow r
            WHERE r.reorganisation_id = it.reorganisation_id AND r.kind = 'postings'
              AND r.object_id = l.posting_id AND r.successor_id = later)
        WHERE l.initiative_id = it.object_id AND l.organisation_id = it.predecessor_id;
    RETURN tandem.settle_reorganisation_row(p_row, 'followed', NULL);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_initiatives(bigint)',
        'describe_initiatives(bigint[])',
        'reorganise_initiatives(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|told)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
