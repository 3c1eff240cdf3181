-- ---------------------------------------------------------------- what came back by e-mail
-- Nobody signed in reads the mailbox, and what is kept of a message belongs to no organisation: the
-- functions below are all that reaches these tables.
ALTER TABLE organisations_inboxmessage ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_inboxmessage FORCE ROW LEVEL SECURITY;
ALTER TABLE organisations_inboxreading ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_inboxreading FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON organisations_inboxmessage TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY definer ON organisations_inboxreading TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON organisations_inboxmessage TO tandem_definer;
GRANT SELECT, INSERT, UPDATE ON organisations_inboxreading TO tandem_definer;
GRANT USAGE ON SEQUENCE organisations_inboxmessage_id_seq TO tandem_definer;

-- ---------------------------------------------------------------- whose turn it is
-- A lease and no advisory lock: behind a pooler a session is nobody's own. A worker that outlives
-- its turn does no harm, since each message is held while it is handled.
CREATE FUNCTION tandem.claim_inbox(p_worker text, p_seconds double precision) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.organisations_inboxreading (id, switched_on, claimed_by, failure)
        VALUES (1, true, '', '') ON CONFLICT (id) DO NOTHING;
    UPDATE public.organisations_inboxreading
    SET claimed_by = left(p_worker, 80), switched_on = true,
        lease_until = clock_timestamp() + make_interval(secs => p_seconds)
    WHERE id = 1 AND (claimed_by = '' OR lease_until < clock_timestamp());
    RETURN FOUND;
END $$;

-- Gives the turn back, and says how it went. What is known of messages is forgotten in the end.
CREATE FUNCTION tandem.release_inbox(p_worker text, p_failure text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.organisations_inboxreading
    SET claimed_by = '', lease_until = NULL, failure = left(p_failure, 300),
        read_at = CASE WHEN p_failure = '' THEN clock_timestamp() ELSE read_at END
    WHERE id = 1 AND claimed_by = p_worker;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.organisations_inboxmessage WHERE handled_at < now() - interval '90 days';
    RETURN true;
END $$;

CREATE FUNCTION tandem.switch_off_inbox() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.organisations_inboxreading SET switched_on = false, failure = ''
    WHERE id = 1 AND switched_on;
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- each message
-- Counts the attempt, unless it has been handled: then in which folder it belongs.
CREATE FUNCTION tandem.begin_inbox_message(p_key text) RETURNS TABLE (attempt integer, folder text)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_inboxmessage AS m
        (key, attempt, sort, folder, reason, domain, begun_at)
    VALUES (p_key, 1, '', '', '', '', clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET attempt = m.attempt + (m.handled_at IS NULL)::int
    RETURNING m.attempt::integer, m.folder::text
$$;

-- Whether it is still to be handled; held until the caller's transaction ends.
CREATE FUNCTION tandem.hold_inbox_message(p_key text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.organisations_inboxmessage m
    WHERE m.key = p_key AND m.handled_at IS NULL FOR UPDATE;
    RETURN FOUND;
END $$;

CREATE FUNCTION tandem.finish_inbox_message(p_key text, p_sort text, p_folder text, p_reason text,
                                            p_domain text, p_delivery bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.organisations_inboxmessage
    SET sort = p_sort, folder = p_folder, reason = left(p_reason, 300),
        domain = left(p_domain, 120), delivery_id = p_delivery, handled_at = clock_timestamp()
    WHERE key = p_key AND handled_at IS NULL;
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- what it says of our e-mail
-- An e-mail that was handed over came back for good. True when that was news: then, and only then,
-- its kind is told. One that is being sent anew, was withdrawn or is dead already stays as it is.
CREATE FUNCTION tandem.note_returned(p_reference text, p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.organisations_delivery
    SET state = 'dead', phase = 0, reason = left(p_reason, 300), payload = '{}', claimed_by = '',
        lease_until = NULL
    WHERE id = (SELECT b.id FROM tandem.delivery_behind(p_reference) b)
      AND (state = 'sent' OR (state = 'taken' AND phase IN (1, 2))
           OR (state IN ('pending', 'uncertain') AND uncertain_times > 0));
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- figures
CREATE FUNCTION tandem.inbox_state()
    RETURNS TABLE (switched_on boolean, read_at timestamptz, failure text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.switched_on, r.read_at, r.failure::text FROM public.organisations_inboxreading r
$$;

-- What was handled within a day.
CREATE FUNCTION tandem.inbox_counts() RETURNS TABLE (sort text, folder text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.sort::text, m.folder::text, count(*) FROM public.organisations_inboxmessage m
    WHERE m.handled_at > now() - interval '1 day' GROUP BY m.sort, m.folder
$$;

-- What an operator should look at: what was set aside, and complaints; the newest first.
CREATE FUNCTION tandem.inbox_list(p_limit integer)
    RETURNS TABLE (sort text, folder text, reason text, domain text, handled_at timestamptz,
                   kind text, organisation text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'operators look at the inbox';
    END IF;
    RETURN QUERY
        SELECT m.sort::text, m.folder::text, m.reason::text, m.domain::text, m.handled_at,
               d.kind::text, o.name::text
        FROM public.organisations_inboxmessage m
        LEFT JOIN public.organisations_delivery d ON d.id = m.delivery_id
        LEFT JOIN public.organisations_organisation o ON o.id = d.organisation_id
        WHERE m.folder = 'other' OR m.sort = 'complaint'
        ORDER BY m.handled_at DESC, m.id DESC LIMIT p_limit;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['claim_inbox(text, double precision)', 'release_inbox(text, text)',
        'switch_off_inbox()', 'begin_inbox_message(text)', 'hold_inbox_message(text)',
        'finish_inbox_message(text, text, text, text, text, bigint)', 'note_returned(text, text)',
        'inbox_state()', 'inbox_counts()', 'inbox_list(integer)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
