-- ---------------------------------------------------------------- summaries
-- Asks for a summary for everybody who wants one so often, in one statement: one for each
-- address and key, however often it is called. News older than any summary is forgotten.
GRANT INSERT ON organisations_delivery TO tandem_definer;
GRANT USAGE ON SEQUENCE organisations_delivery_id_seq TO tandem_definer;

CREATE FUNCTION tandem.ask_digests(p_often text, p_key text, p_since timestamptz,
                                   p_due timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE asked bigint;
BEGIN
    INSERT INTO public.organisations_delivery
            (kind, subject, recipient, offset_minutes, revision, payload, had_payload, state,
             phase, due_at, created_at, claimed_by, attempt, uncertain_times, reply, reason)
        SELECT 'digest',
               left(encode(sha256(convert_to(lower(u.email), 'UTF8')), 'hex'), 20) || '-' || p_key,
               u.email, 0, 0, jsonb_build_object('since', p_since, 'due', p_due), true, 'pending',
               0, p_due, now(), '', 0, 0, '', ''
        FROM public.organisations_user u
        LEFT JOIN public.organisations_mailpreference p
            ON p.address = lower(u.email) AND p.mail_group = 'digest'
        WHERE u.is_active AND coalesce(p.choice, 'weekly') = p_often
          AND EXISTS (SELECT 1 FROM public.account_emailaddress a
                      WHERE a.user_id = u.id AND a.verified AND lower(a.email) = lower(u.email))
          AND EXISTS (SELECT 1 FROM public.organisations_membership m
                      JOIN public.organisations_organisation o ON o.id = m.organisation_id
                          AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
                          AND o.left_at IS NULL
                      WHERE m.user_id = u.id AND m.ended_at IS NULL)
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS asked = ROW_COUNT;
    DELETE FROM public.organisations_heldnews WHERE held_at < now() - interval '15 days';
    RETURN asked;
END $$;

-- As whom a summary is written that is being sent now: its reader, in each organisation where
-- they belong. On behalf of no organisation, so nobody's request learns anything.
CREATE FUNCTION tandem.readers_of_digest(p_delivery bigint)
    RETURNS TABLE (user_id bigint, organisation_id bigint, name text, slug text, kind text,
                   role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.id, o.id, o.name::text, o.slug::text, o.kind::text, m.role::text
    FROM public.organisations_delivery d
    JOIN public.organisations_user u ON lower(u.email) = lower(d.recipient) AND u.is_active
    JOIN public.organisations_membership m ON m.user_id = u.id AND m.ended_at IS NULL
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
        AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
    WHERE d.id = p_delivery AND d.kind = 'digest' AND d.state = 'taken'
      AND d.organisation_id IS NULL AND tandem.organisation() IS NULL
      AND tandem.person() IS NULL
    ORDER BY o.name, o.id
$$;

-- What was held for its reader since the summary before, with what each e-mail carried.
CREATE FUNCTION tandem.news_for_digest(p_delivery bigint, p_since timestamptz,
                                       p_until timestamptz)
    RETURNS TABLE (id bigint, kind text, subject text, recipient text, offset_minutes integer,
                   revision integer, organisation_id bigint, posting_id bigint, payload jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.id, n.kind::text, n.subject::text, n.recipient::text, n.offset_minutes, n.revision,
           n.organisation_id, n.posting_id, h.payload
    FROM public.organisations_delivery d
    JOIN public.organisations_heldnews h ON h.address = lower(d.recipient)
        AND h.held_at > p_since AND h.held_at <= p_until
    JOIN public.organisations_delivery n ON n.id = h.delivery_id
    WHERE d.id = p_delivery AND d.kind = 'digest' AND d.state = 'taken'
      AND d.organisation_id IS NULL AND tandem.organisation() IS NULL
      AND tandem.person() IS NULL
    ORDER BY h.held_at, n.id LIMIT 50
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['ask_digests(text, text, timestamptz, timestamptz)',
        'readers_of_digest(bigint)', 'news_for_digest(bigint, timestamptz, timestamptz)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
