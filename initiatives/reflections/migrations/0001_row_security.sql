INSERT INTO tandem.follows_partnership VALUES ('reflections_reflection');
INSERT INTO tandem.follows_initiative VALUES ('reflections_reflection');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, initiative_id
    ON reflections_reflection FOR EACH ROW EXECUTE FUNCTION tandem.initiative_child_acl();
ALTER TABLE reflections_reflection ENABLE ROW LEVEL SECURITY;
ALTER TABLE reflections_reflection FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON reflections_reflection TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON reflections_reflection FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON reflections_reflection AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false)
           OR tandem.is_granted_initiative(initiative_id));
-- Any member reflects, in its own name, on what was not withdrawn; its organisation takes it back.
CREATE POLICY member_reflects ON reflections_reflection FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND withdrawn_at IS NULL
                AND EXISTS (SELECT 1 FROM plans_initiative i
                            WHERE i.id = initiative_id AND i.withdrawn_at IS NULL
                              AND i.partnership_id = reflections_reflection.partnership_id)
                AND (milestone_id IS NULL
                     OR EXISTS (SELECT 1 FROM plans_planline l
                                WHERE l.id = milestone_id AND l.kind = 'milestone'
                                  AND l.initiative_id = reflections_reflection.initiative_id)));
CREATE POLICY author_changes ON reflections_reflection FOR UPDATE TO tandem_web
    USING (author_organisation_id = tandem.organisation() AND withdrawn_at IS NULL)
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND withdrawn_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by_id) ON reflections_reflection TO tandem_web;
GRANT SELECT, UPDATE (acl) ON reflections_reflection TO tandem_definer;
