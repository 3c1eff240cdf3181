GRANT UPDATE (content_hash, content_at) ON diary_calendarfeed TO tandem_definer;

-- The feed behind the hash of a secret, for a program that acts for nobody yet, and for whom it
-- reads: nothing unless it was made in a membership and a standing of its organisation that last,
-- for a person whose account is open. That it was read is noted once an hour at most.
CREATE FUNCTION tandem.open_feed(p_hash text)
    RETURNS TABLE (feed bigint, organisation_id bigint, name text, slug text,
                   organisation_kind text, person_id bigint, role text, kind text,
                   partnership_id bigint, with_year boolean)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH found AS (
        SELECT f.id, f.organisation_id, o.name, o.slug, o.kind AS organisation_kind, f.person_id,
               m.role, f.kind, f.partnership_id, f.with_year
        FROM public.diary_calendarfeed f
        JOIN public.organisations_organisation o ON o.id = f.organisation_id
            AND o.joined_at <= f.created_at AND o.suspended_at IS NULL AND o.left_at IS NULL
        JOIN public.organisations_membership m ON m.organisation_id = f.organisation_id
            AND m.user_id = f.person_id AND m.ended_at IS NULL AND m.began_at <= f.created_at
        JOIN public.organisations_user u ON u.id = f.person_id AND u.is_active
            AND NOT u.second_step_due
        WHERE f.secret_hash = p_hash AND f.revoked_at IS NULL
    ), noted AS (
        UPDATE public.diary_calendarfeed f SET read_at = now() FROM found
        WHERE f.id = found.id AND (f.read_at IS NULL OR f.read_at < now() - interval '1 hour')
    )
    SELECT found.id, found.organisation_id, found.name::text, found.slug::text,
           found.organisation_kind::text, found.person_id, found.role::text, found.kind::text,
           found.partnership_id, found.with_year
    FROM found
$$;

-- Since when a feed of whoever acts has held what it holds now. Two readers at once agree, and two
-- changes never share a second: HTTP tells no smaller times apart.
CREATE FUNCTION tandem.feed_holds(p_feed bigint, p_content text) RETURNS timestamptz
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since timestamptz;
BEGIN
    UPDATE public.diary_calendarfeed f
        SET content_hash = p_content,
            content_at = greatest(date_trunc('second', statement_timestamp()),
                                  f.content_at + interval '1 second')
        WHERE f.id = p_feed AND f.organisation_id = tandem.organisation()
          AND f.person_id = tandem.person() AND f.content_hash <> p_content;
    SELECT f.content_at INTO since FROM public.diary_calendarfeed f
        WHERE f.id = p_feed AND f.organisation_id = tandem.organisation()
          AND f.person_id = tandem.person();
    RETURN since;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['open_feed(text)', 'feed_holds(bigint, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
