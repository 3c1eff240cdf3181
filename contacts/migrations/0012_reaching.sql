-- ---------------------------------------------------------------- details that were opened
-- Counted by whoever opens them, so that nobody copies the directory out.
ALTER TABLE contacts_detailsopened ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_detailsopened FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON contacts_detailsopened FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY admin_sees ON contacts_detailsopened FOR SELECT TO tandem_web
    USING (tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)));
CREATE POLICY own_name ON contacts_detailsopened FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
        AND at = now()
        AND EXISTS (SELECT 1 FROM contacts_workdetails d WHERE d.posting_id = contacts_detailsopened.posting_id));
GRANT SELECT, INSERT ON contacts_detailsopened TO tandem_web;

-- ---------------------------------------------------------------- details that were asked for
ALTER TABLE contacts_detailsrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_detailsrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON contacts_detailsrequest FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY admin_sees ON contacts_detailsrequest FOR SELECT TO tandem_web
    USING (tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)));
CREATE POLICY asks ON contacts_detailsrequest FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND asked_by_id = tandem.person()
        AND approved IS NULL
        AND EXISTS (SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
                    AND p.listing = 'listed' AND p.visibility = 'request'));
CREATE POLICY admin_decides ON contacts_detailsrequest FOR UPDATE TO tandem_web
    USING (approved IS NULL AND tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)))
    WITH CHECK (approved IS NOT NULL AND decided_by_id = tandem.person());
CREATE POLICY definer_reads ON contacts_detailsrequest FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT, UPDATE (approved, answer, decided_by_id, decided_at)
    ON contacts_detailsrequest TO tandem_web;
GRANT SELECT ON contacts_detailsrequest TO tandem_definer;

-- As before, and to an organisation whose request was approved.
SET LOCAL ROLE tandem_definer;
CREATE OR REPLACE FUNCTION tandem.opens_details(p_posting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.contacts_posting p
        WHERE p.id = p_posting AND (
            (p.listing <> 'private' AND (tandem.manages_region(p.region_id)
                                         OR tandem.manages_region(p.offered_to_id)))
            OR (p.listing = 'listed' AND tandem.reads_directory() AND (
                p.organisation_id = tandem.organisation()
                OR p.visibility = 'joined'
                OR (p.visibility = 'region' AND p.region_id IN (
                    SELECT tandem.organisation_regions(tandem.organisation())))
                OR (p.visibility = 'request' AND EXISTS (
                    SELECT 1 FROM public.contacts_detailsrequest q
                    WHERE q.posting_id = p.id AND q.organisation_id = tandem.organisation()
                      AND q.approved))))))
$$;
RESET ROLE;

-- Whom to write to about a region: those who manage it, for whoever may read the directory.
CREATE FUNCTION tandem.admins_of_region(p_region bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT g.user_id FROM public.contacts_regiongrant g
    JOIN public.organisations_user u ON u.id = g.user_id
    JOIN public.auth_permission m ON m.id = g.permission_id
    WHERE g.content_object_id = p_region AND u.is_active AND NOT u.is_operator
      AND m.codename = 'manage_region' AND tandem.grant_lives(g.ended_at, g.ends)
      AND tandem.reads_directory()
$$;
DO $$
BEGIN
    ALTER FUNCTION tandem.admins_of_region(bigint) OWNER TO tandem_definer;
    SET LOCAL ROLE tandem_definer;
    REVOKE EXECUTE ON FUNCTION tandem.admins_of_region(bigint) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tandem.admins_of_region(bigint) TO tandem_web;
    RESET ROLE;
END $$;

-- ---------------------------------------------------------------- on record, for the admin
CREATE POLICY admin_of_details ON organisations_auditevent FOR SELECT TO tandem_web
    USING (tandem.organisation() IS NULL AND CASE object_table
        WHEN 'contacts_detailsopened' THEN EXISTS (
            SELECT 1 FROM contacts_detailsopened d WHERE d.id = object_id)
        WHEN 'contacts_detailsrequest' THEN EXISTS (
            SELECT 1 FROM contacts_detailsrequest q WHERE q.id = object_id)
        ELSE false END);
