"""The SQL that merges what was read of England into its tables, step by step."""

from __future__ import annotations

from dataclasses import dataclass

STAGING = """
CREATE TEMP TABLE incoming_organisation (kind text, code text, name text, other_code text,
    town text, area text, postcode text, website text, opened_on date, closed_on date,
    slug text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_school (urn text, council text, trust text, phase text,
    establishment_type text, age_low int, age_high int, pupils int, latitude float8,
    longitude float8) ON COMMIT DROP;
CREATE TEMP TABLE incoming_role_type (key text, name text, sector text, organisation_type text,
    level text, statutory bool, approach_for text, not_for text, check_every_days int,
    single_seat bool) ON COMMIT DROP;
CREATE TEMP TABLE incoming_gateway_type (key text, name text, level text, host text,
    statutory bool, source_in_framework text, durability text, check_every_days int,
    typical_meetings text, start_here_when text, ask_for text, notes text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_need (key text, position int, name text, not_here bool,
    first_door text, first_roles text[], first_gateways text[], ask_for text, not_for text,
    fallback text, fallback_roles text[], strategic text, strategic_gateways text[])
    ON COMMIT DROP;
CREATE TEMP TABLE incoming_succession (kind text, predecessor text, successor text,
    happened_on date, nature text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_announced (board text, expected_on date, merges_into text,
    confidence text, source text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_board (trust text, board text, basis text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_region (board text, name text, nhs_region text, slug text)
    ON COMMIT DROP;
CREATE TEMP TABLE incoming_place (council text, name text) ON COMMIT DROP;
CREATE TEMP TABLE incoming_place_region (council text, board text, share float8) ON COMMIT DROP;
CREATE TEMP TABLE incoming_outward_code (outward text, council text, share float8)
    ON COMMIT DROP;
CREATE TEMP TABLE known_better (kind text) ON COMMIT DROP;
"""

# Kinds of organisation that a publisher's own file has been brought in for: what is held of them
# is newer than what is shipped, which adds to it and changes nothing.
KNOWN_BETTER = """
INSERT INTO known_better SELECT DISTINCT unnest(kinds) FROM contacts_officialimport
WHERE applied_at IS NOT NULL AND undone_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, and what it writes, for the person who waits."""

    what: str
    sql: str


# A register may be behind an operator who recorded that somebody took over: what ended stays so.
CLOSED_ON = """coalesce(EXCLUDED.closed_on, CASE WHEN EXISTS (
            SELECT 1 FROM organisations_succession x WHERE x.predecessor_id = o.id
            AND x.recorded_by_id IS NOT NULL AND x.happened_on <= CURRENT_DATE)
            THEN o.closed_on END)"""

