-- As before, and surely one: joined to the table, the choice may be made anew for each of its rows,
-- and then an attempt is counted for a sheet that nobody works on.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.next_import(p_tried bigint[])
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
        WITH due AS MATERIALIZED (
            SELECT x.id FROM public.contacts_importrun x
            WHERE x.state IN ('checking', 'applying', 'undoing') AND x.id <> ALL (p_tried)
            ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED)
        UPDATE public.contacts_importrun e SET attempts = e.attempts + 1
        FROM due WHERE e.id = due.id
        RETURNING e.id, e.region_id, e.work_for_id, e.state::text;
END $$;
RESET ROLE;
