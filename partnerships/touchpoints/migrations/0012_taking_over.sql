-- What is still to come, scheduled by an organisation that has left, passes to the member that
-- takes it over, in its own name.
CREATE FUNCTION tandem.touchpoint_taken_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        OLD.state = 'scheduled' AND OLD.starts_at > now()
        AND NEW.author_organisation_id IS NOT DISTINCT FROM tandem.organisation()
        AND NEW.author_id IS NOT DISTINCT FROM tandem.person()
        AND EXISTS (SELECT 1 FROM organisations_organisation o
                    WHERE o.id = OLD.author_organisation_id AND o.left_at IS NOT NULL)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only from an organisation that has left is a touchpoint taken over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_over BEFORE UPDATE OF author_organisation_id ON touchpoints_touchpoint
    FOR EACH ROW WHEN (OLD.author_organisation_id IS DISTINCT FROM NEW.author_organisation_id)
    EXECUTE FUNCTION tandem.touchpoint_taken_over();
-- Within an organisation as before; from one to another the trigger above decides.
DROP TRIGGER handed_over ON touchpoints_touchpoint;
CREATE TRIGGER handed_over BEFORE UPDATE OF author_id ON touchpoints_touchpoint
    FOR EACH ROW WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id
                       AND OLD.author_organisation_id = NEW.author_organisation_id)
    EXECUTE FUNCTION tandem.touchpoint_handed_over();
GRANT UPDATE (author_organisation_id) ON touchpoints_touchpoint TO tandem_web;
