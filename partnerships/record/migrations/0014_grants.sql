-- ---------------------------------------------------------------- personal grants
-- Whether the person of this transaction, who acts as themselves, holds a live grant: one that
-- has not run out, from an owner that is not suspended. Answers about that person alone.
GRANT SELECT ON auth_permission TO tandem_definer;
CREATE FUNCTION tandem.is_granted(p_partnership bigint, p_change boolean) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.record_partnershipgrant g
        JOIN public.record_partnership p ON p.id = g.content_object_id
        JOIN public.organisations_organisation o ON o.id = p.owner_id
        JOIN public.organisations_user u ON u.id = g.user_id
        JOIN public.auth_permission m ON m.id = g.permission_id
        WHERE g.content_object_id = p_partnership AND g.user_id = tandem.person()
          AND tandem.organisation() IS NULL AND u.is_active AND o.suspended_at IS NULL
          AND (g.ends_at IS NULL OR g.ends_at > now())
          AND (NOT p_change OR m.codename = 'change_partnership'))
$$;
-- The same for a posting: it is a live contact or deputy where the person holds a grant.
CREATE FUNCTION tandem.is_granted_posting(p_posting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.record_namedcontact c
        WHERE c.posting_id = p_posting AND c.ended_at IS NULL
          AND tandem.is_granted(c.partnership_id, false))
$$;

-- How many people act for each organisation that sees a partnership, told to those who see it.
CREATE FUNCTION tandem.people_behind(p_partnership bigint)
    RETURNS TABLE (organisation_id bigint, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.organisation_id, count(*)
    FROM public.record_partnership p
    JOIN public.organisations_membership m ON m.organisation_id = ANY (p.acl)
    JOIN public.organisations_user u ON u.id = m.user_id AND u.is_active
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
        AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    WHERE p.id = p_partnership AND m.ended_at IS NULL AND tandem.organisation() = ANY (p.acl)
    GROUP BY m.organisation_id
$$;

-- Who gave a grant, and when, is what happened: nobody writes it.
CREATE FUNCTION tandem.grant_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' THEN
        NEW.given_by_id := tandem.person();
        NEW.given_at := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER given BEFORE INSERT ON record_partnershipgrant
    FOR EACH ROW EXECUTE FUNCTION tandem.grant_given();

-- Whoever acts as themselves changes what the partnership is called and what it is for.
CREATE FUNCTION tandem.grantee_keeps_the_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND tandem.organisation() IS NULL
       AND (OLD.closed_at IS NOT NULL OR NEW.closed_at IS NOT NULL) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a personal grant changes the name and the purpose, while it is open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grantee_keeps_the_rest BEFORE UPDATE ON record_partnership
    FOR EACH ROW EXECUTE FUNCTION tandem.grantee_keeps_the_rest();

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['is_granted(bigint, boolean)', 'is_granted_posting(bigint)',
        'people_behind(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;

-- The key in `acl` is needed as before; a person's own key opens only while the grant lives.
DO $$
DECLARE t text;
BEGIN
    EXECUTE $p$CREATE POLICY while_granted ON record_partnership AS RESTRICTIVE FOR SELECT
        TO tandem_web USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                             OR tandem.is_granted(id, false))$p$;
    FOREACH t IN ARRAY ARRAY['record_member', 'record_namedcontact'] LOOP
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT
            TO tandem_web USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                                 OR tandem.is_granted(partnership_id, false))$p$, t);
    END LOOP;
END $$;
CREATE POLICY while_granted ON contacts_posting AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted_posting(id));

CREATE POLICY grantee_changes ON record_partnership FOR UPDATE TO tandem_web
    USING (tandem.organisation() IS NULL AND tandem.is_granted(id, true))
    WITH CHECK (tandem.organisation() IS NULL AND tandem.is_granted(id, true));

-- Every member sees who holds a grant on what it shares; the person sees their own while it lives.
DROP POLICY owner_or_person ON record_partnershipgrant;
CREATE POLICY members_or_person ON record_partnershipgrant FOR SELECT TO tandem_web
    USING ((user_id = tandem.person() AND (ends_at IS NULL OR ends_at > now()))
           OR (tandem.organisation() IS NOT NULL
               AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = content_object_id)));
