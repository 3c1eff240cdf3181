INSERT INTO tandem.follows_partnership VALUES ('agenda_agendaitem');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON agenda_agendaitem
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE agenda_agendaitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE agenda_agendaitem FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON agenda_agendaitem TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON agenda_agendaitem FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON agenda_agendaitem AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
CREATE POLICY member_plans ON agenda_agendaitem FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id = tandem.person() AND state = 'planned'
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
-- The author's organisation changes the plan; any member records a step (kept apart by a
-- trigger, since a policy cannot tell which columns change).
CREATE POLICY member_changes ON agenda_agendaitem FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND tandem.organisation() IS NOT NULL)
    WITH CHECK (EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)
                AND tandem.organisation() IS NOT NULL);

CREATE FUNCTION tandem.agenda_item_plan_is_its_authors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'tandem_web' THEN
        RETURN NEW;
    END IF;
    IF OLD.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND ((NEW.meeting_id, NEW.title, NEW.ask, NEW.own_due_on, NEW.revision, NEW.known_meets_on,
             NEW.known_due_on, NEW.known_cancelled, NEW.withdrawn_on, NEW.withdrawn_why)
            IS DISTINCT FROM
            (OLD.meeting_id, OLD.title, OLD.ask, OLD.own_due_on, OLD.revision, OLD.known_meets_on,
             OLD.known_due_on, OLD.known_cancelled, OLD.withdrawn_on, OLD.withdrawn_why)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that planned an item changes or withdraws it';
    END IF;
    IF OLD.state IN ('decided', 'withdrawn')
       OR (OLD.state = 'heard' AND NEW.state IN ('planned', 'sent'))
       OR (OLD.state = 'sent' AND NEW.state = 'planned') THEN
        RAISE insufficient_privilege USING MESSAGE = 'an item goes forward, and stays once it is over';
    END IF;
    -- One step at a time, recorded in one's own name; what is on record stays.
    IF (OLD.sent_on IS NOT NULL AND (NEW.sent_on, NEW.sent_by_id, NEW.sent_organisation_id)
            IS DISTINCT FROM (OLD.sent_on, OLD.sent_by_id, OLD.sent_organisation_id))
       OR (OLD.heard_on IS NOT NULL AND (NEW.heard_on, NEW.heard_by_id, NEW.heard_organisation_id)
            IS DISTINCT FROM (OLD.heard_on, OLD.heard_by_id, OLD.heard_organisation_id)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a step on record stays as it is';
    END IF;
    IF EXISTS (SELECT 1 FROM (VALUES
            (OLD.sent_on, NEW.sent_on, NEW.sent_by_id, NEW.sent_organisation_id),
            (OLD.heard_on, NEW.heard_on, NEW.heard_by_id, NEW.heard_organisation_id),
            (OLD.decided_on, NEW.decided_on, NEW.decided_by_id, NEW.decided_organisation_id),
            (OLD.withdrawn_on, NEW.withdrawn_on, NEW.withdrawn_by_id,
             NEW.withdrawn_organisation_id)) step (was, now, person, organisation)
        WHERE step.was IS NULL AND step.now IS NOT NULL
          AND (step.person IS DISTINCT FROM tandem.person()
               OR step.organisation IS DISTINCT FROM tandem.organisation())) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a step is recorded in one''s own name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_is_its_authors BEFORE UPDATE ON agenda_agendaitem
    FOR EACH ROW EXECUTE FUNCTION tandem.agenda_item_plan_is_its_authors();

CREATE FUNCTION tandem.agenda_item_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.meeting_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM contacts_gatewaymeeting m
        WHERE m.id = NEW.meeting_id AND m.gateway_id = NEW.gateway_id) THEN
        RAISE check_violation USING MESSAGE = 'the meeting is one of another gateway';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_of_its_gateway BEFORE INSERT OR UPDATE OF meeting_id ON agenda_agendaitem
    FOR EACH ROW EXECUTE FUNCTION tandem.agenda_item_meeting();

-- What is still open passes to a colleague of whoever planned it; what is over stays theirs.
CREATE FUNCTION tandem.agenda_item_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND NOT (
        OLD.state IN ('planned', 'sent', 'heard')
        AND tandem.may_hand_over(OLD.author_organisation_id, OLD.author_id, NEW.author_id)) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'an open item is handed over within its organisation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF author_id ON agenda_agendaitem
    FOR EACH ROW WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
    EXECUTE FUNCTION tandem.agenda_item_handed_over();

GRANT SELECT, INSERT, UPDATE (author_id, meeting_id, title, ask, own_due_on, revision, state,
    sent_on, sent_by_id, sent_organisation_id, heard_on, heard_by_id, heard_organisation_id,
    decided_on, decided_by_id, decided_organisation_id, decision, withdrawn_on, withdrawn_by_id,
    withdrawn_organisation_id, withdrawn_why, known_meets_on, known_due_on, known_cancelled)
    ON agenda_agendaitem TO tandem_web;
GRANT SELECT, UPDATE ON agenda_agendaitem TO tandem_definer;

-- Open items whose people do not know yet that the gateway changed the meeting, and in whose
-- scope each is to be brought up to date; for the worker.
CREATE FUNCTION tandem.agenda_items_to_tell(p_most int)
    RETURNS TABLE (item bigint, organisation bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.id, i.author_organisation_id
    FROM public.agenda_agendaitem i
    JOIN public.contacts_gatewaymeeting m ON m.id = i.meeting_id
    JOIN public.organisations_organisation o ON o.id = i.author_organisation_id
    WHERE i.state IN ('planned', 'sent', 'heard')
      AND o.suspended_at IS NULL AND o.left_at IS NULL
      AND (i.known_meets_on, i.known_due_on, i.known_cancelled)
          IS DISTINCT FROM (m.meets_on, m.papers_due_on, m.cancelled_at IS NOT NULL)
    ORDER BY i.id LIMIT p_most
$$;
-- Through which of their organisations a person sees the item behind a neutral link.
CREATE FUNCTION tandem.ways_to_agenda_item(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.agenda_agendaitem i
    JOIN public.organisations_membership m ON m.organisation_id = ANY (i.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE i.ref = p_ref AND m.user_id = p_user AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['agenda_items_to_tell(int)', 'ways_to_agenda_item(bigint, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        RESET ROLE;
    END LOOP;
    SET LOCAL ROLE tandem_definer;
    GRANT EXECUTE ON FUNCTION tandem.agenda_items_to_tell(int) TO tandem_worker;
    GRANT EXECUTE ON FUNCTION tandem.ways_to_agenda_item(bigint, text) TO tandem_web;
    RESET ROLE;
END $$;
