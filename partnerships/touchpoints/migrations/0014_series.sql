-- Series, who is to come, other times proposed, papers: each follows its partnership.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['touchpointseries', 'attendee', 'proposal', 'paper'] LOOP
        EXECUTE format('INSERT INTO tandem.follows_partnership VALUES (%L)', 'touchpoints_' || t);
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id
            ON touchpoints_%s FOR EACH ROW EXECUTE FUNCTION tandem.child_acl()', t);
        EXECUTE format('ALTER TABLE touchpoints_%s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE touchpoints_%s FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON touchpoints_%s TO tandem_definer
            USING (true) WITH CHECK (true)', t);
        EXECUTE format($p$CREATE POLICY those_with_a_key ON touchpoints_%s FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON touchpoints_%s AS RESTRICTIVE
            FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false))$p$, t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON touchpoints_%s TO tandem_definer', t);
    END LOOP;
END $$;

-- A series is its author organisation's; one of an organisation that has left, any member's.
CREATE POLICY member_schedules ON touchpoints_touchpointseries FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id = tandem.person() AND ended_at IS NULL
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
CREATE POLICY its_author_changes ON touchpoints_touchpointseries FOR UPDATE TO tandem_web
    USING (tandem.organisation() = ANY (acl)
           AND (author_organisation_id = tandem.organisation()
                OR EXISTS (SELECT 1 FROM organisations_organisation o
                           WHERE o.id = author_organisation_id AND o.left_at IS NOT NULL)))
    WITH CHECK (author_organisation_id = tandem.organisation());
CREATE FUNCTION tandem.series_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND OLD.author_organisation_id = NEW.author_organisation_id
       AND NEW.author_id IS DISTINCT FROM tandem.person()
       AND NOT tandem.may_hand_over(OLD.author_organisation_id, OLD.author_id, NEW.author_id) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a series is handed over within its organisation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF author_id ON touchpoints_touchpointseries
    FOR EACH ROW WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
    EXECUTE FUNCTION tandem.series_handed_over();
GRANT SELECT, INSERT, UPDATE (author_organisation_id, author_id, kind, every, rrule, weekday,
    first_on, last_on, at, minutes, venue, agenda, on_clash, reminder_minutes, revision, ended_at,
    ended_by_id) ON touchpoints_touchpointseries TO tandem_web;

-- A date belongs to a series of its own partnership, and replaces a touchpoint of the same.
CREATE FUNCTION tandem.touchpoint_in_its_partnership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND (
        (NEW.series_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM touchpoints_touchpointseries s
            WHERE s.id = NEW.series_id AND s.partnership_id = NEW.partnership_id
              AND s.author_organisation_id = NEW.author_organisation_id))
        OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM touchpoints_touchpoint t
            WHERE t.id = NEW.replaces_id AND t.partnership_id = NEW.partnership_id))) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a touchpoint belongs to a series of its own partnership';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_its_partnership BEFORE INSERT ON touchpoints_touchpoint
    FOR EACH ROW WHEN (NEW.series_id IS NOT NULL OR NEW.replaces_id IS NOT NULL)
    EXECUTE FUNCTION tandem.touchpoint_in_its_partnership();
GRANT UPDATE (ideal_on, detached, reminder_minutes, outcome_posting_id)
    ON touchpoints_touchpoint TO tandem_web;
-- As before; the plan has grown.
CREATE OR REPLACE FUNCTION tandem.touchpoint_plan_is_its_authors() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND OLD.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND (NEW.kind, NEW.starts_at, NEW.minutes, NEW.venue, NEW.agenda, NEW.revision,
            NEW.ideal_on, NEW.detached, NEW.reminder_minutes)
           IS DISTINCT FROM
           (OLD.kind, OLD.starts_at, OLD.minutes, OLD.venue, OLD.agenda, OLD.revision,
            OLD.ideal_on, OLD.detached, OLD.reminder_minutes) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that scheduled a touchpoint changes its plan';
    END IF;
    IF current_user = 'tandem_web' AND NEW.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled' AND OLD.starts_at > now() THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that scheduled a touchpoint cancels it';
    END IF;
    IF current_user = 'tandem_web' AND NEW.outcome_organisation_id IS DISTINCT FROM OLD.outcome_organisation_id
       AND NEW.outcome_organisation_id IS DISTINCT FROM tandem.organisation() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an outcome is recorded in one''s own name';
    END IF;
    RETURN NEW;
END $$;

