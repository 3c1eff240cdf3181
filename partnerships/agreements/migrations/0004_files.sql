INSERT INTO tandem.follows_partnership VALUES ('agreements_agreementfile');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON agreements_agreementfile
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE agreements_agreementfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements_agreementfile FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON agreements_agreementfile TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON agreements_agreementfile FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY while_granted ON agreements_agreementfile AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- Any member brings one in, in its own name, and takes its own out again.
CREATE POLICY member_adds ON agreements_agreementfile FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND added_by_id = tandem.person()
                AND removed_at IS NULL
                AND EXISTS (SELECT 1 FROM agreements_agreement a
                            WHERE a.id = agreement_id AND a.partnership_id = agreements_agreementfile.partnership_id));
CREATE POLICY member_removes ON agreements_agreementfile FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND removed_at IS NULL
           AND acl && nullif(current_setting('app.keys', true), '')::bigint[])
    WITH CHECK (organisation_id = tandem.organisation() AND removed_at IS NOT NULL
                AND removed_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (removed_at, removed_by_id) ON agreements_agreementfile TO tandem_web;
GRANT SELECT, UPDATE (acl) ON agreements_agreementfile TO tandem_definer;
CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF ref, agreement_id, partnership_id, organisation_id,
    added_by_id, added_at, name, content_type, size, digest, stored_as ON agreements_agreementfile
    FOR EACH ROW EXECUTE FUNCTION tandem.kept_as_it_was();
