-- A region's admin, who acts as themselves, sees what they keep and what they were offered.
DROP POLICY while_granted ON contacts_posting;
CREATE POLICY while_granted ON contacts_posting AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR (listing <> 'private'
               AND (region_id = ANY ((SELECT tandem.managed_regions())::bigint[])
                    OR offered_to_id = ANY ((SELECT tandem.managed_regions())::bigint[])))
           OR tandem.is_granted_posting(id));

-- Partnerships in which somebody is or was a contact read the note that they left.
CREATE POLICY where_they_were_named ON contacts_handover FOR SELECT TO tandem_web
    USING (written_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM record_namedcontact c WHERE c.posting_id = contacts_handover.posting_id));

-- ---------------------------------------------------------------- telling of a leaver
CREATE POLICY definer_tells ON organisations_delivery FOR INSERT TO tandem_definer
    WITH CHECK (kind = 'contact_left' AND state = 'pending' AND phase = 0);
GRANT INSERT ON organisations_delivery TO tandem_definer;

-- Asks for an e-mail to each organisation that relied on somebody who left, on its own behalf,
-- and says to how many organisations; to which, nobody learns. To its contacts in those
-- partnerships, or else to its managers. For the admin of the region, and their organisation.
CREATE FUNCTION tandem.tell_of_leaver(p_posting bigint) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told integer;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.contacts_posting p
                   WHERE p.id = p_posting AND p.listing = 'listed' AND p.ended_on IS NOT NULL
                     AND (tandem.manages_region(p.region_id)
                          OR p.organisation_id = tandem.organisation())) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who keeps a contact says that they left';
    END IF;
    WITH relying AS (
        SELECT DISTINCT m.partnership_id, m.organisation_id
        FROM public.record_namedcontact c
        JOIN public.record_partnership x ON x.id = c.partnership_id AND x.closed_at IS NULL
        JOIN public.record_member m ON m.partnership_id = x.id AND m.state = 'accepted'
        JOIN public.organisations_organisation o ON o.id = m.organisation_id
             AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
        WHERE c.posting_id = p_posting AND c.ended_at IS NULL),
    contacts AS (
        SELECT DISTINCT r.organisation_id, lower(d.email) AS recipient
        FROM relying r
        JOIN public.record_namedcontact c ON c.partnership_id = r.partnership_id
             AND c.organisation_id = r.organisation_id AND c.ended_at IS NULL
             AND c.posting_id <> p_posting
        JOIN public.contacts_posting g ON g.id = c.posting_id AND g.ended_on IS NULL
             AND g.bounced_at IS NULL
        JOIN public.contacts_workdetails d ON d.posting_id = g.id),
    managers AS (
        SELECT DISTINCT r.organisation_id, u.email AS recipient
        FROM relying r
        JOIN public.organisations_membership b ON b.organisation_id = r.organisation_id
             AND b.ended_at IS NULL AND b.role = 'manager'
        JOIN public.organisations_user u ON u.id = b.user_id AND u.is_active
        WHERE r.organisation_id NOT IN (SELECT k.organisation_id FROM contacts k)),
    asked AS (
        INSERT INTO public.organisations_delivery (kind, subject, recipient, offset_minutes,
            revision, organisation_id, posting_id, payload, state, phase, due_at, created_at,
            claimed_by, attempt, uncertain_times, reply, reason)
        SELECT 'contact_left', (SELECT ref FROM public.contacts_posting WHERE id = p_posting),
            w.recipient, 0, 0, w.organisation_id, NULL, '{}', 'pending', 0, now(), now(),
            '', 0, 0, '', ''
        FROM (SELECT * FROM contacts UNION SELECT * FROM managers) w
        ON CONFLICT DO NOTHING)
    SELECT count(DISTINCT organisation_id) INTO told FROM relying;
    RETURN told;
END $$;

