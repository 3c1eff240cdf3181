INSERT INTO tandem.follows_partnership
    VALUES ('initiative_sessions_session'), ('initiative_sessions_publishedattendance');
INSERT INTO tandem.follows_initiative
    VALUES ('initiative_sessions_session'), ('initiative_sessions_publishedattendance');

-- Of which initiative the publisher reads the raw numbers in this transaction, for the organisation
-- that it acts for. Nothing else sets it.
CREATE FUNCTION tandem.publishing() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.publishing', true), '')::bigint $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['session', 'publishedattendance', 'attendance', 'attendanceopening',
                             'attendancepublication'] LOOP
        EXECUTE format('ALTER TABLE initiative_sessions_%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE initiative_sessions_%I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['initiative_sessions_session', 'initiative_sessions_publishedattendance'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, initiative_id ON %I
            FOR EACH ROW EXECUTE FUNCTION tandem.initiative_child_acl()', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false)
                   OR tandem.is_granted_initiative(initiative_id))$p$, t);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- sessions
CREATE POLICY those_with_a_key ON initiative_sessions_session FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A member plans its own; whoever plans the initiative plans those of every member.
CREATE POLICY member_plans ON initiative_sessions_session FOR INSERT TO tandem_web
    WITH CHECK (author_id = tandem.person() AND state = 'planned' AND revision = 1
                AND organisation_id = ANY (acl)
                AND EXISTS (SELECT 1 FROM plans_initiative i
                    WHERE i.id = initiative_id AND i.partnership_id = initiative_sessions_session.partnership_id
                      AND i.withdrawn_at IS NULL
                      AND (tandem.organisation() IN (initiative_sessions_session.organisation_id,
                                                     i.organisation_id)
                           OR tandem.leads_initiative(i.id))));
CREATE POLICY planners_or_staff_change ON initiative_sessions_session FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND (organisation_id = tandem.organisation()
                OR EXISTS (SELECT 1 FROM plans_initiative i
                           WHERE i.id = initiative_id AND i.organisation_id = tandem.organisation())
                OR tandem.organisation() IS NOT NULL AND tandem.leads_initiative(initiative_id)))
    -- Only the organisation whose staff run it says that it was held.
    WITH CHECK (organisation_id = ANY (acl)
                AND (state <> 'held' OR organisation_id = tandem.organisation()));
GRANT SELECT, INSERT, UPDATE (kind, title, starts_at, minutes, school_id, place, planned, state, reason,
    note, revision, changed_at) ON initiative_sessions_session TO tandem_web;

-- What was cancelled stays so, and what was held was held; a change moves the revision on by one.
CREATE FUNCTION tandem.session_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'cancelled' OR (OLD.state = 'held' AND NEW.state <> 'held') THEN
        RAISE insufficient_privilege USING MESSAGE = 'what became of a session stays';
    END IF;
    IF OLD.state = 'held' AND (NEW.starts_at, NEW.minutes) IS DISTINCT FROM (OLD.starts_at, OLD.minutes) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a session that was held stays on its day';
    END IF;
    IF NEW.revision <> OLD.revision + 1 THEN
        RAISE insufficient_privilege USING MESSAGE = 'a change makes the next revision of a session';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE UPDATE OF kind, title, starts_at, minutes, school_id, place, planned, state,
    reason, note, revision ON initiative_sessions_session
    FOR EACH ROW EXECUTE FUNCTION tandem.session_steps();

-- ---------------------------------------------------------------- openings
-- A manager opens the numbers of one session of the own organisation, for themselves and a short time.
CREATE POLICY own ON initiative_sessions_attendanceopening FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY manager_opens ON initiative_sessions_attendanceopening FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND opened_by_id = tandem.person()
                AND EXISTS (SELECT 1 FROM organisations_membership m
                            WHERE m.organisation_id = tandem.organisation() AND m.user_id = tandem.person()
                              AND m.role = 'manager' AND m.ended_at IS NULL)
                AND EXISTS (SELECT 1 FROM initiative_sessions_session s
                            WHERE s.id = session_id AND s.organisation_id = tandem.organisation()));
GRANT SELECT, INSERT ON initiative_sessions_attendanceopening TO tandem_web;

-- ---------------------------------------------------------------- raw numbers
-- The organisation's own alone: whoever recorded it, a manager while an opening lasts, the publisher.
CREATE POLICY who_recorded_it ON initiative_sessions_attendance FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND (recorded_by_id = tandem.person() OR initiative_id = tandem.publishing()
                OR EXISTS (SELECT 1 FROM initiative_sessions_attendanceopening o
                           WHERE o.session_id = initiative_sessions_attendance.session_id
                             AND o.opened_by_id = tandem.person() AND o.ends_at > now())));
CREATE POLICY staff_record ON initiative_sessions_attendance FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND recorded_by_id = tandem.person()
                AND superseded_at IS NULL
                AND EXISTS (SELECT 1 FROM initiative_sessions_session s
                            WHERE s.id = session_id AND s.organisation_id = tandem.organisation()
                              AND s.initiative_id = initiative_sessions_attendance.initiative_id
                              AND s.state = 'held'));
CREATE POLICY publisher_supersedes ON initiative_sessions_attendance FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND initiative_id = tandem.publishing()
           AND superseded_at IS NULL)
    WITH CHECK (superseded_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (superseded_at) ON initiative_sessions_attendance TO tandem_web;

-- ---------------------------------------------------------------- what is told of them
-- Members alone: the agreement does not cover somebody who was asked by name.
CREATE POLICY own_or_shared ON initiative_sessions_publishedattendance FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND (organisation_id = tandem.organisation()
                OR (tandem.organisation() IS NOT NULL AND tandem.shares_data(partnership_id))));
CREATE POLICY publisher_writes ON initiative_sessions_publishedattendance FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND initiative_id = tandem.publishing());
CREATE POLICY publisher_replaces ON initiative_sessions_publishedattendance FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND initiative_id = tandem.publishing());
GRANT SELECT, INSERT, UPDATE (status, shown, published_at) ON initiative_sessions_publishedattendance
    TO tandem_web;
CREATE POLICY publisher_remembers ON initiative_sessions_attendancepublication FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation() AND initiative_id = tandem.publishing());
CREATE POLICY publisher_adds ON initiative_sessions_attendancepublication FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND initiative_id = tandem.publishing());
GRANT SELECT, INSERT ON initiative_sessions_attendancepublication TO tandem_web;
