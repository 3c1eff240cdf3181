-- ---------------------------------------------------------------- domains that operators trust
ALTER TABLE organisations_trusteddomain ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_trusteddomain FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees ON organisations_trusteddomain FOR SELECT TO tandem_web
    USING (tandem.is_operator());
CREATE POLICY operator_trusts ON organisations_trusteddomain FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND added_by_id = tandem.person() AND removed_at IS NULL);
CREATE POLICY operator_removes ON organisations_trusteddomain FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND removed_at IS NULL)
    WITH CHECK (tandem.is_operator() AND removed_by_id = tandem.person());
CREATE POLICY definer_reads ON organisations_trusteddomain FOR SELECT TO tandem_definer
    USING (true);
GRANT SELECT, INSERT, UPDATE (removed_at, removed_by_id) ON organisations_trusteddomain
    TO tandem_web;
GRANT SELECT ON organisations_trusteddomain TO tandem_definer;

-- ---------------------------------------------------------------- claiming by an address
-- The first person of an organisation, admitted by an address at a domain that an operator trusts
-- for it. Whatever makes it less than certain is left to an operator: somebody belongs there or
-- asks as well, the organisation was admitted this way before or has left, the claim came by an
-- invitation, the person holds an invitation to another organisation. Says the membership's id,
-- or nothing. One at a time for an organisation: whoever waits here sees who came first.
CREATE POLICY definer_admits ON organisations_joiningrequest FOR UPDATE TO tandem_definer
    USING (state = 'pending' AND user_id = tandem.person())
    WITH CHECK (user_id = tandem.person() AND trusted_domain_id IS NOT NULL);
GRANT SELECT, UPDATE (state, decided_at, trusted_domain_id) ON organisations_joiningrequest
    TO tandem_definer;
CREATE FUNCTION tandem.admit_by_address(p_request text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claim public.organisations_joiningrequest%ROWTYPE;
    trusted bigint;
    admitted bigint;
BEGIN
    SELECT r.* INTO claim FROM public.organisations_joiningrequest r
        WHERE r.ref = p_request AND r.user_id = tandem.person() AND r.state = 'pending';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM tandem.hold_people(claim.organisation_id);
    SELECT d.id INTO trusted
        FROM public.organisations_trusteddomain d
        JOIN public.account_emailaddress a ON a.user_id = claim.user_id AND a.verified
            AND split_part(lower(a.email), '@', 2) = d.domain
        JOIN public.organisations_user u ON u.id = claim.user_id AND u.is_active AND NOT u.is_demo
        JOIN public.organisations_organisation o ON o.id = d.organisation_id
        WHERE d.organisation_id = claim.organisation_id AND d.removed_at IS NULL
          AND d.added_by_id <> claim.user_id AND claim.invited_by_id IS NULL
          AND o.joined_at IS NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
          AND (o.closed_on IS NULL OR o.closed_on > (now() AT TIME ZONE 'Europe/London')::date)
          AND NOT EXISTS (SELECT 1 FROM public.organisations_membership m
                          WHERE m.organisation_id = o.id AND m.ended_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM public.organisations_joiningrequest r
                          WHERE r.organisation_id = o.id AND r.id <> claim.id
                            AND (r.state = 'pending' OR r.trusted_domain_id IS NOT NULL))
          AND NOT EXISTS (SELECT 1 FROM public.organisations_personinvitation i
                          JOIN public.account_emailaddress e ON lower(e.email) = i.email
                          WHERE e.user_id = claim.user_id AND i.organisation_id <> o.id
                            AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now())
        ORDER BY d.id LIMIT 1;
    IF trusted IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.organisations_joiningrequest
        SET state = 'approved', decided_at = now(), trusted_domain_id = trusted
        WHERE id = claim.id;
    INSERT INTO public.organisations_membership (organisation_id, user_id, role, began_at)
        VALUES (claim.organisation_id, claim.user_id, 'manager', now()) RETURNING id INTO admitted;
    RETURN admitted;
END $$;

-- Why a claim of one's own waits for an operator: people belong there, or others ask as well.
CREATE FUNCTION tandem.what_a_claim_meets(p_request text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM public.organisations_membership m
                     WHERE m.organisation_id = c.organisation_id AND m.ended_at IS NULL)
            THEN 'people'
        WHEN EXISTS (SELECT 1 FROM public.organisations_joiningrequest r
                     WHERE r.organisation_id = c.organisation_id AND r.id <> c.id
                       AND r.user_id <> c.user_id AND r.state = 'pending')
            THEN 'claims'
        ELSE '' END
    FROM public.organisations_joiningrequest c
    WHERE c.ref = p_request AND c.user_id = tandem.person()
$$;

-- ---------------------------------------------------------------- terms, opening, leaving
ALTER TABLE organisations_termsacceptance ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_termsacceptance FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_colleagues ON organisations_termsacceptance FOR SELECT TO tandem_web
    USING (user_id = tandem.person() OR organisation_id = tandem.organisation()
           OR tandem.is_operator());
CREATE POLICY manager_accepts ON organisations_termsacceptance FOR INSERT TO tandem_web
    WITH CHECK (user_id = tandem.person() AND accepted_at = now()
        AND EXISTS (SELECT 1 FROM organisations_membership m
                    WHERE m.organisation_id = organisations_termsacceptance.organisation_id
                      AND m.user_id = tandem.person() AND m.role = 'manager'
                      AND m.ended_at IS NULL));
GRANT SELECT, INSERT ON organisations_termsacceptance TO tandem_web;

-- An organisation opens when one of its managers has accepted the terms in the same transaction,
-- and closes when a manager takes it out.
CREATE POLICY manager_opens ON organisations_organisation FOR UPDATE TO tandem_web
    USING (joined_at IS NULL AND suspended_at IS NULL
        AND EXISTS (SELECT 1 FROM organisations_membership m
                    WHERE m.organisation_id = organisations_organisation.id
                      AND m.user_id = tandem.person() AND m.role = 'manager'
                      AND m.ended_at IS NULL))
    WITH CHECK (joined_at IS NOT NULL AND suspended_at IS NULL AND left_at IS NULL
        AND EXISTS (SELECT 1 FROM organisations_termsacceptance t
                    WHERE t.organisation_id = organisations_organisation.id
                      AND t.user_id = tandem.person() AND t.accepted_at = now()));
CREATE POLICY manager_leaves ON organisations_organisation FOR UPDATE TO tandem_web
    USING (id = tandem.organisation() AND tandem.is_manager_of(tandem.organisation()))
    WITH CHECK (id = tandem.organisation() AND joined_at IS NULL AND left_at = now()
                AND suspended_at IS NULL);
GRANT UPDATE (left_at) ON organisations_organisation TO tandem_web;

-- ---------------------------------------------------------------- suspension
ALTER TABLE organisations_suspension ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_suspension FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees ON organisations_suspension FOR SELECT TO tandem_web
    USING (tandem.is_operator());
CREATE POLICY operator_suspends ON organisations_suspension FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND suspended_by_id = tandem.person() AND lifted_at IS NULL);
CREATE POLICY operator_lifts ON organisations_suspension FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND lifted_at IS NULL)
    WITH CHECK (tandem.is_operator() AND lifted_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (lifted_at, lifted_by_id, lifted_note)
    ON organisations_suspension TO tandem_web;

-- ---------------------------------------------------------------- support sessions
ALTER TABLE organisations_supportsession ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_supportsession FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_or_operator ON organisations_supportsession FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation() OR tandem.is_operator());
CREATE POLICY operator_starts ON organisations_supportsession FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND operator_id = tandem.person() AND ended_at IS NULL
                AND started_at <= statement_timestamp());
