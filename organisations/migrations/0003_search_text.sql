-- What a name is compared by: capitals without accents, apostrophes or punctuation, and one
-- spelling for what people write in several ways. Queries go through the same function.
CREATE FUNCTION tandem.search_text(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            ' ' || btrim(regexp_replace(replace(translate(upper(words),
                'ÀÁÂÃÄÅÇÈÉÊËĒÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ''’‘`', 'AAAAAACEEEEEIIIINOOOOOUUUUY'),
                '&', ' AND '), '[^A-Z0-9]+', ' ', 'g')) || ' ',
        ' CHURCH OF ENGLAND ', ' COFE '),
        ' C OF E ', ' COFE '),
        ' C E ', ' COFE '),
        ' CE ', ' COFE '),
        ' ROMAN CATHOLIC ', ' RC '),
        ' R C ', ' RC '),
        ' SAINT ', ' ST '),
        ' MULTI ACADEMY TRUST ', ' MAT '),
        ' INTEGRATED CARE BOARD ', ' ICB '),
        ' NHS FT ', ' NHS FOUNDATION TRUST '),
        ' +', ' ', 'g'))
$$;

-- " NAME / WHERE IT IS". The space lets every word be found by its beginning; the stroke marks
-- where the name ends.
CREATE FUNCTION tandem.organisation_search_text(name text, town text, area text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ' ' || tandem.search_text(name) || ' / ' || tandem.search_text(
        CASE WHEN upper(town) = upper(area) THEN town ELSE town || ' ' || area END)
$$;
