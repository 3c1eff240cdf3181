-- Finding records by their words. Full-text search is no help under row security: its operators may
-- not be asked before the policies are, so an index on words is never used. This function asks the
-- index, says itself whose records count (the transaction's own keys, as the policies do), and
-- gives ids only: pages read the rows under row security, so that a fault here shows nothing.

-- What each kind is found by: its name above the rest, evened out as organisations' names are.
CREATE FUNCTION tandem.search_document(p_name text, p_rest text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT setweight(to_tsvector('english'::regconfig,
                                 coalesce(tandem.search_text(nullif(p_name, '')), '')), 'A')
        || to_tsvector('english'::regconfig,
                       coalesce(tandem.search_text(nullif(p_rest, '')), ''))
$$;
CREATE INDEX search_partnership ON record_partnership
    USING gin (tandem.search_document(name, purpose));
CREATE INDEX search_conversation ON conversations_conversation
    USING gin (tandem.search_document(others || ' ' || introduced_by, summary))
    WHERE withdrawn_at IS NULL;
CREATE INDEX search_initiative ON plans_initiative
    USING gin (tandem.search_document(name, aim || ' ' || audience || ' ' || place))
    WHERE withdrawn_at IS NULL;
CREATE INDEX search_agreement ON agreements_agreementversion
    USING gin (tandem.search_document(title, text));

-- Every kind at once: ids with how well each answers and how many there are of its kind. Words
-- begin as typed; where no record answers, names that are merely alike. Only for whoever acts for
-- an organisation: a person's own key opens single records, which are listed to them anyway.
CREATE FUNCTION tandem.search_records(p_query text, p_kind text, p_most int)
    RETURNS TABLE (kind text, record bigint, total bigint, only_alike boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    keys bigint[] := tandem.keys();
    words text[];
    telling text[];
    asked tsquery;
    most int := least(greatest(p_most, 1), 100);
BEGIN
    IF keys IS NULL OR cardinality(keys) <> 1 OR keys[1] <= 0 THEN
        RETURN;
    END IF;
    words := (SELECT array_agg(w ORDER BY n) FROM (
        SELECT w, min(n) AS n FROM unnest(string_to_array(
            tandem.search_text(left(coalesce(p_query, ''), 200)), ' ')) WITH ORDINALITY AS t (w, n)
        WHERE w ~ '^[A-Z0-9]+$' GROUP BY w ORDER BY n LIMIT 8) typed);
    IF words IS NULL THEN
        RETURN;
    END IF;
    -- Short words are alike to too much; they count only where nothing else was typed.
    telling := ARRAY(SELECT w FROM unnest(words) w WHERE length(w) > 2);
    IF cardinality(telling) = 0 THEN
        telling := words;
    END IF;
    asked := to_tsquery('english', array_to_string(
        ARRAY(SELECT w || ':*' FROM unnest(words) w), ' & '));
    IF numnode(asked) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH found AS MATERIALIZED (
            SELECT 'partnership' AS kind, p.id AS record,
                ts_rank(tandem.search_document(p.name, p.purpose), asked)
                    - CASE WHEN p.closed_at IS NULL THEN 0 ELSE 0.5 END AS rank
            FROM public.record_partnership p
            WHERE p.acl && keys AND tandem.search_document(p.name, p.purpose) @@ asked
            UNION ALL
            SELECT 'initiative', i.id, ts_rank(tandem.search_document(
                i.name, i.aim || ' ' || i.audience || ' ' || i.place), asked)
            FROM public.plans_initiative i
            WHERE i.acl && keys AND i.withdrawn_at IS NULL AND tandem.search_document(
                i.name, i.aim || ' ' || i.audience || ' ' || i.place) @@ asked
            UNION ALL
            SELECT 'agreement', a.id, max(ts_rank(
                tandem.search_document(v.title, v.text), asked))
            FROM public.agreements_agreementversion v
            JOIN public.agreements_agreement a ON a.id = v.agreement_id AND a.revision = v.number
            WHERE v.acl && keys AND a.acl && keys
              AND tandem.search_document(v.title, v.text) @@ asked
            GROUP BY a.id
            UNION ALL
            -- Conversations are told by their day: what was said last is looked for most.
            SELECT 'conversation', c.id, extract(epoch FROM c.held_on::timestamp)::real
            FROM public.conversations_conversation c
            WHERE c.acl && keys AND c.withdrawn_at IS NULL AND tandem.search_document(
                c.others || ' ' || c.introduced_by, c.summary) @@ asked
        ), ranked AS (
            SELECT f.kind, f.record, count(*) OVER (PARTITION BY f.kind) AS total,
                row_number() OVER (PARTITION BY f.kind ORDER BY f.rank DESC, f.record DESC) AS place
            FROM found f WHERE p_kind IS NULL OR f.kind = p_kind
        )
        SELECT r.kind, r.record, r.total, false FROM ranked r WHERE r.place <= most
        ORDER BY r.kind, r.place;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH called AS (
            SELECT 'partnership' AS kind, p.id AS record, upper(p.name) AS name
            FROM public.record_partnership p WHERE p.acl && keys
            UNION ALL
            SELECT 'initiative', i.id, upper(i.name)
            FROM public.plans_initiative i WHERE i.acl && keys AND i.withdrawn_at IS NULL
            UNION ALL
            SELECT 'agreement', a.id, upper(v.title)
            FROM public.agreements_agreementversion v
            JOIN public.agreements_agreement a ON a.id = v.agreement_id AND a.revision = v.number
            WHERE v.acl && keys AND a.acl && keys
        ), named AS MATERIALIZED (
            SELECT c.kind, c.record, typed.alike, typed.least
            FROM called c CROSS JOIN LATERAL (
                SELECT avg(public.word_similarity(w, c.name)) AS alike,
                    min(public.word_similarity(w, c.name)) AS least
                FROM unnest(telling) w
            ) typed
        ), ranked AS (
            SELECT n.kind, n.record, count(*) OVER (PARTITION BY n.kind) AS total,
                row_number() OVER (PARTITION BY n.kind ORDER BY n.alike DESC, n.record DESC)
                    AS place
            -- No word may be quite another one, and most of what was typed has to be right.
            FROM named n WHERE n.least >= 0.3 AND n.alike >= 0.5
              AND (p_kind IS NULL OR n.kind = p_kind)
        )
        SELECT r.kind, r.record, r.total, true FROM ranked r WHERE r.place <= most
        ORDER BY r.kind, r.place;
END $$;
ALTER FUNCTION tandem.search_records(text, text, int) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.search_records(text, text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.search_records(text, text, int) TO tandem_web;
RESET ROLE;