-- ---------------------------------------------------------------- merged contacts
-- Which places passed on when two contacts were merged; known to these functions alone.
CREATE TABLE tandem.moved_places (
    merge_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    ended boolean NOT NULL,
    PRIMARY KEY (merge_id, contact_id));
GRANT SELECT, INSERT, DELETE ON tandem.moved_places TO tandem_definer;

-- In how many partnerships somebody is a contact now; for the admin of the region.
CREATE FUNCTION tandem.number_of_places(p_posting bigint) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(DISTINCT c.partnership_id)::integer FROM public.record_namedcontact c
    JOIN public.contacts_posting p ON p.id = c.posting_id
    WHERE c.posting_id = p_posting AND c.ended_at IS NULL AND p.listing <> 'private'
      AND tandem.manages_region(p.region_id)
$$;

CREATE FUNCTION tandem.move_places(p_merge bigint) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m public.contacts_merge;
    moved integer;
BEGIN
    SELECT * INTO m FROM public.contacts_merge WHERE id = p_merge AND undone_at IS NULL;
    IF m.id IS NULL OR NOT tandem.manages_region(m.region_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the region''s admin merges its contacts';
    END IF;
    -- Where both are named, one place is left, and it is the kept one's.
    INSERT INTO tandem.moved_places
        SELECT m.id, c.id, EXISTS (
            SELECT 1 FROM public.record_namedcontact k
            WHERE k.partnership_id = c.partnership_id AND k.organisation_id = c.organisation_id
              AND k.posting_id = m.kept_id AND k.ended_at IS NULL)
        FROM public.record_namedcontact c
        WHERE c.posting_id = m.folded_id AND c.ended_at IS NULL;
    UPDATE public.record_namedcontact c SET ended_at = now()
        FROM tandem.moved_places t WHERE t.merge_id = m.id AND t.contact_id = c.id AND t.ended;
    UPDATE public.record_namedcontact c SET posting_id = m.kept_id
        FROM tandem.moved_places t WHERE t.merge_id = m.id AND t.contact_id = c.id AND NOT t.ended;
    SELECT count(DISTINCT c.partnership_id) INTO moved FROM tandem.moved_places t
        JOIN public.record_namedcontact c ON c.id = t.contact_id WHERE t.merge_id = m.id;
    RETURN moved;
END $$;

-- Puts every place back, or says that it cannot, because somebody has been named since.
CREATE FUNCTION tandem.move_places_back(p_merge bigint) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m public.contacts_merge;
BEGIN
    SELECT * INTO m FROM public.contacts_merge WHERE id = p_merge AND undone_at IS NULL;
    IF m.id IS NULL OR NOT tandem.manages_region(m.region_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the region''s admin merges its contacts';
    END IF;
    IF EXISTS (
        SELECT 1 FROM tandem.moved_places t JOIN public.record_namedcontact c ON c.id = t.contact_id
        WHERE t.merge_id = m.id AND (
            (NOT t.ended AND (c.posting_id <> m.kept_id OR c.ended_at IS NOT NULL))
            OR (t.ended AND EXISTS (
                SELECT 1 FROM public.record_namedcontact k
                WHERE k.partnership_id = c.partnership_id AND k.ended_at IS NULL
                  AND k.organisation_id = c.organisation_id AND k.function = c.function)))) THEN
        RETURN false;
    END IF;
    UPDATE public.record_namedcontact c SET ended_at = NULL
        FROM tandem.moved_places t WHERE t.merge_id = m.id AND t.contact_id = c.id AND t.ended;
    UPDATE public.record_namedcontact c SET posting_id = m.folded_id
        FROM tandem.moved_places t WHERE t.merge_id = m.id AND t.contact_id = c.id AND NOT t.ended;
    DELETE FROM tandem.moved_places WHERE merge_id = m.id;
    RETURN true;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['tell_of_leaver(bigint)', 'number_of_places(bigint)',
        'move_places(bigint)', 'move_places_back(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        RESET ROLE;
    END LOOP;
END $$;
