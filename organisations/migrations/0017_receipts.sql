-- ---------------------------------------------------------------- what became of an e-mail
-- Reports come without anybody signed in. The functions below ask for a delivery's reference,
-- which only the provider and whoever holds a signed link have: its subject and, after a dot,
-- forty digits that its whole key decides (organisations.outbox.composing works out the same).
CREATE POLICY definer ON organisations_delivery TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (state, phase, sent_at, reply, reason, payload, claimed_by, lease_until)
    ON organisations_delivery TO tandem_definer;

CREATE FUNCTION tandem.delivery_behind(p_reference text)
    RETURNS TABLE (id bigint, kind text, subject text, recipient text, offset_minutes integer,
                   revision integer, organisation_id bigint, posting_id bigint, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.id, d.kind::text, d.subject::text, d.recipient::text, d.offset_minutes, d.revision,
           d.organisation_id, d.posting_id, d.state::text
    FROM public.organisations_delivery d
    WHERE length(p_reference) > 41 AND d.subject = left(p_reference, -41)
      AND right(p_reference, 41) = '.' || left(encode(sha256(convert_to(concat_ws(E'\n',
          d.kind, d.subject, d.recipient, d.offset_minutes::text, d.revision::text),
          'UTF8')), 'hex'), 40)
$$;
ALTER FUNCTION tandem.delivery_behind(text) OWNER TO tandem_definer;

-- A report that the provider delivered an e-mail, or never will. True when it changed how the
-- delivery stands for the worse: then, and only then, its kind is told. A report of another
-- copy than the one whose receipt is kept is out of date, and so is one of a copy that is being
-- sent anew. What was not handed over, was cancelled, or is dead already stays as it is.
CREATE FUNCTION tandem.note_receipt(p_reference text, p_receipt text, p_arrived boolean,
                                    p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reported bigint := (SELECT b.id FROM tandem.delivery_behind(p_reference) b);
BEGIN
    IF p_arrived THEN
        UPDATE public.organisations_delivery
        SET state = 'sent', phase = 2, sent_at = coalesce(sent_at, clock_timestamp()),
            reply = left(p_receipt || ', delivered', 300), reason = '', payload = '{}'
        WHERE id = reported
          AND ((state = 'sent' AND reply = p_receipt)
               OR (state IN ('pending', 'uncertain') AND uncertain_times > 0
                   AND reply <> p_receipt));
        RETURN false;
    END IF;
    UPDATE public.organisations_delivery
    SET state = 'dead', phase = 0, reply = left(p_receipt, 300), reason = left(p_reason, 300),
        payload = '{}', claimed_by = '', lease_until = NULL
    WHERE id = reported
      AND ((state = 'sent' AND reply IN (p_receipt, p_receipt || ', delivered'))
           OR (state = 'taken' AND phase = 2 AND reply = p_receipt)
           OR (state = 'taken' AND phase = 1 AND reply <> p_receipt)
           OR (state IN ('pending', 'uncertain') AND uncertain_times > 0
               AND reply <> p_receipt));
    RETURN FOUND;
END $$;
ALTER FUNCTION tandem.note_receipt(text, text, boolean, text) OWNER TO tandem_definer;

SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.delivery_behind(text),
    tandem.note_receipt(text, text, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.delivery_behind(text),
    tandem.note_receipt(text, text, boolean, text) TO tandem_web;
RESET ROLE;
