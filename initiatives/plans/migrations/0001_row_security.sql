-- ---------------------------------------------------------------- who holds a key to what
-- The tables below an initiative, told of a change of its personal grants.
CREATE TABLE tandem.follows_initiative (relation text PRIMARY KEY);
GRANT SELECT ON tandem.follows_initiative TO tandem_definer;
INSERT INTO tandem.follows_initiative VALUES ('plans_lead'), ('plans_planline');
INSERT INTO tandem.follows_partnership VALUES ('plans_initiative'), ('plans_lead'), ('plans_planline');

-- The keys of an initiative: those of its partnership, and minus the user ids of personal grants on
-- the initiative itself.
CREATE FUNCTION tandem.keys_to_initiative(p_initiative bigint, p_partnership bigint)
    RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE keys bigint[];
BEGIN
    -- The lock makes this wait for a change of membership under way, and that change for this.
    SELECT p.acl INTO keys FROM public.record_partnership p WHERE p.id = p_partnership FOR KEY SHARE;
    RETURN keys || ARRAY(SELECT DISTINCT -g.user_id FROM public.plans_initiativegrant g
                         WHERE g.content_object_id = p_initiative AND -g.user_id <> ALL (keys));
END $$;
CREATE FUNCTION tandem.initiative_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := tandem.keys_to_initiative(NEW.id, NEW.partnership_id);
    RETURN NEW;
END $$;
CREATE FUNCTION tandem.initiative_child_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := tandem.keys_to_initiative(NEW.initiative_id, NEW.partnership_id);
    RETURN NEW;
END $$;
CREATE FUNCTION tandem.initiative_grant_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    child text;
    one bigint := coalesce(NEW.content_object_id, OLD.content_object_id);
BEGIN
    UPDATE public.plans_initiative SET acl = '{}' WHERE id = one;
    FOR child IN SELECT relation FROM tandem.follows_initiative LOOP
        EXECUTE format('UPDATE public.%I SET acl = ''{}'' WHERE initiative_id = $1', child) USING one;
    END LOOP;
    RETURN NULL;
END $$;

-- Whether the person of this transaction, who acts as themselves, holds a live grant on it.
CREATE FUNCTION tandem.is_granted_initiative(p_initiative bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM public.plans_initiativegrant g
        JOIN public.plans_initiative i ON i.id = g.content_object_id
        JOIN public.organisations_organisation o ON o.id = i.organisation_id
        JOIN public.organisations_user u ON u.id = g.user_id
        WHERE g.content_object_id = p_initiative AND g.user_id = tandem.person()
          AND -g.user_id = ANY (tandem.keys()) AND u.is_active AND NOT u.is_operator
          AND o.suspended_at IS NULL AND o.left_at IS NULL
          AND o.id = ANY (i.acl) AND i.withdrawn_at IS NULL
          AND (g.ends_at IS NULL OR g.ends_at > now()))
$$;
-- Whether the person of this transaction leads it for the organisation that they act for.
CREATE FUNCTION tandem.leads_initiative(p_initiative bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.plans_lead l
        LEFT JOIN public.contacts_posting g ON g.id = l.posting_id AND g.ended_on IS NULL
        LEFT JOIN public.contacts_person e ON e.id = g.person_id
        WHERE l.initiative_id = p_initiative AND l.organisation_id = tandem.organisation()
          AND tandem.person() IN (l.user_id, e.user_id))
