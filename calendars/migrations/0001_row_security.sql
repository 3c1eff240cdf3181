-- When an organisation's terms run is public: schools and councils publish it, and everyone
-- signed in plans by it. It is changed by the organisation, and by the trust of a school.
ALTER TABLE calendars_termdates ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars_termdates FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON calendars_termdates FOR SELECT TO tandem_web
    USING (tandem.person() IS NOT NULL);
CREATE POLICY its_own_or_its_trusts ON calendars_termdates FOR INSERT TO tandem_web
    WITH CHECK (changed_for_id = tandem.organisation() AND changed_by_id = tandem.person()
                AND (organisation_id = tandem.organisation() OR EXISTS (
                    SELECT 1 FROM organisations_school s
                    WHERE s.organisation_id = calendars_termdates.organisation_id
                      AND s.trust_id = tandem.organisation())));
CREATE POLICY its_own_or_its_trusts_changes ON calendars_termdates FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() OR EXISTS (
        SELECT 1 FROM organisations_school s
        WHERE s.organisation_id = calendars_termdates.organisation_id
          AND s.trust_id = tandem.organisation()))
    WITH CHECK (changed_for_id = tandem.organisation() AND changed_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (names, spans, inset_days, standing, given_by, source, revision,
                              changed_at, changed_by_id, changed_for_id)
    ON calendars_termdates TO tandem_web;

-- An organisation's own periods; those that it shares are also read by its partners: the record,
-- which knows of partnerships, lets them.
ALTER TABLE calendars_ownperiod ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars_ownperiod FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON calendars_ownperiod FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY own_added ON calendars_ownperiod FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND created_by_id = tandem.person()
                AND (subscription_id IS NULL OR EXISTS (
                    SELECT 1 FROM calendars_subscription s WHERE s.id = subscription_id)));
CREATE POLICY own_changed ON calendars_ownperiod FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (name, kind, phase, severity, starts_on, ends_on, advice, shared,
                              uid, given_by, revision, removed_at)
    ON calendars_ownperiod TO tandem_web;

ALTER TABLE calendars_hiddenpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars_hiddenpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON calendars_hiddenpoint FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY own_added ON calendars_hiddenpoint FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND hidden_by_id = tandem.person());
CREATE POLICY own_changed ON calendars_hiddenpoint FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (shown_again_at) ON calendars_hiddenpoint TO tandem_web;

-- The address of a calendar elsewhere is often a secret: the organisation's alone.
ALTER TABLE calendars_subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendars_subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON calendars_subscription FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY own_added ON calendars_subscription FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND created_by_id = tandem.person()
                AND (subject_id = tandem.organisation() OR EXISTS (
                    SELECT 1 FROM organisations_school s
                    WHERE s.organisation_id = subject_id
                      AND s.trust_id = tandem.organisation())));
CREATE POLICY own_changed ON calendars_subscription FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation())
    WITH CHECK (organisation_id = tandem.organisation());
GRANT SELECT, INSERT, UPDATE (name, shared, etag, last_modified, checksum, tried_at, read_at,
                              due_at, failures, problem, found, ended_at)
    ON calendars_subscription TO tandem_web;
