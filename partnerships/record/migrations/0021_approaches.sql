ALTER TABLE record_approachconsent ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_approachconsent FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON record_approachconsent FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY manager_says ON record_approachconsent FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND changed_by_id = tandem.person()
                AND tandem.is_manager_of(tandem.organisation()));
CREATE POLICY manager_changes ON record_approachconsent FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND tandem.is_manager_of(tandem.organisation()))
    WITH CHECK (changed_by_id = tandem.person());
CREATE POLICY definer_reads ON record_approachconsent FOR SELECT TO tandem_definer USING (true);
GRANT SELECT, INSERT, UPDATE (agreed, changed_by_id, changed_at) ON record_approachconsent
    TO tandem_web;
GRANT SELECT ON record_approachconsent TO tandem_definer;

-- Organisations that are in touch with any of some others, by name, where they agreed that it be
-- seen; so did the other, unless it is not here to be asked. Never which partnership, nor how many.
CREATE FUNCTION tandem.others_in_touch(p_organisations bigint[])
    RETURNS TABLE (name text, with_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT o.name::text, w.name::text
    FROM public.record_member x
    JOIN public.record_partnership p ON p.id = x.partnership_id AND p.closed_at IS NULL
    JOIN public.record_member y ON y.partnership_id = p.id
        AND y.organisation_id <> x.organisation_id AND y.state = 'accepted'
    JOIN public.record_approachconsent c ON c.organisation_id = y.organisation_id AND c.agreed
    JOIN public.organisations_organisation o ON o.id = y.organisation_id
        AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL AND o.left_at IS NULL
    JOIN public.organisations_organisation w ON w.id = x.organisation_id
    WHERE x.organisation_id = ANY (p_organisations[1:100])
      AND x.state IN ('recorded', 'invited', 'accepted')
      AND tandem.organisation() NOT IN (x.organisation_id, y.organisation_id)
      AND tandem.reads_directory()
      AND (w.joined_at IS NULL OR EXISTS (
          SELECT 1 FROM public.record_approachconsent d
          WHERE d.organisation_id = w.id AND d.agreed))
    ORDER BY 1, 2 LIMIT 20
$$;
DO $$
BEGIN
    ALTER FUNCTION tandem.others_in_touch(bigint[]) OWNER TO tandem_definer;
    SET LOCAL ROLE tandem_definer;
    REVOKE EXECUTE ON FUNCTION tandem.others_in_touch(bigint[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tandem.others_in_touch(bigint[]) TO tandem_web;
    RESET ROLE;
END $$;
