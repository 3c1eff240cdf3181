INSERT INTO tandem.follows_partnership VALUES ('initiative_review_reviewrequest'),
    ('initiative_review_reviewcomment'), ('initiative_review_verdict');
INSERT INTO tandem.follows_initiative VALUES ('initiative_review_reviewrequest'),
    ('initiative_review_reviewcomment'), ('initiative_review_verdict');

-- Whether an initiative that one sees goes on, in a partnership that is open: whoever holds a
-- personal grant on the initiative does not see the partnership.
CREATE FUNCTION tandem.initiative_is_open(p_initiative bigint, p_partnership bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.plans_initiative i
        JOIN public.record_partnership p ON p.id = i.partnership_id
        WHERE i.id = p_initiative AND i.partnership_id = p_partnership AND i.withdrawn_at IS NULL
          AND p.closed_at IS NULL AND i.acl && tandem.keys())
$$;
-- Who leads an initiative that one sees: a side, an organisation, and a person's name. A personal
-- grant opens the initiative and not the postings of those who lead it.
CREATE FUNCTION tandem.names_of_leads(p_initiative bigint)
    RETURNS TABLE (side text, organisation text, person text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.side::text, o.name::text, coalesce(nullif(u.name, ''), e.name, '')::text
    FROM public.plans_lead l
    JOIN public.organisations_organisation o ON o.id = l.organisation_id
    LEFT JOIN public.organisations_user u ON u.id = l.user_id
    LEFT JOIN public.contacts_posting g ON g.id = l.posting_id
    LEFT JOIN public.contacts_person e ON e.id = g.person_id
    WHERE l.initiative_id = p_initiative AND l.acl && tandem.keys()
      AND (tandem.organisation() IS NOT NULL OR tandem.is_granted(l.partnership_id, false)
           OR tandem.is_granted_initiative(l.initiative_id))
    ORDER BY l.side DESC
$$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['initiative_is_open(bigint, bigint)', 'names_of_leads(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;

-- ---------------------------------------------------------------- reading
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['initiative_review_reviewrequest', 'initiative_review_reviewcomment',
                             'initiative_review_verdict'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, initiative_id
            ON %I FOR EACH ROW EXECUTE FUNCTION tandem.initiative_child_acl()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format($p$CREATE POLICY those_with_a_key ON %I FOR SELECT TO tandem_web
            USING (acl && nullif(current_setting('app.keys', true), '')::bigint[])$p$, t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false)
                   OR tandem.is_granted_initiative(initiative_id))$p$, t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tandem_web', t);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- asking
-- Whoever plans it asks another member; a person only with a personal grant on it, and only the
-- organisation that looks after it.
CREATE POLICY planners_ask ON initiative_review_reviewrequest FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
        AND state = 'open' AND acknowledged_at IS NULL
        AND tandem.initiative_is_open(initiative_id, partnership_id)
        AND EXISTS (SELECT 1 FROM plans_initiative i
            LEFT JOIN organisations_organisation o ON o.id = i.organisation_id
            WHERE i.id = initiative_id
              AND (i.organisation_id = tandem.organisation() OR tandem.leads_initiative(i.id)
                   OR o.left_at IS NOT NULL)
              AND (to_user_id IS NULL OR i.organisation_id = tandem.organisation())
              AND (to_organisation_id IS NULL OR to_organisation_id = ANY (i.acl)))
        AND to_organisation_id IS DISTINCT FROM author_organisation_id
        AND (to_user_id IS NULL OR EXISTS (SELECT 1 FROM plans_initiativegrant g
            WHERE g.content_object_id = initiative_id AND g.user_id = to_user_id)));
CREATE POLICY both_sides_change ON initiative_review_reviewrequest FOR UPDATE TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
        AND (author_organisation_id = tandem.organisation()
             OR to_organisation_id = tandem.organisation()
             OR (to_user_id = tandem.person()
                 AND (tandem.organisation() IS NOT NULL OR tandem.is_granted_initiative(initiative_id)))
             OR EXISTS (SELECT 1 FROM plans_initiative i
                        WHERE i.id = initiative_id
                          AND (i.organisation_id = tandem.organisation() OR tandem.leads_initiative(i.id)))));
