"""Finding organisations among all of England's: what was typed, and the SQL that answers it.

Names are compared through `tandem.search_text`, which evens out what people write in several
ways. First those are found whose words begin with the words typed; only where these are few
come those that are merely alike, so that common words stay quick. Both ways, and codes and
postcodes, have an index that the role of web requests can use.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from organisations.models import Kind

Parameters = dict[str, str | int | date]
LONGEST = 200
MOST_WORDS = 8
# Below so many whole matches, those all of whose words are alike are looked for as well, and
# only where there is none of either, those alike as a whole; and at most so many.
FEW = 20
MOST_SIMILAR = 300
# How alike a word must be to one typed, from 0 to 1 (pg_trgm.word_similarity).
ALIKE = "0.5"
# The rank of those that are merely alike.
SIMILAR = 5
# The rank of those exactly at a postcode.
AT_POSTCODE = 1
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?: ?([0-9])([A-Z]{2})?)?")
# Words that people say for a kind; an organisation of it need not have them in its name.
KIND_WORDS: dict[str, tuple[Kind, ...]] = {
    "COUNCIL": (Kind.COUNCIL,),
    "HEALTH": (Kind.COUNCIL, Kind.ICB, Kind.NHS_TRUST),
    "MULTI": (Kind.SCHOOL_TRUST,),
    "NHS": (Kind.ICB, Kind.NHS_TRUST),
    "PUBLIC": (Kind.COUNCIL,),
    "SCHOOL": (Kind.SCHOOL,),
    "SCHOOLS": (Kind.SCHOOL, Kind.SCHOOL_TRUST),
    "TRUST": (Kind.NHS_TRUST, Kind.SCHOOL_TRUST),
}
# Words that name no board in particular.
OF_ANY_BOARD = frozenset({"AND", "BOARD", "CARE", "INTEGRATED", "NHS", "THE"})
# Partners come before sites: a place's name is mostly typed to find who works there.
KIND_ORDER = "array_position(ARRAY['icb','council','nhs_trust','school_trust','school'], o.kind)"
OPEN = "(o.closed_on IS NULL OR o.closed_on > %(today)s)"


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode or the beginning of one: WS1, WS1 2 or WS1 2AB."""

    outward: str
    sector: str = ""
    unit: str = ""

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.outward} {self.sector}{self.unit}".rstrip()


def typed(query: str) -> str:
    """What was typed, fit for the database: printable, single spaces, not endless."""
    plain = unicodedata.normalize("NFC", query[: LONGEST * 4])
    printable = "".join(letter if letter.isprintable() else " " for letter in plain)
    return " ".join(printable.split())[:LONGEST]


