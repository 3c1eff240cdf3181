-- Whoever looks after a partnership hands it to another member: a manager, and to nobody else than
-- a member that is here. No role may write `owner_id` otherwise.
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.hand_partnership(p_partnership bigint, p_to bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.record_partnership p SET owner_id = p_to, handed_at = now()
    WHERE p.id = p_partnership AND p.owner_id = tandem.organisation() AND p.owner_id <> p_to
      AND p.closed_at IS NULL AND tandem.is_manager_of(tandem.organisation())
      AND EXISTS (SELECT 1 FROM public.record_member m
                  JOIN public.organisations_organisation o ON o.id = m.organisation_id
                  WHERE m.partnership_id = p.id AND m.organisation_id = p_to
                    AND m.state = 'accepted' AND o.left_at IS NULL AND o.suspended_at IS NULL);
    IF NOT FOUND THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'whoever looks after a partnership hands it to a member';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION tandem.hand_partnership(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.hand_partnership(bigint, bigint) TO tandem_web;
RESET ROLE;
