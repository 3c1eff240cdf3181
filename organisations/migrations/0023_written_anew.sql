-- Somebody is invited no longer. What a worker holds for them, and has not begun, goes back into
-- the queue, so that it is asked again whether it may go; what waits is held until the transaction
-- ends, so that no worker takes it before the change can be seen. On whose behalf it would go
-- does not matter: an organisation takes its own people off what another one planned. Nothing is
-- told, and nothing is changed but that it is written once more.
CREATE FUNCTION tandem.write_anew(p_subject text, p_posting bigint) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.organisations_delivery
    SET state = 'pending', claimed_by = '', lease_until = NULL
    WHERE subject = p_subject AND posting_id = p_posting
      AND (state = 'pending' OR (state = 'taken' AND phase = 0))
$$;
ALTER FUNCTION tandem.write_anew(text, bigint) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.write_anew(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.write_anew(text, bigint) TO tandem_web;
RESET ROLE;
