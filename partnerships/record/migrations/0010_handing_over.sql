-- The inviter is told the answer: while there is none, a colleague can take their place.
CREATE FUNCTION tandem.invitation_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        OLD.used_at IS NULL AND OLD.revoked_at IS NULL
        AND tandem.may_hand_over(OLD.from_organisation_id, OLD.invited_by_id, NEW.invited_by_id))
        THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an open invitation is handed over within the organisation that sent it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF invited_by_id ON record_invitation
    FOR EACH ROW WHEN (OLD.invited_by_id IS DISTINCT FROM NEW.invited_by_id)
    EXECUTE FUNCTION tandem.invitation_handed_over();
GRANT UPDATE (invited_by_id) ON record_invitation TO tandem_web;
