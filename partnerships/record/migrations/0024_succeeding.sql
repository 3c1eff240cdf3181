-- ---------------------------------------------------------------- who sees what
-- An internal note is its author's organisation's, and of whoever took its place in that
-- partnership since: what that side could see, its successor sees.
GRANT SELECT, INSERT, UPDATE ON record_member TO tandem_definer;
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.side_of(p_partnership bigint, p_organisation bigint) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE later(id) AS (
        SELECT p_organisation
        UNION
        SELECT m.succeeded_by_id FROM public.record_member m JOIN later ON later.id = m.organisation_id
        WHERE m.partnership_id = p_partnership AND m.state = 'succeeded')
    SELECT array_agg(id ORDER BY id) FROM later
$$;
CREATE OR REPLACE FUNCTION tandem.child_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_NARGS > 0 AND TG_ARGV[0] = 'internal' THEN
        IF NEW.internal THEN
            NEW.acl := tandem.side_of(NEW.partnership_id, NEW.author_organisation_id);
            RETURN NEW;
        END IF;
    END IF;
    -- The lock makes this wait for a change of membership under way, and that change for this.
    SELECT p.acl INTO NEW.acl FROM public.record_partnership p
        WHERE p.id = NEW.partnership_id FOR KEY SHARE;
    RETURN NEW;
END $$;
RESET ROLE;

-- ---------------------------------------------------------------- who says so
-- As before; and that an organisation has been succeeded is said by a reorganisation alone, and is
-- never taken back.
CREATE OR REPLACE FUNCTION tandem.member_answers_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_definer' THEN
        RETURN NEW;
    END IF;
    IF (NEW.state = 'succeeded' OR OLD.state = 'succeeded')
       AND NEW.state IS DISTINCT FROM OLD.state THEN
        RAISE insufficient_privilege USING MESSAGE = 'a reorganisation says who succeeded whom';
    END IF;
    IF NEW.state IN ('accepted', 'declined', 'left') AND NEW.state IS DISTINCT FROM OLD.state THEN
        IF NEW.organisation_id IS DISTINCT FROM tandem.organisation() THEN
            RAISE insufficient_privilege USING MESSAGE = 'an organisation answers for itself';
        END IF;
        IF OLD.state <> (CASE WHEN NEW.state = 'left' THEN 'accepted' ELSE 'invited' END) THEN
            RAISE insufficient_privilege USING MESSAGE = 'an organisation answers an invitation';
        END IF;
    END IF;
    IF NEW.state IN ('recorded', 'invited') AND NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = OLD.partnership_id
                       AND p.owner_id = tandem.organisation()) THEN
            RAISE insufficient_privilege
                USING MESSAGE = 'whoever opened the partnership invites into it';
        END IF;
        IF OLD.state = 'accepted' OR (NEW.state = 'recorded' AND OLD.state <> 'invited') THEN
            RAISE insufficient_privilege USING MESSAGE = 'a member leaves by itself';
        END IF;
    END IF;
    RETURN NEW;
END $$;

GRANT SELECT ON organisations_school, contacts_place, contacts_placeregion, contacts_region
    TO tandem_definer;
GRANT INSERT ON record_namedcontact TO tandem_definer;
SET LOCAL ROLE tandem_definer;
-- ---------------------------------------------------------------- what is affected
-- Open invitations of the organisation and to it: nobody answers for it any more.
CREATE FUNCTION tandem.gather_invitations(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, goes_along, outcome)
    SELECT p_reorganisation, 'invitations', i.id, 'follow', true, ''
    FROM public.record_invitation i, tandem.reorganised(p_reorganisation) AS former
    WHERE former IN (i.from_organisation_id, i.to_organisation_id)
      AND i.used_at IS NULL AND i.revoked_at IS NULL
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_invitations(p_ids bigint[])
    RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.id, i.partnership_name::text, 'From ' || a.name || ' to ' || b.name
    FROM public.record_invitation i
    JOIN public.organisations_organisation a ON a.id = i.from_organisation_id
    JOIN public.organisations_organisation b ON b.id = i.to_organisation_id
    WHERE i.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_invitations(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    one record;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'invitations');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT i.partnership_id, i.to_organisation_id, i.used_at, i.revoked_at INTO one
        FROM public.record_invitation i WHERE i.id = it.object_id;
    IF NOT it.follows OR one.used_at IS NOT NULL OR one.revoked_at IS NOT NULL THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    PERFORM 1 FROM public.record_partnership p WHERE p.id = one.partnership_id FOR UPDATE;
    UPDATE public.record_invitation SET revoked_at = now() WHERE id = it.object_id;
    UPDATE public.record_member SET state = 'recorded'
        WHERE partnership_id = one.partnership_id AND organisation_id = one.to_organisation_id
          AND state = 'invited';
    RETURN tandem.settle_reorganisation_row(p_row, 'withdrawn', NULL);
