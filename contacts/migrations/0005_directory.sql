-- ---------------------------------------------------------------- who acts, and for which areas
GRANT SELECT ON contacts_region, contacts_place, contacts_placeregion, contacts_outwardcode,
    contacts_roletype, organisations_school, organisations_organisation TO tandem_definer;

CREATE POLICY definer ON contacts_person TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON contacts_person TO tandem_definer;

-- The regions that the person of this transaction manages, acting as themselves.
CREATE FUNCTION tandem.managed_regions() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(r.id), '{}') FROM (
        SELECT DISTINCT g.content_object_id AS id FROM public.contacts_regiongrant g
        WHERE g.user_id = tandem.person() AND tandem.manages_region(g.content_object_id)) r
$$;

-- Whether they manage an area: the region, or one of the regions that a place lies in.
CREATE FUNCTION tandem.manages_area(p_region bigint, p_place bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tandem.manages_region(p_region) OR EXISTS (
        SELECT 1 FROM public.contacts_placeregion x
        WHERE x.place_id = p_place AND tandem.manages_region(x.region_id))
$$;

-- Whether the acting organisation may read the directory: it has joined and may act.
CREATE FUNCTION tandem.reads_directory() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.organisations_organisation o
        WHERE o.id = tandem.organisation() AND o.joined_at IS NOT NULL
          AND o.suspended_at IS NULL AND o.left_at IS NULL)
$$;

