-- A region's admin, who acts as themselves, sees its directory without a personal grant.
DROP POLICY while_granted ON contacts_posting;
CREATE POLICY while_granted ON contacts_posting AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR (listing <> 'private'
               AND region_id = ANY ((SELECT tandem.managed_regions())::bigint[]))
           OR tandem.is_granted_posting(id));
CREATE POLICY while_granted ON contacts_workdetails AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted_posting(posting_id) OR tandem.opens_details(posting_id));

-- Naming someone shows their contact details to the whole partnership: only who may read them
-- may do it.
DROP POLICY own_side ON record_namedcontact;
CREATE POLICY own_side ON record_namedcontact FOR INSERT TO tandem_web
    WITH CHECK (recorded_by_id = tandem.organisation()
        AND EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)
        AND EXISTS (SELECT 1 FROM contacts_workdetails d WHERE d.posting_id = record_namedcontact.posting_id)
        AND EXISTS (SELECT 1 FROM record_member m JOIN record_partnership p ON p.id = m.partnership_id
            WHERE m.partnership_id = record_namedcontact.partnership_id
              AND m.organisation_id = record_namedcontact.organisation_id
              AND ((m.organisation_id = tandem.organisation() AND m.state = 'accepted')
                   OR (p.owner_id = tandem.organisation() AND m.state IN ('recorded', 'invited')))));

-- A posting of the directory alone has no recorder.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.posting_acl() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.acl := coalesce((SELECT array_agg(DISTINCT k ORDER BY k) FROM (
        SELECT NEW.recorded_by_id AS k WHERE NEW.recorded_by_id IS NOT NULL
        UNION SELECT unnest(p.acl) FROM public.record_namedcontact c
              JOIN public.record_partnership p ON p.id = c.partnership_id
              WHERE c.posting_id = NEW.id AND c.ended_at IS NULL) keys), '{}');
    RETURN NEW;
END $$;
RESET ROLE;
