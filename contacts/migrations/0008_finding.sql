-- ---------------------------------------------------------------- what is found by which words
-- " PERSON / JOB AND ROLE / ORGANISATION AND TOWN / PLACE", as names are compared. The space
-- lets every word be found by its beginning.
CREATE FUNCTION tandem.posting_search_text() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT ' ' || tandem.search_text(coalesce(p.name, ''))
        || ' / ' || tandem.search_text(NEW.job_title || ' ' || coalesce(r.name, ''))
        || ' / ' || tandem.search_text(coalesce(o.name || ' ' || o.town || ' ' || o.area, ''))
        || ' / ' || tandem.search_text(coalesce(a.name, ''))
        INTO NEW.search_text
        FROM (SELECT 1) one
        LEFT JOIN public.contacts_person p ON p.id = NEW.person_id
        LEFT JOIN public.contacts_roletype r ON r.id = NEW.role_type_id
        LEFT JOIN public.organisations_organisation o ON o.id = NEW.organisation_id
        LEFT JOIN public.contacts_place a ON a.id = NEW.place_id;
    RETURN NEW;
END $$;

-- " NAME AND TYPE / HOST / AREA".
CREATE FUNCTION tandem.gateway_search_text() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT ' ' || tandem.search_text(NEW.name || ' ' || t.name)
        || ' / ' || tandem.search_text(coalesce(o.name, ''))
        || ' / ' || tandem.search_text(coalesce(a.name, r.name, ''))
        INTO NEW.search_text
        FROM public.contacts_gatewaytype t
        LEFT JOIN public.organisations_organisation o ON o.id = NEW.host_id
        LEFT JOIN public.contacts_place a ON a.id = NEW.place_id
        LEFT JOIN public.contacts_region r ON r.id = NEW.region_id
        WHERE t.id = NEW.type_id;
    RETURN NEW;
END $$;

-- When something they are found by is called otherwise. The argument is the column of postings
-- that leads to it; a second one, the column of gateways.
CREATE FUNCTION tandem.found_by_another_name() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_ARGV[0] <> '' THEN
        EXECUTE format('UPDATE public.contacts_posting SET search_text = '''' WHERE %I = $1',
                       TG_ARGV[0]) USING NEW.id;
    END IF;
    IF TG_NARGS > 1 THEN
        EXECUTE format('UPDATE public.contacts_gateway SET search_text = '''' WHERE %I = $1',
                       TG_ARGV[1]) USING NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE POLICY definer_names ON contacts_gateway FOR UPDATE TO tandem_definer
    USING (true) WITH CHECK (true);
GRANT UPDATE (search_text) ON contacts_gateway TO tandem_definer;

