-- Whoever takes an organisation's place goes on measuring: a measure of its own that says the same,
-- without readings. What was measured before stays under the former name, and what was told of it.
GRANT INSERT ON measures_measure TO tandem_definer;
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_measures(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, goes_along, outcome)
    SELECT p_reorganisation, 'measures', m.id, 'follow', true, ''
    FROM public.measures_measure m JOIN public.plans_initiative i ON i.id = m.initiative_id,
         tandem.reorganised(p_reorganisation) AS former
    WHERE m.withdrawn_at IS NULL AND i.withdrawn_at IS NULL AND i.stage <> 'finished'
      AND m.organisation_id = former
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_measures(p_ids bigint[])
    RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, p.name::text, o.name || ' measures'
    FROM public.measures_measure m JOIN public.record_partnership p ON p.id = m.partnership_id
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE m.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_measures(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    later bigint;
    keeper bigint;
    made bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'measures');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT p.succeeded_by_id INTO later FROM public.measures_measure m
        JOIN public.record_member p ON p.partnership_id = m.partnership_id
        WHERE m.id = it.object_id AND m.withdrawn_at IS NULL AND m.organisation_id = it.predecessor_id
          AND p.organisation_id = it.predecessor_id AND p.state = 'succeeded';
    -- Its owner, where they work for the successor; else whoever has managed there longest.
    SELECT b.user_id INTO keeper FROM public.organisations_membership b
        JOIN public.measures_measure m ON m.id = it.object_id
        WHERE b.organisation_id = later AND b.ended_at IS NULL AND b.role IN ('editor', 'manager')
          AND (b.user_id = m.owner_id OR b.role = 'manager')
        ORDER BY b.user_id = m.owner_id DESC, b.began_at, b.id LIMIT 1;
    IF NOT it.follows OR keeper IS NULL THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    INSERT INTO public.measures_measure (ref, initiative_id, partnership_id, organisation_id, owner_id,
        library, name, unit, direction, level, person_based, numerator, denominator, period, groups,
        target, source, quality_note, revision, periods_read, created_at, acl)
    SELECT tandem.new_ref(), m.initiative_id, m.partnership_id, later, keeper, m.library, m.name, m.unit,
        m.direction, m.level, m.person_based, m.numerator, m.denominator, m.period, m.groups, m.target,
        m.source, m.quality_note, 1, 0, now(), '{}'
    FROM public.measures_measure m WHERE m.id = it.object_id
    RETURNING id INTO made;
    RETURN tandem.settle_reorganisation_row(p_row, 'followed', made);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_measures(bigint)', 'describe_measures(bigint[])',
                             'reorganise_measures(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
    END LOOP;
END $$;
RESET ROLE;
