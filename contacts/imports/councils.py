"""Upper-tier councils, their places, and which boards and postcodes lie in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from contacts.imports.files import Line, lines
from contacts.imports.rows import OrganisationRow
from organisations.models import Kind

# The source's look-up lost the DfE number of both councils that ONS gave new codes in 2025.
LOST = "z"
LOST_NUMBERS = {"Barnsley": "370", "Sheffield": "373"}
# Under which ONS code the list of home pages still has them.
FORMER_ONS_CODES = {"E08000038": "E08000016", "E08000039": "E08000019"}
COUNCIL_WORDS = ("Council", "Borough", "City of", "Corporation")


@dataclass
class CouncilList:
    """Councils by DfE number, and what lies in the place of each."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    boards: list[tuple[str, str, float]] = field(default_factory=list)
    outward_codes: list[tuple[str, str, float]] = field(default_factory=list)

    def number(self, line: Line, column: str, name_column: str) -> str:
        """The DfE number that a row gives, or that its council's name stands for."""
        number = line[column]
        if number == LOST:
            number = LOST_NUMBERS.get(line[name_column], number)
        if number not in self.places:
            line.bad(column, f"{number!r} is the number of no council")
        return number

    def boards_of(self) -> dict[str, list[str]]:
        """The boards that reach into each council's place."""
        found: dict[str, list[str]] = {}
        for council, board, _ in self.boards:
            found.setdefault(council, []).append(board)
        return found

    def councils_of(self) -> dict[str, list[str]]:
        """The councils of each outward postcode."""
        found: dict[str, list[str]] = {}
        for outward, council, _ in self.outward_codes:
            found.setdefault(outward, []).append(council)
        return found


def councils(folder: Path, current_boards: frozenset[str]) -> CouncilList:
    """Read the councils, the share of each in the boards' areas, and the outward postcodes."""
    known = CouncilList()
    pages = {
        line["gss"]: line
        for line in lines(folder / "council_home_pages.csv", ("gss", "homepage_url", "name"))
    }
    file = folder / "local_authorities.csv"
    for line in lines(file, ("old_la_code", "new_la_code", "la_name"), key=("new_la_code",)):
        name = _place_name(line.text("la_name", longest=100, required=True))
        number = line.text("old_la_code", longest=20, required=True)
        if number == LOST:
            number = LOST_NUMBERS.get(name, number)
        ons = line.text("new_la_code", longest=20, required=True)
        page = pages.get(ons) or pages.get(FORMER_ONS_CODES.get(ons, ""))
        known.places[number] = name
        known.organisations.append(
            OrganisationRow(
                kind=Kind.COUNCIL,
                code=number,
                name=_official_name(page.text("name", longest=190)) if page else f"{name} Council",
                other_code=ons,
                area=name,
                website=page.address("homepage_url") if page else "",
            )
        )
    _read_boards(folder / "local_authority_icb.csv", known, current_boards)
    file = folder / "outward_code_local_authority.csv"
    columns = ("outward", "dfe_la_code", "la_name", "share")
    for line in lines(file, columns, key=columns[:3]):
        outward = line.text("outward", longest=4, required=True).upper()
        council = known.number(line, "dfe_la_code", "la_name")
        known.outward_codes.append((outward, council, line.share("share")))
    return known


def _read_boards(file: Path, known: CouncilList, current: frozenset[str]) -> None:
    columns = ("dfe_la_code", "upper_tier_la", "icb_ods", "share")
    for line in lines(file, columns, key=columns[:3]):
        board = line["icb_ods"]
        if board not in current:
            line.bad("icb_ods", f"{board!r} is the code of no board of today")
        share = line.share("share")
        if line["dfe_la_code"] == LOST:
            # One row stands for both: their neighbourhoods were counted under the lost number.
            known.boards += [(number, board, share) for number in LOST_NUMBERS.values()]
        else:
            council = known.number(line, "dfe_la_code", "upper_tier_la")
            known.boards.append((council, board, share))


def _place_name(name: str) -> str:
    """ "Bristol, City of" → "Bristol"; "Herefordshire, County of" → "Herefordshire"."""
    return name.removesuffix(", City of").removesuffix(", County of")


def _official_name(name: str) -> str:
    """The council's name as its home page gives it, also where the list cuts it short."""
    return name if any(word in name for word in COUNCIL_WORDS) else f"{name} Council"
