-- A file with an organisation's records: the asker's alone, in the organisation's pages, for as
-- long as they are its manager.
ALTER TABLE organisations_recordsexport ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_recordsexport FORCE ROW LEVEL SECURITY;
CREATE POLICY asker_reads ON organisations_recordsexport FOR SELECT TO tandem_web
    USING (asked_by_id = tandem.person() AND organisation_id = tandem.organisation()
           AND tandem.is_manager_of(tandem.organisation()));
CREATE POLICY manager_asks ON organisations_recordsexport FOR INSERT TO tandem_web
    WITH CHECK (asked_by_id = tandem.person() AND organisation_id = tandem.organisation()
                AND tandem.is_manager_of(tandem.organisation())
                AND state = 'asked' AND attempts = 0 AND content IS NULL);
CREATE POLICY made_in_the_askers_scope ON organisations_recordsexport FOR UPDATE TO tandem_web
    USING (asked_by_id = tandem.person() AND organisation_id = tandem.organisation()
           AND tandem.is_manager_of(tandem.organisation()) AND state = 'asked')
    WITH CHECK (asked_by_id = tandem.person() AND organisation_id = tandem.organisation()
                AND state = 'ready');
CREATE POLICY definer ON organisations_recordsexport TO tandem_definer
    USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (state, made_at, expires_at, content)
    ON organisations_recordsexport TO tandem_web;
-- No column of the file for whoever looks for work.
GRANT SELECT (id, organisation_id, asked_by_id, state, attempts, expires_at),
    UPDATE (state, attempts, content) ON organisations_recordsexport TO tandem_definer;

-- Whose export is to be made next: the organisation's address and the person, for the worker to
-- enter their scope. Nothing while another is being made, so that e-mail is not held up by two;
-- one that failed three times, or whose worker died as often, or whose asker is shut out, is
-- given up.
CREATE FUNCTION tandem.next_export(p_tried bigint[])
    RETURNS TABLE (export_id bigint, slug text, asked_by bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM public.organisations_recordsexport WHERE state = 'asked')
       > (SELECT count(*) FROM (SELECT 1 FROM public.organisations_recordsexport
                                WHERE state = 'asked' FOR UPDATE SKIP LOCKED) free) THEN
        RETURN;
    END IF;
    UPDATE public.organisations_recordsexport SET state = 'failed' WHERE id IN (
        SELECT x.id FROM public.organisations_recordsexport x
        JOIN public.organisations_user u ON u.id = x.asked_by_id
        WHERE x.state = 'asked' AND (x.attempts >= 3 OR NOT u.is_active)
        FOR UPDATE OF x SKIP LOCKED);
    RETURN QUERY
        UPDATE public.organisations_recordsexport e SET attempts = e.attempts + 1
        FROM (SELECT x.id FROM public.organisations_recordsexport x
              WHERE x.state = 'asked' AND x.id <> ALL (p_tried)
              ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED) due,
             public.organisations_organisation o
        WHERE e.id = due.id AND o.id = e.organisation_id
        RETURNING e.id, o.slug::text, e.asked_by_id;
END $$;
CREATE FUNCTION tandem.give_up_export(p_export bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.organisations_recordsexport SET state = 'failed'
    WHERE id = p_export AND state = 'asked'
$$;
-- Files past their day are removed; says how many.
CREATE FUNCTION tandem.remove_exports() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH removed AS (
        UPDATE public.organisations_recordsexport SET state = 'expired', content = NULL
        WHERE state = 'ready' AND expires_at <= now() RETURNING id)
    SELECT count(*) FROM removed
$$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['next_export(bigint[])', 'give_up_export(bigint)',
        'remove_exports()'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_worker', f);
        RESET ROLE;
    END LOOP;
END $$;
