-- Calendar files: the organisation's alone. What was read of one stays until it is taken or undone.
ALTER TABLE calendars_calendarfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars_calendarfile FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON calendars_calendarfile FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY own_added ON calendars_calendarfile FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND created_by_id = tandem.person()
                AND (subject_id = tandem.organisation() OR EXISTS (
                    SELECT 1 FROM organisations_school s
                    WHERE s.organisation_id = subject_id
                      AND s.trust_id = tandem.organisation())));
CREATE POLICY own_changed ON calendars_calendarfile FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (found, taken_at, undone_at) ON calendars_calendarfile TO tandem_web;
GRANT UPDATE (cautions) ON calendars_subscription TO tandem_web;

-- A period comes from a file of the organisation's own.
DROP POLICY own_added ON calendars_ownperiod;
CREATE POLICY own_added ON calendars_ownperiod FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND created_by_id = tandem.person()
                AND (subscription_id IS NULL OR EXISTS (
                    SELECT 1 FROM calendars_subscription s WHERE s.id = subscription_id))
                AND (file_id IS NULL OR EXISTS (
                    SELECT 1 FROM calendars_calendarfile f WHERE f.id = file_id)));

-- Which address is read next: ids alone, for the worker to enter the scope of whoever added it. No
-- address leaves the organisation's scope. Another worker takes the next one; if this one dies, the
-- address is due again after ten minutes.
CREATE POLICY definer ON calendars_subscription TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT (id, organisation_id, created_by_id, due_at, ended_at), UPDATE (due_at)
    ON calendars_subscription TO tandem_definer;
CREATE FUNCTION tandem.next_subscription(p_tried bigint[])
    RETURNS TABLE (subscription_id bigint, acting_for bigint, added_by bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.calendars_subscription s SET due_at = now() + interval '10 minutes'
    FROM (SELECT d.id FROM public.calendars_subscription d
          JOIN public.organisations_organisation o ON o.id = d.organisation_id
          WHERE d.ended_at IS NULL AND d.due_at <= now() AND d.id <> ALL (p_tried)
            AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
          ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED) due
    WHERE s.id = due.id
    RETURNING s.id, s.organisation_id, s.created_by_id
$$;
DO $$
BEGIN
    ALTER FUNCTION tandem.next_subscription(bigint[]) OWNER TO tandem_definer;
    SET LOCAL ROLE tandem_definer;
    REVOKE EXECUTE ON FUNCTION tandem.next_subscription(bigint[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tandem.next_subscription(bigint[]) TO tandem_worker;
    RESET ROLE;
END $$;
