INSERT INTO tandem.follows_partnership VALUES ('small_numbers_chosenrule');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id
    ON small_numbers_chosenrule FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE small_numbers_chosenrule ENABLE ROW LEVEL SECURITY;
ALTER TABLE small_numbers_chosenrule FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON small_numbers_chosenrule TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (acl) ON small_numbers_chosenrule TO tandem_definer;
CREATE POLICY those_with_a_key ON small_numbers_chosenrule FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON small_numbers_chosenrule AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- A manager of a member chooses, in its own name, until the partnership is closed.
CREATE POLICY manager_chooses ON small_numbers_chosenrule FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND chosen_by_id = tandem.person()
                AND tandem.is_manager_of(tandem.organisation())
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY manager_changes ON small_numbers_chosenrule FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND tandem.is_manager_of(tandem.organisation())
           AND EXISTS (SELECT 1 FROM record_partnership p
                       WHERE p.id = partnership_id AND p.closed_at IS NULL))
    WITH CHECK (organisation_id = tandem.organisation() AND chosen_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (rule, chosen_by_id, chosen_at) ON small_numbers_chosenrule TO tandem_web;
