"""Every row against the record and against the other rows: what saving it would do. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import get_text_list

from contacts.sheets import cells
from contacts.sheets.fields import plain
from contacts.sheets.naming import Organisations, Unknown, key
from organisations.actor import Actor
from organisations.guard_rail import find_identifiers
from organisations.models import Organisation
from organisations.visible_text import says_something
from overview.history_import.columns import (
    CONTACTS,
    CONVERSATIONS,
    FUNCTIONS,
    KINDS,
    OURS,
    PARTNERSHIPS,
    SHEETS,
    SIDES,
)
from overview.history_import.models import HistoryRow, HistoryRun, Outcome
from overview.history_import.standing import Known, Standing
from partnerships.conversations.services import check_day
from partnerships.record.services import refuse_partner

LEAVE_OUT = 0
MOST_NAMED = 3
WAITING = (Outcome.UNKNOWN, Outcome.LEFT_OUT)


@dataclass(slots=True)
class Target:
    """The partnership that rows of the other sheets name."""

    outcome: str
    number: int | None = None
    partner: int | None = None
    # The one in Tandem, if there is one.
    known: Known | None = None
    # The one that saving its row has opened.
    made: int | None = None

    @property
    def identity(self) -> tuple[str, int | None]:
        """What tells it from every other."""
        return ("there", self.known.pk) if self.known else ("row", self.number)


@dataclass(slots=True)
class Judged:
    """A row with what it means; its outcome and problems are put into the row itself."""

    row: HistoryRow
    target: Target | None = None
    word: str = ""
    # Where a contact works.
    organisation: int | None = None

    def is_wrong(self, said: str, heading: str = "") -> None:
        """Note a problem of the row."""
        self.row.problems.append([heading, said])
        self.row.outcome = Outcome.PROBLEM


def judge(by: Actor, run: HistoryRun, rows: Sequence[HistoryRow]) -> list[Judged]:
    """A verdict on each row, and in the run the partners to choose.

    The number of queries does not grow with the contacts and conversations.
    """
    judge = _Judge(by, run, [Judged(row) for row in rows])
    return judge.all()


class _Judge:
    def __init__(self, by: Actor, run: HistoryRun, judged: list[Judged]) -> None:
        self.by, self.run, self.judged = by, run, judged
        self.targets: dict[str, Target] = {}
        self.seen: dict[tuple[object, ...], int] = {}

    def all(self) -> list[Judged]:
        """Partnerships first: the others name them."""
        for each in self.judged:
            each.row.found = ""
            each.row.problems = [list(withheld) for withheld in each.row.withheld]
            each.row.outcome = Outcome.PROBLEM if each.row.problems else Outcome.NEW
            _read(each)
        self._partnerships([e for e in self.judged if e.row.sheet == PARTNERSHIPS])
        for each in self.judged:
            if each.row.sheet == CONTACTS:
                self._contact(each)
            elif each.row.sheet == CONVERSATIONS:
                self._conversation(each)
        return self.judged

    # ------------------------------------------------------------ partnerships
    def _partnerships(self, judged: list[Judged]) -> None:
        organisations = Organisations.load() if judged else None
        self.run.offers = {}
        partners: dict[int, int] = {}
        for each in judged:
            assert organisations is not None
            if pk := self._partner(each, organisations):
                partners[each.row.pk] = pk
        there = Organisation.objects.in_bulk(set(partners.values()))
        self.standing = Standing(self.by, partners.values())
        for each in judged:
            name = key(each.row.values.get("name", ""))
            if name and (earlier := self.targets.get(name)):
                each.is_wrong(
                    f"Row {earlier.number} has the same name. Give each partnership its own",
                    SHEETS[PARTNERSHIPS].column("name").heading,
                )
                continue
            target = Target(each.row.outcome, each.row.number, partners.get(each.row.pk))
            if target.partner and each.row.outcome == Outcome.NEW:
                self._one(each, target, there[target.partner])
            target.outcome = each.row.outcome
            each.target = target
            if name:
                self.targets[name] = target

    def _partner(self, each: Judged, organisations: Organisations) -> int | None:
        """The partner's id; without one the row is wrong, left out or waits for a choice."""
        heading = SHEETS[PARTNERSHIPS].column("partner").heading
        name, code = (each.row.values.get(name, "") for name in ("partner", "partner_code"))
        if each.row.outcome != Outcome.NEW:
            return None
        try:
            found = organisations.exactly(name, code)
        except Unknown as problem:
            each.is_wrong(str(problem), heading)
            return None
        if found is not None:
            return found
        unknown = key(name)
        if unknown not in self.run.offers:
            self.run.offers[unknown] = {"name": name, "ids": organisations.offers(name)}
        chosen = self.run.choices.get(unknown)
        if chosen in self.run.offers[unknown]["ids"]:
            return int(chosen)
        each.row.outcome = Outcome.LEFT_OUT if chosen == LEAVE_OUT else Outcome.UNKNOWN
        return None

    def _one(self, each: Judged, target: Target, partner: Organisation) -> None:
        try:
            refuse_partner(by=self.by, partner=partner)
        except ValidationError as problem:
            each.is_wrong(problem.messages[0], SHEETS[PARTNERSHIPS].column("partner").heading)
            return
        each.row.found = f"With {partner.name}"
        target.known = self.standing.named(partner.pk, each.row.values["name"])
        if target.known:
            each.row.outcome = Outcome.THERE
        elif others := [known.name for known in self.standing.with_partner(partner.pk)]:
            # Another name may be other work: only its people know.
            named = get_text_list([f"“{name}”" for name in others[:MOST_NAMED]], "and")
            each.row.found += (
                f". You have {named} with them already: if that is the same, write that name in "
                "your workbook, so that it is not opened again"
            )

    # ------------------------------------------------------------ what belongs to one
    def _target(self, each: Judged) -> Target | None:
        """The partnership that the row names; None where that settles the row."""
        heading = SHEETS[each.row.sheet].column("partnership").heading
        text = each.row.values.get("partnership", "")
        if not text:
            return None
        target = self.targets.get(key(text))
        if target is None:
            known = self.standing.called(key(text))
            if not known:
                each.is_wrong(
                    "No partnership of this name is on the Partnerships sheet or in Tandem", heading
                )
                return None
            if len(known) > 1:
                each.is_wrong(
                    "More than one partnership in Tandem has this name. Put it on the "
                    "Partnerships sheet with its partner",
                    heading,
                )
                return None
            target = Target(Outcome.THERE, partner=known[0].only_partner, known=known[0])
        each.target = target
        if target.outcome == Outcome.PROBLEM:
            each.is_wrong(f"Row {target.number} of Partnerships has a problem", heading)
        elif each.row.outcome == Outcome.NEW and target.outcome in WAITING:
            each.row.outcome = target.outcome
        return target if each.row.outcome == Outcome.NEW else None

    def _contact(self, each: Judged) -> None:
        target = self._target(each)
        if target is None:
            return
        email, function = each.row.values["email"].casefold(), each.word
        ours = plain(each.row.values.get("side", "")) == plain(OURS)
        at = each.organisation = self.by.organisation_id if ours else target.partner
        if earlier := self._earlier(each, ("contact", target.identity, at, email)):
            each.is_wrong(f"Row {earlier} has the same email address. Keep one of them")
            return
        if target.known:
            places = self.standing.places(target.known.pk, at)
            if email in places.values():
                each.row.outcome = Outcome.THERE
                return
            if said := self.standing.why_not_named(target.known, at, function):
                each.is_wrong(said)
                return
        if earlier := self._earlier(each, ("place", target.identity, at, function)):
            each.is_wrong(f"Row {earlier} has this place in the partnership. Keep one of them")

    def _conversation(self, each: Judged) -> None:
        target = self._target(each)
        if target is None:
            return
        values = each.row.values
        said = (each.word, cells.read_date(_day(values["held_on"])), values["summary"])
        if (
            target.known and (target.known.pk, *said) in self.standing.conversations
        ) or self._earlier(each, ("conversation", target.identity, *said)):
            each.row.outcome = Outcome.THERE

    def _earlier(self, each: Judged, what: tuple[object, ...]) -> int | None:
        """The row before that said the same."""
        earlier = self.seen.setdefault(what, each.row.number)
        return earlier if earlier != each.row.number else None


