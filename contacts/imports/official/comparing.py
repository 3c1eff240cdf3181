"""The SQL that puts official rows in the shape of the merge, and finds what the merge changed."""

from __future__ import annotations

ORGANISATION = (
    "name", "other_code", "town", "area", "postcode", "website", "opened_on", "closed_on",
    "icb_id", "icb_basis",
)  # fmt: skip
SCHOOL = (
    "council_id", "trust_id", "trust_basis", "phase", "establishment_type", "age_low", "age_high",
    "pupils", "latitude", "longitude",
)  # fmt: skip

_O = ", ".join(f"o.{name}" for name in ORGANISATION)
_S = ", ".join(f"s.{name}" for name in SCHOOL)
# Every official field of every organisation.
HELD = f"""
    SELECT o.id, o.kind, o.code, o.slug, {_O}, s.organisation_id IS NOT NULL AS has_school, {_S}
    FROM organisations_organisation o
    LEFT JOIN organisations_school s ON s.organisation_id = o.id
"""  # noqa: S608  constants
SUCCESSIONS = """
    SELECT x.id, p.kind, p.code, p.name, n.code AS successor, x.happened_on, x.nature
    FROM organisations_succession x
    JOIN organisations_organisation p ON p.id = x.predecessor_id
    JOIN organisations_organisation n ON n.id = x.successor_id
"""
REMEMBER = f"""
CREATE TEMP TABLE held_before ON COMMIT DROP AS {HELD};
CREATE UNIQUE INDEX ON held_before (kind, code);
CREATE TEMP TABLE succession_before ON COMMIT DROP AS {SUCCESSIONS};
ANALYZE held_before
"""

