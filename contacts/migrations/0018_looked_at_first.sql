-- Official files that operators upload wait in pieces, are compared by the worker, and are brought
-- in by it as `tandem_importer`: the one role that writes what registers publish, and no more.
GRANT USAGE ON SCHEMA tandem TO tandem_importer;
GRANT SELECT, DELETE ON organisations_organisation, organisations_school, organisations_succession
    TO tandem_importer;
GRANT INSERT (kind, code, name, slug, other_code, town, area, postcode, website, opened_on,
    closed_on, icb_basis), UPDATE (name, other_code, town, area, postcode, website, opened_on,
    closed_on, icb_id, icb_basis) ON organisations_organisation TO tandem_importer;
GRANT INSERT, UPDATE ON organisations_school TO tandem_importer;
GRANT INSERT (predecessor_id, successor_id, happened_on, nature), UPDATE (happened_on, nature)
    ON organisations_succession TO tandem_importer;
GRANT SELECT ON contacts_place, contacts_placeregion, contacts_region, contacts_outwardcode
    TO tandem_importer;
CREATE POLICY importer_brings_in ON organisations_organisation TO tandem_importer
    USING (true) WITH CHECK (true);
CREATE POLICY importer_brings_in ON organisations_succession TO tandem_importer
    USING (true) WITH CHECK (true);
-- For whom the worker acts is looked up by the worker, as this role.
GRANT SELECT (id, is_operator, is_active) ON organisations_user TO tandem_importer;

ALTER TABLE contacts_officialfilepart ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_officialfilepart FORCE ROW LEVEL SECURITY;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contacts_officialimport', 'contacts_officialchange',
        'contacts_officialconflict', 'contacts_officialfilepart'] LOOP
        EXECUTE format('CREATE POLICY importer_brings_in ON %I TO tandem_importer
            USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON contacts_officialimport TO tandem_importer;
GRANT SELECT, INSERT, DELETE ON contacts_officialchange, contacts_officialconflict TO tandem_importer;
GRANT SELECT, INSERT, DELETE ON contacts_officialfilepart TO tandem_importer;

-- Operators upload, say that it is to be done, or throw it away. What came of it the worker says.
CREATE POLICY operator_uploads ON contacts_officialimport FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND made_by_id = tandem.person() AND state = 'checking'
                AND came_by = 'upload' AND work_for_id = tandem.person() AND attempts = 0);
CREATE POLICY operator_decides ON contacts_officialimport FOR UPDATE TO tandem_web
    USING (tandem.is_operator())
    WITH CHECK (tandem.is_operator() AND state IN ('applying', 'undoing', 'discarded')
                AND (work_for_id IS NULL OR work_for_id = tandem.person()));
GRANT INSERT, UPDATE (state, work_for_id, attempts, failure) ON contacts_officialimport
    TO tandem_web;
CREATE POLICY operator_uploads ON contacts_officialfilepart TO tandem_web
    USING (tandem.is_operator()) WITH CHECK (tandem.is_operator());
-- Nobody who is served pages reads a file back.
GRANT SELECT (id, official_import_id, file, number), INSERT, DELETE ON contacts_officialfilepart
    TO tandem_web;
-- What an import that is thrown away would have changed is of no use to anybody.
CREATE POLICY operator_throws_away ON contacts_officialchange FOR DELETE TO tandem_web
    USING (tandem.is_operator() AND EXISTS (
        SELECT 1 FROM contacts_officialimport i
        WHERE i.id = official_import_id AND i.state = 'discarded'));
GRANT DELETE ON contacts_officialchange TO tandem_web;

-- The trail of imports: in one's own name, or nobody's from the command line.
CREATE POLICY importer_appends ON organisations_auditevent FOR INSERT TO tandem_importer
    WITH CHECK (object_table = 'contacts_officialimport' AND organisation_id IS NULL
                AND user_id IS NOT DISTINCT FROM tandem.person());
CREATE POLICY owner_imports ON organisations_auditevent FOR INSERT TO tandem_owner
    WITH CHECK (object_table = 'contacts_officialimport' AND organisation_id IS NULL
                AND user_id IS NULL);
GRANT INSERT ON organisations_auditevent TO tandem_importer;

-- What somebody reported of a school's trust, against what the register says: an operator
-- decides. Only what still stands as it was asked is changed; says whether it did.
GRANT SELECT, UPDATE (decision, decided_at, decided_by_id) ON contacts_officialconflict
    TO tandem_definer;
CREATE POLICY definer_decides ON contacts_officialconflict TO tandem_definer
    USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (trust_id, trust_basis) ON organisations_school TO tandem_definer;
CREATE FUNCTION tandem.decide_official_conflict(p_conflict bigint, p_take boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked public.contacts_officialconflict;
    official bigint;
    changed bigint;
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'operators decide';
    END IF;
    SELECT * INTO asked FROM public.contacts_officialconflict c
        WHERE c.id = p_conflict AND c.decided_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_take THEN
        SELECT o.id INTO official FROM public.organisations_organisation o
            WHERE o.kind = 'school_trust' AND o.code = asked.official;
        IF official IS NULL AND asked.official <> '' THEN
            RETURN false;
        END IF;
        UPDATE public.organisations_school s SET trust_id = official,
            trust_basis = CASE WHEN official IS NULL THEN '' ELSE 'official' END
        FROM public.organisations_organisation t
        WHERE s.organisation_id = asked.organisation_id AND s.trust_basis = 'reported'
          AND t.id = s.trust_id AND t.code = asked.ours;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed = 0 THEN
            RETURN false;
        END IF;
    END IF;
    UPDATE public.contacts_officialconflict c SET decided_at = now(),
        decided_by_id = tandem.person(), decision = CASE WHEN p_take THEN 'take' ELSE 'keep' END
    WHERE c.id = p_conflict;
    RETURN true;
END $$;
ALTER FUNCTION tandem.decide_official_conflict(bigint, boolean) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.decide_official_conflict(bigint, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.decide_official_conflict(bigint, boolean) TO tandem_web;
RESET ROLE;
