INSERT INTO tandem.follows_partnership VALUES ('actions_action');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON actions_action
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE actions_action ENABLE ROW LEVEL SECURITY;
ALTER TABLE actions_action FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON actions_action TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON actions_action FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON actions_action AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- Any member adds one, in its own name. Who answers by a link in an e-mail has no account: they
-- are named by their posting, and the link works in the scope of the organisation that sent it.
CREATE POLICY member_adds ON actions_action FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id IS NOT DISTINCT FROM tandem.person() AND state = 'open'
                AND (author_posting_id IS NULL
                     OR EXISTS (SELECT 1 FROM contacts_posting g WHERE g.id = author_posting_id))
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
-- The organisation that added it and the one that owns it change and close it; any member, once
-- the former has left Tandem.
CREATE POLICY either_side_changes ON actions_action FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND (tandem.organisation() IN (author_organisation_id, owner_organisation_id)
                OR (tandem.organisation() IS NOT NULL
                    AND EXISTS (SELECT 1 FROM organisations_organisation o
                                WHERE o.id = author_organisation_id AND o.left_at IS NOT NULL))))
    WITH CHECK (tandem.organisation() IS NOT NULL
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
GRANT SELECT, INSERT, UPDATE (title, details, owner_organisation_id, owner_posting_id,
    owner_user_id, due_on, revision, state, closed_at, closed_by_id, closed_posting_id,
    closed_organisation_id, closing_note) ON actions_action TO tandem_web;
GRANT SELECT, UPDATE (acl) ON actions_action TO tandem_definer;

-- Whoever is to do it takes part in the partnership; a person works there, and is known to whoever
-- gives it; a colleague who signs in is one's own.
CREATE FUNCTION tandem.action_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'tandem_web' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.record_member m
                   WHERE m.partnership_id = NEW.partnership_id
                     AND m.organisation_id = NEW.owner_organisation_id
                     AND m.state IN ('recorded', 'invited', 'accepted')) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an action is owned by an organisation in the partnership';
    END IF;
    IF NEW.owner_posting_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.contacts_posting g
        WHERE g.id = NEW.owner_posting_id AND g.organisation_id = NEW.owner_organisation_id) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'the person who owns an action works at the organisation that does';
    END IF;
    IF NEW.owner_user_id IS NOT NULL AND NOT (
        NEW.owner_organisation_id IS NOT DISTINCT FROM tandem.organisation()
        AND EXISTS (SELECT 1 FROM public.organisations_membership m
                    WHERE m.organisation_id = NEW.owner_organisation_id
                      AND m.user_id = NEW.owner_user_id AND m.ended_at IS NULL)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an action is given to a colleague at one''s own organisation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER owner_given BEFORE INSERT ON actions_action
    FOR EACH ROW EXECUTE FUNCTION tandem.action_owner();
CREATE TRIGGER owner_changed BEFORE UPDATE OF owner_organisation_id, owner_posting_id, owner_user_id
    ON actions_action FOR EACH ROW
    WHEN ((OLD.owner_organisation_id, OLD.owner_posting_id, OLD.owner_user_id)
          IS DISTINCT FROM (NEW.owner_organisation_id, NEW.owner_posting_id, NEW.owner_user_id))
    EXECUTE FUNCTION tandem.action_owner();

-- Closed in one's own name, or by the owner with the link in an e-mail, who then is nobody who
-- signs in and changes nothing else. What is closed stays as it is until it is opened again.
CREATE FUNCTION tandem.action_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'tandem_web' THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'open' AND NEW.state <> 'open' THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an action that is closed is opened again before it is changed';
    END IF;
    IF OLD.state = 'open' AND NEW.state <> 'open' AND NOT (
        (tandem.person() IS NOT NULL AND NEW.closed_by_id IS NOT DISTINCT FROM tandem.person()
         AND NEW.closed_organisation_id IS NOT DISTINCT FROM tandem.organisation())
        OR (tandem.person() IS NULL AND NEW.state = 'done'
            AND NEW.closed_organisation_id IS NOT DISTINCT FROM OLD.owner_organisation_id
            AND EXISTS (SELECT 1 FROM public.contacts_posting g
                        WHERE g.id = NEW.closed_posting_id
                          AND g.organisation_id = OLD.owner_organisation_id))) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an action is closed in one''s own name';
    END IF;
    IF tandem.person() IS NULL
       AND (NEW.title, NEW.details, NEW.owner_organisation_id, NEW.owner_posting_id,
            NEW.owner_user_id, NEW.due_on, NEW.revision, NEW.state)
           IS DISTINCT FROM
           (OLD.title, OLD.details, OLD.owner_organisation_id, OLD.owner_posting_id,
            OLD.owner_user_id, OLD.due_on, OLD.revision, 'done') THEN
        RAISE insufficient_privilege USING MESSAGE = 'who is not signed in only says that it is done';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE UPDATE OF title, details, owner_organisation_id, owner_posting_id,
    owner_user_id, due_on, revision, state, closed_at, closed_by_id, closed_posting_id,
    closed_organisation_id, closing_note ON actions_action
    FOR EACH ROW EXECUTE FUNCTION tandem.action_steps();

-- Members see the e-mails about an action they share, and may withdraw them with it.
CREATE POLICY of_a_shared_action ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'action\_%'
           AND EXISTS (SELECT 1 FROM actions_action a WHERE a.ref = subject));
CREATE POLICY withdraw_of_a_shared_action ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'action\_%'
           AND EXISTS (SELECT 1 FROM actions_action a WHERE a.ref = subject))
    WITH CHECK (state = 'cancelled');

-- Through which of their organisations a person sees the action behind a neutral link.
CREATE FUNCTION tandem.ways_to_action(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.actions_action a
    JOIN public.organisations_membership m ON m.organisation_id = ANY (a.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE a.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
ALTER FUNCTION tandem.ways_to_action(bigint, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.ways_to_action(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.ways_to_action(bigint, text) TO tandem_web;
RESET ROLE;