-- The regions an organisation lies in: a board's own; those of a council's or school's place;
-- an NHS trust's board; a school trust's through its schools. Where none of these is known, the
-- place that its postcode points to.
CREATE FUNCTION tandem.organisation_regions(p_organisation bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH known AS (
        SELECT r.id FROM public.contacts_region r WHERE r.icb_id = p_organisation
        UNION SELECT r.id FROM public.organisations_organisation o
              JOIN public.contacts_region r ON r.icb_id = o.icb_id WHERE o.id = p_organisation
        UNION SELECT x.region_id FROM public.contacts_place p
              JOIN public.contacts_placeregion x ON x.place_id = p.id
              WHERE p.council_id = p_organisation
        UNION SELECT x.region_id FROM public.organisations_school s
              JOIN public.contacts_place p ON p.council_id = s.council_id
              JOIN public.contacts_placeregion x ON x.place_id = p.id
              WHERE s.organisation_id = p_organisation OR s.trust_id = p_organisation)
    SELECT id FROM known
    UNION SELECT x.region_id FROM public.organisations_organisation o
          JOIN public.contacts_outwardcode c ON c.outward = split_part(upper(o.postcode), ' ', 1)
          JOIN public.contacts_placeregion x ON x.place_id = c.place_id
          WHERE o.id = p_organisation AND o.postcode <> '' AND NOT EXISTS (SELECT 1 FROM known)
$$;

-- Whether the posting's contact details are open to whoever acts, because of the directory:
-- to its organisation; to the region's admin; to others as the posting's own setting says.
CREATE FUNCTION tandem.opens_details(p_posting bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.contacts_posting p
        WHERE p.id = p_posting AND (
            (p.listing <> 'private' AND tandem.manages_region(p.region_id))
            OR (p.listing = 'listed' AND tandem.reads_directory() AND (
                p.organisation_id = tandem.organisation()
                OR p.visibility = 'joined'
                OR (p.visibility = 'region' AND p.region_id IN (
                    SELECT tandem.organisation_regions(tandem.organisation()))))))) 
$$;

-- Whether whoever acts may give a person a posting: they recorded the person, or see them in one.
-- A function, because the policies of people ask for postings already.
CREATE FUNCTION tandem.may_post(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.contacts_person p
        WHERE p.id = p_person AND (
            p.recorded_by_id = tandem.organisation()
            OR (tandem.organisation() IS NULL AND tandem.manages_region(p.region_id))
            OR EXISTS (SELECT 1 FROM public.contacts_posting g
                       WHERE g.person_id = p.id AND (
                         (tandem.organisation() IS NOT NULL AND g.acl && tandem.keys())
                         OR (g.listing <> 'private' AND tandem.manages_region(g.region_id))))))
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['may_post(bigint)', 'managed_regions()', 'manages_area(bigint, bigint)',
        'reads_directory()', 'organisation_regions(bigint)', 'opens_details(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;

-- ---------------------------------------------------------------- postings
-- When a posting is due, and whether its role is held by one person at a time.
CREATE FUNCTION tandem.posting_due() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    every int;
    seat boolean;
BEGIN
    SELECT r.check_every_days, r.single_seat INTO every, seat
        FROM public.contacts_roletype r WHERE r.id = NEW.role_type_id;
    NEW.single_seat := coalesce(seat, false);
    NEW.check_due_on := CASE WHEN NEW.ended_on IS NOT NULL THEN NULL ELSE
        (coalesce(NEW.checked_at, NEW.created_at) AT TIME ZONE 'Europe/London')::date
        + CASE WHEN NEW.checked_at IS NULL THEN 0 ELSE coalesce(every, 180) END END;
    RETURN NEW;
END $$;
-- Into the directory by its region's admin alone; out of it by them, or by who offered it.
CREATE FUNCTION tandem.posting_listing_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.listing = 'listed' AND OLD.listing <> 'listed'
       AND NOT tandem.manages_region(NEW.region_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the region''s admin accepts into its directory';
    END IF;
    IF tandem.organisation() IS NOT NULL AND OLD.listing = 'listed'
       AND (NEW.listing, NEW.region_id, NEW.place_id, NEW.organisation_id)
           IS DISTINCT FROM (OLD.listing, OLD.region_id, OLD.place_id, OLD.organisation_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the region''s admin keeps its directory';
    END IF;
    RETURN NEW;
END $$;
DO $$
BEGIN
    ALTER FUNCTION tandem.posting_due() OWNER TO tandem_definer;
    SET LOCAL ROLE tandem_definer;
    REVOKE EXECUTE ON FUNCTION tandem.posting_due() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tandem.posting_due() TO tandem_owner;
    RESET ROLE;
END $$;
CREATE TRIGGER due BEFORE INSERT OR UPDATE OF checked_at, role_type_id, ended_on, single_seat,
    check_due_on ON contacts_posting FOR EACH ROW EXECUTE FUNCTION tandem.posting_due();
CREATE TRIGGER listing_steps BEFORE UPDATE ON contacts_posting
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_listing_steps();
SET LOCAL ROLE tandem_definer;
UPDATE public.contacts_posting SET check_due_on = NULL;
RESET ROLE;

CREATE POLICY in_the_directory ON contacts_posting FOR SELECT TO tandem_web
    USING (listing = 'listed' AND (SELECT tandem.reads_directory()));
CREATE POLICY admin_sees ON contacts_posting FOR SELECT TO tandem_web
    USING (listing <> 'private'
           AND region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
CREATE POLICY admin_records ON contacts_posting FOR INSERT TO tandem_web
    WITH CHECK (tandem.organisation() IS NULL AND recorded_by_id IS NULL AND listing = 'listed'
        AND tandem.manages_region(region_id) AND tandem.may_post(person_id));
DROP POLICY record ON contacts_posting;
CREATE POLICY record ON contacts_posting FOR INSERT TO tandem_web
    WITH CHECK (recorded_by_id = tandem.organisation() AND listing = 'private'
                AND tandem.may_post(person_id));
CREATE POLICY admin_changes ON contacts_posting FOR UPDATE TO tandem_web
    USING (tandem.organisation() IS NULL AND listing <> 'private'
           AND tandem.manages_region(region_id))
    WITH CHECK (tandem.organisation() IS NULL AND listing <> 'private'
                AND tandem.manages_region(region_id));
-- Once it is in the directory, its own organisation corrects it, and not whoever recorded it.
DROP POLICY recorder_corrects ON contacts_posting;
CREATE POLICY recorder_corrects ON contacts_posting FOR UPDATE TO tandem_web
    USING (recorded_by_id = tandem.organisation() AND listing <> 'listed')
    WITH CHECK (recorded_by_id = tandem.organisation() AND listing <> 'listed');
CREATE POLICY its_organisation_corrects ON contacts_posting FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND listing = 'listed'
           AND (SELECT tandem.reads_directory()))
    WITH CHECK (organisation_id = tandem.organisation() AND listing = 'listed');
GRANT UPDATE (region_id, place_id, listing, visibility, deputy_id, lawful_basis, checked_by,
    disputed_at, organisation_id, person_id) ON contacts_posting TO tandem_web;

-- ---------------------------------------------------------------- how to reach them
CREATE POLICY those_with_a_key ON contacts_workdetails FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY opened ON contacts_workdetails FOR SELECT TO tandem_web
    USING (tandem.opens_details(posting_id));
CREATE POLICY record ON contacts_workdetails FOR INSERT TO tandem_web
    WITH CHECK (EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND (p.recorded_by_id = tandem.organisation()
               OR (tandem.organisation() IS NULL AND p.recorded_by_id IS NULL
                   AND tandem.manages_region(p.region_id)))));
CREATE POLICY correct ON contacts_workdetails FOR UPDATE TO tandem_web
    USING (EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.id = posting_id
          AND ((p.recorded_by_id = tandem.organisation() AND p.listing <> 'listed')
               OR (p.organisation_id = tandem.organisation() AND p.listing = 'listed')
               OR (tandem.organisation() IS NULL AND p.listing <> 'private'
                   AND tandem.manages_region(p.region_id)))));
GRANT SELECT, INSERT, UPDATE (email, telephone, bounce_reason) ON contacts_workdetails
    TO tandem_web;

-- ---------------------------------------------------------------- people
CREATE POLICY admin_sees ON contacts_person FOR SELECT TO tandem_web
    USING (region_id = ANY ((SELECT tandem.managed_regions())::bigint[]));
CREATE POLICY admin_records ON contacts_person FOR INSERT TO tandem_web
    WITH CHECK (tandem.organisation() IS NULL AND recorded_by_id IS NULL
                AND tandem.manages_region(region_id));
CREATE POLICY corrects_their_posting ON contacts_person FOR UPDATE TO tandem_web
    USING (EXISTS (
        SELECT 1 FROM contacts_posting p WHERE p.person_id = contacts_person.id
          AND ((p.organisation_id = tandem.organisation() AND p.listing = 'listed')
               OR (tandem.organisation() IS NULL AND p.listing <> 'private'
                   AND tandem.manages_region(p.region_id)))));
DROP POLICY recorder_corrects ON contacts_person;
CREATE POLICY recorder_corrects ON contacts_person FOR UPDATE TO tandem_web
    USING (recorded_by_id = tandem.organisation()
           AND NOT EXISTS (SELECT 1 FROM contacts_posting p
                           WHERE p.person_id = contacts_person.id AND p.listing = 'listed'))
    WITH CHECK (recorded_by_id = tandem.organisation());
-- ---------------------------------------------------------------- gateways
GRANT SELECT ON contacts_gatewaytype TO tandem_web, tandem_definer;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contacts_gateway', 'contacts_gatewaymeeting'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY everyone_reads ON %I FOR SELECT TO tandem_web USING (true)', t);
        EXECUTE format('CREATE POLICY definer_reads ON %I FOR SELECT TO tandem_definer USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO tandem_definer', t);
    END LOOP;
END $$;
CREATE POLICY owner_imports ON contacts_gateway TO tandem_owner USING (true) WITH CHECK (true);
CREATE POLICY admin_adds ON contacts_gateway FOR INSERT TO tandem_web
    WITH CHECK (tandem.manages_area(region_id, place_id));
CREATE POLICY admin_changes ON contacts_gateway FOR UPDATE TO tandem_web
    USING (tandem.manages_area(region_id, place_id))
    WITH CHECK (tandem.manages_area(region_id, place_id));
GRANT SELECT, INSERT, UPDATE (name, host_id, about, how_to_reach, opening, meets, website, email,
    telephone, address, postcode, source, described_at, checked_at, checked_by_id, ended_on)
    ON contacts_gateway TO tandem_web;
CREATE POLICY admin_adds ON contacts_gatewaymeeting FOR INSERT TO tandem_web
    WITH CHECK (EXISTS (SELECT 1 FROM contacts_gateway g WHERE g.id = gateway_id
                        AND tandem.manages_area(g.region_id, g.place_id)));
CREATE POLICY admin_changes ON contacts_gatewaymeeting FOR UPDATE TO tandem_web
    USING (EXISTS (SELECT 1 FROM contacts_gateway g WHERE g.id = gateway_id
                   AND tandem.manages_area(g.region_id, g.place_id)));
GRANT SELECT, INSERT, UPDATE (meets_on, papers_due_on, cancelled_at) ON contacts_gatewaymeeting
    TO tandem_web;

-- ---------------------------------------------------------------- what was done, for the admin
CREATE POLICY admin_of_the_region ON organisations_auditevent FOR SELECT TO tandem_web
    USING (object_table IN ('contacts_posting', 'contacts_gateway', 'contacts_gatewaymeeting')
        AND tandem.organisation() IS NULL
        AND CASE object_table
            WHEN 'contacts_posting' THEN EXISTS (
                SELECT 1 FROM contacts_posting p WHERE p.id = object_id
                  AND p.listing <> 'private' AND tandem.manages_region(p.region_id))
            WHEN 'contacts_gateway' THEN EXISTS (
                SELECT 1 FROM contacts_gateway g WHERE g.id = object_id
                  AND tandem.manages_area(g.region_id, g.place_id))
            ELSE EXISTS (
                SELECT 1 FROM contacts_gatewaymeeting m JOIN contacts_gateway g ON g.id = m.gateway_id
                WHERE m.id = object_id AND tandem.manages_area(g.region_id, g.place_id)) END);
