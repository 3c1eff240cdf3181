-- ---------------------------------------------------------------- what an update may say
-- An insert asks whether its writer may post the person; so does an update, or whoever keeps a
-- posting could put anybody's name on it, read that name and change it. A place lies in the
-- posting's region. Functions of the database have asked already.
CREATE FUNCTION tandem.posting_kept_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'tandem_web' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.person_id <> OLD.person_id AND NOT tandem.may_post(NEW.person_id) THEN
            RAISE insufficient_privilege USING MESSAGE = 'this person is somebody else''s contact';
        END IF;
        -- Who is in the post, and which region asks for it, is its region's admin's to say.
        IF tandem.organisation() IS NOT NULL AND OLD.listing = 'listed'
           AND (NEW.person_id, NEW.offered_to_id, NEW.merged_into_id)
               IS DISTINCT FROM (OLD.person_id, OLD.offered_to_id, OLD.merged_into_id) THEN
            RAISE insufficient_privilege USING MESSAGE = 'the region''s admin keeps its directory';
        END IF;
    END IF;
    IF NEW.place_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.contacts_placeregion x
        WHERE x.place_id = NEW.place_id AND x.region_id = NEW.region_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the place is not in the region';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_apart BEFORE INSERT OR UPDATE OF person_id, region_id, place_id,
    offered_to_id, merged_into_id ON contacts_posting
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_kept_apart();

-- ---------------------------------------------------------------- what an event tells
SET LOCAL ROLE tandem_definer;
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
        -- A posting that is in no directory and that the writer does not see: as little.
        IF NEW.object_table = 'contacts_posting' AND (copied && tandem.keys()) IS NOT TRUE
           AND EXISTS (SELECT 1 FROM public.contacts_posting g
                       WHERE g.id = NEW.object_id AND g.listing = 'private') THEN
            copied := NULL;
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