# Academy trusts: those of the list of groups, then those that only schools name.
TRUSTS = """
INSERT INTO incoming_organisation (kind, code, name, other_code, town, area, postcode, website,
    opened_on, closed_on, slug)
SELECT 'school_trust', code, name, other_code, town, area, postcode, website,
    CASE WHEN opened <= coalesce(closed, opened) THEN opened END, closed, slug
FROM (
    SELECT g.code, g.name, g.other_code, coalesce(g.town, h.town, '') AS town,
        coalesce(h.area, '') AS area, coalesce(g.postcode, h.postcode, '') AS postcode,
        coalesce(h.website, '') AS website, coalesce(g.opened_on, h.opened_on) AS opened,
        CASE WHEN g.is_open THEN g.closed_on
             ELSE coalesce(g.closed_on, h.closed_on, %(day)s) END AS closed, h.slug
    FROM official_group g
    LEFT JOIN held_before h ON h.kind = 'school_trust' AND h.code = g.code
    WHERE h.id IS NOT NULL OR g.is_open) found
"""
TRUSTS_NAMED_BY_SCHOOLS = """
INSERT INTO incoming_organisation (kind, code, name, other_code, town, area, postcode, website)
SELECT 'school_trust', f.trust, min(f.trust_name), '', '', '', '', ''
FROM official_school f
WHERE f.academy_trust AND f.is_open AND f.wanted AND f.trust <> '' AND f.trust_name <> ''
  AND NOT EXISTS (SELECT 1 FROM held_before h WHERE h.kind = 'school_trust' AND h.code = f.trust)
  AND NOT EXISTS (SELECT 1 FROM official_group g WHERE g.code = f.trust)
GROUP BY f.trust
"""
SCHOOLS = """
INSERT INTO incoming_organisation (kind, code, name, other_code, town, area, postcode, website,
    opened_on, closed_on, slug)
SELECT 'school', urn, name, other_code, town, area, postcode, website,
    CASE WHEN opened <= coalesce(closed, opened) THEN opened END, closed, slug
FROM (
    SELECT f.urn, f.name, coalesce(h.other_code, '') AS other_code,
        coalesce(f.town, h.town, '') AS town, coalesce(c.area, h.area, '') AS area,
        coalesce(f.postcode, h.postcode, '') AS postcode,
        coalesce(f.website, h.website, '') AS website,
        coalesce(f.opened_on, h.opened_on) AS opened,
        CASE WHEN f.is_open THEN f.closed_on
             ELSE coalesce(f.closed_on, h.closed_on, %(day)s) END AS closed, h.slug
    FROM official_school f
    LEFT JOIN held_before h ON h.kind = 'school' AND h.code = f.urn
    LEFT JOIN held_before c ON c.kind = 'council' AND c.code = f.council
    WHERE h.id IS NOT NULL OR (f.is_open AND f.wanted AND c.id IS NOT NULL)) found
"""
MORE_OF_SCHOOLS = """
INSERT INTO incoming_school (urn, council, trust, phase, establishment_type, age_low, age_high,
    pupils, latitude, longitude)
SELECT f.urn, coalesce(c.code, hc.code),
    CASE WHEN f.says_trust THEN t.code ELSE ht.code END,
    coalesce(f.phase, h.phase, ''), coalesce(f.establishment_type, h.establishment_type, ''),
    coalesce(f.age_low, h.age_low), coalesce(f.age_high, h.age_high),
    coalesce(f.pupils, h.pupils), h.latitude, h.longitude
FROM official_school f
JOIN incoming_organisation i ON i.kind = 'school' AND i.code = f.urn
LEFT JOIN held_before h ON h.kind = 'school' AND h.code = f.urn
LEFT JOIN held_before c ON c.kind = 'council' AND c.code = f.council
LEFT JOIN held_before hc ON hc.id = h.council_id
LEFT JOIN held_before ht ON ht.id = h.trust_id
LEFT JOIN (SELECT code FROM held_before WHERE kind = 'school_trust'
           UNION SELECT code FROM incoming_organisation WHERE kind = 'school_trust') t
       ON t.code = f.trust AND f.academy_trust IS NOT FALSE
"""
# Where no file of schools says it: the last of a school's memberships, if it still is one, and
# that it has left the trust that the register had it in.
TRUSTS_OF_SCHOOLS = """
INSERT INTO incoming_school (urn, council, trust, phase, establishment_type, age_low, age_high,
    pupils, latitude, longitude)
SELECT h.code, hc.code, CASE WHEN m.is_member THEN t.code END, h.phase, h.establishment_type,
    h.age_low, h.age_high, h.pupils, h.latitude, h.longitude
FROM (SELECT DISTINCT ON (urn) * FROM official_membership
      ORDER BY urn, is_member DESC, joined_on DESC NULLS LAST, trust) m
JOIN held_before h ON h.kind = 'school' AND h.code = m.urn
LEFT JOIN held_before hc ON hc.id = h.council_id
LEFT JOIN held_before ht ON ht.id = h.trust_id
LEFT JOIN (SELECT code FROM held_before WHERE kind = 'school_trust'
           UNION SELECT code FROM incoming_organisation WHERE kind = 'school_trust') t
       ON t.code = m.trust
WHERE NOT EXISTS (SELECT 1 FROM official_school f WHERE f.urn = m.urn)
  AND CASE WHEN m.is_member THEN t.code IS NOT NULL ELSE ht.code = m.trust END
"""
# One row of the two that a link has (each side's) is enough; both schools must be known here.
LINKS = """
INSERT INTO incoming_succession (kind, predecessor, successor, happened_on, nature)
SELECT 'school', l.predecessor, l.successor, coalesce(l.happened_on, n.opened_on, p.closed_on),
    l.nature
FROM (SELECT DISTINCT ON (predecessor, successor) * FROM official_link
      ORDER BY predecessor, successor, happened_on, nature) l
JOIN (SELECT code, closed_on FROM incoming_organisation WHERE kind = 'school'
      UNION SELECT h.code, h.closed_on FROM held_before h WHERE h.kind = 'school'
            AND NOT EXISTS (SELECT 1 FROM incoming_organisation i
                            WHERE i.kind = 'school' AND i.code = h.code)) p
  ON p.code = l.predecessor
JOIN (SELECT code, opened_on FROM incoming_organisation WHERE kind = 'school'
      UNION SELECT h.code, h.opened_on FROM held_before h WHERE h.kind = 'school'
            AND NOT EXISTS (SELECT 1 FROM incoming_organisation i
                            WHERE i.kind = 'school' AND i.code = h.code)) n
  ON n.code = l.successor
WHERE coalesce(l.happened_on, n.opened_on, p.closed_on) IS NOT NULL
"""
NHS = """
INSERT INTO incoming_organisation (kind, code, name, other_code, town, area, postcode, website,
    opened_on, closed_on, slug)
SELECT coalesce(h.kind, 'nhs_trust'), f.code, f.name, coalesce(h.other_code, ''),
    CASE WHEN h.kind = 'icb' THEN h.town ELSE coalesce(f.town, h.town, '') END,
    coalesce(h.area, ''),
    CASE WHEN h.kind = 'icb' THEN h.postcode ELSE coalesce(f.postcode, h.postcode, '') END,
    coalesce(h.website, ''),
    -- What is known of boards' days is when they took over from one another.
    CASE WHEN h.kind = 'icb' THEN h.opened_on ELSE coalesce(f.opened_on, h.opened_on) END,
    CASE WHEN h.kind = 'icb' THEN coalesce(h.closed_on, f.closed_on) ELSE f.closed_on END, h.slug
FROM official_nhs f
LEFT JOIN held_before h ON h.kind IN ('nhs_trust', 'icb') AND h.code = f.code
WHERE h.id IS NOT NULL OR (f.is_trust AND coalesce(f.closed_on > %(day)s, true))
"""
TRUSTS_IN_FILE = """
SELECT f.code, f.geography, i.postcode, f.file, f.row FROM official_nhs f
JOIN incoming_organisation i ON i.kind = 'nhs_trust' AND i.code = f.code
WHERE f.geography <> '' AND i.closed_on IS NULL
"""

