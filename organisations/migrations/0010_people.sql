-- ---------------------------------------------------------------- who decides who belongs
-- Asked by policies and triggers: whether the person of this transaction is a manager there now.
CREATE FUNCTION tandem.is_manager_of(p_organisation bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.organisations_membership m
        JOIN public.organisations_user u ON u.id = m.user_id
        JOIN public.organisations_organisation o ON o.id = m.organisation_id
        WHERE m.organisation_id = p_organisation AND m.user_id = tandem.person()
          AND m.role = 'manager' AND m.ended_at IS NULL AND u.is_active
          AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL)
$$;

-- One change at a time to who belongs to an organisation, until the transaction ends.
CREATE FUNCTION tandem.hold_people(p_organisation bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('tandem.people', p_organisation))
$$;

-- Whether one person's work may pass to another: by a manager or by whose work it is, to
-- somebody who belongs to the acting organisation now.
CREATE FUNCTION tandem.may_hand_over(p_organisation bigint, p_from bigint, p_to bigint)
    RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_organisation = tandem.organisation()
        AND (p_from = tandem.person() OR tandem.is_manager_of(p_organisation))
        AND EXISTS (SELECT 1 FROM public.organisations_membership m
                    WHERE m.organisation_id = p_organisation AND m.user_id = p_to
                      AND m.ended_at IS NULL)
$$;

-- A membership that has ended stays as it was; only a manager changes one, beside leaving; an
-- organisation that has joined keeps a manager. Asked again once nobody else changes anything,
-- so that two managers cannot remove each other at once.
CREATE FUNCTION tandem.keep_memberships() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM tandem.hold_people(OLD.organisation_id);
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL THEN
            RAISE insufficient_privilege
                USING MESSAGE = 'a membership that has ended stays as it was';
        END IF;
        IF tandem.person() IS NOT NULL AND NOT tandem.is_manager_of(OLD.organisation_id)
           AND NOT (OLD.user_id = tandem.person() AND NEW.ended_at IS NOT NULL
                    AND NEW.role = OLD.role) THEN
            RAISE insufficient_privilege USING MESSAGE = 'only a manager decides who belongs';
        END IF;
    END IF;
    IF OLD.role = 'manager' AND OLD.ended_at IS NULL
       AND (TG_OP = 'DELETE' OR NEW.role <> 'manager' OR NEW.ended_at IS NOT NULL)
       AND EXISTS (SELECT 1 FROM public.organisations_organisation o
                   WHERE o.id = OLD.organisation_id
                     AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM public.organisations_membership m
                       JOIN public.organisations_user u ON u.id = m.user_id
                       WHERE m.organisation_id = OLD.organisation_id AND m.id <> OLD.id
                         AND m.role = 'manager' AND m.ended_at IS NULL AND u.is_active) THEN
        RAISE check_violation USING MESSAGE = 'the last manager stays',
            CONSTRAINT = 'membership_last_manager', TABLE = 'organisations_membership';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

-- ---------------------------------------------------------------- memberships
CREATE POLICY manager_changes ON organisations_membership FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND tandem.is_manager_of(tandem.organisation()))
    WITH CHECK (organisation_id = tandem.organisation()
                AND tandem.is_manager_of(tandem.organisation()));
CREATE POLICY oneself_leaves ON organisations_membership FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND user_id = tandem.person())
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
                AND ended_at IS NOT NULL);
CREATE POLICY definer_admits ON organisations_membership FOR INSERT TO tandem_definer
    WITH CHECK (user_id = tandem.person());
GRANT UPDATE (role, ended_at) ON organisations_membership TO tandem_web;
GRANT INSERT ON organisations_membership TO tandem_definer;

-- ---------------------------------------------------------------- invitations
-- Seen and sent by managers; the outbox writes them for the organisation, as nobody.
ALTER TABLE organisations_personinvitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_personinvitation FORCE ROW LEVEL SECURITY;
CREATE POLICY managers_see ON organisations_personinvitation FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND (tandem.person() IS NULL OR tandem.is_manager_of(tandem.organisation())));
CREATE POLICY manager_invites ON organisations_personinvitation FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation()
                AND tandem.is_manager_of(tandem.organisation())
                AND invited_by_id = tandem.person() AND used_at IS NULL);
