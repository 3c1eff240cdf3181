-- A public reference like those of organisations/references.py, for rows that functions insert.
-- Of a random UUID's sixteen bytes these twelve are wholly random.
CREATE FUNCTION tandem.new_ref() RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT string_agg(substr('23456789bcdfghjkmnpqrstvwxyz', 1 + get_byte(made.bytes, n) % 28, 1), '')
    FROM (SELECT uuid_send(gen_random_uuid()) AS bytes) made,
         unnest(ARRAY[0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]) AS n
$$;
