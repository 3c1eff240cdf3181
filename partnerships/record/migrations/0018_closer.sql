-- ---------------------------------------------------------------- who is asked in
-- An organisation answers for itself, and only what it was asked; whoever opened the partnership
-- asks, takes back what was not answered, and turns no member out. An UPDATE that reads nothing is
-- judged by no policy about reading: so this does not rest on what the writer can see.
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
    IF NEW.state IN ('recorded', 'invited') AND NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = OLD.partnership_id
                       AND p.owner_id = tandem.organisation()) THEN
            RAISE insufficient_privilege
                USING MESSAGE = 'whoever opened the partnership invites into it';
        END IF;
        IF OLD.state = 'accepted' OR (NEW.state = 'recorded' AND OLD.state <> 'invited') THEN
            RAISE insufficient_privilege USING MESSAGE = 'a member leaves by itself';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- What an invitation says is its sender's; that it has been answered, the invited's.
CREATE FUNCTION tandem.invitation_has_two_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND (
        (OLD.from_organisation_id IS DISTINCT FROM tandem.organisation()
         AND (NEW.email, NEW.message, NEW.sending, NEW.sent_at, NEW.expires_at, NEW.revoked_at)
             IS DISTINCT FROM
             (OLD.email, OLD.message, OLD.sending, OLD.sent_at, OLD.expires_at, OLD.revoked_at))
        OR (OLD.to_organisation_id IS DISTINCT FROM tandem.organisation()
            AND NEW.used_at IS DISTINCT FROM OLD.used_at)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an invitation is its sender''s, and its answer the invited''s';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER two_ends BEFORE UPDATE ON record_invitation
    FOR EACH ROW EXECUTE FUNCTION tandem.invitation_has_two_ends();

-- ---------------------------------------------------------------- personal grants
-- Never to an operator, who has no standing access, nor to a closed account.
DROP POLICY owner_gives ON record_partnershipgrant;
CREATE POLICY owner_gives ON record_partnershipgrant FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_manager_of(tandem.organisation())
        AND EXISTS (SELECT 1 FROM record_partnership p
                    WHERE p.id = content_object_id AND p.owner_id = tandem.organisation())
        AND EXISTS (SELECT 1 FROM organisations_user u
                    WHERE u.id = user_id AND u.is_active AND NOT u.is_operator));

SET LOCAL ROLE tandem_definer;
-- As before; and it opens nothing to somebody who is an operator, nor once the organisation that
-- gave it has left, whose managers alone could end it.
CREATE OR REPLACE FUNCTION tandem.is_granted(p_partnership bigint, p_change boolean)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tandem.organisation() IS NULL AND (EXISTS (
        SELECT 1 FROM public.record_partnershipgrant g
        JOIN public.record_partnership p ON p.id = g.content_object_id
        JOIN public.organisations_organisation o ON o.id = p.owner_id
        JOIN public.organisations_user u ON u.id = g.user_id
        JOIN public.auth_permission m ON m.id = g.permission_id
        WHERE g.content_object_id = p_partnership AND g.user_id = tandem.person()
          AND -g.user_id = ANY (tandem.keys()) AND u.is_active AND NOT u.is_operator
          AND o.suspended_at IS NULL AND o.left_at IS NULL
          AND (g.ends_at IS NULL OR g.ends_at > now())
          AND (NOT p_change OR m.codename = 'change_partnership'))
      OR (NOT p_change AND EXISTS (
        SELECT 1 FROM public.record_partnership p
        WHERE p.id = p_partnership AND tandem.is_supported(p.acl))))
$$;

-- ---------------------------------------------------------------- a neutral link
CREATE OR REPLACE FUNCTION tandem.ways_to_partnership(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.record_partnership p
    JOIN public.organisations_membership m ON m.organisation_id = ANY (p.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE p.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
RESET ROLE;
