-- Where official files are fetched from: the worker keeps what came, operators look at it.
ALTER TABLE contacts_officialaddress ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_officialaddress FORCE ROW LEVEL SECURITY;
CREATE POLICY importer_brings_in ON contacts_officialaddress TO tandem_importer
    USING (true) WITH CHECK (true);
CREATE POLICY operator_sees ON contacts_officialaddress FOR SELECT TO tandem_web
    USING ((SELECT tandem.is_operator()));
GRANT SELECT, INSERT, UPDATE ON contacts_officialaddress TO tandem_importer;
GRANT SELECT ON contacts_officialaddress TO tandem_web;