# ---------------------------------------------------------------- one row by itself
def _read(each: Judged) -> None:
    """Everything that is wrong with a row's texts, each by its heading."""
    withheld = {heading for heading, _ in each.row.withheld}
    for column in SHEETS[each.row.sheet].columns:
        text = each.row.values.get(column.key, "")
        if said := _unfit(column.key, text, column.longest):
            each.is_wrong(said, column.heading)
        elif not says_something(text):
            # A partner may be named by its code alone.
            by_code = column.key == "partner" and each.row.values.get("partner_code")
            if column.required and column.heading not in withheld and not by_code:
                each.is_wrong("This is empty", column.heading)
        elif column.key == "side":
            if plain(text) not in SIDES:
                each.is_wrong(f"Write {' or '.join(column.words)}", column.heading)
        elif column.words:
            each.word = (KINDS | FUNCTIONS).get(plain(text), "")
            if not each.word:
                each.is_wrong(f"Write {' or '.join(column.words)}", column.heading)
        elif said := _wrong(column.key, text):
            each.is_wrong(said, column.heading)


def _unfit(name: str, text: str, longest: int) -> str:
    if text.startswith("="):
        return "This is a formula. Write what it shows as plain words"
    if cells.is_fault(text):
        return f"The spreadsheet could not work this out: {text}"
    if len(text) > longest:
        return f"Write {longest:,} characters or fewer"
    # What a column's heading excused is not excused in the record.
    if name != "email" and (found := find_identifiers(text, label=name)):
        return f"This looks like it contains {found[0].kind.in_words}. Take it out of your file"
    return ""


def _wrong(name: str, text: str) -> str:
    try:
        if name == "email":
            validate_email(text)
        elif name == "held_on":
            check_day(cells.read_date(_day(text)))
    except ValidationError as problem:
        if name == "email":
            return "Enter an email address in the correct format, like name@example.nhs.uk"
        return str(problem.messages[0])
    except ValueError as problem:
        return str(problem)
    return ""


def _day(text: str) -> str:
    """A date without the time that a spreadsheet put behind it."""
    day, _, time = text.partition(" ")
    return day if time[:2].isdigit() and ":" in time else text


def held_on(row: HistoryRow) -> str:
    """The day of a conversation that has been judged, as it is read."""
    return cells.read_date(_day(row.values["held_on"])).isoformat()


def tallied(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """How many rows of each sheet have which outcome."""
    counts: dict[str, dict[str, int]] = {sheet.name: {} for sheet in SHEETS}
    for each in judged:
        of_sheet = counts[SHEETS[each.row.sheet].name]
        of_sheet[each.row.outcome] = of_sheet.get(each.row.outcome, 0) + 1
    return counts
