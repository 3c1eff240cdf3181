-- ---------------------------------------------------------------- what operators may learn
-- No policy shows an operator a delivery: these functions answer without saying to whom it goes
-- (the domain alone), what it is about, or what is in it.
GRANT UPDATE (due_at, attempt, uncertain_times) ON organisations_delivery TO tandem_definer;

ALTER TABLE organisations_outboxdecision ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_outboxdecision FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees ON organisations_outboxdecision FOR SELECT TO tandem_web
    USING (tandem.is_operator());
CREATE POLICY definer_writes ON organisations_outboxdecision FOR INSERT TO tandem_definer
    WITH CHECK (decided_by_id = tandem.person());
-- The definer reads back the id of what it has written.
CREATE POLICY definer_reads ON organisations_outboxdecision FOR SELECT TO tandem_definer
    USING (decided_by_id = tandem.person());
GRANT SELECT ON organisations_outboxdecision TO tandem_web;
GRANT SELECT, INSERT ON organisations_outboxdecision TO tandem_definer;
GRANT USAGE ON SEQUENCE organisations_outboxdecision_id_seq TO tandem_definer;

-- ---------------------------------------------------------------- figures
-- Since when the delivery that is the longest due has been so: the clock's own question, cheap.
-- What a dead worker holds counts as due, what waits to be tried again does not.
CREATE FUNCTION tandem.oldest_due() RETURNS timestamptz LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT least(
        (SELECT min(due_at) FROM public.organisations_delivery
         WHERE state = 'pending' AND due_at <= now()),
        (SELECT min(due_at) FROM public.organisations_delivery
         WHERE state = 'taken' AND lease_until < now()))
$$;