_PAIRS = ", ".join(f"%s.{name}" for name in (*ORGANISATION, "has_school", *SCHOOL))
CHANGED = f"""
INSERT INTO contacts_officialchange (official_import_id, kind, code, name, successor, sorts,
    before, after)
SELECT %(import)s, a.kind, a.code, a.name, '', array_remove(ARRAY[
        CASE WHEN b.id IS NULL THEN 'opened' END,
        CASE WHEN b.id IS NOT NULL AND a.closed_on IS NOT NULL AND b.closed_on IS NULL
             THEN 'closed' END,
        CASE WHEN a.closed_on IS NULL AND b.closed_on IS NOT NULL THEN 'reopened' END,
        CASE WHEN a.name <> b.name THEN 'renamed' END,
        CASE WHEN b.id IS NOT NULL AND a.trust_id IS DISTINCT FROM b.trust_id
             THEN 'moved_trust' END,
        CASE WHEN b.id IS NOT NULL AND a.council_id IS DISTINCT FROM b.council_id
             THEN 'moved_council' END,
        CASE WHEN b.id IS NOT NULL AND a.icb_id IS DISTINCT FROM b.icb_id
             THEN 'moved_board' END,
        CASE WHEN b.id IS NOT NULL AND (a.other_code, a.town, a.area, a.postcode, a.website,
                  a.opened_on, a.icb_basis, a.trust_basis, a.phase, a.establishment_type,
                  a.age_low, a.age_high, a.pupils) IS DISTINCT FROM
                 (b.other_code, b.town, b.area, b.postcode, b.website, b.opened_on, b.icb_basis,
                  b.trust_basis, b.phase, b.establishment_type, b.age_low, b.age_high, b.pupils)
              OR b.closed_on <> a.closed_on
             THEN 'other' END], NULL),
    CASE WHEN b.id IS NOT NULL THEN to_jsonb(b) END, to_jsonb(a)
FROM ({HELD}) a LEFT JOIN held_before b USING (id)
WHERE b.id IS NULL OR ({_PAIRS.replace("%s", "a")}) IS DISTINCT FROM ({_PAIRS.replace("%s", "b")})
"""  # noqa: S608  constants
SUCCEEDED = f"""
INSERT INTO contacts_officialchange (official_import_id, kind, code, name, successor, sorts,
    before, after)
SELECT %(import)s, a.kind, a.code, a.name, a.successor, ARRAY['succeeded'],
    CASE WHEN b.id IS NOT NULL THEN to_jsonb(b) - 'name' END, to_jsonb(a) - 'name'
FROM ({SUCCESSIONS}) a LEFT JOIN succession_before b USING (id)
WHERE b.id IS NULL OR (a.happened_on, a.nature) IS DISTINCT FROM (b.happened_on, b.nature)
"""  # noqa: S608  constants
# A school's trust that somebody reported, where the register says otherwise; asked once for as
# long as the register says the same.
DISAGREED = """
INSERT INTO contacts_officialconflict (official_import_id, organisation_id, field, ours, official,
    decision)
SELECT %(import)s, o.id, 'trust', t.code, coalesce(i.trust, ''), ''
FROM incoming_school i
JOIN organisations_organisation o ON o.kind = 'school' AND o.code = i.urn
JOIN organisations_school s ON s.organisation_id = o.id AND s.trust_basis = 'reported'
JOIN organisations_organisation t ON t.id = s.trust_id
LEFT JOIN official_school f ON f.urn = i.urn
WHERE i.trust IS DISTINCT FROM t.code AND coalesce(f.says_trust, true)
  AND NOT EXISTS (SELECT 1 FROM contacts_officialconflict c
                  WHERE c.organisation_id = o.id AND c.field = 'trust'
                    AND (c.decided_at IS NULL
                         OR (c.ours = t.code AND c.official = coalesce(i.trust, ''))))
"""
COUNTS = """
SELECT sort, count(*) FROM contacts_officialchange c, unnest(c.sorts) sort
WHERE c.official_import_id = %s GROUP BY sort
"""