END $$;

-- Every place that it has in a partnership. Of a split, the successor in whose area most of the
-- councils of the partnership's schools lie, weighed by share; without one, an operator decides.
CREATE FUNCTION tandem.gather_partnerships(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH theirs AS (
        SELECT m.id, m.partnership_id FROM public.record_member m
        WHERE m.organisation_id = tandem.reorganised(p_reorganisation)
          AND m.state IN ('recorded', 'invited', 'accepted')
    ), councils AS (
        SELECT t.id, s.council_id FROM theirs t
        JOIN public.record_member o ON o.partnership_id = t.partnership_id AND o.id <> t.id
        JOIN public.organisations_school s ON s.trust_id = o.organisation_id
        UNION ALL
        SELECT t.id, s.council_id FROM theirs t
        JOIN public.record_member o ON o.partnership_id = t.partnership_id AND o.id <> t.id
        JOIN public.organisations_school s ON s.organisation_id = o.organisation_id
        UNION ALL
        SELECT t.id, o.organisation_id FROM theirs t
        JOIN public.record_member o ON o.partnership_id = t.partnership_id AND o.id <> t.id
        JOIN public.contacts_place p ON p.council_id = o.organisation_id
    ), shares AS (
        SELECT c.id, r.icb_id, sum(x.share) AS share,
               sum(sum(x.share)) OVER (PARTITION BY c.id) AS of
        FROM councils c
        JOIN public.contacts_place p ON p.council_id = c.council_id
        JOIN public.contacts_placeregion x ON x.place_id = p.id
        JOIN public.contacts_region r ON r.id = x.region_id
        JOIN public.organisations_succession s ON s.successor_id = r.icb_id
            AND s.predecessor_id = tandem.reorganised(p_reorganisation)
        GROUP BY c.id, r.icb_id
    )
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, successor_id, outcome)
    SELECT p_reorganisation, 'partnerships', t.id, 'follow',
           coalesce(tandem.sole_successor(p_reorganisation),
                    (SELECT h.icb_id FROM shares h WHERE h.id = t.id AND h.share > h.of / 2)), ''
    FROM theirs t
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_partnerships(p_ids bigint[])
    RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, p.name::text, coalesce((
        SELECT string_agg(o.name, '; ' ORDER BY o.name) FROM public.record_member x
        JOIN public.organisations_organisation o ON o.id = x.organisation_id
        WHERE x.partnership_id = p.id AND x.id <> m.id
          AND x.state IN ('recorded', 'invited', 'accepted')), '')
    FROM public.record_member m JOIN public.record_partnership p ON p.id = m.partnership_id
    WHERE m.id = ANY (p_ids) AND tandem.is_operator()