-- What has not ended well, by kind: `due` of it by now, `retried` waiting after a failure.
CREATE FUNCTION tandem.outbox_depth()
    RETURNS TABLE (kind text, state text, number bigint, due bigint, retried bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.kind::text, 'pending', count(*), count(*) FILTER (WHERE d.due_at <= now()),
           count(*) FILTER (WHERE d.attempt > 0 AND d.due_at > now())
    FROM public.organisations_delivery d WHERE d.state = 'pending' GROUP BY d.kind
    UNION ALL
    SELECT d.kind::text, 'taken', count(*), 0, 0
    FROM public.organisations_delivery d WHERE d.state = 'taken' GROUP BY d.kind
    UNION ALL
    SELECT d.kind::text, d.state::text, count(*), 0, 0
    FROM public.organisations_delivery d WHERE d.state IN ('uncertain', 'dead')
    GROUP BY d.kind, d.state
$$;

-- How many mail servers took within the last minute, the last hour and the last day.
CREATE FUNCTION tandem.outbox_sent() RETURNS TABLE (minute bigint, hour bigint, day bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE sent_at > now() - interval '1 minute'),
           count(*) FILTER (WHERE sent_at > now() - interval '1 hour'), count(*)
    FROM public.organisations_delivery WHERE sent_at > now() - interval '1 day'
$$;

-- ---------------------------------------------------------------- the list
-- Which deliveries a list is of. One text for both functions below, never a caller's.
CREATE FUNCTION tandem.outbox_condition(p_show text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_show
        WHEN 'trouble' THEN 'd.state IN (''uncertain'', ''dead'')'
        WHEN 'due' THEN 'd.state = ''pending'' AND d.due_at <= now()'
        WHEN 'retried' THEN 'd.state = ''pending'' AND d.attempt > 0 AND d.due_at > now()'
        WHEN 'pending' THEN 'd.state = ''pending'''
        WHEN 'taken' THEN 'd.state = ''taken'''
        WHEN 'sent' THEN 'd.state = ''sent'''
        WHEN 'cancelled' THEN 'd.state = ''cancelled'''
        WHEN 'uncertain' THEN 'd.state = ''uncertain'''
        WHEN 'dead' THEN 'd.state = ''dead'''
        ELSE 'false' END
        || ' AND ($1 = '''' OR d.kind = $1) AND ($2 IS NULL OR d.organisation_id = ANY ($2))'
$$;

-- How many there are, counted no further than `p_most`.
CREATE FUNCTION tandem.outbox_count(p_show text, p_kind text, p_organisations bigint[],
                                    p_most integer) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found bigint;
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'operators look at the outbox';
    END IF;
    EXECUTE 'SELECT count(*) FROM (SELECT 1 FROM public.organisations_delivery d WHERE '
        || tandem.outbox_condition(p_show) || ' LIMIT $3) counted'
        INTO found USING p_kind, p_organisations, p_most;
    RETURN found;
END $$;

-- What waits, the longest due first; anything else the newest first. A mail server's answer may
-- quote the address: what stands before an @ is taken out.
CREATE FUNCTION tandem.outbox_list(p_show text, p_kind text, p_organisations bigint[],
                                   p_only bigint, p_limit integer, p_offset integer)
    RETURNS TABLE (id bigint, kind text, organisation text, slug text, state text, domain text,
                   due_at timestamptz, sent_at timestamptz, attempt integer, uncertain_times integer,
                   reason text, had_payload boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'operators look at the outbox';
    END IF;
    RETURN QUERY EXECUTE
        'SELECT d.id, d.kind::text, o.name::text, o.slug::text, d.state::text,
                lower(split_part(d.recipient, ''@'', 2)), d.due_at, d.sent_at, d.attempt::integer,
                d.uncertain_times::integer,
                regexp_replace(d.reason, ''[^[:space:]<>()\[\]:;,"]+@'', ''***@'', ''g''),
                d.had_payload
         FROM public.organisations_delivery d
         LEFT JOIN public.organisations_organisation o ON o.id = d.organisation_id
         WHERE ' || CASE WHEN p_only IS NULL THEN tandem.outbox_condition(p_show)
                         ELSE 'd.id = $3' END
        || ' ORDER BY ' || CASE WHEN p_show IN ('due', 'retried', 'pending') THEN 'd.due_at, d.id'
                                ELSE 'd.id DESC' END
        || ' LIMIT $4 OFFSET $5'
        USING p_kind, p_organisations, p_only, p_limit, p_offset;
END $$;

-- ---------------------------------------------------------------- deciding
-- Tries deliveries again at once, or drops them; what has moved on meanwhile stays as it is, and
-- so does one whose words are gone. One that may have arrived is still known as such, so that a
-- provider that can be asked is asked first. Answers which decision this is and how many it changed.
CREATE FUNCTION tandem.steer_outbox(p_ids bigint[], p_action text, p_reason text)
    RETURNS TABLE (decision bigint, number integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found bigint[];
    made bigint;
BEGIN
    IF NOT tandem.is_operator() OR trim(p_reason) = '' OR p_action NOT IN ('retry', 'drop') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an operator steers the outbox, and says why';
    END IF;
    SELECT array_agg(d.id) INTO found FROM (
        SELECT x.id FROM public.organisations_delivery x
        WHERE x.id = ANY (p_ids) AND CASE p_action
            WHEN 'retry' THEN x.state = 'uncertain' OR (x.state = 'dead' AND NOT x.had_payload)
                OR (x.state = 'pending' AND x.attempt > 0)
            ELSE x.state IN ('pending', 'uncertain', 'dead')
                OR (x.state = 'taken' AND x.phase = 0) END
        ORDER BY x.id FOR UPDATE) d;
    IF found IS NULL THEN
        RETURN;
    END IF;
    IF p_action = 'retry' THEN
        UPDATE public.organisations_delivery d
        SET state = 'pending', phase = 0, attempt = 0, due_at = now(),
            uncertain_times = CASE d.state WHEN 'dead' THEN 0 ELSE least(d.uncertain_times, 1) END,
            reason = 'An operator had it tried again.'
        WHERE d.id = ANY (found);
    ELSE
        UPDATE public.organisations_delivery d
        SET state = 'cancelled', payload = '{}', claimed_by = '', lease_until = NULL,
            reason = left('An operator dropped it: ' || trim(p_reason), 300)
        WHERE d.id = ANY (found);
    END IF;
    INSERT INTO public.organisations_outboxdecision (action, reason, deliveries, decided_by_id)
        VALUES (p_action, trim(p_reason), found, tandem.person()) RETURNING id INTO made;
    RETURN QUERY SELECT made, cardinality(found);
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['oldest_due()', 'outbox_depth()', 'outbox_sent()',
        'outbox_count(text, text, bigint[], integer)',
        'outbox_list(text, text, bigint[], bigint, integer, integer)',
        'steer_outbox(bigint[], text, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
