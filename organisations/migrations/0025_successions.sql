-- Who took over from whom is known to everyone signed in. An operator records it, and corrects or
-- takes back what an operator recorded; what open data say is the refresh's.
ALTER TABLE organisations_succession ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_succession FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_succession FOR SELECT TO tandem_web USING (true);
CREATE POLICY operator_records ON organisations_succession FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_operator() AND recorded_by_id = tandem.person());
CREATE POLICY operator_corrects ON organisations_succession FOR UPDATE TO tandem_web
    USING (tandem.is_operator() AND recorded_by_id IS NOT NULL)
    WITH CHECK (tandem.is_operator() AND recorded_by_id IS NOT NULL);
CREATE POLICY operator_takes_back ON organisations_succession FOR DELETE TO tandem_web
    USING (tandem.is_operator() AND recorded_by_id IS NOT NULL);
CREATE POLICY owner_imports ON organisations_succession TO tandem_owner
    USING (true) WITH CHECK (true);
CREATE POLICY definer_reads ON organisations_succession FOR SELECT TO tandem_definer USING (true);
GRANT INSERT, UPDATE (happened_on, nature), DELETE ON organisations_succession TO tandem_web;
GRANT SELECT ON organisations_succession TO tandem_definer;

-- No chain of successors leads back to where it began: by hand, by import, and of two at once.
CREATE FUNCTION tandem.succession_never_loops() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tandem.succession', 0));
    IF EXISTS (
        WITH RECURSIVE later(id) AS (
            SELECT NEW.successor_id
            UNION
            SELECT s.successor_id FROM public.organisations_succession s
            JOIN later ON later.id = s.predecessor_id)
        SELECT 1 FROM later WHERE id = NEW.predecessor_id) THEN
        RAISE check_violation USING MESSAGE = 'a chain of successors leads back to where it began',
            CONSTRAINT = 'succession_never_loops', TABLE = 'organisations_succession';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER never_loops BEFORE INSERT OR UPDATE OF predecessor_id, successor_id
    ON organisations_succession FOR EACH ROW EXECUTE FUNCTION tandem.succession_never_loops();
