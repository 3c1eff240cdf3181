-- A session that an organisation has planned and not held is run by whoever took its place in the
-- partnership. What was held, and the numbers of it, stay under the former name.
GRANT UPDATE (organisation_id, revision, changed_at) ON initiative_sessions_session TO tandem_definer;
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_sessions(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, goes_along, outcome)
    SELECT p_reorganisation, 'sessions', s.id, 'follow', true, ''
    FROM public.initiative_sessions_session s, tandem.reorganised(p_reorganisation) AS former
    WHERE s.state = 'planned' AND s.organisation_id = former
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_sessions(p_ids bigint[])
    RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id, p.name::text,
        'Planned for ' || to_char(s.starts_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY')
    FROM public.initiative_sessions_session s JOIN public.record_partnership p ON p.id = s.partnership_id
    WHERE s.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_sessions(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    later bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'sessions');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT m.succeeded_by_id INTO later FROM public.initiative_sessions_session s
        JOIN public.record_member m ON m.partnership_id = s.partnership_id
        WHERE s.id = it.object_id AND s.state = 'planned' AND s.organisation_id = it.predecessor_id
          AND m.organisation_id = it.predecessor_id AND m.state = 'succeeded';
    IF NOT it.follows OR later IS NULL THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    UPDATE public.initiative_sessions_session
        SET organisation_id = later, revision = revision + 1, changed_at = now()
        WHERE id = it.object_id;
    RETURN tandem.settle_reorganisation_row(p_row, 'followed', NULL);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_sessions(bigint)', 'describe_sessions(bigint[])',
                             'reorganise_sessions(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
    END LOOP;
END $$;
RESET ROLE;
