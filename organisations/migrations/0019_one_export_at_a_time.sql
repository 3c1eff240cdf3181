-- As before, and surely one: joined to the table, the choice may be made anew for each of its rows,
-- and then an attempt is counted for an export that nobody makes.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.next_export(p_tried bigint[])
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
        WITH due AS MATERIALIZED (
            SELECT x.id FROM public.organisations_recordsexport x
            WHERE x.state = 'asked' AND x.id <> ALL (p_tried)
            ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED)
        UPDATE public.organisations_recordsexport e SET attempts = e.attempts + 1
        FROM due, public.organisations_organisation o
        WHERE e.id = due.id AND o.id = e.organisation_id
        RETURNING e.id, o.slug::text, e.asked_by_id;
END $$;
RESET ROLE;
