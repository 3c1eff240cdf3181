INSERT INTO tandem.follows_partnership VALUES ('agreements_datapaper');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON agreements_datapaper
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE agreements_datapaper ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements_datapaper FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON agreements_datapaper TO tandem_definer USING (true) WITH CHECK (true);
CREATE POLICY those_with_a_key ON agreements_datapaper FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY while_granted ON agreements_datapaper AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
-- Any member adds one beside an agreement, in its own name; any member corrects and ends it.
CREATE POLICY member_adds ON agreements_datapaper FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND revision = 1 AND ended_at IS NULL
                AND EXISTS (SELECT 1 FROM agreements_agreement a
                            JOIN record_partnership p ON p.id = a.partnership_id
                            WHERE a.id = agreement_id AND p.closed_at IS NULL
                              AND a.partnership_id = agreements_datapaper.partnership_id));
CREATE POLICY member_changes ON agreements_datapaper FOR UPDATE TO tandem_web
    USING (ended_at IS NULL AND acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND EXISTS (SELECT 1 FROM record_partnership p
                       WHERE p.id = partnership_id AND p.closed_at IS NULL))
    WITH CHECK (acl && nullif(current_setting('app.keys', true), '')::bigint[]
                AND (ended_at IS NULL OR ended_by_id = tandem.person())
                AND EXISTS (SELECT 1 FROM agreements_agreement a
                            WHERE a.id = agreement_id
                              AND a.partnership_id = agreements_datapaper.partnership_id));
GRANT SELECT, INSERT, UPDATE (agreement_id, reference, keeper_id, dated, review_on, covers, address, revision,
    ended_at, ended_by_id, end_note) ON agreements_datapaper TO tandem_web;
GRANT SELECT, UPDATE (acl) ON agreements_datapaper TO tandem_definer;

-- Who keeps it is a member of the partnership.
CREATE FUNCTION tandem.data_paper_is_kept_by_a_member() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.record_member m
                   WHERE m.partnership_id = NEW.partnership_id AND m.organisation_id = NEW.keeper_id
                     AND m.state = 'accepted') THEN
        RAISE check_violation USING MESSAGE = 'who keeps a paper is a member of the partnership';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_by_a_member BEFORE INSERT OR UPDATE OF keeper_id ON agreements_datapaper
    FOR EACH ROW EXECUTE FUNCTION tandem.data_paper_is_kept_by_a_member();

-- Members see the e-mails about a paper they share, and may withdraw them with it.
CREATE POLICY of_a_shared_data_paper ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'data\_paper\_%' AND EXISTS (SELECT 1 FROM agreements_datapaper a WHERE a.ref = subject));
CREATE POLICY withdraw_of_a_shared_data_paper ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'data\_paper\_%' AND EXISTS (SELECT 1 FROM agreements_datapaper a WHERE a.ref = subject))
    WITH CHECK (state = 'cancelled');
