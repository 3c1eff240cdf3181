-- Term dates of an organisation that ends are copied for its successor, where it has none of that
-- year: its own stand.
CREATE POLICY definer_copies ON calendars_termdates FOR INSERT TO tandem_definer
    WITH CHECK (tandem.is_operator());
CREATE POLICY definer_reads ON calendars_termdates FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT ON calendars_termdates TO tandem_definer;

SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_term_dates(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, successor_id, outcome)
    SELECT p_reorganisation, 'term_dates', t.id, 'follow', tandem.sole_successor(p_reorganisation), ''
    FROM public.calendars_termdates t
    JOIN public.organisations_reorganisation o ON o.id = p_reorganisation
    WHERE t.organisation_id = tandem.reorganised(p_reorganisation)
      AND t.starts_in >= extract(year FROM o.happens_on) - 1
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_term_dates(p_ids bigint[]) RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id, t.starts_in || '/' || lpad(((t.starts_in + 1) % 100)::text, 2, '0'),
           coalesce(array_length(t.spans, 1), 0) || ' half terms'
    FROM public.calendars_termdates t WHERE t.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_term_dates(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    made bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'term_dates');
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF it.follows THEN
        INSERT INTO public.calendars_termdates (organisation_id, starts_in, names, spans, inset_days,
            standing, given_by, source, revision, changed_at, changed_by_id, changed_for_id)
        SELECT it.successor_id, t.starts_in, t.names, t.spans, t.inset_days, t.standing, t.given_by,
               t.source, 0, now(), t.changed_by_id, it.successor_id
        FROM public.calendars_termdates t WHERE t.id = it.object_id
        ON CONFLICT DO NOTHING RETURNING id INTO made;
    END IF;
    RETURN tandem.settle_reorganisation_row(
        p_row, CASE WHEN made IS NULL THEN 'stayed' ELSE 'copied' END, made);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_term_dates(bigint)',
        'describe_term_dates(bigint[])',
        'reorganise_term_dates(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|told)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