-- ---------------------------------------------------------------- people in the directory
-- Postings in the directory by words, best first, for whoever may read it: those all of whose
-- words begin with the ones typed; where these are few, those that are alike; where there are
-- none, those alike as a whole. What it lets through is said here in full, because row security
-- would keep the index of its words unused; whoever asks reads the rows under row security.
-- Words are evened out to letters and digits, so that nothing in them is a pattern.
CREATE FUNCTION tandem.find_postings(
    p_query text, p_region bigint, p_place bigint, p_outward text, p_role bigint,
    p_kinds text[], p_fresh text, p_organisation bigint, p_limit int, p_offset int)
    RETURNS TABLE (posting_id bigint, rank int, total bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET pg_trgm.word_similarity_threshold = 0.5 AS $$
DECLARE
    words text[];
    normal text := tandem.search_text(left(coalesce(p_query, ''), 200));
    day date := (now() AT TIME ZONE 'Europe/London')::date;
    open_ones text := 'p.listing = ''listed'' AND (p.ended_on IS NULL OR p.ended_on >= $1)';
    begins text := 'true';
    resembles text := 'true';
BEGIN
    IF NOT tandem.reads_directory() THEN
        RETURN;
    END IF;
    IF p_region IS NOT NULL THEN
        open_ones := open_ones || ' AND p.region_id = $2';
    END IF;
    IF p_place IS NOT NULL THEN
        open_ones := open_ones || ' AND (p.place_id = $3 OR p.organisation_id =
            (SELECT a.council_id FROM public.contacts_place a WHERE a.id = $3))';
    END IF;
    IF p_role IS NOT NULL THEN
        open_ones := open_ones || ' AND p.role_type_id = $4';
    END IF;
    IF p_organisation IS NOT NULL THEN
        open_ones := open_ones || ' AND p.organisation_id = $5';
    END IF;
    IF p_kinds IS NOT NULL THEN
        open_ones := open_ones || ' AND p.organisation_id IN (
            SELECT o.id FROM public.organisations_organisation o WHERE o.kind = ANY ($6))';
    END IF;
    IF p_outward IS NOT NULL THEN
        open_ones := open_ones || ' AND (p.place_id IN (
                SELECT c.place_id FROM public.contacts_outwardcode c WHERE c.outward = $7)
            OR p.organisation_id IN (
                SELECT o.id FROM public.organisations_organisation o
                WHERE o.postcode LIKE $8
                UNION SELECT a.council_id FROM public.contacts_outwardcode c
                JOIN public.contacts_place a ON a.id = c.place_id WHERE c.outward = $7
                UNION SELECT g.icb_id FROM public.contacts_outwardcode c
                JOIN public.contacts_placeregion x ON x.place_id = c.place_id
                JOIN public.contacts_region g ON g.id = x.region_id WHERE c.outward = $7))';
    END IF;
    open_ones := open_ones || CASE p_fresh
        WHEN 'current' THEN ' AND p.check_due_on > $1 AND p.disputed_at IS NULL
            AND p.bounced_at IS NULL'
        WHEN 'due' THEN ' AND (p.check_due_on <= $1 OR p.disputed_at IS NOT NULL
            OR p.bounced_at IS NOT NULL)'
        ELSE '' END;
    words := (SELECT array_agg(w ORDER BY n) FROM (
        SELECT w, min(n) AS n FROM unnest(string_to_array(normal, ' ')) WITH ORDINALITY AS t (w, n)
        WHERE w ~ '^[A-Z0-9]+$' GROUP BY w ORDER BY n LIMIT 8) typed);
    IF words IS NOT NULL THEN
        normal := array_to_string(words, ' ');
        SELECT string_agg(format('p.search_text LIKE %L', '% ' || w || '%'), ' AND ')
            INTO begins FROM unnest(words) w;
        -- Short words are alike to too much; they count only where nothing else was typed.
        SELECT string_agg(format('%L OPERATOR(public.<%%) p.search_text', w), ' AND ')
            INTO resembles FROM unnest(words) w
            WHERE length(w) > 2 OR NOT EXISTS (SELECT 1 FROM unnest(words) u WHERE length(u) > 2);
    ELSIF coalesce(p_query, '') <> '' THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format('
        WITH whole AS MATERIALIZED (
            SELECT p.id, CASE WHEN p.search_text LIKE %1$L THEN 1
                WHEN p.search_text LIKE %2$L THEN 2 ELSE 3 END AS rank,
                0::real AS alike, p.search_text
            FROM public.contacts_posting p WHERE %3$s AND %4$s
        ), alike AS MATERIALIZED (
            SELECT p.id, 4, public.word_similarity(%5$L, p.search_text), p.search_text
            FROM (SELECT p.id, p.search_text FROM public.contacts_posting p
                  WHERE %6$L AND (SELECT count(*) FROM whole) < 20 AND %3$s AND %7$s
                  LIMIT 300) p
            WHERE p.id NOT IN (SELECT w.id FROM whole w)
        ), loosely AS (
            SELECT p.id, 4, public.word_similarity(%5$L, p.search_text), p.search_text
            FROM (SELECT p.id, p.search_text FROM public.contacts_posting p
                  WHERE %6$L AND NOT EXISTS (SELECT 1 FROM whole) AND NOT EXISTS (SELECT 1 FROM alike)
                      AND %3$s AND %5$L OPERATOR(public.<%%) p.search_text
                  LIMIT 300) p
        )
        SELECT f.id, f.rank, count(*) OVER ()
        FROM (SELECT * FROM whole UNION ALL SELECT * FROM alike
              UNION ALL SELECT * FROM loosely) f (id, rank, alike, search_text)
        ORDER BY f.rank, f.alike DESC, f.search_text, f.id LIMIT $9 OFFSET $10',
        ' ' || normal || '%', '% ' || normal || '%', open_ones, begins, normal,
        words IS NOT NULL, resembles)
        USING day, p_region, p_place, p_role, p_organisation, p_kinds, p_outward,
            p_outward || ' %', least(p_limit, 200), greatest(p_offset, 0);
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['posting_search_text()', 'gateway_search_text()',
                             'found_by_another_name()'] LOOP
        EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
        SET LOCAL ROLE tandem_definer;
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_owner', f);
        RESET ROLE;
    END LOOP;
    f := 'find_postings(text, bigint, bigint, text, bigint, text[], text, bigint, int, int)';
    EXECUTE format('ALTER FUNCTION tandem.%s OWNER TO tandem_definer', f);
    SET LOCAL ROLE tandem_definer;
    EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
    RESET ROLE;
END $$;

CREATE TRIGGER search_text BEFORE INSERT OR UPDATE OF person_id, job_title, role_type_id,
    organisation_id, place_id, search_text ON contacts_posting
    FOR EACH ROW EXECUTE FUNCTION tandem.posting_search_text();
CREATE TRIGGER search_text BEFORE INSERT OR UPDATE OF type_id, name, host_id, region_id,
    place_id, search_text ON contacts_gateway
    FOR EACH ROW EXECUTE FUNCTION tandem.gateway_search_text();
CREATE TRIGGER found_by AFTER UPDATE OF name ON contacts_person FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION tandem.found_by_another_name('person_id');
CREATE TRIGGER found_by AFTER UPDATE OF name ON contacts_roletype FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION tandem.found_by_another_name('role_type_id');
CREATE TRIGGER found_by AFTER UPDATE OF name ON contacts_gatewaytype FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION tandem.found_by_another_name('', 'type_id');
CREATE TRIGGER found_by AFTER UPDATE OF name ON contacts_place FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION tandem.found_by_another_name('place_id', 'place_id');
CREATE TRIGGER found_by AFTER UPDATE OF name ON contacts_region FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION tandem.found_by_another_name('', 'region_id');
CREATE TRIGGER found_by AFTER UPDATE OF name, town, area ON organisations_organisation
    FOR EACH ROW WHEN ((OLD.name, OLD.town, OLD.area) IS DISTINCT FROM (NEW.name, NEW.town, NEW.area))
    EXECUTE FUNCTION tandem.found_by_another_name('organisation_id', 'host_id');

-- What is there already.
SET LOCAL ROLE tandem_definer;
UPDATE public.contacts_posting SET search_text = '';
UPDATE public.contacts_gateway SET search_text = '';
RESET ROLE;
