-- Whether a grant lives: neither taken away nor past its last day, as London counts days.
CREATE FUNCTION tandem.grant_lives(p_ended_at timestamptz, p_ends date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p_ended_at IS NULL
       AND (p_ends IS NULL OR p_ends >= (now() AT TIME ZONE 'Europe/London')::date)
$$;

-- Whether the person of this transaction, who acts as themselves, manages the region. Answers
-- about that person alone; no region, nobody, a closed account or an operator: no.
GRANT SELECT ON auth_permission TO tandem_definer;
CREATE FUNCTION tandem.manages_region(p_region bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.contacts_regiongrant g
        JOIN public.organisations_user u ON u.id = g.user_id
        JOIN public.auth_permission m ON m.id = g.permission_id
        WHERE g.content_object_id = p_region AND g.user_id = tandem.person()
          AND tandem.organisation() IS NULL AND u.is_active AND NOT u.is_operator
          AND m.codename = 'manage_region' AND tandem.grant_lives(g.ended_at, g.ends))
$$;
ALTER FUNCTION tandem.manages_region(bigint) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.manages_region(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.manages_region(bigint) TO tandem_web;
RESET ROLE;

-- Operators give and take away; nobody removes a row. A person sees their own while it lives, and
-- who else manages a region that they manage.
ALTER TABLE contacts_regiongrant ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_regiongrant FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees ON contacts_regiongrant FOR SELECT TO tandem_web
    USING (tandem.is_operator());
CREATE POLICY own_while_it_lives ON contacts_regiongrant FOR SELECT TO tandem_web
    USING (user_id = tandem.person() AND tandem.grant_lives(ended_at, ends));
CREATE POLICY fellow_admins ON contacts_regiongrant FOR SELECT TO tandem_web
    USING (tandem.grant_lives(ended_at, ends) AND tandem.manages_region(content_object_id));
CREATE POLICY operator_gives ON contacts_regiongrant FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND given_by_id = tandem.person() AND given_at = now()
        AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM organisations_user u
                    WHERE u.id = user_id AND u.is_active AND NOT u.is_operator)
        AND EXISTS (SELECT 1 FROM auth_permission m
                    WHERE m.id = permission_id AND m.codename = 'manage_region'));
CREATE POLICY operator_takes_away ON contacts_regiongrant FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND ended_at IS NULL)
    WITH CHECK (tandem.is_operator() AND ended_by_id = tandem.person()
                AND ended_at <= statement_timestamp());
CREATE POLICY definer_reads ON contacts_regiongrant FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by_id) ON contacts_regiongrant TO tandem_web;
GRANT SELECT ON contacts_regiongrant TO tandem_definer;
