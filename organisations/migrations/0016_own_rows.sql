-- ---------------------------------------------------------------- one's own account
-- Who is signed in changes their own account and no other, and can neither close one nor make it
-- one of the demo's. Before anybody is signed in there is nobody to compare with: setting a new
-- password by a link acts for the person whose link it is.
CREATE OR REPLACE FUNCTION tandem.keep_operator_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' THEN
        IF TG_OP = 'INSERT' AND (NEW.is_operator OR NEW.is_superuser) THEN
            RAISE insufficient_privilege USING MESSAGE = 'only the owner role makes operators';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.is_operator IS DISTINCT FROM OLD.is_operator
                                 OR NEW.is_superuser IS DISTINCT FROM OLD.is_superuser) THEN
            RAISE insufficient_privilege USING MESSAGE = 'only the owner role makes operators';
        END IF;
        IF TG_OP = 'UPDATE' AND tandem.person() IS NOT NULL
           AND (OLD.id <> tandem.person() OR NEW.id <> OLD.id
                OR (NEW.is_active, NEW.is_demo) IS DISTINCT FROM (OLD.is_active, OLD.is_demo)) THEN
            RAISE insufficient_privilege USING MESSAGE = 'a person changes their own account';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- ---------------------------------------------------------------- look-ups about oneself
-- As before; once the transaction acts for a person, about that person alone.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.acting_for(p_user bigint, p_slug text)
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
      AND coalesce(tandem.person(), p_user) = p_user
$$;

-- ---------------------------------------------------------------- what an event tells
-- As before, but for a record below a partnership that the writer cannot see: such an event goes
-- to nobody's trail but their own, and says nothing of who sees the record.
CREATE OR REPLACE FUNCTION tandem.audit_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    has text[];
    copied bigint[];
    about bigint[];
    own bigint := coalesce(NEW.organisation_id, -NEW.user_id);
BEGIN
    NEW.partnership_id := NULL;
    IF NEW.object_id IS NOT NULL THEN
        SELECT array_agg(a.attname::text) INTO has
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relname = NEW.object_table AND NOT a.attisdropped
              AND a.attname IN ('acl', 'partnership_id', 'internal');
    END IF;
    IF 'acl' = ANY (has) THEN
        EXECUTE format('SELECT acl, %s FROM public.%I WHERE id = $1',
                       CASE WHEN 'partnership_id' = ANY (has) THEN 'partnership_id'
                            WHEN NEW.object_table = 'record_partnership' THEN 'id'
                            ELSE 'NULL::bigint' END, NEW.object_table)
            INTO copied, NEW.partnership_id USING NEW.object_id;
        IF NEW.partnership_id IS NOT NULL AND (copied && tandem.keys()) IS NOT TRUE THEN
            copied := NULL;
            NEW.partnership_id := NULL;
        END IF;
        -- What was internal until this moment is shared from it on: the old values are not.
        IF 'internal' = ANY (has) AND lower(NEW.changes #>> '{internal,0}') = 'true' THEN
            NEW.changes := jsonb_build_object('internal', NEW.changes -> 'internal');
        END IF;
    ELSIF NEW.organisation_id IS NULL THEN
        IF NEW.object_table IN ('organisations_membership', 'organisations_personinvitation',
                                'organisations_joiningrequest') THEN
            EXECUTE format('SELECT ARRAY[organisation_id] FROM public.%I WHERE id = $1',
                           NEW.object_table) INTO about USING NEW.object_id;
        ELSIF NEW.object_table = 'organisations_organisation' THEN
            about := ARRAY[NEW.object_id];
        ELSIF NEW.user_id IS NOT NULL AND NOT tandem.is_operator() THEN
            about := (SELECT array_agg(m.organisation_id ORDER BY m.organisation_id)
                      FROM public.organisations_membership m
                      WHERE m.user_id = NEW.user_id AND m.ended_at IS NULL);
        END IF;
    END IF;
    NEW.acl := coalesce(copied, '{}') || coalesce(about, '{}');
    IF own IS NOT NULL AND own <> ALL (NEW.acl) THEN
        NEW.acl := NEW.acl || own;
    END IF;
    RETURN NEW;
END $$;
RESET ROLE;
