-- Whoever asked to be removed is not on offer to another region's admin either.
CREATE FUNCTION tandem.posting_removed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.offered_to_id := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER removed BEFORE UPDATE OF listing ON contacts_posting
    FOR EACH ROW WHEN (NEW.listing = 'removed') EXECUTE FUNCTION tandem.posting_removed();

-- Together with a name goes what others wrote about the person, and their own note.
CREATE POLICY definer_forgets ON contacts_report TO tandem_definer
    USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (note, answer) ON contacts_report TO tandem_definer;
CREATE FUNCTION tandem.posting_forgotten() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.contacts_report SET note = '', answer = '' WHERE posting_id = NEW.id;
    UPDATE public.contacts_handover SET text = '' WHERE posting_id = NEW.id;
    RETURN NULL;
END $$;
ALTER FUNCTION tandem.posting_forgotten() OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.posting_forgotten() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.posting_forgotten() TO tandem_owner;
RESET ROLE;
CREATE TRIGGER forgotten AFTER UPDATE OF anonymised_at ON contacts_posting
    FOR EACH ROW WHEN (NEW.anonymised_at IS NOT NULL) EXECUTE FUNCTION tandem.posting_forgotten();