GRANT UPDATE (acknowledged_at, acknowledged_by_id, state, withdrawn_at)
    ON initiative_review_reviewrequest TO tandem_web;

-- Who was asked says that it arrived, and answers, with a verdict; what is over stays so.
CREATE FUNCTION tandem.review_request_steps() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked boolean := coalesce(NEW.to_organisation_id = tandem.organisation(), false)
                     OR coalesce(NEW.to_user_id = tandem.person(), false);
BEGIN
    IF OLD.state <> 'open' THEN
        RAISE insufficient_privilege USING MESSAGE = 'a request that is over stays so';
    END IF;
    IF NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at
       OR NEW.acknowledged_by_id IS DISTINCT FROM OLD.acknowledged_by_id THEN
        IF NOT asked OR OLD.acknowledged_at IS NOT NULL
           OR NEW.acknowledged_by_id IS DISTINCT FROM tandem.person() THEN
            RAISE insufficient_privilege USING MESSAGE = 'who was asked acknowledges, once';
        END IF;
    END IF;
    IF NEW.state = 'answered' AND NOT (asked AND EXISTS (
            SELECT 1 FROM public.initiative_review_verdict v WHERE v.request_id = NEW.id)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who was asked answers, with a verdict';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps BEFORE UPDATE OF acknowledged_at, acknowledged_by_id, state, withdrawn_at
    ON initiative_review_reviewrequest FOR EACH ROW EXECUTE FUNCTION tandem.review_request_steps();

-- ---------------------------------------------------------------- comments and verdicts
-- A member's people in its name; a person with a personal grant in their own, once they were asked.
CREATE POLICY said_in_ones_name ON initiative_review_reviewcomment FOR INSERT TO tandem_web
    WITH CHECK (author_id = tandem.person() AND tandem.initiative_is_open(initiative_id, partnership_id)
        AND EXISTS (SELECT 1 FROM plans_initiative i
                    WHERE i.id = initiative_id
                      AND initiative_review_reviewcomment.revision BETWEEN 1 AND i.revision)
        AND (organisation_id = tandem.organisation()
             OR (organisation_id IS NULL AND tandem.is_granted_initiative(initiative_id)
                 AND EXISTS (SELECT 1 FROM initiative_review_reviewrequest r
                     WHERE r.initiative_id = initiative_review_reviewcomment.initiative_id
                       AND r.to_user_id = tandem.person() AND r.state <> 'withdrawn'))));
-- Only whoever was asked, about the revision that is there now.
CREATE POLICY those_asked_answer ON initiative_review_verdict FOR INSERT TO tandem_web
    WITH CHECK (author_id = tandem.person() AND tandem.initiative_is_open(initiative_id, partnership_id)
        AND EXISTS (SELECT 1 FROM plans_initiative i
                    WHERE i.id = initiative_id AND i.revision = initiative_review_verdict.revision)
        AND EXISTS (SELECT 1 FROM initiative_review_reviewrequest r
            WHERE r.id = request_id AND r.state = 'open'
              AND r.initiative_id = initiative_review_verdict.initiative_id
              AND ((r.to_organisation_id = tandem.organisation()
                    AND organisation_id = tandem.organisation())
                   OR (r.to_user_id = tandem.person() AND organisation_id IS NULL
                       AND tandem.is_granted_initiative(initiative_review_verdict.initiative_id)))));

-- ---------------------------------------------------------------- what one saw last
ALTER TABLE initiative_review_seenversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE initiative_review_seenversion FORCE ROW LEVEL SECURITY;
CREATE POLICY ones_own ON initiative_review_seenversion FOR SELECT TO tandem_web
    USING (user_id = tandem.person()
           AND EXISTS (SELECT 1 FROM plans_initiative i WHERE i.id = initiative_id));
CREATE POLICY oneself ON initiative_review_seenversion FOR INSERT TO tandem_web
    WITH CHECK (user_id = tandem.person()
                AND EXISTS (SELECT 1 FROM plans_initiative i
                            WHERE i.id = initiative_id
                              AND i.revision = initiative_review_seenversion.revision));
GRANT SELECT, INSERT ON initiative_review_seenversion TO tandem_web;
