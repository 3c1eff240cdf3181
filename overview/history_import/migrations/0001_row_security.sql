-- Imports of history and their rows: the managers of the organisation alone. A row's organisation
-- is its run's.
ALTER TABLE history_import_historyrow ADD CONSTRAINT history_row_of_its_run
    FOREIGN KEY (run_id, organisation_id) REFERENCES history_import_historyrun (id, organisation_id);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['history_import_historyrun', 'history_import_historyrow'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer
            USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY manager_sees ON %I FOR SELECT TO tandem_web
            USING (organisation_id = (SELECT tandem.organisation())
                   AND (SELECT tandem.is_manager_of(tandem.organisation())))', t);
        EXECUTE format('CREATE POLICY manager_goes_on ON %I FOR UPDATE TO tandem_web
            USING (organisation_id = (SELECT tandem.organisation())
                   AND (SELECT tandem.is_manager_of(tandem.organisation())))
            WITH CHECK (organisation_id = (SELECT tandem.organisation()))', t);
    END LOOP;
END $$;
CREATE POLICY manager_brings_in ON history_import_historyrun FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = (SELECT tandem.organisation())
                AND asked_by_id = (SELECT tandem.person()) AND state = 'checked'
                AND (SELECT tandem.is_manager_of(tandem.organisation())));
CREATE POLICY manager_brings_in ON history_import_historyrow FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = (SELECT tandem.organisation()) AND made IS NULL
                AND (SELECT tandem.is_manager_of(tandem.organisation())));
GRANT SELECT, INSERT, UPDATE (state, counts, offers, choices, "left", applied_at, undone_at,
    undone_by_id, rows_removed_at) ON history_import_historyrun TO tandem_web;
GRANT SELECT, INSERT, UPDATE ("values", withheld, outcome, problems, found,
    made)
    ON history_import_historyrow TO tandem_web;
GRANT SELECT (id, asked_at, rows_removed_at, state), UPDATE (state, offers, rows_removed_at)
    ON history_import_historyrun TO tandem_definer;
GRANT SELECT (id, run_id), DELETE ON history_import_historyrow TO tandem_definer;

-- Rows go thirty days after they were brought in, saved or not; says how many runs lost theirs.
CREATE FUNCTION tandem.remove_history_rows() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old bigint[];
BEGIN
    SELECT coalesce(array_agg(o.id), '{}') INTO old FROM (
        SELECT r.id FROM public.history_import_historyrun r
        WHERE r.rows_removed_at IS NULL AND r.asked_at < now() - interval '30 days'
        FOR UPDATE SKIP LOCKED) o;
    DELETE FROM public.history_import_historyrow w WHERE w.run_id = ANY (old);
    UPDATE public.history_import_historyrun r SET rows_removed_at = now(), offers = '{}',
        state = CASE WHEN r.state = 'checked' THEN 'discarded' ELSE r.state END
    WHERE r.id = ANY (old);
    RETURN cardinality(old);
END $$;
ALTER FUNCTION tandem.remove_history_rows() OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.remove_history_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.remove_history_rows() TO tandem_worker;
RESET ROLE;
