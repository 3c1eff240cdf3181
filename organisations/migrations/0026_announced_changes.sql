-- What is announced is known to everyone signed in; operators record it, confirm it and drop it.
ALTER TABLE organisations_announcedchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_announcedchange FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_announcedchange FOR SELECT TO tandem_web USING (true);
CREATE POLICY operator_records ON organisations_announcedchange FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND recorded_by_id = tandem.person() AND state = 'announced');
CREATE POLICY operator_decides ON organisations_announcedchange FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND state IN ('announced', 'confirmed'))
    WITH CHECK (tandem.is_operator() AND decided_by_id = tandem.person());
CREATE POLICY owner_imports ON organisations_announcedchange TO tandem_owner
    USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (expected_on, "into", confidence, source, state, note, decided_by_id,
    decided_at) ON organisations_announcedchange TO tandem_web;
