-- An organisation answers for itself, and only what it was asked: being recorded in a partnership,
-- having declined or having left lets nobody in.
CREATE OR REPLACE FUNCTION tandem.member_answers_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('accepted', 'declined', 'left') AND NEW.state IS DISTINCT FROM OLD.state THEN
        IF NEW.organisation_id IS DISTINCT FROM tandem.organisation() THEN
            RAISE insufficient_privilege USING MESSAGE = 'an organisation answers for itself';
        END IF;
        IF OLD.state <> (CASE WHEN NEW.state = 'left' THEN 'accepted' ELSE 'invited' END) THEN
            RAISE insufficient_privilege USING MESSAGE = 'an organisation answers an invitation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
