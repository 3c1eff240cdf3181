INSERT INTO tandem.follows_partnership VALUES ('touchpoints_touchpoint');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON touchpoints_touchpoint
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE touchpoints_touchpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE touchpoints_touchpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON touchpoints_touchpoint TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON touchpoints_touchpoint FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY member_schedules ON touchpoints_touchpoint FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id = tandem.person() AND state = 'scheduled'
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
-- The author's organisation changes the plan; any member records the outcome (kept apart by a
-- trigger, since a policy cannot tell which columns change).
CREATE POLICY member_changes ON touchpoints_touchpoint FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND tandem.organisation() IS NOT NULL)
    WITH CHECK (EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)
                AND tandem.organisation() IS NOT NULL);
CREATE FUNCTION tandem.touchpoint_plan_is_its_authors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND OLD.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND (NEW.kind, NEW.starts_at, NEW.minutes, NEW.venue, NEW.agenda, NEW.revision)
           IS DISTINCT FROM
           (OLD.kind, OLD.starts_at, OLD.minutes, OLD.venue, OLD.agenda, OLD.revision) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that scheduled a touchpoint changes its plan';
    END IF;
    IF current_user = 'tandem_web' AND NEW.outcome_organisation_id IS DISTINCT FROM OLD.outcome_organisation_id
       AND NEW.outcome_organisation_id IS DISTINCT FROM tandem.organisation() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an outcome is recorded in one''s own name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_is_its_authors BEFORE UPDATE ON touchpoints_touchpoint
    FOR EACH ROW EXECUTE FUNCTION tandem.touchpoint_plan_is_its_authors();
GRANT SELECT, INSERT, UPDATE (kind, starts_at, minutes, venue, agenda, revision, state,
    outcome_notes, outcome_at, outcome_by_id, outcome_organisation_id)
    ON touchpoints_touchpoint TO tandem_web;
GRANT SELECT, UPDATE ON touchpoints_touchpoint TO tandem_definer;

-- Members see the deliveries of a touchpoint they share, and may withdraw them with it.
CREATE POLICY of_a_shared_touchpoint ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'touchpoint_%'
           AND EXISTS (SELECT 1 FROM touchpoints_touchpoint t WHERE t.ref = subject));
CREATE POLICY withdraw_of_a_shared_touchpoint ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'touchpoint_%'
           AND EXISTS (SELECT 1 FROM touchpoints_touchpoint t WHERE t.ref = subject))
    WITH CHECK (state = 'cancelled');

-- Through which of their organisations a person sees the touchpoint behind a neutral link.
CREATE FUNCTION tandem.ways_to_touchpoint(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.touchpoints_touchpoint t
    JOIN public.organisations_membership m ON m.organisation_id = ANY (t.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE t.ref = p_ref AND m.user_id = p_user AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
ALTER FUNCTION tandem.ways_to_touchpoint(bigint, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.ways_to_touchpoint(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.ways_to_touchpoint(bigint, text) TO tandem_web;
RESET ROLE;
