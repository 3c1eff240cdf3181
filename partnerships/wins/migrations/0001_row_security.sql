INSERT INTO tandem.follows_partnership VALUES ('wins_win');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, internal, author_organisation_id
    ON wins_win FOR EACH ROW EXECUTE FUNCTION tandem.child_acl('internal');
ALTER TABLE wins_win ENABLE ROW LEVEL SECURITY;
ALTER TABLE wins_win FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON wins_win TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON wins_win FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON wins_win AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- Any member logs, in its own name; the author's organisation shares and takes back.
CREATE POLICY member_logs ON wins_win FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND withdrawn_at IS NULL
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY author_changes ON wins_win FOR UPDATE TO tandem_web
    USING (author_organisation_id = tandem.organisation())
    WITH CHECK (author_organisation_id = tandem.organisation()
                AND (withdrawn_by_id IS NULL OR withdrawn_by_id = tandem.person())
                AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id));
GRANT SELECT, INSERT, UPDATE (internal, shared_at, withdrawn_at, withdrawn_by_id) ON wins_win
    TO tandem_web;
GRANT SELECT, UPDATE (acl) ON wins_win TO tandem_definer;

-- What partners have read cannot be unread, and what was taken back does not come back.
CREATE FUNCTION tandem.win_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.internal AND NOT OLD.internal THEN
        RAISE insufficient_privilege USING MESSAGE = 'a win that is shared stays shared';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'a win that was taken back stays so';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OF internal, shared_at, withdrawn_at, withdrawn_by_id
    ON wins_win FOR EACH ROW EXECUTE FUNCTION tandem.win_stays();
