-- What the worker, the mailbox and the links in e-mails do is done for nobody. Somebody signed in can
-- work out the reference of an e-mail to a partner, whose whole key they know: they get nothing by
-- it. Nor do they ask for summaries, or keep the mailbox from being read.
CREATE FUNCTION tandem.require_nobody() RETURNS void LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF tandem.person() IS NOT NULL OR tandem.organisation() IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is done for nobody who is signed in';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION tandem.require_nobody() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.require_nobody() TO tandem_definer;

-- Each as it was, but for that.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.note_receipt(p_reference text, p_receipt text, p_arrived boolean,
                                    p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reported bigint := (SELECT b.id FROM tandem.delivery_behind(p_reference) b);
BEGIN
    PERFORM tandem.require_nobody();
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
CREATE OR REPLACE FUNCTION tandem.claim_inbox(p_worker text, p_seconds double precision) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.require_nobody();
    INSERT INTO public.organisations_inboxreading (id, switched_on, claimed_by, failure)
        VALUES (1, true, '', '') ON CONFLICT (id) DO NOTHING;
    UPDATE public.organisations_inboxreading
    SET claimed_by = left(p_worker, 80), switched_on = true,
        lease_until = clock_timestamp() + make_interval(secs => p_seconds)
    WHERE id = 1 AND (claimed_by = '' OR lease_until < clock_timestamp());
    RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION tandem.release_inbox(p_worker text, p_failure text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.require_nobody();
    UPDATE public.organisations_inboxreading
    SET claimed_by = '', lease_until = NULL, failure = left(p_failure, 300),
        read_at = CASE WHEN p_failure = '' THEN clock_timestamp() ELSE read_at END
    WHERE id = 1 AND claimed_by = p_worker;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.organisations_inboxmessage WHERE handled_at < now() - interval '90 days';
    RETURN true;
END $$;
CREATE OR REPLACE FUNCTION tandem.switch_off_inbox() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.require_nobody();
    UPDATE public.organisations_inboxreading SET switched_on = false, failure = ''
    WHERE id = 1 AND switched_on;
    RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION tandem.note_returned(p_reference text, p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.require_nobody();
    UPDATE public.organisations_delivery
    SET state = 'dead', phase = 0, reason = left(p_reason, 300), payload = '{}', claimed_by = '',
        lease_until = NULL
    WHERE id = (SELECT b.id FROM tandem.delivery_behind(p_reference) b)
      AND (state = 'sent' OR (state = 'taken' AND phase IN (1, 2))
           OR (state IN ('pending', 'uncertain') AND uncertain_times > 0));
    RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION tandem.ask_digests(p_often text, p_key text, p_since timestamptz,
                                   p_due timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE asked bigint;
BEGIN
    PERFORM tandem.require_nobody();
    INSERT INTO public.organisations_delivery
            (kind, subject, recipient, offset_minutes, revision, payload, had_payload, state,
             phase, due_at, created_at, claimed_by, attempt, uncertain_times, reply, reason)
        SELECT 'digest',
               left(encode(sha256(convert_to(lower(u.email), 'UTF8')), 'hex'), 20) || '-' || p_key,
               u.email, 0, 0, jsonb_build_object('since', p_since, 'due', p_due), true, 'pending',
               0, p_due, now(), '', 0, 0, '', ''
        FROM public.organisations_user u
        LEFT JOIN public.organisations_mailpreference p
            ON p.address = lower(u.email) AND p.mail_group = 'digest'
        WHERE u.is_active AND coalesce(p.choice, 'weekly') = p_often
          AND EXISTS (SELECT 1 FROM public.account_emailaddress a
                      WHERE a.user_id = u.id AND a.verified AND lower(a.email) = lower(u.email))
          AND EXISTS (SELECT 1 FROM public.organisations_membership m
                      JOIN public.organisations_organisation o ON o.id = m.organisation_id
                          AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
                          AND o.left_at IS NULL
                      WHERE m.user_id = u.id AND m.ended_at IS NULL)
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS asked = ROW_COUNT;
    DELETE FROM public.organisations_heldnews WHERE held_at < now() - interval '15 days';
    RETURN asked;
END $$;
CREATE OR REPLACE FUNCTION tandem.mail_address(p_reference text) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_reference <> ''
        THEN (SELECT lower(b.recipient) FROM tandem.delivery_behind(p_reference) b
              WHERE tandem.person() IS NULL AND tandem.organisation() IS NULL)
        ELSE (SELECT lower(u.email) FROM public.organisations_user u
              WHERE u.id = tandem.person() AND u.is_active
                AND EXISTS (SELECT 1 FROM public.account_emailaddress a
                            WHERE a.user_id = u.id AND a.verified
                              AND lower(a.email) = lower(u.email))) END
$$;

-- What somebody wants is for whoever writes their e-mail to know, which no person does.
CREATE OR REPLACE FUNCTION tandem.wishes_for(p_delivery bigint, p_group text)
    RETURNS TABLE (choice text, quiet_from time, quiet_until time, quiet_weekends boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text;
BEGIN
    SELECT lower(d.recipient) INTO whose FROM public.organisations_delivery d
        WHERE d.id = p_delivery AND d.state = 'taken'
          AND d.organisation_id IS NOT DISTINCT FROM tandem.organisation()
          AND tandem.person() IS NULL;
    SELECT p.choice INTO choice FROM public.organisations_mailpreference p
        WHERE p.address = whose AND p.mail_group = p_group;
    SELECT t.quiet_from, t.quiet_until, t.quiet_weekends
        INTO quiet_from, quiet_until, quiet_weekends
        FROM public.organisations_mailtimes t WHERE t.address = whose;
    IF choice = 'digest' AND NOT tandem.has_digest(whose) THEN
        choice := 'at_once';
    END IF;
    RETURN NEXT;
END $$;

-- Reminder times are for whoever may write to an address, because it is that of somebody whom
-- their organisation knows how to reach.
CREATE OR REPLACE FUNCTION tandem.reminders_of(p_addresses text[])
    RETURNS TABLE (address text, minutes integer[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.address::text, t.reminder_minutes FROM public.organisations_mailtimes t
    WHERE t.address = ANY (p_addresses) AND t.reminder_minutes IS NOT NULL
      AND (t.address = tandem.mail_address('') OR EXISTS (
          SELECT 1 FROM public.contacts_workdetails d
          JOIN public.contacts_posting g ON g.id = d.posting_id
          WHERE lower(d.email) = t.address
            AND g.acl && nullif(current_setting('app.keys', true), '')::bigint[]))
$$;
RESET ROLE;
