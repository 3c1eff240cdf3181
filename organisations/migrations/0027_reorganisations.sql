-- A reorganisation and its rows are operators' alone. They name records by kind and id; what a
-- record is called only `describe` functions of the floor that owns it say, and to operators alone.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['organisations_reorganisation', 'organisations_reorganisationrow'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY operator_sees ON %I FOR SELECT TO tandem_web
            USING (tandem.is_operator())', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO tandem_definer', t);
    END LOOP;
END $$;
CREATE POLICY operator_opens ON organisations_reorganisation FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND opened_by_id = tandem.person() AND state = 'open');
CREATE POLICY operator_decides ON organisations_reorganisation FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND state IN ('open', 'approved'))
    WITH CHECK (tandem.is_operator() AND state IN ('open', 'approved', 'called_off')
                AND (state <> 'approved' OR approved_by_id = tandem.person()));
CREATE POLICY operator_decides ON organisations_reorganisationrow FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND done_at IS NULL
           AND EXISTS (SELECT 1 FROM organisations_reorganisation o
                       WHERE o.id = reorganisation_id AND o.state IN ('open', 'approved')))
    WITH CHECK (tandem.is_operator() AND changed_by_id = tandem.person()
                AND (successor_id IS NULL OR EXISTS (
                    SELECT 1 FROM organisations_reorganisation o
                    JOIN organisations_succession s ON s.predecessor_id = o.predecessor_id
                    WHERE o.id = reorganisation_id
                      AND s.successor_id = organisations_reorganisationrow.successor_id)));
GRANT SELECT, INSERT, UPDATE (state, happens_on, approved_by_id, approved_at)
    ON organisations_reorganisation TO tandem_web;
GRANT SELECT, UPDATE (proposal, successor_id, changed_by_id)
    ON organisations_reorganisationrow TO tandem_web;

