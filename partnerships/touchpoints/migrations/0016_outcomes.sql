-- What has been recorded is corrected by whom it was recorded for, within fourteen days: the
-- organisation in whose name, or that of the contact who did so by the link in an e-mail.
CREATE FUNCTION tandem.outcome_is_its_recorders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        NEW.state <> 'scheduled' AND OLD.outcome_at > now() - interval '14 days'
        AND (OLD.outcome_organisation_id = tandem.organisation()
             OR EXISTS (SELECT 1 FROM contacts_posting p
                        WHERE p.id = OLD.outcome_posting_id
                          AND p.organisation_id = tandem.organisation()))) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an outcome is corrected by whoever recorded it, within 14 days';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_is_its_recorders BEFORE UPDATE OF state, outcome_notes, outcome_at,
    outcome_by_id, outcome_posting_id, outcome_organisation_id ON touchpoints_touchpoint
    FOR EACH ROW WHEN (OLD.state <> 'scheduled')
    EXECUTE FUNCTION tandem.outcome_is_its_recorders();

-- Somebody invited who records an outcome by the link in an e-mail is no user. The next date that
-- they give is scheduled for whoever scheduled the one they speak of, and for nobody else.
CREATE FUNCTION tandem.was_recorded_as_invited(
    p_partnership bigint, p_organisation bigint, p_author bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM touchpoints_touchpoint t
                   WHERE t.partnership_id = p_partnership AND t.author_id = p_author
                     AND t.author_organisation_id = p_organisation
                     AND t.outcome_posting_id IS NOT NULL);
END $$;
CREATE POLICY invited_schedules ON touchpoints_touchpoint FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND tandem.person() IS NULL
                AND state = 'scheduled'
                AND tandem.was_recorded_as_invited(partnership_id, author_organisation_id, author_id));