CREATE POLICY either_side_ends ON organisations_supportsession FOR UPDATE TO tandem_web
    USING (ended_at IS NULL AND (operator_id = tandem.person()
           OR (organisation_id = tandem.organisation()
               AND tandem.is_manager_of(tandem.organisation()))))
    WITH CHECK (ended_at IS NOT NULL AND ended_by_id = tandem.person());
CREATE POLICY definer_reads ON organisations_supportsession FOR SELECT TO tandem_definer
    USING (true);
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by_id) ON organisations_supportsession TO tandem_web;
GRANT SELECT ON organisations_supportsession TO tandem_definer;

-- Nobody without an acting organisation takes back its e-mail: not whoever reads on a personal
-- grant, nor an operator in a support session, whose scope has keys and no organisation.
CREATE POLICY acting_for_an_organisation ON organisations_delivery AS RESTRICTIVE
    FOR UPDATE TO tandem_web
    USING (tandem.organisation() IS NOT NULL) WITH CHECK (tandem.organisation() IS NOT NULL);

-- Whom a signed-in person may act for at an address, in one statement: as somebody who belongs
-- there, or else as an operator in a support session that runs now.
SET LOCAL ROLE tandem_definer;
DROP FUNCTION tandem.acting_for(bigint, text);
RESET ROLE;
CREATE FUNCTION tandem.acting_for(p_user bigint, p_slug text)
    RETURNS TABLE (organisation_id bigint, name text, slug text, kind text, role text,
                   support_ref text, support_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id, o.name::text, o.slug::text, o.kind::text, coalesce(m.role, 'support')::text,
           s.ref::text, s.ends_at
    FROM public.organisations_organisation o
    LEFT JOIN public.organisations_membership m
        ON m.organisation_id = o.id AND m.user_id = p_user AND m.ended_at IS NULL
    LEFT JOIN LATERAL (
        SELECT x.ref, x.ends_at FROM public.organisations_supportsession x
        JOIN public.organisations_user u ON u.id = x.operator_id AND u.is_operator AND u.is_active
        WHERE m.id IS NULL AND x.organisation_id = o.id AND x.operator_id = p_user
          AND x.ended_at IS NULL AND x.started_at <= now() AND x.ends_at > now()
        ORDER BY x.ends_at DESC LIMIT 1) s ON true
    WHERE o.slug = p_slug AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
      AND (m.id IS NOT NULL OR s.ref IS NOT NULL)
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['admit_by_address(text)', 'what_a_claim_meets(text)',
        'acting_for(bigint, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
