-- Whether date ranges are complete, not empty, and each begins after the one before has ended.
CREATE FUNCTION tandem.spans_in_order(p_spans daterange[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_and(NOT isempty(span) AND lower(span) IS NOT NULL
                             AND upper(span) IS NOT NULL
                             AND (before IS NULL OR before << span)), true)
    FROM (SELECT span, lag(span) OVER (ORDER BY place) AS before
          FROM unnest(p_spans) WITH ORDINALITY AS each (span, place)) in_turn
$$;
