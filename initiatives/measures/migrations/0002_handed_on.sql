-- Whoever owns a measure reads its raw readings. So it is handed on by its owner or by a manager, and
-- nobody else makes themselves its owner.
CREATE FUNCTION tandem.measure_is_handed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id
       AND OLD.owner_id IS DISTINCT FROM tandem.person()
       AND NOT tandem.is_manager_of(OLD.organisation_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a measure is handed on by its owner or a manager';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_on BEFORE UPDATE OF owner_id ON measures_measure
    FOR EACH ROW EXECUTE FUNCTION tandem.measure_is_handed_on();
