-- What is still to come passes to a colleague of whoever scheduled it; what has been stays theirs.
CREATE FUNCTION tandem.touchpoint_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        OLD.state = 'scheduled' AND OLD.starts_at > now()
        AND tandem.may_hand_over(OLD.author_organisation_id, OLD.author_id, NEW.author_id)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a touchpoint to come is handed over within its organisation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF author_id ON touchpoints_touchpoint
    FOR EACH ROW WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
    EXECUTE FUNCTION tandem.touchpoint_handed_over();
GRANT UPDATE (author_id) ON touchpoints_touchpoint TO tandem_web;