def as_postcode(query: str) -> Postcode | None:
    """The postcode that someone typed, or None."""
    found = POSTCODE.fullmatch(query.upper())
    if found is None:
        # Without its space a whole postcode ends with a digit and two letters.
        compact = query.upper().replace(" ", "")
        found = POSTCODE.fullmatch(f"{compact[:-3]} {compact[-3:]}")
    if found is None:
        return None
    return Postcode(found[1], found[2] or "", found[3] or "")


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with its parameters; its rows are organisations, with `rank` and `total`."""

    sql: str
    parameters: Parameters


def by_name_or_code(text: str, normal: str, *, kind: str | None, today: date) -> Question:
    """Organisations by name, or by the code that the field calls them by.

    `normal` is `tandem.search_text(text)`.
    """
    parameters: Parameters = {
        "today": today,
        "code": text.upper().replace(" ", ""),
        "normal": normal,
        "exact": f" {normal} / %",
        "prefix": f" {normal}%",
        "phrase": f"% {normal}%",
        "few": FEW,
        "most": MOST_SIMILAR,
    }
    words = list(dict.fromkeys(normal.split()))[:MOST_WORDS]
    whole = [_whole(number, word, parameters) for number, word in enumerate(words)]
    # Short words are alike to too much; they count only where nothing else was typed.
    telling = [number for number, word in enumerate(words) if len(word) > 2] or range(len(words))
    alike = [_alike(number, words[number]) for number in telling]
    named = f"({' AND '.join(whole)})" if whole else "false"
    every = f"({' AND '.join(alike)})" if alike else "false"
    of_kind = _of(kind, parameters)
    return Question(
        f"""
        WITH whole AS MATERIALIZED (
            SELECT o.id, CASE WHEN upper(o.code) = %(code)s OR upper(o.other_code) = %(code)s
                THEN 0 WHEN o.search_text LIKE %(exact)s THEN 1
                WHEN o.search_text LIKE %(prefix)s THEN 2
                WHEN o.search_text LIKE %(phrase)s THEN 3 ELSE 4 END AS rank,
                0::real AS alike, o.kind, o.name, o.town
            FROM organisations_organisation o
            WHERE {OPEN} {of_kind} AND (upper(o.code) = %(code)s
                OR upper(o.other_code) = %(code)s OR {named})
        ), alike AS MATERIALIZED (
            SELECT o.id, {SIMILAR} AS rank, word_similarity(%(normal)s, o.search_text) AS alike,
                o.kind, o.name, o.town
            FROM (SELECT * FROM organisations_organisation o
                  WHERE (SELECT count(*) FROM whole) < %(few)s AND {OPEN} {of_kind} AND {every}
                  LIMIT %(most)s) o
            WHERE o.id NOT IN (SELECT id FROM whole)
        ), loosely AS (
            SELECT o.id, {SIMILAR} AS rank, word_similarity(%(normal)s, o.search_text) AS alike,
                o.kind, o.name, o.town
            FROM (SELECT * FROM organisations_organisation o
                  WHERE NOT EXISTS (SELECT 1 FROM whole) AND NOT EXISTS (SELECT 1 FROM alike)
                      AND {OPEN} {of_kind} AND %(normal)s <%% o.search_text
                  LIMIT %(most)s) o
        ), listed AS (
            SELECT o.id, o.rank, count(*) OVER () AS total, row_number() OVER (
                ORDER BY o.rank, o.alike DESC, {KIND_ORDER}, o.name, o.town, o.id) AS position
            FROM (SELECT * FROM whole UNION ALL SELECT * FROM alike
                  UNION ALL SELECT * FROM loosely) o
            ORDER BY position LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT o.*, l.rank, l.total FROM listed l
        JOIN organisations_organisation o ON o.id = l.id ORDER BY l.position
        """,  # noqa: S608  pieces are constants of this module
        parameters,
    )


def _whole(number: int, word: str, parameters: Parameters) -> str:
    """The condition that a word begins with what was typed, or that the kind is what it says."""
    parameters[f"word{number}"] = f"% {word}%"
    parameters[f"like{number}"] = word
    return _or_kind(word, f"o.search_text LIKE %(word{number})s")


def _alike(number: int, word: str) -> str:
    return _or_kind(word, f"%(like{number})s <%% o.search_text")


def _or_kind(word: str, condition: str) -> str:
    kinds = ", ".join(f"'{kind.value}'" for kind in KIND_WORDS.get(word, ()))
    return f"({condition} OR o.kind IN ({kinds}))" if kinds else condition


def _of(kind: str | None, parameters: Parameters) -> str:
    if kind is None:
        return ""
    parameters["kind"] = kind
    return "AND o.kind = %(kind)s"


def ended(text: str, normal: str, *, today: date) -> Question | None:
    """Successions of boards that have ended, by the board's name or code; ids in its rows.

    None where what was typed names no board in particular.
    """
    words = normal.split()[:MOST_WORDS]
    parameters: Parameters = {"today": today, "code": text.upper().replace(" ", "")}
    telling = [word for word in words if len(word) > 2 and word not in OF_ANY_BOARD]
    if not telling:
        return None
    named = " AND ".join(_whole(number, word, parameters) for number, word in enumerate(words))
    return Question(
        f"""
        SELECT s.id FROM organisations_succession s
        JOIN organisations_organisation o ON o.id = s.predecessor_id
        WHERE o.closed_on <= %(today)s AND (upper(o.code) = %(code)s OR ({named}))
        """,  # noqa: S608
        parameters,
    )


def of_kind(*, kind: str, today: date) -> Question:
    """All organisations of a kind."""
    parameters: Parameters = {"today": today}
    return Question(
        f"""
        SELECT o.*, 0 AS rank, count(*) OVER () AS total FROM organisations_organisation o
        WHERE {OPEN} {_of(kind, parameters)} ORDER BY o.name, o.town, o.id
        LIMIT %(limit)s OFFSET %(offset)s
        """,  # noqa: S608
        parameters,
    )


def around_postcode(postcode: Postcode, *, kind: str | None, today: date) -> Question:
    """Who is at a postcode, who covers it, and who is nearby.

    In this order: whose code it is (RM1 is also a hospital's), exactly there, the council,
    the boards by how much of the area they cover, NHS trusts based in the council's area,
    the sector (WS1 2), the district (WS1), other NHS trusts of those boards.
    """
    parameters: Parameters = {
        "today": today,
        "code": postcode.text.replace(" ", ""),
        "outward": postcode.outward,
        "exact": postcode.text if postcode.unit else "",
        "sector": f"{postcode.outward} {postcode.sector}%" if postcode.sector else "",
        "district": f"{postcode.outward} %",
    }
    return Question(
        f"""
        WITH area AS MATERIALIZED (
            SELECT place_id, share FROM contacts_outwardcode WHERE outward = %(outward)s
        ), boards AS MATERIALIZED (
            SELECT r.icb_id, sum(a.share * s.share) AS share FROM area a
            JOIN contacts_placeregion s ON s.place_id = a.place_id
            JOIN contacts_region r ON r.id = s.region_id GROUP BY r.icb_id
        ), found AS (
            SELECT id, 0 AS rank, 0::float8 AS share FROM organisations_organisation
            WHERE upper(code) = %(code)s OR upper(other_code) = %(code)s
            UNION ALL SELECT id, {AT_POSTCODE}, 0 FROM organisations_organisation
            WHERE postcode = %(exact)s AND %(exact)s <> ''
            UNION ALL SELECT p.council_id, 2, a.share
            FROM area a JOIN contacts_place p ON p.id = a.place_id
            UNION ALL SELECT icb_id, 3, share FROM boards
            UNION ALL SELECT o.id, CASE WHEN split_part(o.postcode, ' ', 1) IN (
                    SELECT w.outward FROM contacts_outwardcode w
                    WHERE w.place_id IN (SELECT place_id FROM area)) THEN 4 ELSE 7 END, 0
            FROM organisations_organisation o JOIN boards b ON b.icb_id = o.icb_id
            WHERE o.kind = 'nhs_trust'
            UNION ALL SELECT id, 5, 0 FROM organisations_organisation
            WHERE postcode LIKE %(sector)s AND %(sector)s <> ''
            UNION ALL SELECT id, 6, 0 FROM organisations_organisation
            WHERE postcode LIKE %(district)s
        ), nearest AS (
            SELECT id, min(rank) AS rank, max(share) AS share FROM found GROUP BY id
        )
        SELECT o.*, n.rank, count(*) OVER () AS total
        FROM nearest n JOIN organisations_organisation o ON o.id = n.id
        WHERE {OPEN} {_of(kind, parameters)}
        ORDER BY n.rank, n.share DESC, {KIND_ORDER}, o.name, o.town, o.id
        LIMIT %(limit)s OFFSET %(offset)s
        """,  # noqa: S608
        parameters,
    )
