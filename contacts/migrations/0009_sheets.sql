-- Imports and their rows: the admins of the region's alone, who act as themselves. A row's region
-- is its run's, so that one question a statement settles who sees it, not one a row.
ALTER TABLE contacts_importrow ADD CONSTRAINT import_row_of_its_run
    FOREIGN KEY (run_id, region_id) REFERENCES contacts_importrun (id, region_id);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contacts_importrun', 'contacts_importrow'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY admin_sees ON %I FOR SELECT TO tandem_web
            USING (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]))', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer
            USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY admin_brings_in ON contacts_importrun FOR INSERT TO tandem_web
    WITH CHECK (asked_by_id = tandem.person() AND state = 'matching' AND attempts = 0
                AND work_for_id IS NULL
                AND region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
-- Whoever has work done has it done in their own scope.
CREATE POLICY admin_goes_on ON contacts_importrun FOR UPDATE TO tandem_web
    USING (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]))
    WITH CHECK (region_id = ANY ((SELECT tandem.managed_regions())::bigint[])
                AND (work_for_id IS NULL OR work_for_id = tandem.person()));
CREATE POLICY admin_brings_in ON contacts_importrow FOR INSERT TO tandem_web
    WITH CHECK (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
CREATE POLICY admin_goes_on ON contacts_importrow FOR UPDATE TO tandem_web
    USING (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]))
    WITH CHECK (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
GRANT SELECT, INSERT, UPDATE (matching, state, work_for_id, attempts, failure, counts, only_good,
    checked_at, applied_at, undone_at, rows_removed_at) ON contacts_importrun TO tandem_web;
GRANT SELECT, INSERT, UPDATE (cells, withheld, outcome, problems, choice, candidates, values,
    posting_id, before, after) ON contacts_importrow TO tandem_web;
-- No cell of a sheet for whoever looks for work.
GRANT SELECT (id, region_id, state, attempts, work_for_id, asked_at, rows_removed_at),
    UPDATE (state, attempts, work_for_id, failure, rows_removed_at)
    ON contacts_importrun TO tandem_definer;
GRANT SELECT (id, run_id), DELETE ON contacts_importrow TO tandem_definer;

-- Which import has something to be done next, and for whom: the worker enters that person's
-- scope. Nothing while another is being worked on, so that e-mail is not held up by two. One that
-- failed three times, or whose worker died as often, goes back to where it stood before.
CREATE FUNCTION tandem.next_import(p_tried bigint[])
    RETURNS TABLE (run_id bigint, region_id bigint, work_for bigint, state text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF (SELECT count(*) FROM public.contacts_importrun r
        WHERE r.state IN ('checking', 'applying', 'undoing'))
       > (SELECT count(*) FROM (SELECT 1 FROM public.contacts_importrun r
                                WHERE r.state IN ('checking', 'applying', 'undoing')
                                FOR UPDATE SKIP LOCKED) free) THEN
        RETURN;
    END IF;
    PERFORM tandem.put_import_back(r.id) FROM public.contacts_importrun r
        JOIN public.organisations_user u ON u.id = r.work_for_id
        WHERE r.state IN ('checking', 'applying', 'undoing')
          AND (r.attempts >= 3 OR NOT u.is_active);
    RETURN QUERY
        UPDATE public.contacts_importrun e SET attempts = e.attempts + 1
        FROM (SELECT x.id FROM public.contacts_importrun x
              WHERE x.state IN ('checking', 'applying', 'undoing') AND x.id <> ALL (p_tried)
              ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED) due
        WHERE e.id = due.id
        RETURNING e.id, e.region_id, e.work_for_id, e.state::text;
END $$;
CREATE FUNCTION tandem.put_import_back(p_run bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.contacts_importrun SET attempts = 0, work_for_id = NULL,
        failure = 'Something went wrong, and nothing was changed. Try again',
        state = CASE state WHEN 'checking' THEN 'matching' WHEN 'applying' THEN 'checked'
                           ELSE 'applied' END
    WHERE id = p_run AND state IN ('checking', 'applying', 'undoing')
$$;
-- Rows go thirty days after they were brought in, finished or not; says how many runs lost theirs.
CREATE FUNCTION tandem.remove_import_rows() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old bigint[];
BEGIN
    SELECT coalesce(array_agg(o.id), '{}') INTO old FROM (
        SELECT r.id FROM public.contacts_importrun r
        WHERE r.rows_removed_at IS NULL AND r.asked_at < now() - interval '30 days'
          AND r.state NOT IN ('checking', 'applying', 'undoing')
        FOR UPDATE SKIP LOCKED) o;
    DELETE FROM public.contacts_importrow w WHERE w.run_id = ANY (old);
    UPDATE public.contacts_importrun r SET rows_removed_at = now(),
        state = CASE WHEN r.state IN ('matching', 'checked') THEN 'discarded' ELSE r.state END
    WHERE r.id = ANY (old);
    RETURN cardinality(old);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['next_import(bigint[])', 'put_import_back(bigint)',
        'remove_import_rows()'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_worker', f);
        RESET ROLE;
    END LOOP;
END $$;
