-- As before; and what is still to come is cancelled by whose plan it is.
CREATE OR REPLACE FUNCTION tandem.touchpoint_plan_is_its_authors() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'tandem_web' AND OLD.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND (NEW.kind, NEW.starts_at, NEW.minutes, NEW.venue, NEW.agenda, NEW.revision)
           IS DISTINCT FROM
           (OLD.kind, OLD.starts_at, OLD.minutes, OLD.venue, OLD.agenda, OLD.revision) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that scheduled a touchpoint changes its plan';
    END IF;
    IF current_user = 'tandem_web' AND NEW.author_organisation_id IS DISTINCT FROM tandem.organisation()
       AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled' AND OLD.starts_at > now() THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'only the organisation that scheduled a touchpoint cancels it';
    END IF;
    IF current_user = 'tandem_web' AND NEW.outcome_organisation_id IS DISTINCT FROM OLD.outcome_organisation_id
       AND NEW.outcome_organisation_id IS DISTINCT FROM tandem.organisation() THEN
        RAISE insufficient_privilege USING MESSAGE = 'an outcome is recorded in one''s own name';
    END IF;
    RETURN NEW;
END $$;

SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.ways_to_touchpoint(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.touchpoints_touchpoint t
    JOIN public.organisations_membership m ON m.organisation_id = ANY (t.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE t.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
RESET ROLE;
