-- ---------------------------------------------------------------- who reads
ALTER TABLE contacts_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_check FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts_letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_letter FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts_postingchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_postingchange FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts_objection ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_objection FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON contacts_check TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY definer ON contacts_letter TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY definer ON contacts_postingchange TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY definer ON contacts_objection TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON contacts_check, contacts_letter, contacts_postingchange
    TO tandem_definer;
GRANT SELECT, INSERT ON contacts_objection TO tandem_definer;
GRANT INSERT ON contacts_person TO tandem_definer;
CREATE POLICY admin_of_the_region ON contacts_check FOR SELECT TO tandem_web
    USING (EXISTS (SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
                   AND p.region_id = ANY ((SELECT tandem.managed_regions())::bigint[])));
CREATE POLICY admin_of_the_region ON contacts_postingchange FOR SELECT TO tandem_web
    USING (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
CREATE POLICY admin_settles ON contacts_postingchange FOR UPDATE TO tandem_web
    USING (tandem.manages_region(region_id) AND settled_at IS NULL)
    WITH CHECK (tandem.manages_region(region_id) AND settled_by_id = tandem.person());
GRANT SELECT ON contacts_check TO tandem_web;
GRANT SELECT, UPDATE (settled_at, settled_by_id) ON contacts_postingchange TO tandem_web;
-- What the database does by itself is on record in nobody's name.
CREATE POLICY definer_appends ON organisations_auditevent FOR INSERT TO tandem_definer
    WITH CHECK (user_id IS NULL AND organisation_id IS NULL);
GRANT INSERT ON organisations_auditevent TO tandem_definer;

-- ---------------------------------------------------------------- what the others ask
-- Every function is told the time, so that one reply has one; what has run out by the database's
-- own clock stays so whatever it is told.
CREATE FUNCTION tandem.london_day(p_at timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (p_at AT TIME ZONE 'Europe/London')::date $$;

CREATE FUNCTION tandem.admins_of(p_region bigint) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT u.email::text FROM public.contacts_regiongrant g
    JOIN public.organisations_user u ON u.id = g.user_id
    JOIN public.auth_permission m ON m.id = g.permission_id
    WHERE g.content_object_id = p_region AND u.is_active AND NOT u.is_operator
      AND m.codename = 'manage_region' AND tandem.grant_lives(g.ended_at, g.ends)
$$;

CREATE FUNCTION tandem.managers_of(p_organisation bigint) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT u.email::text FROM public.organisations_membership m
    JOIN public.organisations_user u ON u.id = m.user_id
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE m.organisation_id = p_organisation AND m.role = 'manager' AND m.ended_at IS NULL
      AND u.is_active AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
$$;

-- Whom to ask at somebody's organisation: its managers, or those of a school's trust; where
-- neither has joined, the team of a gateway that it hosts. Never the person themselves.
CREATE FUNCTION tandem.who_answers_for(p_posting bigint) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (
        SELECT p.id, p.organisation_id, p.region_id, d.email FROM public.contacts_posting p
        JOIN public.contacts_workdetails d ON d.posting_id = p.id WHERE p.id = p_posting),
    managers AS (
        SELECT tandem.managers_of(o.id) AS email FROM (
            SELECT organisation_id AS id FROM asked
            UNION SELECT s.trust_id FROM asked a JOIN public.organisations_school s
                  ON s.organisation_id = a.organisation_id WHERE s.trust_id IS NOT NULL) o),
    teams AS (
        SELECT g.email::text AS email FROM asked a
        JOIN public.contacts_gateway g ON g.host_id = a.organisation_id
        WHERE g.email <> '' AND g.ended_on IS NULL
          AND (g.region_id = a.region_id OR g.place_id IN (
               SELECT x.place_id FROM public.contacts_placeregion x
               WHERE x.region_id = a.region_id))
        ORDER BY g.id LIMIT 1),
    others AS (SELECT m.email FROM managers m, asked a WHERE lower(m.email) <> lower(a.email))
    SELECT email FROM others
    UNION SELECT t.email FROM teams t, asked a
          WHERE NOT EXISTS (SELECT 1 FROM others) AND lower(t.email) <> lower(a.email)
$$;

-- Whether a check has lost its point: ended, taken out, bounced, corrected or checked meanwhile.
CREATE FUNCTION tandem.check_overtaken(p_check bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.listing <> 'listed' OR p.ended_on IS NOT NULL OR p.bounced_at IS NOT NULL
        OR coalesce(p.checked_at > c.opened_at, false)
        OR EXISTS (SELECT 1 FROM public.contacts_letter l
                   WHERE l.asked_in_id = c.id AND l.kind IN ('check', 'check_again')
                     AND lower(l.recipient) <> lower(d.email))
    FROM public.contacts_check c
    JOIN public.contacts_posting p ON p.id = c.posting_id
    JOIN public.contacts_workdetails d ON d.posting_id = p.id
    WHERE c.id = p_check
$$;

CREATE FUNCTION tandem.write_letter(p_kind text, p_posting bigint, p_check bigint,
                                    p_region bigint, p_recipient text, p_at timestamptz)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.contacts_letter
        (ref, kind, posting_id, asked_in_id, region_id, recipient, made_at, expires_at)
    VALUES (tandem.new_ref(), p_kind, p_posting, p_check, p_region, p_recipient, p_at,
            p_at + CASE WHEN p_kind IN ('check', 'check_again', 'check_organisation')
                        THEN interval '21 days'
                        WHEN p_kind IN ('confirm_address', 'details_link') THEN interval '7 days'
                        ELSE interval '90 days' END)
$$;

-- ---------------------------------------------------------------- the clock's work
-- Closes what is overtaken, asks further where nobody answered, opens what is due, tells who is
-- new, and sums up for admins once a week. Twice at once: the second does nothing. The same day
-- again: nothing. Says how many checks it opened.
CREATE FUNCTION tandem.step_checks(p_at timestamptz, p_most int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := tandem.london_day(p_at);
    opened int;
    waiting record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('tandem.step_checks')) THEN
        RETURN 0;
    END IF;
    UPDATE public.contacts_check c SET closed_at = p_at, outcome = 'overtaken'
        WHERE c.closed_at IS NULL AND tandem.check_overtaken(c.id);

    FOR waiting IN
        SELECT c.id, c.posting_id, c.step, d.email FROM public.contacts_check c
        JOIN public.contacts_workdetails d ON d.posting_id = c.posting_id
        WHERE c.closed_at IS NULL AND c.step < 4
          AND tandem.london_day(c.stepped_at) + 10 <= today
        ORDER BY c.id FOR UPDATE OF c
    LOOP
        IF waiting.step = 1 THEN
            PERFORM tandem.write_letter('check_again', waiting.posting_id, waiting.id, NULL,
                                        waiting.email, p_at);
        ELSIF waiting.step = 2 THEN
            PERFORM tandem.write_letter('check_organisation', waiting.posting_id, waiting.id, NULL,
                                        who, p_at)
                FROM tandem.who_answers_for(waiting.posting_id) who;
            IF NOT FOUND THEN
                waiting.step := 3;
            END IF;
        END IF;
        UPDATE public.contacts_check SET step = waiting.step + 1, stepped_at = p_at
            WHERE id = waiting.id;
    END LOOP;

    WITH due AS (
        SELECT p.id FROM public.contacts_posting p
        JOIN public.contacts_workdetails d ON d.posting_id = p.id AND d.email <> ''
        WHERE p.listing = 'listed' AND p.ended_on IS NULL AND p.bounced_at IS NULL
          AND (p.check_due_on <= today
               OR (p.disputed_at IS NOT NULL AND NOT EXISTS (
                   SELECT 1 FROM public.contacts_check c
                   WHERE c.posting_id = p.id AND c.opened_at >= p.disputed_at)))
          AND NOT EXISTS (SELECT 1 FROM public.contacts_check c
                          WHERE c.posting_id = p.id AND c.closed_at IS NULL)
        ORDER BY p.check_due_on, p.id LIMIT p_most),
    made AS (
        INSERT INTO public.contacts_check (posting_id, opened_at, step, stepped_at, outcome)
        SELECT id, p_at, 1, p_at, '' FROM due ON CONFLICT DO NOTHING RETURNING id, posting_id)
    SELECT count(*) INTO opened FROM (
        SELECT tandem.write_letter('check', m.posting_id, m.id, NULL, d.email, p_at)
        FROM made m JOIN public.contacts_workdetails d ON d.posting_id = m.posting_id) written;

    PERFORM tandem.write_letter('notice', n.id, NULL, NULL, n.email, p_at) FROM (
        SELECT p.id, d.email FROM public.contacts_posting p
        JOIN public.contacts_workdetails d ON d.posting_id = p.id AND d.email <> ''
        WHERE p.listing IN ('listed', 'offered') AND p.ended_on IS NULL AND p.bounced_at IS NULL
          AND p.check_due_on > CASE p.listing WHEN 'listed' THEN today ELSE '-infinity' END
          AND NOT EXISTS (SELECT 1 FROM public.contacts_letter l
                          WHERE l.posting_id = p.id AND lower(l.recipient) = lower(d.email)
                            AND l.kind IN ('notice', 'check', 'check_again', 'confirm_address'))
        ORDER BY p.id LIMIT p_most) n;

    PERFORM tandem.write_letter('summary', NULL, NULL, r.id, who, p_at)
        FROM public.contacts_region r, tandem.admins_of(r.id) who
        WHERE NOT EXISTS (SELECT 1 FROM public.contacts_letter l
                          WHERE l.kind = 'summary' AND l.region_id = r.id
                            AND lower(l.recipient) = lower(who)
                            AND tandem.london_day(l.made_at) + 7 > today)
          AND EXISTS (SELECT 1 FROM tandem.waits_in(r.id) w
                      WHERE w.no_answer + w.bounced + w.left_by_reply > 0);
    RETURN opened;
END $$;

-- What waits for the admin of a region, counted.
CREATE FUNCTION tandem.waits_in(p_region bigint)
    RETURNS TABLE (no_answer bigint, bounced bigint, left_by_reply bigint, disputed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM public.contacts_check c JOIN public.contacts_posting p
                ON p.id = c.posting_id AND p.region_id = p_region
            WHERE c.closed_at IS NULL AND c.step = 4),
           count(*) FILTER (WHERE p.bounced_at IS NOT NULL),
           (SELECT count(*) FROM public.contacts_postingchange h
            WHERE h.region_id = p_region AND h.kind = 'left' AND h.settled_at IS NULL),
           count(*) FILTER (WHERE p.disputed_at IS NOT NULL)
    FROM public.contacts_posting p
    WHERE p.region_id = p_region AND p.listing = 'listed' AND p.ended_on IS NULL
$$;

CREATE FUNCTION tandem.letters_to_hand_on(p_most int)
    RETURNS TABLE (ref text, kind text, recipient text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.ref::text, l.kind::text, l.recipient::text FROM public.contacts_letter l
    WHERE l.handed_on_at IS NULL ORDER BY l.id LIMIT p_most
$$;
CREATE FUNCTION tandem.letters_handed_on(p_refs text[], p_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.contacts_letter SET handed_on_at = p_at
    WHERE ref = ANY (p_refs) AND handed_on_at IS NULL
$$;

-- ---------------------------------------------------------------- whoever holds a link
-- What the link of one e-mail opens, for who knows its reference; nothing for anything else.
CREATE FUNCTION tandem.find_letter(p_ref text)
    RETURNS TABLE (kind text, recipient text, made_at timestamptz, expires_at timestamptz,
                   used_at timestamptz, posting_id bigint, posting_ref text, listing text,
                   name text, job_title text, organisation text, region text, region_slug text,
                   email text, telephone text, source text, lawful_basis text, started_on date,
                   ended_on date, checked_at timestamptz, checked_by text, bounced boolean,
                   offered_by text, first boolean, is_open boolean, outcome text,
                   closed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.kind::text, l.recipient::text, l.made_at, l.expires_at, l.used_at, p.id, p.ref::text,
           p.listing::text, n.name::text, p.job_title::text, o.name::text, r.name::text,
           r.slug::text, d.email::text, d.telephone::text, p.source::text, p.lawful_basis::text,
           p.started_on, p.ended_on, p.checked_at, p.checked_by::text, p.bounced_at IS NOT NULL,
           k.name::text,
           NOT EXISTS (SELECT 1 FROM public.contacts_letter e
                       WHERE e.posting_id = p.id AND e.id < l.id
                         AND e.kind IN ('notice', 'check') AND lower(e.recipient) = lower(l.recipient)),
           coalesce(c.closed_at IS NULL AND NOT tandem.check_overtaken(c.id), false),
           coalesce(c.outcome, '')::text, c.closed_at
    FROM public.contacts_letter l
    LEFT JOIN public.contacts_posting p ON p.id = l.posting_id
    LEFT JOIN public.contacts_person n ON n.id = p.person_id
    LEFT JOIN public.contacts_workdetails d ON d.posting_id = p.id
    LEFT JOIN public.organisations_organisation o ON o.id = p.organisation_id
    LEFT JOIN public.organisations_organisation k ON k.id = p.recorded_by_id
    LEFT JOIN public.contacts_region r ON r.id = coalesce(l.region_id, p.region_id)
    LEFT JOIN public.contacts_check c ON c.id = l.asked_in_id
    WHERE l.ref = p_ref
$$;

-- The open check that a link answers, held until the end of the transaction; NULL otherwise.
CREATE FUNCTION tandem.hold_check(p_ref text, p_at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held bigint;
BEGIN
    SELECT c.id INTO held FROM public.contacts_letter l
        JOIN public.contacts_check c ON c.id = l.asked_in_id
        WHERE l.ref = p_ref AND l.kind IN ('check', 'check_again', 'check_organisation')
          AND l.expires_at > greatest(p_at, now()) AND c.closed_at IS NULL
        FOR UPDATE OF c;
    IF tandem.check_overtaken(held) THEN
        RETURN NULL;
    END IF;
    RETURN held;
END $$;

-- Who answers with a link: the person, or for them their organisation.
CREATE FUNCTION tandem.who_answers_with(p_ref text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE kind WHEN 'check_organisation' THEN 'organisation' ELSE 'person' END
    FROM public.contacts_letter WHERE ref = p_ref
$$;

CREATE FUNCTION tandem.note_checked(p_posting bigint, p_by text, p_at timestamptz, p_outcome text)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting
        SET checked_at = p_at, checked_by = p_by, disputed_at = NULL WHERE id = p_posting;
    UPDATE public.contacts_check SET closed_at = p_at, outcome = p_outcome
        WHERE posting_id = p_posting AND closed_at IS NULL;
END $$;

CREATE FUNCTION tandem.answer_right(p_ref text, p_at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held bigint := tandem.hold_check(p_ref, p_at);
BEGIN
    IF held IS NULL THEN
        RETURN false;
    END IF;
    PERFORM tandem.note_checked(c.posting_id, tandem.who_answers_with(p_ref), p_at, 'right')
        FROM public.contacts_check c WHERE c.id = held;
    RETURN true;
END $$;

-- Corrects one posting. A new address is written to first, and replaces the old one when the link
-- in that e-mail is used. Says 'done', 'confirm' or 'too_many' (addresses asked for in a day).
CREATE FUNCTION tandem.correct_by_reply(p_posting bigint, p_check bigint, p_by text,
        p_at timestamptz, p_name text, p_job_title text, p_email text, p_telephone text,
        p_note text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old record;
    changed jsonb := '{}';
BEGIN
    SELECT p.person_id, p.region_id, p.job_title, n.name, d.email, d.telephone INTO STRICT old
        FROM public.contacts_posting p JOIN public.contacts_person n ON n.id = p.person_id
        JOIN public.contacts_workdetails d ON d.posting_id = p.id
        WHERE p.id = p_posting FOR UPDATE OF p;
    IF lower(p_email) <> lower(old.email) AND (
        SELECT count(*) FROM public.contacts_letter l
        WHERE l.posting_id = p_posting AND l.kind = 'confirm_address'
          AND l.made_at > p_at - interval '1 day') >= 3 THEN
        RETURN 'too_many';
    END IF;
    IF p_name <> old.name THEN
        UPDATE public.contacts_person SET name = p_name WHERE id = old.person_id;
        changed := changed || jsonb_build_object('name', jsonb_build_array(old.name, p_name));
    END IF;
    IF p_job_title <> old.job_title THEN
        UPDATE public.contacts_posting SET job_title = p_job_title WHERE id = p_posting;
        changed := changed
            || jsonb_build_object('job_title', jsonb_build_array(old.job_title, p_job_title));
    END IF;
    IF p_telephone <> old.telephone THEN
        UPDATE public.contacts_workdetails SET telephone = p_telephone WHERE posting_id = p_posting;
        changed := changed
            || jsonb_build_object('telephone', jsonb_build_array(old.telephone, p_telephone));
    END IF;
    IF changed <> '{}' OR p_note <> '' THEN
        INSERT INTO public.contacts_postingchange (posting_id, region_id, kind, by, at, changes, note)
        VALUES (p_posting, old.region_id, 'changed', p_by, p_at, changed, p_note);
    END IF;
    IF lower(p_email) = lower(old.email) THEN
        PERFORM tandem.note_checked(p_posting, p_by, p_at, 'changed');
        RETURN 'done';
    END IF;
    UPDATE public.contacts_letter SET expires_at = p_at
        WHERE posting_id = p_posting AND kind = 'confirm_address' AND used_at IS NULL
          AND expires_at > p_at;
    PERFORM tandem.write_letter('confirm_address', p_posting, p_check, NULL, p_email, p_at);
    RETURN 'confirm';
END $$;

CREATE FUNCTION tandem.answer_changed(p_ref text, p_at timestamptz, p_name text, p_job_title text,
        p_email text, p_telephone text, p_note text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held bigint := tandem.hold_check(p_ref, p_at);
BEGIN
    IF held IS NULL THEN
        RETURN 'gone';
    END IF;
    RETURN (SELECT tandem.correct_by_reply(c.posting_id, c.id, tandem.who_answers_with(p_ref), p_at,
                                           p_name, p_job_title, p_email, p_telephone, p_note)
            FROM public.contacts_check c WHERE c.id = held);
END $$;

-- Their last day. Before they started, or more than a year ahead: refused.
CREATE FUNCTION tandem.answer_left(p_ref text, p_at timestamptz, p_on date, p_note text)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held bigint := tandem.hold_check(p_ref, p_at);
    who text := tandem.who_answers_with(p_ref);
    ended record;
BEGIN
    IF held IS NULL THEN
        RETURN 'gone';
    END IF;
    SELECT p.id, p.region_id, p.started_on INTO ended FROM public.contacts_posting p
        JOIN public.contacts_check c ON c.posting_id = p.id WHERE c.id = held FOR UPDATE OF p;
    IF p_on < ended.started_on THEN
        RETURN 'before_start';
    ELSIF p_on > tandem.london_day(p_at) + 366 THEN
        RETURN 'too_far';
    END IF;
    UPDATE public.contacts_posting SET ended_on = p_on WHERE id = ended.id;
    INSERT INTO public.contacts_postingchange (posting_id, region_id, kind, by, at, changes, note)
        VALUES (ended.id, ended.region_id, 'left', who, p_at,
                jsonb_build_object('ended_on', jsonb_build_array(NULL, p_on)), p_note);
    UPDATE public.contacts_check SET closed_at = p_at, outcome = 'left' WHERE id = held;
    RETURN 'done';
END $$;

-- The new address replaces the old one, once, by whoever reads what is sent to it.
CREATE FUNCTION tandem.confirm_address(p_ref text, p_at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE said record;
BEGIN
    SELECT l.id, l.posting_id, l.recipient, p.region_id, d.email INTO said
        FROM public.contacts_letter l
        JOIN public.contacts_posting p ON p.id = l.posting_id
        JOIN public.contacts_workdetails d ON d.posting_id = p.id
        WHERE l.ref = p_ref AND l.kind = 'confirm_address' AND l.used_at IS NULL
          AND l.expires_at > greatest(p_at, now())
          AND p.listing IN ('listed', 'offered') AND p.ended_on IS NULL
        FOR UPDATE OF l, p;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.contacts_letter SET used_at = p_at WHERE id = said.id;
    UPDATE public.contacts_workdetails SET email = said.recipient, bounce_reason = ''
        WHERE posting_id = said.posting_id;
    UPDATE public.contacts_posting SET bounced_at = NULL WHERE id = said.posting_id;
    INSERT INTO public.contacts_postingchange (posting_id, region_id, kind, by, at, changes, note)
        VALUES (said.posting_id, said.region_id, 'changed', 'person', p_at,
                jsonb_build_object('email', jsonb_build_array(said.email, said.recipient)), '');
    PERFORM tandem.note_checked(said.posting_id, 'person', p_at, 'changed');
    RETURN true;
END $$;

-- An address of the directory refused: the posting is marked if it is still its address, and
-- nobody is asked any further.
CREATE FUNCTION tandem.letter_bounced(p_ref text, p_at timestamptz, p_reason text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE marked bigint;
BEGIN
    UPDATE public.contacts_letter SET bounced_at = p_at WHERE ref = p_ref AND bounced_at IS NULL;
    UPDATE public.contacts_posting p SET bounced_at = p_at
        FROM public.contacts_letter l JOIN public.contacts_workdetails d
            ON d.posting_id = l.posting_id
        WHERE l.ref = p_ref AND l.kind IN ('notice', 'check', 'check_again')
          AND p.id = l.posting_id AND p.bounced_at IS NULL
          AND lower(d.email) = lower(l.recipient)
        RETURNING p.id INTO marked;
    IF marked IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.contacts_workdetails SET bounce_reason = left(p_reason, 300)
        WHERE posting_id = marked;
    UPDATE public.contacts_check SET closed_at = p_at, outcome = 'bounced'
        WHERE posting_id = marked AND closed_at IS NULL;
    RETURN marked;
END $$;

-- ---------------------------------------------------------------- what is held on somebody
-- The postings of a directory with the address that a link was sent to.
CREATE FUNCTION tandem.held_by_letter(p_ref text, p_at timestamptz) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM public.contacts_letter l
    JOIN public.contacts_workdetails d ON lower(d.email) = lower(l.recipient)
    JOIN public.contacts_posting p ON p.id = d.posting_id
    WHERE l.ref = p_ref AND l.recipient <> '' AND l.expires_at > greatest(p_at, now())
      AND l.kind IN ('notice', 'check', 'check_again', 'details_link')
      AND p.listing IN ('offered', 'listed', 'declined')
$$;

CREATE FUNCTION tandem.details_held(p_ref text, p_at timestamptz)
    RETURNS TABLE (posting_id bigint, posting_ref text, listing text, visibility text, name text,
                   job_title text, organisation text, region text, place text, email text,
                   telephone text, source text, lawful_basis text, recorded_by text,
                   started_on date, ended_on date, checked_at timestamptz, checked_by text,
                   check_due_on date, disputed_at timestamptz, bounced_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id, p.ref::text, p.listing::text, p.visibility::text, n.name::text, p.job_title::text,
           o.name::text, r.name::text, x.name::text, d.email::text, d.telephone::text,
           p.source::text, p.lawful_basis::text, k.name::text, p.started_on, p.ended_on,
           p.checked_at, p.checked_by::text, p.check_due_on, p.disputed_at, p.bounced_at
    FROM tandem.held_by_letter(p_ref, p_at) h(id)
    JOIN public.contacts_posting p ON p.id = h.id
    JOIN public.contacts_person n ON n.id = p.person_id
    JOIN public.contacts_workdetails d ON d.posting_id = p.id
    JOIN public.organisations_organisation o ON o.id = p.organisation_id
    LEFT JOIN public.organisations_organisation k ON k.id = p.recorded_by_id
    LEFT JOIN public.contacts_region r ON r.id = p.region_id
    LEFT JOIN public.contacts_place x ON x.id = p.place_id
    ORDER BY p.ended_on IS NOT NULL, p.id
$$;

CREATE FUNCTION tandem.correct_held(p_ref text, p_posting text, p_at timestamptz, p_name text,
        p_job_title text, p_email text, p_telephone text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id bigint;
BEGIN
    SELECT p.id INTO found_id FROM tandem.held_by_letter(p_ref, p_at) h(id)
        JOIN public.contacts_posting p ON p.id = h.id
        WHERE p.ref = p_posting AND p.ended_on IS NULL AND p.listing IN ('listed', 'offered');
    IF found_id IS NULL THEN
        RETURN 'gone';
    END IF;
    RETURN tandem.correct_by_reply(found_id, NULL, 'person', p_at, p_name, p_job_title, p_email,
                                   p_telephone, '');
END $$;

-- Takes a person's name out of a posting: from their row, or where they have other postings from
-- a new one.
CREATE FUNCTION tandem.forget_name(p_posting bigint, p_label text, p_at timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bigint;
    fresh bigint;
BEGIN
    SELECT p.person_id INTO STRICT known FROM public.contacts_posting p WHERE p.id = p_posting;
    IF EXISTS (SELECT 1 FROM public.contacts_posting p
               WHERE p.person_id = known AND p.id <> p_posting AND p.anonymised_at IS NULL) THEN
        INSERT INTO public.contacts_person (ref, name, recorded_by_id, region_id, created_at)
            SELECT tandem.new_ref(), left(p_label, 120), n.recorded_by_id, n.region_id, p_at
            FROM public.contacts_person n WHERE n.id = known RETURNING id INTO fresh;
        UPDATE public.contacts_posting SET person_id = fresh WHERE id = p_posting;
    ELSE
        UPDATE public.contacts_person SET name = left(p_label, 120), user_id = NULL
            WHERE id = known;
    END IF;
    UPDATE public.contacts_workdetails SET email = '', telephone = '', bounce_reason = ''
        WHERE posting_id = p_posting;
    UPDATE public.contacts_letter SET recipient = '' WHERE posting_id = p_posting
        AND kind NOT IN ('removed_admin', 'removed_keeper');
    UPDATE public.contacts_postingchange SET changes = '{}', note = '' WHERE posting_id = p_posting;
    UPDATE public.contacts_posting SET anonymised_at = p_at WHERE id = p_posting;
END $$;

-- Out of the directory at the person's wish, at once. Whoever named the contact in a partnership
-- keeps their own record; where nobody did, nothing of it is left. The region's admin and who
-- recorded the contact are told. Says the posting's id; nothing if the link does not open it.
CREATE FUNCTION tandem.remove_held(p_ref text, p_posting text, p_at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone record;
BEGIN
    SELECT p.id, p.region_id, p.recorded_by_id, p.acl, p.started_on, d.email INTO gone
        FROM tandem.held_by_letter(p_ref, p_at) h(id)
        JOIN public.contacts_posting p ON p.id = h.id
        JOIN public.contacts_workdetails d ON d.posting_id = p.id
        WHERE p.ref = p_posting FOR UPDATE OF p;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.contacts_objection (digest, objected_at)
        VALUES (encode(sha256(convert_to(lower(gone.email), 'UTF8')), 'hex'), p_at)
        ON CONFLICT DO NOTHING;
    UPDATE public.contacts_postingchange SET changes = '{}', note = '' WHERE posting_id = gone.id;
    INSERT INTO public.contacts_postingchange (posting_id, region_id, kind, by, at, changes, note)
        VALUES (gone.id, gone.region_id, 'removed', 'person', p_at, '{}', '');
    UPDATE public.contacts_check SET closed_at = p_at, outcome = 'overtaken'
        WHERE posting_id = gone.id AND closed_at IS NULL;
    PERFORM tandem.write_letter('removed_admin', gone.id, NULL, gone.region_id, who, p_at)
        FROM tandem.admins_of(gone.region_id) who;
    PERFORM tandem.write_letter('removed_keeper', gone.id, NULL, gone.region_id, who, p_at)
        FROM tandem.managers_of(gone.recorded_by_id) who;
    UPDATE public.contacts_posting
        SET listing = 'removed', region_id = NULL, place_id = NULL, deputy_id = NULL
        WHERE id = gone.id;
    IF gone.acl = '{}' THEN
        UPDATE public.contacts_posting
            SET ended_on = coalesce(ended_on, greatest(started_on, tandem.london_day(p_at)))
            WHERE id = gone.id;
        -- The link's own address too: it opens what else is held, until it runs out.
        PERFORM tandem.forget_name(gone.id, 'Name removed', p_at);
        UPDATE public.contacts_letter SET recipient = gone.email WHERE ref = p_ref;
    END IF;
    RETURN gone.id;
END $$;

-- A link for whoever reads an address, if the directory has it: at most one an hour. Says nothing.
CREATE FUNCTION tandem.ask_details_link(p_email text, p_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tandem.write_letter('details_link', NULL, NULL, NULL, found.email, p_at) FROM (
        SELECT min(d.email) AS email FROM public.contacts_workdetails d
        JOIN public.contacts_posting p ON p.id = d.posting_id
        WHERE p_email <> '' AND lower(d.email) = lower(p_email)
          AND p.listing IN ('offered', 'listed', 'declined')) found
    WHERE found.email IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.contacts_letter l
        WHERE l.kind = 'details_link' AND lower(l.recipient) = lower(p_email)
          AND l.made_at > p_at - interval '1 hour')
$$;

-- Whether somebody asked not to be in a directory, for who keeps one or offers to it.
CREATE FUNCTION tandem.objected(p_email text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (tandem.organisation() IS NOT NULL OR tandem.managed_regions() <> '{}')
       AND EXISTS (SELECT 1 FROM public.contacts_objection
                   WHERE digest = encode(sha256(convert_to(lower(p_email), 'UTF8')), 'hex'))
$$;

-- ---------------------------------------------------------------- the region's admin
-- Ask now whether postings are right: those of the directory that the person manages, nobody more
-- than once a week. Says which were asked.
CREATE FUNCTION tandem.ask_for_checks(p_postings bigint[], p_at timestamptz) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked record;
    opened bigint;
BEGIN
    FOR asked IN
        SELECT p.id, d.email FROM public.contacts_posting p
        JOIN public.contacts_workdetails d ON d.posting_id = p.id AND d.email <> ''
        WHERE p.id = ANY (p_postings) AND p.listing = 'listed' AND p.ended_on IS NULL
          AND p.bounced_at IS NULL AND p.region_id = ANY (tandem.managed_regions())
        ORDER BY p.id FOR UPDATE OF p
    LOOP
        CONTINUE WHEN EXISTS (
            SELECT 1 FROM public.contacts_letter l
            WHERE lower(l.recipient) = lower(asked.email) AND l.kind IN ('check', 'check_again')
              AND l.made_at > p_at - interval '7 days');
        UPDATE public.contacts_check SET closed_at = p_at, outcome = 'overtaken'
            WHERE posting_id = asked.id AND closed_at IS NULL;
        INSERT INTO public.contacts_check
                (posting_id, opened_at, asked_by_id, step, stepped_at, outcome)
            VALUES (asked.id, p_at, tandem.person(), 1, p_at, '') RETURNING id INTO opened;
        PERFORM tandem.write_letter('check', asked.id, opened, NULL, asked.email, p_at);
        RETURN NEXT asked.id;
    END LOOP;
END $$;

-- What the e-mail that sums up a region says, for who knows its reference.
CREATE FUNCTION tandem.summary_of(p_ref text)
    RETURNS TABLE (no_answer bigint, bounced bigint, left_by_reply bigint, disputed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.* FROM public.contacts_letter l, tandem.waits_in(l.region_id) w
    WHERE l.ref = p_ref AND l.kind = 'summary'
      AND EXISTS (SELECT 1 FROM tandem.admins_of(l.region_id) who
                  WHERE lower(who) = lower(l.recipient))
$$;

-- ---------------------------------------------------------------- two years on
-- Postings of the directory that ended 24 months ago keep their role and lose the person. Each is
-- on record. Says how many.
CREATE FUNCTION tandem.anonymise_postings(p_at timestamptz, p_most int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old record;
    done int := 0;
BEGIN
    FOR old IN
        SELECT p.id, p.job_title FROM public.contacts_posting p
        WHERE p.listing IN ('listed', 'removed') AND p.anonymised_at IS NULL
          AND p.ended_on < (tandem.london_day(p_at) - interval '24 months')::date
        ORDER BY p.id LIMIT p_most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM tandem.forget_name(old.id, 'Former ' || old.job_title, p_at);
        INSERT INTO public.organisations_auditevent
            (at, action, object_table, object_id, changes, request_id, acl)
            VALUES (p_at, 'contact anonymised', 'contacts_posting', old.id, '{}', '', '{}');
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

DO $$
DECLARE
    f text;
    role text;
BEGIN
    FOR f, role IN VALUES
        ('admins_of(bigint)', 'tandem_owner'),
        ('managers_of(bigint)', 'tandem_owner'),
        ('who_answers_for(bigint)', 'tandem_owner'),
        ('check_overtaken(bigint)', 'tandem_owner'),
        ('write_letter(text, bigint, bigint, bigint, text, timestamptz)', 'tandem_owner'),
        ('waits_in(bigint)', 'tandem_owner'),
        ('hold_check(text, timestamptz)', 'tandem_owner'),
        ('who_answers_with(text)', 'tandem_owner'),
        ('note_checked(bigint, text, timestamptz, text)', 'tandem_owner'),
        ('correct_by_reply(bigint, bigint, text, timestamptz, text, text, text, text, text)',
         'tandem_owner'),
        ('held_by_letter(text, timestamptz)', 'tandem_owner'),
        ('forget_name(bigint, text, timestamptz)', 'tandem_owner'),
        ('step_checks(timestamptz, int)', 'tandem_worker'),
        ('letters_to_hand_on(int)', 'tandem_worker'),
        ('letters_handed_on(text[], timestamptz)', 'tandem_worker'),
        ('anonymise_postings(timestamptz, int)', 'tandem_worker'),
        ('find_letter(text)', 'tandem_web'),
        ('answer_right(text, timestamptz)', 'tandem_web'),
        ('answer_changed(text, timestamptz, text, text, text, text, text)', 'tandem_web'),
        ('answer_left(text, timestamptz, date, text)', 'tandem_web'),
        ('confirm_address(text, timestamptz)', 'tandem_web'),
        ('letter_bounced(text, timestamptz, text)', 'tandem_web'),
        ('details_held(text, timestamptz)', 'tandem_web'),
        ('correct_held(text, text, timestamptz, text, text, text, text)', 'tandem_web'),
        ('remove_held(text, text, timestamptz)', 'tandem_web'),
        ('ask_details_link(text, timestamptz)', 'tandem_web'),
        ('objected(text)', 'tandem_web'),
        ('ask_for_checks(bigint[], timestamptz)', 'tandem_web'),
        ('summary_of(text)', 'tandem_web')
    LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO %I', f, role);
        RESET ROLE;
    END LOOP;
END $$;