$$;
-- Its place passes to its successor: what it was (a member, or recorded and not asked yet), its side,
-- its contacts, and that it looks after the partnership. Its own place ends, and is kept.
CREATE FUNCTION tandem.reorganise_partnerships(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    old public.record_member%ROWTYPE;
    there public.record_member%ROWTYPE;
    brought bigint[];
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'partnerships');
    IF NOT FOUND THEN RETURN NULL; END IF;
    -- The partnership before its memberships, as everywhere.
    PERFORM 1 FROM public.record_partnership p WHERE p.id = (
        SELECT m.partnership_id FROM public.record_member m WHERE m.id = it.object_id) FOR UPDATE;
    SELECT m.* INTO old FROM public.record_member m WHERE m.id = it.object_id FOR UPDATE;
    IF NOT it.follows OR old.state NOT IN ('recorded', 'invited', 'accepted') THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    SELECT m.* INTO there FROM public.record_member m
        WHERE m.partnership_id = old.partnership_id AND m.organisation_id = it.successor_id FOR UPDATE;
    IF NOT FOUND THEN
        SELECT coalesce(array_agg(s.organisation_id ORDER BY s.organisation_id), '{}') INTO brought
            FROM public.organisations_school s
            WHERE s.trust_id = it.successor_id AND s.organisation_id = ANY (old.schools);
        INSERT INTO public.record_member (partnership_id, organisation_id, side, state, added_at,
            answered_at, answered_by_id, decline_reason, all_schools, schools, described, acl)
        VALUES (old.partnership_id, it.successor_id, old.side,
            CASE old.state WHEN 'accepted' THEN 'accepted' ELSE 'recorded' END, now(),
            -- Whoever opened the partnership was in it from the start and answered nothing.
            CASE WHEN old.state = 'accepted' AND old.answered_by_id IS NOT NULL THEN now() END,
            CASE old.state WHEN 'accepted' THEN old.answered_by_id END, '',
            old.all_schools OR brought = '{}',
            CASE WHEN old.all_schools THEN '{}' ELSE brought END, 0, '{}')
        RETURNING * INTO there;
    ELSIF old.state = 'accepted' AND there.state <> 'accepted' THEN
        UPDATE public.record_member SET state = 'accepted',
            answered_at = CASE WHEN old.answered_by_id IS NOT NULL THEN now() END,
            answered_by_id = old.answered_by_id, decline_reason = '',
            succeeded_by_id = NULL, succeeded_on = NULL WHERE id = there.id;
    ELSIF there.state IN ('declined', 'left') THEN
        UPDATE public.record_member SET state = 'recorded', answered_at = NULL,
            answered_by_id = NULL, decline_reason = '' WHERE id = there.id;
    END IF;
    UPDATE public.record_member SET state = 'succeeded', succeeded_by_id = it.successor_id,
        succeeded_on = it.happens_on WHERE id = old.id;
    UPDATE public.record_partnership SET owner_id = it.successor_id
        WHERE id = old.partnership_id AND owner_id = it.predecessor_id;
    -- Each contact goes on where their posting has followed, unless the successor has one already.
    INSERT INTO public.record_namedcontact (partnership_id, organisation_id, posting_id, function,
        began_at, recorded_by_id, acl)
    SELECT c.partnership_id, it.successor_id, r.result_id, c.function, now(),
           CASE WHEN c.recorded_by_id = it.predecessor_id THEN it.successor_id
                ELSE c.recorded_by_id END, '{}'
    FROM public.record_namedcontact c
    JOIN public.organisations_reorganisationrow r ON r.reorganisation_id = it.reorganisation_id
        AND r.kind = 'postings' AND r.object_id = c.posting_id AND r.result_id IS NOT NULL
        AND r.successor_id = it.successor_id
    WHERE c.partnership_id = old.partnership_id AND c.organisation_id = it.predecessor_id
      AND c.ended_at IS NULL
    ON CONFLICT DO NOTHING;
    UPDATE public.record_namedcontact SET ended_at = now()
        WHERE partnership_id = old.partnership_id AND organisation_id = it.predecessor_id
          AND ended_at IS NULL;
    RETURN tandem.settle_reorganisation_row(p_row, 'followed', there.id);
END $$;
-- Who is told once it is done: everyone who belonged to the former organisation, and whoever manages
-- or edits for a member of a partnership that has followed. Each address once, with the organisation
-- through which they see it and the partnerships.
CREATE FUNCTION tandem.told_of_reorganisation(p_reorganisation bigint)
    RETURNS TABLE (email text, organisation_id bigint, partnerships bigint[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH followed AS (
        SELECT m.partnership_id, r.successor_id
        FROM public.organisations_reorganisationrow r
        JOIN public.record_member m ON m.id = r.object_id
        WHERE r.reorganisation_id = p_reorganisation AND r.kind = 'partnerships'
          AND r.outcome = 'followed'
    ), everyone AS (
        SELECT m.user_id, f.partnership_id, x.organisation_id
        FROM followed f
        JOIN public.record_member x ON x.partnership_id = f.partnership_id AND x.state = 'accepted'
        JOIN public.organisations_membership m ON m.organisation_id = x.organisation_id
            AND m.ended_at IS NULL AND m.role IN ('manager', 'editor')
        UNION
        SELECT m.user_id, f.partnership_id, r.successor_id
        FROM public.organisations_reorganisationrow r
        JOIN public.organisations_membership m ON m.id = r.object_id
        LEFT JOIN followed f ON f.successor_id = r.successor_id
        WHERE r.reorganisation_id = p_reorganisation AND r.kind = 'people'
          AND r.successor_id IS NOT NULL AND r.outcome <> 'stayed'
    )
    SELECT lower(u.email), min(e.organisation_id),
           coalesce(array_agg(DISTINCT e.partnership_id ORDER BY e.partnership_id)
               FILTER (WHERE e.partnership_id IS NOT NULL), '{}')
    FROM everyone e JOIN public.organisations_user u ON u.id = e.user_id AND u.is_active
    WHERE tandem.is_operator()
    GROUP BY lower(u.email) ORDER BY 1
$$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['side_of(bigint, bigint)',
        'gather_invitations(bigint)',
        'describe_invitations(bigint[])',
        'reorganise_invitations(bigint)',
        'gather_partnerships(bigint)',
        'describe_partnerships(bigint[])',
        'reorganise_partnerships(bigint)',
        'told_of_reorganisation(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|told)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