CREATE POLICY manager_changes ON organisations_personinvitation FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND tandem.is_manager_of(tandem.organisation())
           AND used_at IS NULL AND revoked_at IS NULL)
    WITH CHECK (organisation_id = tandem.organisation()
                AND tandem.is_manager_of(tandem.organisation())
                AND used_at IS NULL);
CREATE POLICY definer_reads ON organisations_personinvitation FOR SELECT TO tandem_definer
    USING (true);
CREATE POLICY definer_marks ON organisations_personinvitation FOR UPDATE TO tandem_definer
    USING (used_at IS NULL) WITH CHECK (used_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (sending, sent_at, expires_at, revoked_at)
    ON organisations_personinvitation TO tandem_web;
GRANT SELECT, UPDATE (used_at, used_by_id) ON organisations_personinvitation TO tandem_definer;
GRANT SELECT ON account_emailaddress TO tandem_definer;

-- The invitation behind a signed link, for someone who acts for nobody yet. Its address is not
-- told: only whether it is one that the reader has confirmed.
CREATE FUNCTION tandem.find_person_invitation(p_ref text, p_sending integer)
    RETURNS TABLE (organisation_id bigint, role text, invited_by text, expires_at timestamptz,
                   used_at timestamptz, revoked_at timestamptz, superseded boolean,
                   for_reader boolean, belongs boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.organisation_id, i.role::text, coalesce(nullif(u.name, ''), u.email)::text,
           i.expires_at, i.used_at, i.revoked_at, i.sending <> p_sending,
           EXISTS (SELECT 1 FROM public.account_emailaddress a
                   WHERE a.user_id = tandem.person() AND a.verified
                     AND lower(a.email) = i.email),
           EXISTS (SELECT 1 FROM public.organisations_membership m
                   WHERE m.organisation_id = i.organisation_id
                     AND m.user_id = tandem.person() AND m.ended_at IS NULL)
    FROM public.organisations_personinvitation i
    JOIN public.organisations_user u ON u.id = i.invited_by_id
    WHERE i.ref = p_ref
$$;

-- The one way in beside an operator: the person of this transaction has confirmed exactly the
-- invited address, and the invitation is open. Gives the new membership's id, or NULL.
CREATE FUNCTION tandem.accept_person_invitation(p_ref text, p_sending integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    invitation public.organisations_personinvitation%ROWTYPE;
    admitted bigint;
BEGIN
    SELECT i.* INTO invitation FROM public.organisations_personinvitation i
        WHERE i.ref = p_ref AND i.sending = p_sending FOR UPDATE;
    IF NOT FOUND OR invitation.used_at IS NOT NULL OR invitation.revoked_at IS NOT NULL
       OR invitation.expires_at <= now() THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.organisations_user u
                   JOIN public.account_emailaddress a ON a.user_id = u.id
                   WHERE u.id = tandem.person() AND u.is_active
                     AND a.verified AND lower(a.email) = invitation.email)
       OR NOT EXISTS (SELECT 1 FROM public.organisations_organisation o
                      WHERE o.id = invitation.organisation_id
                        AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.organisations_membership (organisation_id, user_id, role, began_at)
        VALUES (invitation.organisation_id, tandem.person(), invitation.role, now())
        ON CONFLICT DO NOTHING RETURNING id INTO admitted;
    IF admitted IS NOT NULL THEN
        UPDATE public.organisations_personinvitation
            SET used_at = now(), used_by_id = tandem.person() WHERE id = invitation.id;
    END IF;
    RETURN admitted;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['is_manager_of(bigint)', 'keep_memberships()',
        'find_person_invitation(text, integer)', 'accept_person_invitation(text, integer)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f = 'keep_memberships()' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        ELSE
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
        RESET ROLE;
    END LOOP;
END $$;
CREATE TRIGGER keep_memberships BEFORE UPDATE OR DELETE ON organisations_membership
    FOR EACH ROW EXECUTE FUNCTION tandem.keep_memberships();
