-- As before, and surely one: joined to the table, the choice may be made anew for each of its rows,
-- and then a second address is taken that nobody reads.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.next_subscription(p_tried bigint[])
    RETURNS TABLE (subscription_id bigint, acting_for bigint, added_by bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH due AS MATERIALIZED (
        SELECT d.id FROM public.calendars_subscription d
        JOIN public.organisations_organisation o ON o.id = d.organisation_id
        WHERE d.ended_at IS NULL AND d.due_at <= now() AND d.id <> ALL (p_tried)
          AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
        ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
    UPDATE public.calendars_subscription s SET due_at = now() + interval '10 minutes'
    FROM due WHERE s.id = due.id
    RETURNING s.id, s.organisation_id, s.created_by_id
$$;
RESET ROLE;
