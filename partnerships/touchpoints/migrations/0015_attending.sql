-- Whoever is chosen to come to a touchpoint is known to its partnership, and how to reach them:
-- a posting's acl says so, as it does of a named contact, until they are taken off again.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.posting_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := coalesce((SELECT array_agg(DISTINCT k ORDER BY k) FROM (
        SELECT NEW.recorded_by_id AS k WHERE NEW.recorded_by_id IS NOT NULL
        UNION SELECT unnest(p.acl) FROM public.record_namedcontact c
              JOIN public.record_partnership p ON p.id = c.partnership_id
              WHERE c.posting_id = NEW.id AND c.ended_at IS NULL
        UNION SELECT unnest(p.acl) FROM public.touchpoints_attendee a
              JOIN public.record_partnership p ON p.id = a.partnership_id
              WHERE a.posting_id = NEW.id AND NOT a.follows_contact AND a.removed_at IS NULL
        ) keys), '{}');
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION tandem.refresh_acl(p_partnership bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE child text;
BEGIN
    PERFORM 1 FROM public.record_partnership WHERE id = p_partnership FOR UPDATE;
    UPDATE public.record_partnership SET acl = '{}' WHERE id = p_partnership;
    FOR child IN SELECT relation FROM tandem.follows_partnership LOOP
        EXECUTE format('UPDATE public.%I SET acl = ''{}'' WHERE partnership_id = $1', child)
            USING p_partnership;
    END LOOP;
    UPDATE public.contacts_posting SET acl = '{}' WHERE id IN (
        SELECT posting_id FROM public.record_namedcontact WHERE partnership_id = p_partnership
        UNION SELECT posting_id FROM public.touchpoints_attendee
              WHERE partnership_id = p_partnership AND NOT follows_contact);
END $$;
CREATE OR REPLACE FUNCTION tandem.is_granted_posting(p_posting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.record_namedcontact c
        WHERE c.posting_id = p_posting AND c.ended_at IS NULL
          AND tandem.is_granted(c.partnership_id, false))
      OR EXISTS (
        SELECT 1 FROM public.touchpoints_attendee a
        WHERE a.posting_id = p_posting AND NOT a.follows_contact AND a.removed_at IS NULL
          AND tandem.is_granted(a.partnership_id, false))
      OR EXISTS (
        SELECT 1 FROM public.contacts_posting p
        WHERE p.id = p_posting AND tandem.is_supported(p.acl))
$$;
RESET ROLE;
CREATE FUNCTION tandem.attendee_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting SET acl = '{}' WHERE id = NEW.posting_id;
    RETURN NULL;
END $$;
-- On whose behalf an answer to a touchpoint is taken in, which comes by e-mail and for nobody.
CREATE FUNCTION tandem.touchpoint_organiser(p_ref text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT author_organisation_id FROM public.touchpoints_touchpoint WHERE ref = p_ref
$$;
ALTER FUNCTION tandem.attendee_changed() OWNER TO tandem_definer;
ALTER FUNCTION tandem.touchpoint_organiser(text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.attendee_changed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.attendee_changed() TO tandem_owner;
REVOKE EXECUTE ON FUNCTION tandem.touchpoint_organiser(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.touchpoint_organiser(text) TO tandem_web;
RESET ROLE;
CREATE TRIGGER invited AFTER INSERT ON touchpoints_attendee
    FOR EACH ROW WHEN (NOT NEW.follows_contact) EXECUTE FUNCTION tandem.attendee_changed();
CREATE TRIGGER taken_off AFTER UPDATE OF follows_contact, removed_at ON touchpoints_attendee
    FOR EACH ROW WHEN ((OLD.follows_contact, OLD.removed_at)
                       IS DISTINCT FROM (NEW.follows_contact, NEW.removed_at))
    EXECUTE FUNCTION tandem.attendee_changed();

-- The organisation that scheduled it invites from every side, any member its own people. Somebody
-- of an organisation that takes part, and whom the inviter may reach; as a contact, only who is.
DROP POLICY member_invites ON touchpoints_attendee;
CREATE POLICY member_invites ON touchpoints_attendee FOR INSERT TO tandem_web
    WITH CHECK (answer = 'none' AND came IS NULL AND removed_at IS NULL
        AND EXISTS (
            SELECT 1 FROM touchpoints_touchpoint t
            WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_attendee.partnership_id
              AND tandem.organisation() = ANY (t.acl)
              AND (t.author_organisation_id = tandem.organisation() OR follows_contact
                   OR touchpoints_attendee.organisation_id = tandem.organisation()))
        AND EXISTS (
            SELECT 1 FROM record_member m
            WHERE m.partnership_id = touchpoints_attendee.partnership_id
              AND m.organisation_id = touchpoints_attendee.organisation_id
              AND m.state IN ('recorded', 'invited', 'accepted'))
        AND (CASE WHEN follows_contact THEN EXISTS (
            SELECT 1 FROM record_namedcontact c
            WHERE c.partnership_id = touchpoints_attendee.partnership_id
              AND c.organisation_id = touchpoints_attendee.organisation_id
              AND c.posting_id = touchpoints_attendee.posting_id AND c.ended_at IS NULL)
        ELSE EXISTS (
            SELECT 1 FROM contacts_posting g JOIN contacts_workdetails d ON d.posting_id = g.id
            WHERE g.id = touchpoints_attendee.posting_id
              AND g.organisation_id = touchpoints_attendee.organisation_id) END));

-- Besides answers: who is invited is its own organisation's to say, and the one's that scheduled
-- it. Any member brings up to date who comes as a contact. Nobody is invited besides the contacts
-- (again) by somebody who may not reach them, since that shows the others how to.
DROP TRIGGER ones_own ON touchpoints_attendee;
CREATE OR REPLACE FUNCTION tandem.answer_is_ones_own() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own boolean := NEW.organisation_id IS NOT DISTINCT FROM tandem.organisation();
    organises boolean;
    is_contact boolean;
    chosen boolean := NOT NEW.follows_contact AND NEW.removed_at IS NULL;
BEGIN
    IF current_user <> 'tandem_web' THEN
        RETURN NEW;
    END IF;
    organises := EXISTS (SELECT 1 FROM touchpoints_touchpoint t WHERE t.id = NEW.touchpoint_id
                         AND t.author_organisation_id = tandem.organisation());
    is_contact := NEW.follows_contact AND EXISTS (
        SELECT 1 FROM record_namedcontact c
        WHERE c.partnership_id = NEW.partnership_id AND c.posting_id = NEW.posting_id
          AND c.organisation_id = NEW.organisation_id AND c.ended_at IS NULL);
    IF (OLD.answer, OLD.answered_at, OLD.answered_by_id, OLD.answered_way, OLD.answered_revision,
        OLD.stamp) IS DISTINCT FROM (NEW.answer, NEW.answered_at, NEW.answered_by_id,
        NEW.answered_way, NEW.answered_revision, NEW.stamp) THEN
        IF NEW.answer = 'none' THEN
            -- Taken back with a change of time, or asked anew of who is invited again.
            IF NOT own AND NOT organises AND NOT (is_contact AND OLD.removed_at IS NOT NULL) THEN
                RAISE insufficient_privilege USING MESSAGE = 'an answer is given for oneself';
            END IF;
        ELSIF NOT own AND (NOT organises OR NEW.answered_by_id IS NOT NULL
                           OR NEW.answered_way = 'page') THEN
            RAISE insufficient_privilege USING MESSAGE = 'an answer is given for oneself';
        END IF;
        IF NEW.answered_by_id IS NOT NULL
           AND NEW.answered_by_id IS DISTINCT FROM tandem.person() THEN
            RAISE insufficient_privilege USING MESSAGE = 'an answer is given in one''s own name';
        END IF;
    END IF;
    IF (OLD.follows_contact, OLD.removed_at, OLD.added_at, OLD.asked_revision, OLD.said_before)
       IS DISTINCT FROM
       (NEW.follows_contact, NEW.removed_at, NEW.added_at, NEW.asked_revision, NEW.said_before)
       AND NOT own AND NOT organises
       AND (NOT OLD.follows_contact OR NOT NEW.follows_contact
            OR (NEW.removed_at IS NULL) IS DISTINCT FROM is_contact) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who comes is for their organisation to say';
    END IF;
    IF chosen AND (OLD.follows_contact OR OLD.removed_at IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM contacts_workdetails d WHERE d.posting_id = NEW.posting_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only who may reach a person invites them';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ones_own BEFORE UPDATE OF follows_contact, answer, answered_at, answered_by_id,
    answered_way, answered_revision, stamp, added_at, removed_at, asked_revision, said_before
    ON touchpoints_attendee FOR EACH ROW EXECUTE FUNCTION tandem.answer_is_ones_own();
GRANT UPDATE (asked_revision, said_before) ON touchpoints_attendee TO tandem_web;

-- Somebody proposes for themselves, or was invited and does so by e-mail. The proposer's
-- organisation withdraws; the one that scheduled it accepts, declines, or goes past it.
DROP POLICY member_proposes ON touchpoints_proposal;
CREATE POLICY member_proposes ON touchpoints_proposal FOR INSERT TO tandem_web
    WITH CHECK (state = 'open'
        AND EXISTS (
            SELECT 1 FROM touchpoints_touchpoint t
            WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_proposal.partnership_id
              AND tandem.organisation() = ANY (t.acl)
              AND (touchpoints_proposal.organisation_id = tandem.organisation()
                   OR (t.author_organisation_id = tandem.organisation() AND proposed_by_id IS NULL)))
        AND (proposed_by_id = tandem.person() OR EXISTS (
            SELECT 1 FROM touchpoints_attendee a
            WHERE a.touchpoint_id = touchpoints_proposal.touchpoint_id
              AND a.posting_id = touchpoints_proposal.posting_id
              AND a.organisation_id = touchpoints_proposal.organisation_id
              AND a.removed_at IS NULL)));
DROP POLICY answered_or_withdrawn ON touchpoints_proposal;
CREATE POLICY answered_or_withdrawn ON touchpoints_proposal FOR UPDATE TO tandem_web
    USING (tandem.organisation() = ANY (acl) AND state = 'open')
    WITH CHECK ((answered_by_id IS NULL OR answered_by_id = tandem.person())
        AND ((state = 'withdrawn' AND organisation_id = tandem.organisation())
             OR (state IN ('accepted', 'declined', 'overtaken', 'withdrawn') AND EXISTS (
                 SELECT 1 FROM touchpoints_touchpoint t
                 WHERE t.id = touchpoint_id
                   AND t.author_organisation_id = tandem.organisation()
                   AND (state <> 'withdrawn' OR proposed_by_id IS NULL)))));
CREATE POLICY of_a_shared_proposal ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'touchpoint_proposal%'
           AND EXISTS (SELECT 1 FROM touchpoints_proposal p WHERE p.ref = subject));
CREATE POLICY withdraw_of_a_shared_proposal ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'touchpoint_proposal%'
           AND EXISTS (SELECT 1 FROM touchpoints_proposal p WHERE p.ref = subject))
    WITH CHECK (state = 'cancelled');

-- Touchpoints scheduled before: the contact of each organisation, or else its deputy.
GRANT INSERT ON touchpoints_attendee TO tandem_definer;
SET LOCAL ROLE tandem_definer;
INSERT INTO public.touchpoints_attendee (touchpoint_id, partnership_id, organisation_id,
    posting_id, follows_contact, answer, answered_way, added_at, asked_revision, said_before, acl)
SELECT DISTINCT ON (t.id, w.address) t.id, t.partnership_id, w.organisation_id, w.posting_id,
    true, 'none', '', t.created_at, t.revision, '', '{}'
FROM public.touchpoints_touchpoint t CROSS JOIN LATERAL (
    SELECT DISTINCT ON (c.organisation_id) c.organisation_id, c.posting_id,
        lower(d.email) AS address
    FROM public.record_namedcontact c
    JOIN public.record_member m ON m.partnership_id = c.partnership_id
         AND m.organisation_id = c.organisation_id
         AND m.state IN ('recorded', 'invited', 'accepted')
    JOIN public.organisations_organisation o ON o.id = c.organisation_id AND o.left_at IS NULL
    JOIN public.contacts_posting g ON g.id = c.posting_id AND g.bounced_at IS NULL
         AND (g.ended_on IS NULL OR g.ended_on >= current_date)
    JOIN public.contacts_workdetails d ON d.posting_id = g.id
    WHERE c.partnership_id = t.partnership_id AND c.ended_at IS NULL
    ORDER BY c.organisation_id, c.function DESC) w
WHERE t.state = 'scheduled'
ORDER BY t.id, w.address, w.organisation_id;
RESET ROLE;
REVOKE INSERT ON touchpoints_attendee FROM tandem_definer;
