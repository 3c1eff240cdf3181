-- So long before a moment as London clocks show it: whole days keep the time on the clock. A time
-- that comes twice that night is the first (calendars.london.wall_clock_before says the same).
CREATE FUNCTION tandem.before_on_london_clocks(p_moment timestamptz, p_minutes integer)
    RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN p_minutes < 1440 THEN p_moment
        WHEN (f.read - interval '1 hour') AT TIME ZONE 'Europe/London' = f.face
            THEN f.read - interval '1 hour'
        ELSE f.read END - make_interval(mins => p_minutes % 1440)
    FROM (SELECT g.face, g.face AT TIME ZONE 'Europe/London' AS read
          FROM (SELECT (p_moment AT TIME ZONE 'Europe/London')
                       - make_interval(days => p_minutes / 1440) AS face) g) f
$$;

-- Has the reminders that are asked for already follow what an address wants by now: that of whoever
-- acts, or the one that an e-mail went to, as where wishes are kept. Of each touchpoint to come of
-- which it was told, those of other times are withdrawn, and those that are lacking asked for on
-- behalf of the same organisation; answers how many. What has gone out stays and is not repeated.
CREATE FUNCTION tandem.touchpoint_reminders_follow(p_reference text, p_now timestamptz)
    RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other_times CONSTANT text := 'Its reader chose other times.';
    whose text := tandem.mail_address(p_reference);
    own integer[];
    coming bigint[];
    asked bigint;
BEGIN
    IF whose IS NULL THEN
        RETURN NULL;
    END IF;
    -- Held, so that a change of plan that is under way is over, or waits.
    SELECT array_agg(held.id) INTO coming FROM (
        SELECT t.id FROM public.touchpoints_touchpoint t
        WHERE t.state = 'scheduled' AND t.starts_at > p_now AND t.id IN (
            SELECT a.touchpoint_id FROM public.contacts_workdetails w
            JOIN public.touchpoints_attendee a
                ON a.posting_id = w.posting_id AND a.removed_at IS NULL
            WHERE lower(w.email) = whose)
        ORDER BY t.id FOR SHARE) held;
    SELECT m.reminder_minutes INTO own FROM public.organisations_mailtimes m
        WHERE m.address = whose;
    UPDATE public.organisations_delivery d
        SET state = 'cancelled', reason = other_times, payload = '{}', claimed_by = '',
            lease_until = NULL
        FROM public.touchpoints_touchpoint t
        WHERE t.id = ANY (coming) AND d.subject = t.ref AND d.kind = 'touchpoint_reminder'
          AND lower(d.recipient) = whose
          AND (d.state = 'pending' OR (d.state = 'taken' AND d.phase = 0))
          AND d.offset_minutes <> ALL (coalesce(own, t.reminder_minutes));
    INSERT INTO public.organisations_delivery AS d
            (kind, subject, recipient, offset_minutes, revision, organisation_id, posting_id,
             payload, had_payload, state, phase, due_at, created_at, claimed_by, attempt,
             uncertain_times, reply, reason)
        SELECT 'touchpoint_reminder', t.ref, told.recipient, wished.minutes, t.revision,
               told.organisation_id, told.posting_id, '{}', false, 'pending', 0, due.at, now(),
               '', 0, 0, '', ''
        FROM public.touchpoints_touchpoint t
        CROSS JOIN LATERAL (
            SELECT e.recipient, e.organisation_id, e.posting_id
            FROM public.organisations_delivery e
            WHERE e.subject = t.ref AND e.revision = t.revision AND lower(e.recipient) = whose
              AND e.kind IN ('touchpoint_invitation', 'touchpoint_moved', 'touchpoint_reminder')
            ORDER BY e.id DESC LIMIT 1) told
        CROSS JOIN LATERAL (SELECT DISTINCT unnest(coalesce(own, t.reminder_minutes))) wished (minutes)
        CROSS JOIN LATERAL (
            SELECT tandem.before_on_london_clocks(t.starts_at, wished.minutes)) due (at)
        WHERE t.id = ANY (coming) AND due.at > p_now
        ON CONFLICT (kind, subject, recipient, offset_minutes, revision) DO UPDATE
            SET state = 'pending', reason = '', due_at = excluded.due_at, attempt = 0
            WHERE d.state = 'cancelled' AND d.reason = other_times AND d.uncertain_times = 0;
    GET DIAGNOSTICS asked = ROW_COUNT;
    RETURN asked;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['before_on_london_clocks(timestamptz, integer)',
                             'touchpoint_reminders_follow(text, timestamptz)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        RESET ROLE;
    END LOOP;
END $$;
SET LOCAL ROLE tandem_definer;
GRANT EXECUTE ON FUNCTION tandem.touchpoint_reminders_follow(text, timestamptz) TO tandem_web;
RESET ROLE;
