"""Roles that one person holds at a time: which of several claims overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contacts.sheets.known import Snapshot

ALWAYS, NEVER = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody in a role at an organisation (and place) from one day until another.

    `row` is the row of the sheet that says so; None for a contact in the directory.
    """

    organisation: int
    role_type: int
    place: int
    first: str
    last: str
    row: int | None
    name: str

    @classmethod
    def of(cls, contact: Snapshot, row: int | None) -> Claim:
        """The claim that a contact makes."""
        return cls(
            contact["organisation"],
            contact["role_type"],
            contact["place"] or 0,
            contact["started_on"] or ALWAYS,
            contact["ended_on"] or NEVER,
            row,
            contact["name"],
        )


def taken_twice(claims: Iterable[Claim]) -> Iterator[tuple[int, Claim]]:
    """Each row that claims a seat while another holds it, with that other; each row once."""
    seats: dict[tuple[int, int, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        seats[claim.organisation, claim.role_type, claim.place].append(claim)
    for together in seats.values():
        yield from _overlapping(sorted(together, key=lambda each: each.first))


def _overlapping(ordered: list[Claim]) -> Iterator[tuple[int, Claim]]:
    named: set[int] = set()
    longest: Claim | None = None
    for claim in ordered:
        if longest is not None and claim.first <= longest.last:
            for one, other in ((claim, longest), (longest, claim)):
                if one.row is not None and one.row not in named:
                    named.add(one.row)
                    yield one.row, other
        if longest is None or claim.last > longest.last:
            longest = claim
