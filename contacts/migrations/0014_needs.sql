-- Everybody reads it; an operator rewords it; England's load writes it.
ALTER TABLE contacts_need ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts_need FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON contacts_need FOR SELECT TO tandem_web USING (true);
CREATE POLICY operator_changes ON contacts_need FOR UPDATE TO tandem_web
    USING (tandem.is_operator()) WITH CHECK (tandem.is_operator() AND edited_at IS NOT NULL);
CREATE POLICY owner_imports ON contacts_need TO tandem_owner USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (name, first_door, ask_for, not_for, fallback, strategic, edited_at)
    ON contacts_need TO tandem_web;
