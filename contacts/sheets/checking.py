"""Every row against the directory and against the other rows: what applying it would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contacts.models import Choice, Listing, Outcome, Region, RoleType, Visibility
from contacts.sheets.cells import tidy
from contacts.sheets.known import UNCHECKED, Directory, Snapshot, snapshots
from contacts.sheets.naming import key
from contacts.sheets.reading_rows import Problem, Reader
from contacts.sheets.seats import Claim, taken_twice

EVERY = 500


@dataclass(slots=True)
class Line:
    """A row as it is stored, with what the admin has said of it."""

    pk: int
    number: int
    cells: list[str]
    withheld: list[list[Any]]
    choice: str = ""
    chosen: int | None = None


@dataclass(slots=True)
class Verdict:
    """What was found about a row."""

    pk: int
    number: int
    outcome: str = Outcome.PROBLEM
    problems: list[Problem] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    values: Snapshot = field(default_factory=dict)
    posting: int | None = None
    before: Snapshot | None = None
    after: Snapshot | None = None

    def is_wrong(self, said: str, name: str = "", column: int | None = None) -> None:
        """Note a problem of the row."""
        self.problems.append({"column": column, "field": name, "message": said})
        self.outcome = Outcome.PROBLEM


def check(
    region: Region,
    matching: Mapping[str, int],
    lines: Iterable[Line],
    progress: Callable[[int], None] = lambda done: None,
) -> list[Verdict]:
    """A verdict on each row, in order. Reads only; the number of queries does not grow with
    the rows, but for organisations that have to be searched for."""
    reader = Reader(region, matching)
    directory = Directory(snapshots(region))
    checker = _Checker(reader, directory)
    verdicts = []
    for done, line in enumerate(lines, start=1):
        verdicts.append(checker.judge(line))
        if done % EVERY == 0:
            progress(done)
    checker.seats(verdicts)
    return verdicts


class _Checker:
    def __init__(self, reader: Reader, directory: Directory) -> None:
        self.reader = reader
        self.directory = directory
        self.single = set(RoleType.objects.filter(single_seat=True).values_list("pk", flat=True))
        # Contacts and new people that a row is about already: the row's number.
        self._claimed: dict[int, int] = {}
        self._added: dict[tuple[Any, ...], int] = {}

    def judge(self, line: Line) -> Verdict:
        """One row, after those before it."""
        meaning = self.reader.read(line.cells, line.withheld)
        verdict = Verdict(line.pk, line.number, problems=meaning.problems, values=meaning.values)
        if line.choice == Choice.LEAVE_OUT:
            verdict.outcome = Outcome.LEFT_OUT
            verdict.problems = []
        elif not verdict.problems:
            self._match(line, verdict)
        return verdict

    def _match(self, line: Line, verdict: Verdict) -> None:
        values = verdict.values
        ref = values.pop("ref", "")
        if ref:
            found = self.directory.by_ref.get(ref)
            if found is None:
                said = f"No contact in this directory has the reference {ref}"
                verdict.is_wrong(said, "ref", self.reader.matching["ref"])
                return
            self._update(verdict, found)
            return
        same = self.directory.same(values)
        if len(same) == 1 and not line.choice:
            self._update(verdict, same[0])
            return
        verdict.candidates = same or self.directory.alike(values)
        if line.choice == Choice.UPDATE and line.chosen in verdict.candidates:
            self._update(verdict, line.chosen)
        elif verdict.candidates and line.choice != Choice.ADD:
            verdict.outcome = Outcome.UNDECIDED
        else:
            self._add(verdict)

    def _update(self, verdict: Verdict, pk: int) -> None:
        if (earlier := self._claimed.setdefault(pk, verdict.number)) != verdict.number:
            verdict.is_wrong(f"Row {earlier} is about the same contact. Keep one of them")
            return
        before = self.directory.contacts[pk]
        given = {n: v for n, v in verdict.values.items() if not _equal(before[n], v)}
        after = {**before, **given}
        if "email" in given:
            after |= UNCHECKED
        verdict.posting, verdict.before, verdict.after = pk, before, after
        verdict.outcome = Outcome.CHANGED if given else Outcome.UNCHANGED
        if after["started_on"] and after["ended_on"] and after["ended_on"] < after["started_on"]:
            name = "ended_on" if "ended_on" in given else "started_on"
            said = "They would leave before they started. Check both dates"
            verdict.is_wrong(said, name, self.reader.matching.get(name))

    def _add(self, verdict: Verdict) -> None:
        values = verdict.values
        what = values.get("role_type") or key(values["job_title"])
        person = key(values["name"]), values["email"].casefold(), values["organisation"], what
        days = values.get("started_on"), values.get("ended_on")
        earlier = self._added.setdefault((*person, *days), verdict.number)
        if earlier != verdict.number:
            verdict.is_wrong(f"Row {earlier} is about the same person. Keep one of them")
            return
        verdict.outcome = Outcome.NEW
        verdict.after = {**EMPTY, **values}

    def seats(self, verdicts: list[Verdict]) -> None:
        """Refuse rows by which a role that one person holds at a time would be held by two."""
        moved = {v.posting for v in verdicts if v.outcome == Outcome.CHANGED}
        claims = [
            Claim.of(each, None)
            for pk, each in self.directory.contacts.items()
            if each["role_type"] in self.single and pk not in moved
        ]
        by_number = {}
        for verdict in verdicts:
            claimed = verdict.outcome in (Outcome.NEW, Outcome.CHANGED)
            if claimed and verdict.after and verdict.after["role_type"] in self.single:
                claims.append(Claim.of(verdict.after, verdict.number))
                by_number[verdict.number] = verdict
        for number, other in taken_twice(claims):
            role = self.reader.roles.names[other.role_type]
            holder = f"row {other.row}" if other.row else f"{other.name} (in the directory)"
            by_number[number].is_wrong(
                f"{role} is held by one person at a time there, and {holder} holds it then. "
                "Enter when they left, or put the dates right",
                "role_type",
                self.reader.matching.get("role_type"),
            )


# What a contact is whose row says nothing of it.
EMPTY: Snapshot = {
    "telephone": "",
    "role_type": None,
    "place": None,
    "visibility": str(Visibility.REGION),
    "source": "",
    "started_on": None,
    "ended_on": None,
    "listing": str(Listing.LISTED),
    **UNCHECKED,
}


def _equal(had: Any, given: Any) -> bool:
    """Whether a row says what is there already, read as cells are."""
    if isinstance(had, str) and isinstance(given, str):
        return tidy(had) == tidy(given)
    return bool(had == given)
