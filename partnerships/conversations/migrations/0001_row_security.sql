INSERT INTO tandem.follows_partnership VALUES ('conversations_conversation');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, internal, author_organisation_id
    ON conversations_conversation FOR EACH ROW EXECUTE FUNCTION tandem.child_acl('internal');
ALTER TABLE conversations_conversation ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversations_conversation FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON conversations_conversation TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON conversations_conversation FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- Any member logs, in its own name; the author's organisation changes and withdraws.
CREATE POLICY member_logs ON conversations_conversation FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND author_id = tandem.person()
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
CREATE POLICY author_changes ON conversations_conversation FOR UPDATE TO tandem_web
    USING (author_organisation_id = tandem.organisation())
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
GRANT SELECT, INSERT, UPDATE (kind, held_on, summary, internal, changed_at, withdrawn_at,
    withdrawn_by_id) ON conversations_conversation TO tandem_web;
GRANT SELECT, UPDATE ON conversations_conversation TO tandem_definer;
