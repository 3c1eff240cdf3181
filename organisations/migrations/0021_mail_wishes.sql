-- ---------------------------------------------------------------- what an address wants
-- No policy shows anybody a wish, not even their own: they are read and written through the
-- functions below, by the address of whoever acts, or by the reference of an e-mail that came to
-- it (which only its reader has, signed: organisations.outbox.finding).
ALTER TABLE organisations_mailpreference ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_mailpreference FORCE ROW LEVEL SECURITY;
ALTER TABLE organisations_mailtimes ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_mailtimes FORCE ROW LEVEL SECURITY;
ALTER TABLE organisations_heldnews ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_heldnews FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON organisations_mailpreference TO tandem_definer
    USING (true) WITH CHECK (true);
CREATE POLICY definer ON organisations_mailtimes TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY definer ON organisations_heldnews TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (choice, changed_at) ON organisations_mailpreference
    TO tandem_definer;
GRANT SELECT, INSERT,
    UPDATE (quiet_from, quiet_until, quiet_weekends, reminder_minutes, changed_at)
    ON organisations_mailtimes TO tandem_definer;
GRANT SELECT, DELETE ON organisations_heldnews TO tandem_definer;
GRANT USAGE ON SEQUENCE organisations_mailpreference_id_seq, organisations_mailtimes_id_seq
    TO tandem_definer;

-- The worker keeps what it did not send because its reader wants it in their summary.
CREATE POLICY worker_holds ON organisations_heldnews FOR INSERT TO tandem_worker
    WITH CHECK (true);
GRANT INSERT ON organisations_heldnews TO tandem_worker;

-- ---------------------------------------------------------------- whose wishes
-- The address that an e-mail went to; without a reference, the verified one of whoever acts.
CREATE FUNCTION tandem.mail_address(p_reference text) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_reference <> ''
        THEN (SELECT lower(b.recipient) FROM tandem.delivery_behind(p_reference) b)
        ELSE (SELECT lower(u.email) FROM public.organisations_user u
              WHERE u.id = tandem.person() AND u.is_active
                AND EXISTS (SELECT 1 FROM public.account_emailaddress a
                            WHERE a.user_id = u.id AND a.verified
                              AND lower(a.email) = lower(u.email))) END
$$;

-- Whether somebody with this address gets summaries: they belong to an open organisation, and
-- have not switched them off.
CREATE FUNCTION tandem.has_digest(p_address text) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.account_emailaddress a
        JOIN public.organisations_user u ON u.id = a.user_id AND u.is_active
            AND lower(u.email) = lower(a.email)
        JOIN public.organisations_membership m ON m.user_id = u.id AND m.ended_at IS NULL
        JOIN public.organisations_organisation o ON o.id = m.organisation_id
            AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
        WHERE lower(a.email) = p_address AND a.verified)
    AND NOT EXISTS (
        SELECT 1 FROM public.organisations_mailpreference p
        WHERE p.address = p_address AND p.mail_group = 'digest' AND p.choice = 'never')
$$;

-- ---------------------------------------------------------------- reading and choosing
CREATE FUNCTION tandem.mail_wishes(p_reference text)
    RETURNS TABLE (address text, choices jsonb, quiet_from time, quiet_until time,
                   quiet_weekends boolean, reminder_minutes integer[], belongs boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.address,
        (SELECT coalesce(jsonb_object_agg(p.mail_group, p.choice), '{}')
         FROM public.organisations_mailpreference p WHERE p.address = w.address),
        t.quiet_from, t.quiet_until, coalesce(t.quiet_weekends, false), t.reminder_minutes,
        EXISTS (SELECT 1 FROM public.organisations_user u
                JOIN public.organisations_membership m
                    ON m.user_id = u.id AND m.ended_at IS NULL
                WHERE u.is_active AND lower(u.email) = w.address)
    FROM (SELECT tandem.mail_address(p_reference) AS address) w
    LEFT JOIN public.organisations_mailtimes t ON t.address = w.address
    WHERE w.address IS NOT NULL
$$;

-- Keeps choices; answers what each changed one was before, nothing for an unknown reference.
CREATE FUNCTION tandem.choose_mail(p_reference text, p_choices jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text := tandem.mail_address(p_reference);
    before jsonb;
BEGIN
    IF whose IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(jsonb_object_agg(c.key, p.choice), '{}') INTO before
        FROM jsonb_each_text(p_choices) c
        LEFT JOIN public.organisations_mailpreference p
            ON p.address = whose AND p.mail_group = c.key
        WHERE p.choice IS DISTINCT FROM c.value;
    INSERT INTO public.organisations_mailpreference AS p (address, mail_group, choice)
        SELECT whose, c.key, c.value FROM jsonb_each_text(p_choices) c
        ON CONFLICT (address, mail_group) DO UPDATE
            SET choice = excluded.choice, changed_at = now()
            WHERE p.choice <> excluded.choice;
    RETURN before;
END $$;

-- Keeps quiet hours; answers whether that changed anything, nothing for an unknown reference.
CREATE FUNCTION tandem.set_quiet_hours(p_reference text, p_from time, p_until time,
                                       p_weekends boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text := tandem.mail_address(p_reference);
BEGIN
    IF whose IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.organisations_mailtimes AS t
            (address, quiet_from, quiet_until, quiet_weekends)
        VALUES (whose, p_from, p_until, p_weekends)
        ON CONFLICT (address) DO UPDATE
            SET quiet_from = p_from, quiet_until = p_until, quiet_weekends = p_weekends,
                changed_at = now()
            WHERE (t.quiet_from, t.quiet_until, t.quiet_weekends)
                IS DISTINCT FROM (p_from, p_until, p_weekends);
    RETURN FOUND;
END $$;

-- The same for how long before a touchpoint somebody wants to be reminded.
CREATE FUNCTION tandem.set_reminders(p_reference text, p_minutes integer[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text := tandem.mail_address(p_reference);
BEGIN
    IF whose IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.organisations_mailtimes AS t (address, quiet_weekends, reminder_minutes)
        VALUES (whose, false, p_minutes)
        ON CONFLICT (address) DO UPDATE
            SET reminder_minutes = p_minutes, changed_at = now()
            WHERE t.reminder_minutes IS DISTINCT FROM p_minutes;
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- for who sends and who asks
-- What the reader of a message wants, just before it goes: of one that is being sent now, on
-- behalf of the organisation that the transaction acts for. News that nobody would be told in a
-- summary comes at once.
CREATE FUNCTION tandem.wishes_for(p_delivery bigint, p_group text)
    RETURNS TABLE (choice text, quiet_from time, quiet_until time, quiet_weekends boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text;
BEGIN
    SELECT lower(d.recipient) INTO whose FROM public.organisations_delivery d
        WHERE d.id = p_delivery AND d.state = 'taken'
          AND d.organisation_id IS NOT DISTINCT FROM tandem.organisation();
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

-- How long before a touchpoint people want to be reminded, of those who said so.
CREATE FUNCTION tandem.reminders_of(p_addresses text[])
    RETURNS TABLE (address text, minutes integer[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.address::text, t.reminder_minutes FROM public.organisations_mailtimes t
    WHERE t.address = ANY (p_addresses) AND t.reminder_minutes IS NOT NULL
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['mail_address(text)', 'has_digest(text)', 'mail_wishes(text)',
        'choose_mail(text, jsonb)', 'set_quiet_hours(text, time, time, boolean)',
        'set_reminders(text, integer[])', 'wishes_for(bigint, text)', 'reminders_of(text[])'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f NOT IN ('mail_address(text)', 'has_digest(text)') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
        RESET ROLE;
    END LOOP;
END $$;
