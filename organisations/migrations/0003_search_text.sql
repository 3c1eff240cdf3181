-- What a name is compared by: capitals without accents, apostrophes or punctuation, and one
-- spelling for what people write in several ways. Queries go through the same function.
CREATE FUNCTION tandem.search_text(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            ' ' || btrim(regexp_replace(replace(translate(upper(words),
                'ÀÁÂÃÄÅÇÈÉÊËĒÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ''’‘`', 'AAAAAACEEEEEIIIINOOOOOUUUUY'),
                '&', ' AND '), '[^A-Z0-9]+', ' ', 'g')) || ' ',
        ' COFE ', ' CHURCH OF ENGLAND '),
        ' C OF E ', ' CHURCH OF ENGLAND '),
        ' C E ', ' CHURCH OF ENGLAND '),
        ' CE ', ' CHURCH OF ENGLAND '),
        ' RC ', ' ROMAN CATHOLIC '),
        ' R C ', ' ROMAN CATHOLIC '),
        ' SAINT ', ' ST '),
        ' MAT ', ' MULTI ACADEMY TRUST '),
        ' ICB ', ' INTEGRATED CARE BOARD '),
        ' NHS FT ', ' NHS FOUNDATION TRUST '))
$$;

-- " NAME / WHERE IT IS". The space lets every word be found by its beginning; the stroke marks
-- where the name ends.
CREATE FUNCTION tandem.organisation_search_text(name text, town text, area text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ' ' || tandem.search_text(name) || ' / ' || tandem.search_text(
        CASE WHEN upper(town) = upper(area) THEN town ELSE town || ' ' || area END)
$$;
