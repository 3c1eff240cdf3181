-- Imports of official files: the owner brings them in, operators look at them.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contacts_officialimport', 'contacts_officialchange',
        'contacts_officialconflict'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY operator_sees ON %I FOR SELECT TO tandem_web
            USING ((SELECT tandem.is_operator()))', t);
        EXECUTE format('CREATE POLICY owner_imports ON %I TO tandem_owner
            USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO tandem_web', t);
    END LOOP;
END $$;
