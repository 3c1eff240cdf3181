-- The shared record that an event is about, or that its object lies below: filled by the trigger.
ALTER TABLE organisations_auditevent ADD COLUMN partnership_id bigint;
CREATE INDEX auditevent_partnership
    ON organisations_auditevent (partnership_id, at DESC, id DESC) WHERE partnership_id IS NOT NULL;
-- The order in which pages of the trail are read.
CREATE INDEX auditevent_newest ON organisations_auditevent (at DESC, id DESC);
DROP INDEX auditevent_at;

-- Whose an event is, besides its author's: whoever may see its object now; the organisation that
-- an operator decides about, or that somebody asks to join or does join; and, for what a person
-- does with their own account, the organisations that they belong to now.
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
CREATE POLICY definer_reads ON organisations_joiningrequest FOR SELECT TO tandem_definer
    USING (true);
GRANT SELECT ON organisations_joiningrequest TO tandem_definer;

-- Append-only, whatever a role may otherwise do, the table's owner included. Statements are
-- stopped, not rows: row security hides every row from the owner, and nothing would happen
-- silently. Each partition is stopped by itself (`make_audit_partitions` for the coming ones).
CREATE FUNCTION tandem.append_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the audit trail is never changed';
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t regclass;
BEGIN
    FOR t IN SELECT 'organisations_auditevent'::regclass
             UNION ALL SELECT inhrelid FROM pg_inherits
                       WHERE inhparent = 'organisations_auditevent'::regclass LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION tandem.append_only()', t);
    END LOOP;
END $$;
