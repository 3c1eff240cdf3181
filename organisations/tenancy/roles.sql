-- Roles of one database cluster. Run as a role that may create roles; safe to run again.
DO $$
DECLARE r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['tandem_owner', 'tandem_web', 'tandem_worker', 'tandem_definer',
        'tandem_importer'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I', r);
        END IF;
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', r);
    END LOOP;
END $$;
ALTER ROLE tandem_owner LOGIN;
ALTER ROLE tandem_web LOGIN;
ALTER ROLE tandem_worker LOGIN;
ALTER ROLE tandem_definer NOLOGIN;
ALTER ROLE tandem_importer NOLOGIN;
-- The owner hands its few definer functions over, and never acts as their owner by itself.
GRANT tandem_definer TO tandem_owner WITH INHERIT FALSE, SET TRUE;
-- The worker writes what registers publish as this role alone, for one transaction at a time.
GRANT tandem_importer TO tandem_worker WITH INHERIT FALSE, SET TRUE;