$$;
-- Through which of their organisations a person sees the initiative behind a neutral link.
CREATE FUNCTION tandem.ways_to_initiative(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.plans_initiative i
    JOIN public.organisations_membership m ON m.organisation_id = ANY (i.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE i.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['keys_to_initiative(bigint, bigint)', 'initiative_acl()',
        'initiative_child_acl()', 'initiative_grant_changed()', 'is_granted_initiative(bigint)',
        'leads_initiative(bigint)', 'ways_to_initiative(bigint, text)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        IF f ~ '^(is|leads|ways)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
        RESET ROLE;
    END LOOP;
END $$;

CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON plans_initiative
    FOR EACH ROW EXECUTE FUNCTION tandem.initiative_acl();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON plans_initiativegrant
    FOR EACH ROW EXECUTE FUNCTION tandem.initiative_grant_changed();
CREATE TRIGGER given BEFORE INSERT ON plans_initiativegrant
    FOR EACH ROW EXECUTE FUNCTION tandem.grant_given();

-- ---------------------------------------------------------------- reading and writing
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['plans_initiative', 'plans_lead', 'plans_planline', 'plans_initiativegrant'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['plans_initiative', 'plans_lead', 'plans_planline'] LOOP
        EXECUTE format($p$CREATE POLICY those_with_a_key ON %I FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['plans_lead', 'plans_planline'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, initiative_id ON %I
            FOR EACH ROW EXECUTE FUNCTION tandem.initiative_child_acl()', t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false)
                   OR tandem.is_granted_initiative(initiative_id))$p$, t);
        -- The organisation that looks after the initiative, and whoever leads it, write its plan.
        EXECUTE format($p$CREATE POLICY planners_write ON %1$I FOR INSERT TO tandem_web
            WITH CHECK (EXISTS (SELECT 1 FROM plans_initiative i
                WHERE i.id = initiative_id AND i.partnership_id = %1$I.partnership_id
                  AND (i.organisation_id = tandem.organisation() OR tandem.leads_initiative(i.id))))$p$, t);
        EXECUTE format($p$CREATE POLICY planners_change ON %1$I FOR UPDATE TO tandem_web
            USING (EXISTS (SELECT 1 FROM plans_initiative i
                WHERE i.id = initiative_id
                  AND (i.organisation_id = tandem.organisation() OR tandem.leads_initiative(i.id))))$p$, t);
    END LOOP;
    -- A member has another of its people lead, or nobody, whoever looks after the initiative.
    CREATE POLICY its_own_change ON plans_lead FOR UPDATE TO tandem_web
        USING (organisation_id = tandem.organisation());
    CREATE POLICY its_own_end ON plans_lead FOR DELETE TO tandem_web
        USING (organisation_id = tandem.organisation());
END $$;
CREATE POLICY while_granted ON plans_initiative AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false) OR tandem.is_granted_initiative(id));
CREATE POLICY planners_end ON plans_lead FOR DELETE TO tandem_web
    USING (EXISTS (SELECT 1 FROM plans_initiative i
                   WHERE i.id = initiative_id
                     AND (i.organisation_id = tandem.organisation() OR tandem.leads_initiative(i.id))));

-- Any member starts one, in its own name, and looks after it; whoever leads it changes it too. One
-- whose organisation has left Tandem may be taken on by another member.
CREATE POLICY member_starts ON plans_initiative FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND withdrawn_at IS NULL AND revision = 1
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY planners_change ON plans_initiative FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND tandem.organisation() IS NOT NULL
           AND (organisation_id = tandem.organisation() OR tandem.leads_initiative(id)
                OR EXISTS (SELECT 1 FROM organisations_organisation o
                           WHERE o.id = organisation_id AND o.left_at IS NOT NULL)))
    WITH CHECK (organisation_id = ANY (acl)
                AND (withdrawn_by_id IS NULL OR withdrawn_by_id = tandem.person())
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
GRANT SELECT, INSERT, UPDATE (organisation_id, name, strand, aim, audience, schools, place, starts_on,
    ends_on, hours, pilot, decide_on, decision, decision_note, decided_on, stage, revision, changed_at,
    withdrawn_at, withdrawn_by_id) ON plans_initiative TO tandem_web;
GRANT SELECT, INSERT, UPDATE (organisation_id, posting_id, user_id), DELETE ON plans_lead TO tandem_web;
GRANT SELECT, INSERT, UPDATE (words, note, due_on, state, revision) ON plans_planline TO tandem_web;

-- Personal grants: given and ended by the organisation that looks after the initiative, to nobody who
-- is an operator; seen by every member, and by the person while it lives.
CREATE POLICY members_or_person ON plans_initiativegrant FOR SELECT TO tandem_web
    USING ((user_id = tandem.person() AND (ends_at IS NULL OR ends_at > now()))
           OR (tandem.organisation() IS NOT NULL
               AND EXISTS (SELECT 1 FROM plans_initiative i WHERE i.id = content_object_id)));
CREATE POLICY organisation_gives ON plans_initiativegrant FOR INSERT TO tandem_web
    WITH CHECK (EXISTS (SELECT 1 FROM plans_initiative i
                        WHERE i.id = content_object_id AND i.organisation_id = tandem.organisation())
                AND EXISTS (SELECT 1 FROM organisations_user u
                            WHERE u.id = user_id AND u.is_active AND NOT u.is_operator));
CREATE POLICY organisation_ends ON plans_initiativegrant FOR DELETE TO tandem_web
    USING (EXISTS (SELECT 1 FROM plans_initiative i
                   WHERE i.id = content_object_id AND i.organisation_id = tandem.organisation()));
GRANT SELECT, INSERT, DELETE ON plans_initiativegrant TO tandem_web;
GRANT SELECT ON plans_initiativegrant TO tandem_definer;

-- What was withdrawn stays so; a decision on a pilot is kept; a change moves the revision on by one.
CREATE FUNCTION tandem.initiative_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'an initiative that was withdrawn stays so';
    END IF;
    IF OLD.decision <> '' AND NEW.decision = '' THEN
        RAISE insufficient_privilege USING MESSAGE = 'a decision on a pilot is kept';
    END IF;
    IF NEW.revision <> OLD.revision + 1 THEN
        RAISE insufficient_privilege USING MESSAGE = 'a change makes the next revision of an initiative';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE UPDATE OF organisation_id, name, strand, aim, audience, schools, place,
    starts_on, ends_on, hours, pilot, decide_on, decision, decision_note, decided_on, stage, revision,
    withdrawn_at, withdrawn_by_id ON plans_initiative
    FOR EACH ROW EXECUTE FUNCTION tandem.initiative_steps();