SET LOCAL ROLE tandem_definer;
-- The one successor for that day, or nobody where it was split.
CREATE FUNCTION tandem.sole_successor(p_reorganisation bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT min(s.successor_id) FROM public.organisations_reorganisation o
    JOIN public.organisations_succession s ON s.predecessor_id = o.predecessor_id
    WHERE o.id = p_reorganisation HAVING count(*) = 1
$$;
-- Whose records are gathered: the predecessor, asked by an operator, while it may change.
CREATE FUNCTION tandem.reorganised(p_reorganisation bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found bigint;
BEGIN
    SELECT o.predecessor_id INTO found FROM public.organisations_reorganisation o
        WHERE o.id = p_reorganisation AND o.state IN ('open', 'approved');
    IF found IS NULL OR NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an operator prepares a reorganisation';
    END IF;
    RETURN found;
END $$;
-- A row whose turn it is, held; none when it is done already, or nobody has decided it.
CREATE FUNCTION tandem.take_reorganisation_row(p_row bigint, p_kind text)
    RETURNS TABLE (reorganisation_id bigint, object_id bigint, follows boolean, predecessor_id bigint,
                   successor_id bigint, happens_on date, approved_by_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'a reorganisation is applied for an operator';
    END IF;
    RETURN QUERY
        SELECT o.id, r.object_id, r.proposal = 'follow', o.predecessor_id, r.successor_id,
               o.happens_on, o.approved_by_id
        FROM public.organisations_reorganisationrow r
        JOIN public.organisations_reorganisation o ON o.id = r.reorganisation_id
        WHERE r.id = p_row AND r.kind = p_kind AND r.done_at IS NULL AND o.state = 'approved'
          AND o.happens_on <= (now() AT TIME ZONE 'Europe/London')::date
          AND (r.proposal = 'stay' OR r.successor_id IS NOT NULL OR r.goes_along)
        FOR UPDATE OF r;
END $$;
CREATE FUNCTION tandem.settle_reorganisation_row(p_row bigint, p_outcome text, p_result bigint)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.organisations_reorganisationrow
    SET done_at = now(), outcome = p_outcome, result_id = p_result
    WHERE id = p_row AND done_at IS NULL RETURNING p_outcome
$$;
-- What is due, for the worker: which, and as whom. An approval outlives its operator.
CREATE FUNCTION tandem.due_reorganisations() RETURNS TABLE (reorganisation_id bigint, operator_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id, coalesce(
        (SELECT u.id FROM public.organisations_user u
         WHERE u.id = o.approved_by_id AND u.is_operator AND u.is_active),
        (SELECT min(u.id) FROM public.organisations_user u WHERE u.is_operator AND u.is_active))
    FROM public.organisations_reorganisation o
    WHERE o.state = 'approved' AND o.happens_on <= (now() AT TIME ZONE 'Europe/London')::date
    ORDER BY o.id
$$;

-- ---------------------------------------------------------------- who belongs to it
CREATE FUNCTION tandem.gather_people(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, successor_id, outcome)
    SELECT p_reorganisation, 'people', m.id, 'follow', tandem.sole_successor(p_reorganisation), ''
    FROM public.organisations_membership m
    WHERE m.organisation_id = tandem.reorganised(p_reorganisation) AND m.ended_at IS NULL
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_people(p_ids bigint[]) RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, coalesce(nullif(u.name, ''), u.email)::text, m.role::text
    FROM public.organisations_membership m JOIN public.organisations_user u ON u.id = m.user_id
    WHERE m.id = ANY (p_ids) AND tandem.is_operator()
$$;
-- With a successor that has joined somebody is invited by e-mail, as by its managers; with one that
-- has not they belong at once, and its first manager opens it by accepting the terms.
CREATE FUNCTION tandem.reorganise_people(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    one record;
    made bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'people');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT m.user_id, m.role, m.ended_at, lower(u.email) AS email, u.is_active INTO one
        FROM public.organisations_membership m
        JOIN public.organisations_user u ON u.id = m.user_id WHERE m.id = it.object_id;
    IF NOT it.follows OR one.ended_at IS NOT NULL OR NOT one.is_active THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    IF EXISTS (SELECT 1 FROM public.organisations_membership m
               WHERE m.organisation_id = it.successor_id AND m.user_id = one.user_id
                 AND m.ended_at IS NULL) THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'belonged', NULL);
    END IF;
    IF EXISTS (SELECT 1 FROM public.organisations_organisation o
               WHERE o.id = it.successor_id AND o.joined_at IS NOT NULL) THEN
        INSERT INTO public.organisations_personinvitation
            (ref, organisation_id, email, role, invited_by_id, sending, sent_at, expires_at)
        VALUES (tandem.new_ref(), it.successor_id, one.email, one.role, it.approved_by_id, 1, now(),
                now() + interval '7 days')
        ON CONFLICT DO NOTHING RETURNING id INTO made;
        RETURN tandem.settle_reorganisation_row(
            p_row, CASE WHEN made IS NULL THEN 'belonged' ELSE 'invited' END, made);
    END IF;
    INSERT INTO public.organisations_membership (organisation_id, user_id, role, began_at)
        VALUES (it.successor_id, one.user_id, one.role, now()) RETURNING id INTO made;
    RETURN tandem.settle_reorganisation_row(p_row, 'admitted', made);
END $$;
RESET ROLE;
CREATE POLICY definer_follows ON organisations_membership FOR INSERT TO tandem_definer
    WITH CHECK (tandem.is_operator());
CREATE POLICY definer_invites ON organisations_personinvitation FOR INSERT TO tandem_definer
    WITH CHECK (tandem.is_operator());
GRANT INSERT ON organisations_personinvitation TO tandem_definer;
CREATE POLICY definer_ends ON organisations_membership FOR UPDATE TO tandem_definer
    USING (true) WITH CHECK (ended_at IS NOT NULL);
GRANT UPDATE (ended_at) ON organisations_membership TO tandem_definer;
CREATE POLICY definer_closes ON organisations_organisation FOR UPDATE TO tandem_definer
    USING (true) WITH CHECK (closed_on IS NOT NULL);
GRANT UPDATE (closed_on, joined_at, left_at) ON organisations_organisation TO tandem_definer;
CREATE POLICY definer_settles ON organisations_announcedchange FOR UPDATE TO tandem_definer
    USING (true) WITH CHECK (state = 'done');
GRANT SELECT (organisation_id, state), UPDATE (state) ON organisations_announcedchange
    TO tandem_definer;
CREATE POLICY definer_reads ON organisations_announcedchange FOR SELECT TO tandem_definer USING (true);

SET LOCAL ROLE tandem_definer;
-- Once nothing is left to do the former organisation has ended: it is closed to its people, who
-- act for its successor, and what was announced of it is done. False while something is left.
CREATE FUNCTION tandem.finish_reorganisation(p_reorganisation bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    who text := current_setting('app.user_id', true);
BEGIN
    SELECT o.id, o.predecessor_id, o.happens_on INTO it FROM public.organisations_reorganisation o
        WHERE o.id = p_reorganisation AND o.state = 'approved'
          AND o.happens_on <= (now() AT TIME ZONE 'Europe/London')::date FOR UPDATE;
    IF NOT FOUND OR NOT tandem.is_operator() OR EXISTS (
        SELECT 1 FROM public.organisations_reorganisationrow r
        WHERE r.reorganisation_id = p_reorganisation AND r.done_at IS NULL) THEN
        RETURN false;
    END IF;
    UPDATE public.organisations_organisation o
        SET closed_on = coalesce(o.closed_on, greatest(it.happens_on, o.opened_on)),
            left_at = CASE WHEN o.joined_at IS NULL THEN o.left_at ELSE now() END, joined_at = NULL
        WHERE o.id = it.predecessor_id;
    -- Nobody of it decides that a membership ends here: the organisation has ended.
    PERFORM set_config('app.user_id', '', true);
    UPDATE public.organisations_membership m SET ended_at = now()
        WHERE m.organisation_id = it.predecessor_id AND m.ended_at IS NULL;
    PERFORM set_config('app.user_id', coalesce(who, ''), true);
    UPDATE public.organisations_announcedchange a SET state = 'done'
        WHERE a.organisation_id = it.predecessor_id AND a.state IN ('announced', 'confirmed');
    UPDATE public.organisations_reorganisation o SET state = 'applied', applied_at = now()
        WHERE o.id = p_reorganisation;
    RETURN true;
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['sole_successor(bigint)', 'reorganised(bigint)',
        'take_reorganisation_row(bigint, text)', 'settle_reorganisation_row(bigint, text, bigint)',
        'due_reorganisations()', 'gather_people(bigint)', 'describe_people(bigint[])',
        'reorganise_people(bigint)', 'finish_reorganisation(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|finish)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        ELSIF f ~ '^due' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_worker', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
