INSERT INTO tandem.follows_partnership VALUES ('diary_quietperiod'), ('diary_quietanswer');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON diary_quietperiod
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON diary_quietanswer
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();

ALTER TABLE diary_quietperiod ENABLE ROW LEVEL SECURITY;
ALTER TABLE diary_quietperiod FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON diary_quietperiod TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON diary_quietperiod FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON diary_quietperiod AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
CREATE POLICY member_proposes ON diary_quietperiod FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND withdrawn_at IS NULL
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
CREATE POLICY author_withdraws ON diary_quietperiod FOR UPDATE TO tandem_web
    USING (author_organisation_id = tandem.organisation() AND withdrawn_at IS NULL)
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND withdrawn_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by_id) ON diary_quietperiod TO tandem_web;
GRANT SELECT, UPDATE (acl) ON diary_quietperiod TO tandem_definer;

ALTER TABLE diary_quietanswer ENABLE ROW LEVEL SECURITY;
ALTER TABLE diary_quietanswer FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON diary_quietanswer TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON diary_quietanswer FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY while_granted ON diary_quietanswer AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- Each member answers for itself, and about what another has proposed in that partnership.
CREATE POLICY member_answers ON diary_quietanswer FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND answered_by_id = tandem.person()
                AND EXISTS (SELECT 1 FROM diary_quietperiod q
                            WHERE q.id = period_id AND q.partnership_id = diary_quietanswer.partnership_id
                              AND q.withdrawn_at IS NULL
                              AND q.author_organisation_id <> tandem.organisation()));
CREATE POLICY member_answers_again ON diary_quietanswer FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation() AND answered_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (agreed, answered_at, answered_by_id) ON diary_quietanswer
    TO tandem_web;
GRANT SELECT, UPDATE (acl) ON diary_quietanswer TO tandem_definer;

-- A feed is its person's, acting for their organisation; its managers see that there is one and
-- may end it.
ALTER TABLE diary_calendarfeed ENABLE ROW LEVEL SECURITY;
ALTER TABLE diary_calendarfeed FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON diary_calendarfeed TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY its_person_or_a_manager ON diary_calendarfeed FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND (person_id = tandem.person() OR tandem.is_manager_of(tandem.organisation())));
CREATE POLICY its_person_makes ON diary_calendarfeed FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND person_id = tandem.person()
                AND revoked_at IS NULL
                AND (partnership_id IS NULL OR EXISTS (
                    SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)));
CREATE POLICY revoked ON diary_calendarfeed FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND revoked_at IS NULL
           AND (person_id = tandem.person() OR tandem.is_manager_of(tandem.organisation())))
    WITH CHECK (organisation_id = tandem.organisation() AND revoked_at IS NOT NULL);
GRANT SELECT (id, ref, organisation_id, person_id, kind, partnership_id, with_year, created_at,
              read_at, revoked_at),
    INSERT, UPDATE (revoked_at) ON diary_calendarfeed TO tandem_web;
GRANT SELECT, UPDATE (read_at) ON diary_calendarfeed TO tandem_definer;

-- The organisations with which the acting organisation is in an open partnership, both having
-- accepted. Once for a statement.
CREATE FUNCTION tandem.partners() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT theirs.organisation_id), '{}')
    FROM public.record_member ours
    JOIN public.record_partnership p ON p.id = ours.partnership_id AND p.closed_at IS NULL
    JOIN public.record_member theirs ON theirs.partnership_id = p.id AND theirs.state = 'accepted'
    WHERE ours.organisation_id = tandem.organisation() AND ours.state = 'accepted'
$$;
DO $$
BEGIN
    ALTER FUNCTION tandem.partners() OWNER TO tandem_definer;
    SET LOCAL ROLE tandem_definer;
    REVOKE EXECUTE ON FUNCTION tandem.partners() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tandem.partners() TO tandem_web;
    RESET ROLE;
END $$;
CREATE POLICY shared_with_partners ON calendars_ownperiod FOR SELECT TO tandem_web
    USING (shared AND organisation_id = ANY ((SELECT tandem.partners())::bigint[]));
