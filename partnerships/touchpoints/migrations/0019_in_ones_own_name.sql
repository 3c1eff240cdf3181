-- An answer for somebody of another organisation comes by e-mail, so for nobody who is signed in;
-- but for that of whoever proposed the time that was taken. What somebody had said before is not for
-- fellow members to write.
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
                           OR NEW.answered_way = 'page'
                           OR (tandem.person() IS NOT NULL AND NOT (
                               NEW.answered_way = 'proposal' AND NEW.answer = 'accepted'
                               AND EXISTS (
                                   SELECT 1 FROM touchpoints_proposal p
                                   JOIN touchpoints_touchpoint t ON t.id = p.touchpoint_id
                                   WHERE p.touchpoint_id = NEW.touchpoint_id
                                     AND p.organisation_id = NEW.organisation_id
                                     AND p.state = 'accepted'
                                     AND p.starts_at = t.starts_at)))) THEN
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
       AND (NEW.said_before IS DISTINCT FROM OLD.said_before OR NOT OLD.follows_contact OR NOT NEW.follows_contact
            OR (NEW.removed_at IS NULL) IS DISTINCT FROM is_contact) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who comes is for their organisation to say';
    END IF;
    IF chosen AND (OLD.follows_contact OR OLD.removed_at IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM contacts_workdetails d WHERE d.posting_id = NEW.posting_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only who may reach a person invites them';
    END IF;
    RETURN NEW;
END $$;

-- The same of a time proposed for somebody of another organisation.
DROP POLICY member_proposes ON touchpoints_proposal;
CREATE POLICY member_proposes ON touchpoints_proposal FOR INSERT TO tandem_web
    WITH CHECK (state = 'open'
        AND EXISTS (
            SELECT 1 FROM touchpoints_touchpoint t
            WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_proposal.partnership_id
              AND tandem.organisation() = ANY (t.acl)
              AND (touchpoints_proposal.organisation_id = tandem.organisation()
                   OR (t.author_organisation_id = tandem.organisation() AND proposed_by_id IS NULL
                       AND tandem.person() IS NULL)))
        AND (proposed_by_id = tandem.person() OR EXISTS (
            SELECT 1 FROM touchpoints_attendee a
            WHERE a.touchpoint_id = touchpoints_proposal.touchpoint_id
              AND a.posting_id = touchpoints_proposal.posting_id
              AND a.organisation_id = touchpoints_proposal.organisation_id
              AND a.removed_at IS NULL)));

-- A paper of an organisation that has left the partnership is out of its hands.
DROP POLICY its_organisation_removes ON touchpoints_paper;
CREATE POLICY its_organisation_removes ON touchpoints_paper FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND tandem.organisation() = ANY (acl))
    WITH CHECK (organisation_id = tandem.organisation());

-- An outcome is said by whoever is signed in, or by somebody invited who is not; nobody says it of
-- somebody else.
CREATE FUNCTION tandem.outcome_in_ones_own_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND (
        (NEW.outcome_by_id IS NOT NULL AND NEW.outcome_by_id IS DISTINCT FROM tandem.person())
        OR (NEW.outcome_posting_id IS NOT NULL AND tandem.person() IS NOT NULL)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an outcome is recorded in one''s own name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_in_ones_own_name BEFORE UPDATE OF outcome_by_id, outcome_posting_id
    ON touchpoints_touchpoint FOR EACH ROW
    WHEN ((OLD.outcome_by_id, OLD.outcome_posting_id)
          IS DISTINCT FROM (NEW.outcome_by_id, NEW.outcome_posting_id))
    EXECUTE FUNCTION tandem.outcome_in_ones_own_name();

-- How to reach somebody chosen to come is shown while their organisation takes part, and no longer.
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
                AND EXISTS (SELECT 1 FROM public.record_member m
                            WHERE m.partnership_id = a.partnership_id
                              AND m.organisation_id = a.organisation_id
                              AND m.state IN ('recorded', 'invited', 'accepted'))
        ) keys), '{}');
    RETURN NEW;
END $$;
RESET ROLE;