# Looking before it is done: the list outlives what is taken back.
_LISTED = "official_import_id, kind, code, name, successor, sorts, before, after"
LISTED = (
    f"SELECT {_LISTED} FROM contacts_officialchange "  # noqa: S608  constants
    "WHERE official_import_id = {:d} ORDER BY id"
)
KEPT = """
CREATE TEMP TABLE listed_change (official_import_id bigint, kind text, code text, name text,
    successor text, sorts text[], before jsonb, after jsonb) ON COMMIT DROP
"""
LIST_AGAIN = f"INSERT INTO contacts_officialchange ({_LISTED}) SELECT {_LISTED} FROM listed_change"  # noqa: S608  constants
# An organisation that is new has another id each time it is opened, and perhaps another address.
DIGEST = """
SELECT md5(coalesce(string_agg(concat_ws('|', kind, code, successor, sorts::text,
    after - ARRAY['id', 'slug', 'icb_id', 'council_id', 'trust_id']), chr(10)
    ORDER BY kind, code, successor), ''))
FROM contacts_officialchange WHERE official_import_id = %s
"""

# Undoing -----------------------------------------------------------------------------------

# The first organisation that is no longer as the import left it, and a later import that shows
# it.
STANDS_ON_IT = f"""
WITH later AS (
    SELECT c.kind, c.code, c.name, c.successor FROM contacts_officialchange c
    LEFT JOIN ({HELD}) h ON h.kind = c.kind AND h.code = c.code
    WHERE c.official_import_id = %(import)s AND c.successor = ''
      AND (to_jsonb(h) @> c.after) IS NOT TRUE
    UNION ALL
    SELECT c.kind, c.code, c.name, c.successor FROM contacts_officialchange c
    LEFT JOIN ({SUCCESSIONS}) h
        ON h.kind = c.kind AND h.code = c.code AND h.successor = c.successor
    WHERE c.official_import_id = %(import)s AND c.successor <> ''
      AND (to_jsonb(h) @> c.after) IS NOT TRUE
)
SELECT l.name, l.code,
    (SELECT min(i.applied_at) FROM contacts_officialchange x
     JOIN contacts_officialimport i ON i.id = x.official_import_id
     WHERE x.kind = l.kind AND x.code = l.code AND i.applied_at IS NOT NULL
       AND i.undone_at IS NULL AND i.id <> %(import)s
       AND i.applied_at > (SELECT applied_at FROM contacts_officialimport
                           WHERE id = %(import)s))
FROM later l ORDER BY l.name LIMIT 1
"""  # noqa: S608  constants
_SET_O = ", ".join(f"{name} = b.{name}" for name in ORGANISATION)
_SET_S = ", ".join(f"{name} = b.{name}" for name in SCHOOL)
_BEFORE = (
    "FROM contacts_officialchange c, jsonb_to_record(c.before) AS b(id bigint, name text, "
    "other_code text, town text, area text, postcode text, website text, opened_on date, "
    "closed_on date, icb_id bigint, icb_basis text, has_school bool, council_id bigint, "
    "trust_id bigint, trust_basis text, phase text, establishment_type text, age_low smallint, "
    "age_high smallint, pupils int, latitude float8, longitude float8) "
    "WHERE c.official_import_id = %(import)s AND c.successor = '' AND c.before IS NOT NULL"
)
PUT_BACK = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    """
    DELETE FROM organisations_succession x USING contacts_officialchange c
    WHERE c.official_import_id = %(import)s AND c.successor <> '' AND c.before IS NULL
      AND x.id = (c.after ->> 'id')::bigint
    """,
    """
    UPDATE organisations_succession x SET happened_on = (c.before ->> 'happened_on')::date,
        nature = c.before ->> 'nature' FROM contacts_officialchange c
    WHERE c.official_import_id = %(import)s AND c.successor <> ''
      AND x.id = (c.before ->> 'id')::bigint
    """,
    f"UPDATE organisations_organisation o SET {_SET_O} {_BEFORE} AND o.id = b.id",  # noqa: S608
    (
        f"UPDATE organisations_school s SET {_SET_S} {_BEFORE} "  # noqa: S608
        "AND b.has_school AND s.organisation_id = b.id"
    ),
    """
    DELETE FROM contacts_officialconflict
    WHERE official_import_id = %(import)s AND decided_at IS NULL
    """,
    """
    DELETE FROM organisations_school s USING contacts_officialchange c
    WHERE c.official_import_id = %(import)s AND c.successor = ''
      AND (c.after ->> 'has_school')::bool
      AND NOT coalesce((c.before ->> 'has_school')::bool, false)
      AND s.organisation_id = (c.after ->> 'id')::bigint
    """,
)
ADDED = """
SELECT (after ->> 'id')::bigint, name FROM contacts_officialchange
WHERE official_import_id = %(import)s AND successor = '' AND before IS NULL ORDER BY name
"""
