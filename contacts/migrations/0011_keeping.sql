-- ---------------------------------------------------------------- another region takes over
-- The admin whom a contact was offered to sees it, and how to reach the person, to decide.
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
                    SELECT tandem.organisation_regions(tandem.organisation())))))))
$$;
RESET ROLE;
DROP POLICY admin_sees ON contacts_posting;
CREATE POLICY admin_sees ON contacts_posting FOR SELECT TO tandem_web
    USING (listing <> 'private'
           AND (region_id = ANY ((SELECT tandem.managed_regions())::bigint[])
                OR offered_to_id = ANY ((SELECT tandem.managed_regions())::bigint[])));
GRANT UPDATE (offered_to_id, merged_into_id) ON contacts_posting TO tandem_web;

-- The admin of the region that was asked decides; whoever offered it keeps it until then.
CREATE FUNCTION tandem.take_over_posting(p_posting bigint, p_place bigint, p_accept boolean)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting SET
        region_id = CASE WHEN p_accept THEN offered_to_id ELSE region_id END,
        place_id = CASE WHEN p_accept THEN p_place ELSE place_id END,
        offered_to_id = NULL
    WHERE id = p_posting AND listing = 'listed' AND tandem.manages_region(offered_to_id)
      AND (NOT p_accept OR p_place IS NULL OR EXISTS (
          SELECT 1 FROM public.contacts_placeregion x
          WHERE x.place_id = p_place AND x.region_id = offered_to_id));
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- reports
-- Who says that a contact is wrong sees what became of it; so does the region's admin.
ALTER TABLE contacts_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_report FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON contacts_report FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY admin_sees ON contacts_report FOR SELECT TO tandem_web
    USING (tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id AND p.listing <> 'private'
          AND p.region_id = ANY ((SELECT tandem.managed_regions())::bigint[])));
CREATE POLICY report ON contacts_report FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
        AND state = 'open' AND answer = ''
        AND EXISTS (SELECT 1 FROM contacts_posting p
                    WHERE p.id = posting_id AND p.listing = 'listed' AND p.ended_on IS NULL));
CREATE POLICY admin_decides ON contacts_report FOR UPDATE TO tandem_web
    USING (tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)))
    WITH CHECK (tandem.organisation() IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)));
GRANT SELECT, INSERT, UPDATE (state, answer, decided_at, decided_by_id, posting_id)
    ON contacts_report TO tandem_web;

-- Everyone sees that a contact is disputed; the reporter may not change it otherwise.
CREATE FUNCTION tandem.posting_reported() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_posting SET disputed_at = now()
    WHERE id = NEW.posting_id AND disputed_at IS NULL;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- notes of leavers
ALTER TABLE contacts_handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_handover FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON contacts_handover TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON contacts_handover TO tandem_definer;
CREATE POLICY own_organisation ON contacts_handover FOR SELECT TO tandem_web
    USING (written_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p
        WHERE p.id = posting_id AND p.organisation_id = tandem.organisation()));
-- The admin knows that a note was asked for, never what it says.
CREATE POLICY admin_sees_unwritten ON contacts_handover FOR SELECT TO tandem_web
    USING (tandem.organisation() IS NULL AND written_at IS NULL AND EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND p.listing <> 'private' AND tandem.manages_region(p.region_id)));
CREATE POLICY admin_asks ON contacts_handover FOR INSERT TO tandem_web
    WITH CHECK (tandem.organisation() IS NULL AND asked_by_id = tandem.person()
        AND written_at IS NULL AND EXISTS (
            SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
              AND p.listing <> 'private' AND tandem.manages_region(p.region_id)));
GRANT SELECT, INSERT ON contacts_handover TO tandem_web;

-- What the holder of a link may learn, who acts for nobody: whom the note is about.
CREATE FUNCTION tandem.find_hand_over(p_ref text)
    RETURNS TABLE (person text, job_title text, organisation text, written_at timestamptz,
                   asked_at timestamptz, posting_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.name, p.job_title, o.name, h.written_at, h.asked_at, p.id
    FROM public.contacts_handover h
    JOIN public.contacts_posting p ON p.id = h.posting_id
    JOIN public.contacts_person n ON n.id = p.person_id
    JOIN public.organisations_organisation o ON o.id = p.organisation_id
    WHERE h.ref = p_ref
$$;
CREATE FUNCTION tandem.write_hand_over(p_ref text, p_text text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_handover SET text = left(p_text, 4000), written_at = now()
    WHERE ref = p_ref AND contacts_handover.written_at IS NULL AND p_text <> ''
      AND asked_at > now() - interval '60 days';
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- merged contacts
ALTER TABLE contacts_merge ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_merge FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON contacts_merge TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON contacts_merge TO tandem_definer;
CREATE POLICY admin_sees ON contacts_merge FOR SELECT TO tandem_web
    USING (tandem.manages_region(region_id));
CREATE POLICY admin_merges ON contacts_merge FOR INSERT TO tandem_web
    WITH CHECK (tandem.manages_region(region_id) AND done_by_id = tandem.person()
        AND 2 = (SELECT count(*) FROM contacts_posting p
                 WHERE p.id IN (kept_id, folded_id) AND p.region_id = contacts_merge.region_id
                   AND p.listing = 'listed'));
CREATE POLICY admin_undoes ON contacts_merge FOR UPDATE TO tandem_web
    USING (tandem.manages_region(region_id)) WITH CHECK (tandem.manages_region(region_id));
GRANT SELECT, INSERT, UPDATE (undone_at, places) ON contacts_merge TO tandem_web;

-- Contacts of a region that may be the same: by work address, or by name at one organisation.
CREATE FUNCTION tandem.alike_in_directory(p_region bigint)
    RETURNS TABLE (one bigint, other bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH here AS (
        SELECT p.id, lower(d.email) AS email, p.organisation_id,
               lower(regexp_replace(n.name, '\s+', ' ', 'g')) AS name
        FROM public.contacts_posting p
        JOIN public.contacts_person n ON n.id = p.person_id
        JOIN public.contacts_workdetails d ON d.posting_id = p.id
        WHERE p.region_id = p_region AND p.listing = 'listed' AND p.ended_on IS NULL
          AND tandem.manages_region(p_region))
    SELECT a.id, b.id FROM here a JOIN here b ON a.id < b.id AND a.email = b.email
    UNION
    SELECT a.id, b.id FROM here a
    JOIN here b ON a.id < b.id AND a.organisation_id = b.organisation_id AND a.name = b.name
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['take_over_posting(bigint, bigint, boolean)', 'posting_reported()',
        'find_hand_over(text)', 'write_hand_over(text, text)', 'alike_in_directory(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO %s', f,
            CASE f WHEN 'posting_reported()' THEN 'tandem_owner' ELSE 'tandem_web' END);
        RESET ROLE;
    END LOOP;
END $$;
CREATE TRIGGER reported AFTER INSERT ON contacts_report
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_reported();
