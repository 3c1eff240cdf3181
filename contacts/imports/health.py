"""Integrated care boards, past and present, and NHS trusts, from their published lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from contacts.imports import names
from contacts.imports.boards import Boards
from contacts.imports.files import Line, lines
from contacts.imports.rows import OrganisationRow
from organisations.models import Confidence, Kind

BOARD_COLUMNS = ("icb_ods", "icb_ons", "icb_name", "nhs_region_code")


@dataclass
class BoardList:
    """Every board that is or was, in which NHS region, and who succeeded whom."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)  # code → region's name
    successions: list[tuple[str, str, date, str]] = field(default_factory=list)

    def successors(self) -> dict[str, list[str]]:
        """The successors of each former board."""
        found: dict[str, list[str]] = {}
        for predecessor, successor, _, _ in self.successions:
            found.setdefault(predecessor, []).append(successor)
        return found


def boards(folder: Path) -> BoardList:
    """Read the boards of today, those until 31 March 2026, and what became of each."""
    known = BoardList()
    regions = {
        line.text("nhs_region_code", longest=10, required=True): line.text(
            "nhs_region_name", longest=60, required=True
        )
        for line in lines(folder / "nhs_regions.csv", ("nhs_region_code", "nhs_region_name"))
    }
    now = {
        line.text("icb_ods", longest=20, required=True): line
        for line in lines(folder / "icbs.csv", BOARD_COLUMNS, key=("icb_ods",))
    }
    before = {
        line.text("icb_ods", longest=20, required=True): line
        for line in lines(folder / "icbs_until_2026_03_31.csv", BOARD_COLUMNS, key=("icb_ods",))
    }
    _read_successions(folder / "icb_succession.csv", known, now.keys() | before.keys())
    began = {successor: day for _, successor, day, _ in known.successions}
    ended = {predecessor: day for predecessor, _, day, _ in known.successions}
    for code, line in now.items():
        region = regions.get(line["nhs_region_code"])
        if region is None:
            line.bad("nhs_region_code", "is no NHS region")
        known.current[code] = region
        new = code not in before
        known.organisations.append(_board(line, opened_on=began.get(code) if new else None))
    for code, line in before.items():
        if code not in now:
            if code not in ended:
                line.bad("icb_ods", "is neither a board of today nor succeeded by one")
            known.organisations.append(_board(line, closed_on=ended[code]))
    return known


def _read_successions(file: Path, known: BoardList, codes: Iterable[str]) -> None:
    columns = ("predecessor_ods", "successor_ods", "succession_date", "succession_type")
    every = frozenset(codes)
    for line in lines(file, columns, key=columns[:2]):
        for column in columns[:2]:
            if line[column] not in every:
                line.bad(column, f"{line[column]!r} is the code of no board")
        day = line.day("succession_date", "%Y-%m-%d")
        if day is None:
            line.bad("succession_date", "is empty")
        nature = line.text("succession_type", longest=20, required=True)
        known.successions.append((line["predecessor_ods"], line["successor_ods"], day, nature))


def _board(
    line: Line, *, opened_on: date | None = None, closed_on: date | None = None
) -> OrganisationRow:
    return OrganisationRow(
        kind=Kind.ICB,
        code=line["icb_ods"],
        name=line.text("icb_name", longest=200, required=True),
        other_code=line.text("icb_ons", longest=20),
        opened_on=opened_on,
        closed_on=closed_on,
    )


def announced(folder: Path, current: frozenset[str]) -> list[tuple[str, date, str, str, str]]:
    """Read which boards of today are expected to merge: when, with whom, how sure, from whom."""
    found = []
    columns = ("org_code", "expected_on", "into", "confidence", "source")
    for line in lines(folder / "announced_changes.csv", columns, key=("org_code",)):
        if line["org_code"] not in current:
            line.bad("org_code", f"{line['org_code']!r} is the code of no board of today")
        day = line.day("expected_on", "%Y-%m-%d")
        if day is None:
            line.bad("expected_on", "is empty")
        confidence = line.text("confidence", longest=6, required=True)
        if confidence not in Confidence.values:
            line.bad("confidence", "is neither high, medium nor low")
        found.append(
            (
                line["org_code"],
                day,
                line.text("into", longest=300, required=True),
                confidence,
                line.text("source", longest=300, required=True),
            )
        )
    return found


def area_name(board: str) -> str:
    """The area in a board's name: "NHS Black Country Integrated Care Board" → "Black Country"."""
    return board.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def nhs_trusts(
    folder: Path, boards_of: Boards
) -> tuple[list[OrganisationRow], list[tuple[str, str | None, str]]]:
    """Read NHS trusts, and the board of each with how we know it."""
    trusts: list[OrganisationRow] = []
    belonging: list[tuple[str, str | None, str]] = []
    file = folder / "nhs_trusts.csv"
    columns = ("org_code", "name", "icb_code", "addr4", "postcode", "open_date", "close_date")
    for line in lines(file, columns, key=("org_code",)):
        code = line.text("org_code", longest=20, required=True)
        postcode = line.postcode("postcode")
        opened_on, closed_on = line.day("open_date", "%Y%m%d"), line.day("close_date", "%Y%m%d")
        if opened_on and closed_on and closed_on < opened_on:
            line.bad("close_date", "is before the open_date")
        trusts.append(
            OrganisationRow(
                kind=Kind.NHS_TRUST,
                code=code,
                name=names.readable(line.text("name", longest=200, required=True)),
                town=names.place(line.text("addr4", longest=100)),
                postcode=postcode,
                opened_on=opened_on,
                closed_on=closed_on,
            )
        )
        try:
            board, basis = boards_of.belongs_to(line["icb_code"], postcode)
        except KeyError:
            line.bad("icb_code", f"{line['icb_code']!r} is the code of no board")
        belonging.append((code, board, basis))
    return trusts, belonging
