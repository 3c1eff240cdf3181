-- Whoever is signed in adds and closes an action as themselves, not as somebody with a link.
DROP POLICY member_adds ON actions_action;
CREATE POLICY member_adds ON actions_action FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id IS NOT DISTINCT FROM tandem.person() AND state = 'open'
                AND (author_posting_id IS NULL
                     OR (tandem.person() IS NULL AND EXISTS (SELECT 1 FROM contacts_posting g WHERE g.id = author_posting_id)))
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
CREATE OR REPLACE FUNCTION tandem.action_steps() RETURNS trigger LANGUAGE plpgsql AS $$
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
         AND NEW.closed_posting_id IS NULL
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
