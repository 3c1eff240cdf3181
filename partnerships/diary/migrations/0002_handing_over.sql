-- A quiet period that stands passes to a colleague of whoever proposed it; a withdrawn one stays.
CREATE FUNCTION tandem.quiet_period_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
        AND tandem.may_hand_over(OLD.author_organisation_id, OLD.author_id, NEW.author_id)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a quiet period is handed over within its organisation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF author_id ON diary_quietperiod
    FOR EACH ROW WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
    EXECUTE FUNCTION tandem.quiet_period_handed_over();
CREATE POLICY author_hands_over ON diary_quietperiod FOR UPDATE TO tandem_web
    USING (author_organisation_id = tandem.organisation() AND withdrawn_at IS NULL)
    WITH CHECK (author_organisation_id = tandem.organisation() AND withdrawn_at IS NULL);
GRANT UPDATE (author_id) ON diary_quietperiod TO tandem_web;