-- The author's organisation says who is to come; whoever follows a change of contacts, too. An
-- answer is written by the organisation of the person, or by the author's, to which the answers
-- of those without an account come by e-mail.
CREATE POLICY member_invites ON touchpoints_attendee FOR INSERT TO tandem_web
    WITH CHECK (answer = 'none' AND came IS NULL AND EXISTS (
        SELECT 1 FROM touchpoints_touchpoint t
        WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_attendee.partnership_id
          AND (t.author_organisation_id = tandem.organisation() OR follows_contact)
          AND tandem.organisation() = ANY (t.acl)));
CREATE POLICY member_changes ON touchpoints_attendee FOR UPDATE TO tandem_web
    USING (tandem.organisation() = ANY (acl))
    WITH CHECK (EXISTS (
        SELECT 1 FROM touchpoints_touchpoint t
        WHERE t.id = touchpoint_id AND tandem.organisation() = ANY (t.acl)));
CREATE FUNCTION tandem.answer_is_ones_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web'
       AND NEW.answer <> 'none'
       AND NEW.organisation_id IS DISTINCT FROM tandem.organisation()
       AND (NEW.answered_by_id IS NOT NULL OR NEW.answered_way = 'page' OR NOT EXISTS (
            SELECT 1 FROM touchpoints_touchpoint t
            WHERE t.id = NEW.touchpoint_id
              AND t.author_organisation_id = tandem.organisation())) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an answer is given for oneself';
    END IF;
    IF current_user = 'tandem_web' AND NEW.answered_by_id IS NOT NULL
       AND NEW.answered_by_id IS DISTINCT FROM tandem.person() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an answer is given in one''s own name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ones_own BEFORE UPDATE OF answer, answered_at, answered_by_id, answered_way,
    answered_revision, stamp ON touchpoints_attendee FOR EACH ROW
    WHEN ((OLD.answer, OLD.answered_at, OLD.answered_by_id, OLD.answered_way, OLD.answered_revision)
          IS DISTINCT FROM
          (NEW.answer, NEW.answered_at, NEW.answered_by_id, NEW.answered_way, NEW.answered_revision))
    EXECUTE FUNCTION tandem.answer_is_ones_own();
GRANT SELECT, INSERT, UPDATE (follows_contact, answer, answered_at, answered_by_id, answered_way,
    answered_revision, stamp, came, added_at, removed_at) ON touchpoints_attendee TO tandem_web;

-- A member proposes in its own name; the author's organisation also for those who propose by
-- e-mail. The proposer withdraws, the author's organisation answers.
CREATE POLICY member_proposes ON touchpoints_proposal FOR INSERT TO tandem_web
    WITH CHECK (state = 'open' AND EXISTS (
        SELECT 1 FROM touchpoints_touchpoint t
        WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_proposal.partnership_id
          AND tandem.organisation() = ANY (t.acl)
          AND ((organisation_id = tandem.organisation()
                AND (proposed_by_id = tandem.person() OR posting_id IS NOT NULL))
               OR (t.author_organisation_id = tandem.organisation() AND proposed_by_id IS NULL))));
CREATE POLICY answered_or_withdrawn ON touchpoints_proposal FOR UPDATE TO tandem_web
    USING (tandem.organisation() = ANY (acl) AND state = 'open')
    WITH CHECK ((state = 'withdrawn' AND organisation_id = tandem.organisation())
                OR EXISTS (SELECT 1 FROM touchpoints_touchpoint t
                           WHERE t.id = touchpoint_id
                             AND t.author_organisation_id = tandem.organisation()));
GRANT SELECT, INSERT, UPDATE (state, answered_at, answered_by_id, answer_words)
    ON touchpoints_proposal TO tandem_web;

-- Any member adds a paper in its own name, and takes away its own.
CREATE POLICY member_adds ON touchpoints_paper FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND added_by_id = tandem.person()
                AND removed_at IS NULL AND EXISTS (
        SELECT 1 FROM touchpoints_touchpoint t
        WHERE t.id = touchpoint_id AND t.partnership_id = touchpoints_paper.partnership_id
          AND tandem.organisation() = ANY (t.acl)));
CREATE POLICY its_organisation_removes ON touchpoints_paper FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (removed_at) ON touchpoints_paper TO tandem_web;

-- E-mails about a series are seen and withdrawn by those who share it.
CREATE POLICY of_a_shared_series ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'series_%'
           AND EXISTS (SELECT 1 FROM touchpoints_touchpointseries s WHERE s.ref = subject));
CREATE POLICY withdraw_of_a_shared_series ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'series_%'
           AND EXISTS (SELECT 1 FROM touchpoints_touchpointseries s WHERE s.ref = subject))
    WITH CHECK (state = 'cancelled');