STEPS = (
    Step(
        "organisations",
        f"""
        INSERT INTO organisations_organisation AS o (kind, code, name, slug, other_code, town,
            area, postcode, website, opened_on, closed_on, icb_basis)
        SELECT kind, code, name, slug, other_code, town, area, postcode, website, opened_on,
            closed_on, '' FROM incoming_organisation
        ON CONFLICT (kind, code) DO UPDATE SET name = EXCLUDED.name,
            other_code = EXCLUDED.other_code, town = EXCLUDED.town, area = EXCLUDED.area,
            postcode = EXCLUDED.postcode, website = EXCLUDED.website,
            opened_on = EXCLUDED.opened_on, closed_on = {CLOSED_ON}
        WHERE NOT EXISTS (SELECT 1 FROM known_better k WHERE k.kind = o.kind)
          AND (o.name, o.other_code, o.town, o.area, o.postcode, o.website, o.opened_on,
               o.closed_on) IS DISTINCT FROM
              (EXCLUDED.name, EXCLUDED.other_code, EXCLUDED.town, EXCLUDED.area,
               EXCLUDED.postcode, EXCLUDED.website, EXCLUDED.opened_on, {CLOSED_ON})
        """,  # noqa: S608  a constant
    ),
    Step(
        "boards of NHS trusts",
        """
        UPDATE organisations_organisation o SET icb_id = b.id, icb_basis = i.basis
        FROM incoming_board i
        LEFT JOIN organisations_organisation b ON b.kind = 'icb' AND b.code = i.board
        WHERE o.kind = 'nhs_trust' AND o.code = i.trust
          AND (o.icb_basis = '' OR NOT EXISTS (SELECT 1 FROM known_better k WHERE k.kind = o.kind))
          AND (o.icb_id, o.icb_basis) IS DISTINCT FROM (b.id, i.basis)
        """,
    ),
    Step(
        "successions",
        """
        INSERT INTO organisations_succession AS s (predecessor_id, successor_id, happened_on,
            nature)
        SELECT p.id, n.id, i.happened_on, i.nature FROM incoming_succession i
        JOIN organisations_organisation p ON p.kind = i.kind AND p.code = i.predecessor
        JOIN organisations_organisation n ON n.kind = i.kind AND n.code = i.successor
        ON CONFLICT (predecessor_id, successor_id) DO UPDATE
            SET happened_on = EXCLUDED.happened_on, nature = EXCLUDED.nature
        WHERE s.recorded_by_id IS NULL AND
              (s.happened_on, s.nature) IS DISTINCT FROM (EXCLUDED.happened_on, EXCLUDED.nature)
        """,
    ),
    # What an operator recorded or decided about one stays.
    Step(
        "announced changes",
        """
        INSERT INTO organisations_announcedchange AS a (organisation_id, expected_on, "into",
            confidence, source, state, recorded_at)
        SELECT o.id, i.expected_on, i.merges_into, i.confidence, i.source, 'announced', now()
        FROM incoming_announced i
        JOIN organisations_organisation o ON o.kind = 'icb' AND o.code = i.board
        WHERE NOT EXISTS (SELECT 1 FROM organisations_announcedchange k
                          WHERE k.organisation_id = o.id AND k.expected_on <> i.expected_on
                            AND k.state IN ('announced', 'confirmed'))
        ON CONFLICT (organisation_id, expected_on) DO UPDATE SET "into" = EXCLUDED."into",
            confidence = EXCLUDED.confidence, source = EXCLUDED.source
        WHERE a.recorded_by_id IS NULL AND a.decided_by_id IS NULL
          AND (a."into", a.confidence, a.source) IS DISTINCT FROM
              (EXCLUDED."into", EXCLUDED.confidence, EXCLUDED.source)
        """,
    ),
    Step(
        "regions",
        """
        INSERT INTO contacts_region AS r (icb_id, name, nhs_region, slug)
        SELECT o.id, i.name, i.nhs_region, i.slug FROM incoming_region i
        JOIN organisations_organisation o ON o.kind = 'icb' AND o.code = i.board
        ON CONFLICT (icb_id) DO UPDATE
            SET name = EXCLUDED.name, nhs_region = EXCLUDED.nhs_region
        WHERE (r.name, r.nhs_region) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.nhs_region)
        """,
    ),
    Step(
        "places",
        """
        INSERT INTO contacts_place AS p (council_id, name)
        SELECT o.id, i.name FROM incoming_place i
        JOIN organisations_organisation o ON o.kind = 'council' AND o.code = i.council
        ON CONFLICT (council_id) DO UPDATE SET name = EXCLUDED.name
        WHERE p.name IS DISTINCT FROM EXCLUDED.name
        """,
    ),
    Step(
        "shares of places in regions",
        """
        WITH wanted AS MATERIALIZED (
            SELECT p.id AS place_id, r.id AS region_id, i.share FROM incoming_place_region i
            JOIN organisations_organisation c ON c.kind = 'council' AND c.code = i.council
            JOIN contacts_place p ON p.council_id = c.id
            JOIN organisations_organisation b ON b.kind = 'icb' AND b.code = i.board
            JOIN contacts_region r ON r.icb_id = b.id
        ), gone AS (
            DELETE FROM contacts_placeregion s WHERE NOT EXISTS (
                SELECT 1 FROM wanted w
                WHERE w.place_id = s.place_id AND w.region_id = s.region_id)
        )
        INSERT INTO contacts_placeregion AS s (place_id, region_id, share)
        SELECT place_id, region_id, share FROM wanted
        ON CONFLICT (place_id, region_id) DO UPDATE SET share = EXCLUDED.share
        WHERE s.share <> EXCLUDED.share
        """,
    ),
    Step(
        "postcode districts",
        """
        WITH wanted AS MATERIALIZED (
            SELECT i.outward, p.id AS place_id, i.share FROM incoming_outward_code i
            JOIN organisations_organisation c ON c.kind = 'council' AND c.code = i.council
            JOIN contacts_place p ON p.council_id = c.id
        ), gone AS (
            DELETE FROM contacts_outwardcode s WHERE NOT EXISTS (
                SELECT 1 FROM wanted w WHERE w.outward = s.outward AND w.place_id = s.place_id)
        )
        INSERT INTO contacts_outwardcode AS s (outward, place_id, share)
        SELECT outward, place_id, share FROM wanted
        ON CONFLICT (outward, place_id) DO UPDATE SET share = EXCLUDED.share
        WHERE s.share <> EXCLUDED.share
        """,
    ),
    Step(
        "schools",
        """
        INSERT INTO organisations_school AS s (organisation_id, council_id, trust_id, trust_basis,
            phase, establishment_type, age_low, age_high, pupils, latitude, longitude)
        SELECT o.id, c.id, t.id, CASE WHEN t.id IS NULL THEN '' ELSE 'official' END, i.phase,
            i.establishment_type, i.age_low, i.age_high, i.pupils, i.latitude, i.longitude
        FROM incoming_school i
        JOIN organisations_organisation o ON o.kind = 'school' AND o.code = i.urn
        JOIN organisations_organisation c ON c.kind = 'council' AND c.code = i.council
        LEFT JOIN organisations_organisation t ON t.kind = 'school_trust' AND t.code = i.trust
        ON CONFLICT (organisation_id) DO UPDATE SET council_id = EXCLUDED.council_id,
            trust_id = CASE WHEN s.trust_basis = 'reported' THEN s.trust_id
                            ELSE EXCLUDED.trust_id END,
            trust_basis = CASE WHEN s.trust_basis = 'reported' THEN s.trust_basis
                               ELSE EXCLUDED.trust_basis END,
            phase = EXCLUDED.phase, establishment_type = EXCLUDED.establishment_type,
            age_low = EXCLUDED.age_low, age_high = EXCLUDED.age_high, pupils = EXCLUDED.pupils,
            latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
        WHERE NOT EXISTS (SELECT 1 FROM known_better k WHERE k.kind = 'school')
          AND ((s.council_id, s.phase, s.establishment_type, s.age_low, s.age_high, s.pupils,
                s.latitude, s.longitude) IS DISTINCT FROM
               (EXCLUDED.council_id, EXCLUDED.phase, EXCLUDED.establishment_type,
                EXCLUDED.age_low, EXCLUDED.age_high, EXCLUDED.pupils, EXCLUDED.latitude,
                EXCLUDED.longitude)
            OR (s.trust_basis <> 'reported'
                AND (s.trust_id, s.trust_basis) IS DISTINCT FROM
                    (EXCLUDED.trust_id, EXCLUDED.trust_basis)))
        """,
    ),
    Step(
        "role types",
        """
        INSERT INTO contacts_roletype AS r (key, name, sector, organisation_type, level,
            statutory, approach_for, not_for, check_every_days, single_seat)
        SELECT key, name, sector, organisation_type, level, statutory, approach_for, not_for,
            check_every_days, single_seat FROM incoming_role_type
        ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name, sector = EXCLUDED.sector,
            organisation_type = EXCLUDED.organisation_type, level = EXCLUDED.level,
            statutory = EXCLUDED.statutory, approach_for = EXCLUDED.approach_for,
            not_for = EXCLUDED.not_for, check_every_days = EXCLUDED.check_every_days,
            single_seat = EXCLUDED.single_seat
        WHERE (r.name, r.sector, r.organisation_type, r.level, r.statutory, r.approach_for,
               r.not_for, r.check_every_days, r.single_seat) IS DISTINCT FROM
              (EXCLUDED.name, EXCLUDED.sector, EXCLUDED.organisation_type, EXCLUDED.level,
               EXCLUDED.statutory, EXCLUDED.approach_for, EXCLUDED.not_for,
               EXCLUDED.check_every_days, EXCLUDED.single_seat)
        """,
    ),
    Step(
        "gateway types",
        """
        INSERT INTO contacts_gatewaytype AS g (key, name, level, host, statutory,
            source_in_framework, durability, check_every_days, typical_meetings,
            start_here_when, ask_for, notes)
        SELECT * FROM incoming_gateway_type
        ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name, level = EXCLUDED.level,
            host = EXCLUDED.host, statutory = EXCLUDED.statutory,
            source_in_framework = EXCLUDED.source_in_framework,
            durability = EXCLUDED.durability, check_every_days = EXCLUDED.check_every_days,
            typical_meetings = EXCLUDED.typical_meetings,
            start_here_when = EXCLUDED.start_here_when, ask_for = EXCLUDED.ask_for,
            notes = EXCLUDED.notes
        WHERE (g.name, g.level, g.host, g.statutory, g.source_in_framework, g.durability,
               g.check_every_days, g.typical_meetings, g.start_here_when, g.ask_for, g.notes)
              IS DISTINCT FROM
              (EXCLUDED.name, EXCLUDED.level, EXCLUDED.host, EXCLUDED.statutory,
               EXCLUDED.source_in_framework, EXCLUDED.durability, EXCLUDED.check_every_days,
               EXCLUDED.typical_meetings, EXCLUDED.start_here_when, EXCLUDED.ask_for,
               EXCLUDED.notes)
        """,
    ),
    # One that an operator has reworded stays as they wrote it.
    Step(
        "needs",
        """
        INSERT INTO contacts_need AS n (key, position, name, not_here, first_door, first_roles,
            first_gateways, ask_for, not_for, fallback, fallback_roles, strategic,
            strategic_gateways)
        SELECT * FROM incoming_need
        ON CONFLICT (key) DO UPDATE SET position = EXCLUDED.position, name = EXCLUDED.name,
            not_here = EXCLUDED.not_here, first_door = EXCLUDED.first_door,
            first_roles = EXCLUDED.first_roles, first_gateways = EXCLUDED.first_gateways,
            ask_for = EXCLUDED.ask_for, not_for = EXCLUDED.not_for,
            fallback = EXCLUDED.fallback, fallback_roles = EXCLUDED.fallback_roles,
            strategic = EXCLUDED.strategic, strategic_gateways = EXCLUDED.strategic_gateways
        WHERE n.edited_at IS NULL
          AND (n.position, n.name, n.not_here, n.first_door, n.first_roles::text[],
               n.first_gateways::text[], n.ask_for, n.not_for, n.fallback,
               n.fallback_roles::text[], n.strategic, n.strategic_gateways::text[])
              IS DISTINCT FROM
              (EXCLUDED.position, EXCLUDED.name, EXCLUDED.not_here, EXCLUDED.first_door,
               EXCLUDED.first_roles::text[], EXCLUDED.first_gateways::text[], EXCLUDED.ask_for,
               EXCLUDED.not_for, EXCLUDED.fallback, EXCLUDED.fallback_roles::text[],
               EXCLUDED.strategic, EXCLUDED.strategic_gateways::text[])
        """,
    ),
    # Once: a gateway that an admin has ended is not begun again.
    Step(
        "gateways that the law asks for",
        """
        INSERT INTO contacts_gateway (ref, type_id, region_id, place_id, name, host_id, about,
            how_to_reach, opening, meets, website, email, telephone, address, postcode, source)
        SELECT tandem.new_ref(), t.id, a.region_id, a.place_id, '', a.host_id, '', '', '', '',
            '', '', '', '', '', ''
        FROM contacts_gatewaytype t
        JOIN (SELECT 'system' AS level, r.id AS region_id, NULL::bigint AS place_id,
                     r.icb_id AS host_id FROM contacts_region r
              UNION ALL
              SELECT 'place', NULL, p.id, p.council_id FROM contacts_place p) a
          ON a.level = t.level
        WHERE t.statutory AND NOT EXISTS (
            SELECT 1 FROM contacts_gateway g
            WHERE g.type_id = t.id AND g.region_id IS NOT DISTINCT FROM a.region_id
              AND g.place_id IS NOT DISTINCT FROM a.place_id)
        """,
    ),
)

STAMP = """
INSERT INTO contacts_dataset AS d (name, digest, loaded_at, rows)
VALUES (%s, %s, clock_timestamp(), %s)
ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest, loaded_at = EXCLUDED.loaded_at,
    rows = EXCLUDED.rows
WHERE (d.digest, d.rows) IS DISTINCT FROM (EXCLUDED.digest, EXCLUDED.rows)
"""

# So that the next search meets a tidy index and knows what is in the tables.
TIDY = """
SELECT gin_clean_pending_list('organisation_search_idx');
ANALYZE organisations_organisation, organisations_school, contacts_outwardcode,
    contacts_placeregion, contacts_place, contacts_region
"""
