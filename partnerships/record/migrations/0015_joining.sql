-- Which organisations keep a partnership that records an organisation, or invites it: asked by
-- its manager, who opens it. Says whom to tell, and nothing of what they recorded.
CREATE FUNCTION tandem.who_records(p_organisation bigint) RETURNS TABLE (owner_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT p.owner_id
    FROM public.record_member m JOIN public.record_partnership p ON p.id = m.partnership_id
    WHERE tandem.is_manager_of(p_organisation)
      AND m.organisation_id = p_organisation AND m.state IN ('recorded', 'invited')
      AND p.closed_at IS NULL AND p.owner_id <> p_organisation
    ORDER BY 1
$$;
ALTER FUNCTION tandem.who_records(bigint) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.who_records(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.who_records(bigint) TO tandem_web;
RESET ROLE;

-- An operator in a support session acts for no organisation either, and holds the key of the one
-- they support: it opens while the session lives. It never changes anything.
SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.is_supported(p_acl bigint[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.organisations_supportsession s
        JOIN public.organisations_user u ON u.id = s.operator_id
        JOIN public.organisations_organisation o ON o.id = s.organisation_id
        WHERE s.operator_id = tandem.person() AND u.is_operator AND u.is_active
          AND s.organisation_id = ANY (p_acl) AND s.organisation_id = ANY (tandem.keys())
          AND s.ended_at IS NULL AND s.ends_at > now()
          AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL)
$$;
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
          AND -g.user_id = ANY (tandem.keys()) AND u.is_active AND o.suspended_at IS NULL
          AND (g.ends_at IS NULL OR g.ends_at > now())
          AND (NOT p_change OR m.codename = 'change_partnership'))
      OR (NOT p_change AND EXISTS (
        SELECT 1 FROM public.record_partnership p
        WHERE p.id = p_partnership AND tandem.is_supported(p.acl))))
$$;
CREATE OR REPLACE FUNCTION tandem.is_granted_posting(p_posting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.record_namedcontact c
        WHERE c.posting_id = p_posting AND c.ended_at IS NULL
          AND tandem.is_granted(c.partnership_id, false))
      OR EXISTS (
        SELECT 1 FROM public.contacts_posting p
        WHERE p.id = p_posting AND tandem.is_supported(p.acl))
$$;
REVOKE EXECUTE ON FUNCTION tandem.is_supported(bigint[]) FROM PUBLIC;
RESET ROLE;
