"""Health signals: what a record shows that people should look at, each with its rule in words.

They stand beside what people answer in a review and never replace it. The rules are those of
`health_signals` in the framework's review questions; what a rule leaves open is decided here and
said in its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.text import get_text_list

from frontend.wording import counted, date_words
from organisations.models import Sector
from overview.health.contacts import posts_in_words, posts_of
from overview.health.facts import BOTH, Facts

# Days since the sides last met or spoke, holidays and quiet periods left out.
COOLING, QUIET, DORMANT = 30, 60, 90
# Counted no further: what has rested for years says the same.
LONGEST_COUNT = 730
# More than a quarter of the open actions.
MOST_OVERDUE = 0.25
# More than four in five of the touchpoints, and of no fewer than so many.
MOST_BY_ONE, FEWEST_TOUCHPOINTS = 0.8, 3
# One side logs everything: of no fewer than so many entries.
FEWEST_ENTRIES = 5
CLOSING_SOON = timedelta(days=183)


class Weight(StrEnum):
    """How much a signal weighs."""

    RED = "red"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Signal:
    """What shows, by what rule, and on what evidence."""

    key: str
    weight: Weight
    name: str
    evidence: str
    rule: str


def signals_of(facts: Facts) -> list[Signal]:
    """Those that show, the weightier first."""
    found = [each for rule in _RULES for each in rule(facts)]
    return sorted(found, key=lambda each: list(Weight).index(each.weight))


def _contact_gap(facts: Facts) -> Iterator[Signal]:
    posts = {side: posts_of(facts, side) for side in BOTH}
    gaps = {side: [each for each in found if not each.in_order] for side, found in posts.items()}
    said = [f"{side.label}: {posts_in_words(gap)}" for side, gap in gaps.items() if gap]
    said += [f"{side.label}: no organisation yet" for side, found in posts.items() if not found]
    if not said:
        return
    missing = any(not found or any(each.missing for each in found) for found in posts.values())
    yield Signal(
        "contact_gap",
        Weight.RED,
        "A contact is missing" if missing else "Contacts to check",
        ". ".join(said),
        "A side has no named contact or no deputy whose details were checked in time.",
    )


def _dormancy(facts: Facts) -> Iterator[Signal]:
    last = facts.last_real_on
    days = counted_days(last or facts.opened_on, facts.today, facts.rests_on)
    if days < COOLING:
        return
    name = "Dormant" if days >= DORMANT else "Gone quiet" if days >= QUIET else "Cooling down"
    since = f"last met or spoke on {date_words(last)}" if last else "have not met or spoken yet"
    number = f"More than {LONGEST_COUNT}" if days > LONGEST_COUNT else str(days)
    yield Signal(
        "dormancy",
        Weight.AMBER,
        name,
        f"You {since}. {number} days, holidays and quiet periods left out",
        f"{COOLING} days since the sides last met or spoke: cooling down; {QUIET}: gone quiet; "
        f"{DORMANT}: dormant. School holidays and agreed quiet periods do not count.",
    )


def counted_days(since: date, today: date, rests_on: Callable[[date], bool]) -> int:
    """How many days after `since`, up to and including `today`, are no days of rest.

    One more than `LONGEST_COUNT` for more than that.
    """
    first = max(since, today - timedelta(days=3 * LONGEST_COUNT)).toordinal() + 1
    counted_so_far = 0
    for ordinal in range(first, today.toordinal() + 1):
        counted_so_far += not rests_on(date.fromordinal(ordinal))
        if counted_so_far > LONGEST_COUNT:
            break
    return counted_so_far


def _agreement(facts: Facts) -> Iterator[Signal]:
    signed = [each for each in facts.agreements if each.signed]
    passed = [
        f"“{each.title}” {_passed(each.in_date(facts.today), day)}"
        for each in signed
        if (day := _due(each.review_on, each.expires_on, facts.today))
    ]
    if signed and not passed:
        return
    yield Signal(
        "agreement",
        Weight.AMBER,
        "An agreement is due" if signed else "No agreement",
        ". ".join(passed) or "Nothing is signed by every member",
        "No agreement is signed, or the date for its review or its end has passed.",
    )


def _governance(facts: Facts) -> Iterator[Signal]:
    overdue = [
        f"“{each.title}” was to be reviewed on {date_words(each.review_on)}"
        for each in facts.papers
        if each.review_on < facts.today
    ]
    if overdue:
        yield Signal(
            "ig",
            Weight.RED,
            "Data protection review overdue",
            ". ".join(overdue),
            "The review of an impact assessment or of a data sharing agreement that holds is "
            "overdue.",
        )


def _due(review_on: date | None, expires_on: date | None, today: date) -> date | None:
    """The end, if it has passed, or else the review's day if that has come."""
    if expires_on is not None and expires_on < today:
        return expires_on
    return review_on if review_on is not None and review_on <= today else None


def _passed(in_date: bool, day: date) -> str:
    return f"{'was to be reviewed' if in_date else 'expired'} on {date_words(day)}"


def _actions(facts: Facts) -> Iterator[Signal]:
    if facts.actions_overdue <= facts.actions_open * MOST_OVERDUE:
        return
    late = facts.actions_overdue
    yield Signal(
        "actions",
        Weight.AMBER,
        "Actions are late",
        f"{late} of {counted(facts.actions_open, 'open action')} "
        f"{'is' if late == 1 else 'are'} overdue",
        "More than a quarter of the open actions are overdue.",
    )


def _measures(facts: Facts) -> Iterator[Signal]:
    silent = [
        f"{measure.name} ({each.name})"
        for each in facts.initiatives
        if each.running
        for measure in each.measures
        if measure.silent_for_two(facts.today)
    ]
    if silent:
        yield Signal(
            "measures",
            Weight.AMBER,
            "Readings are missing",
            f"No reading for two periods: {get_text_list(silent, 'and')}",
            "A measure of an initiative that runs has had no reading for two of its periods.",
        )


def _single_thread(facts: Facts) -> Iterator[Signal]:
    """One side hangs on one person: mostly nobody else of it comes."""
    held = [each for each in facts.held_lately() if each.came]
    if len(held) < FEWEST_TOUCHPOINTS:
        return
    alone: dict[tuple[Sector, int], int] = defaultdict(int)
    for each in held:
        for side in BOTH:
            people = {
                posting
                for organisation_id, posting in each.came
                if facts.side_of(organisation_id) == side
            }
            if len(people) == 1:
                alone[side, people.pop()] += 1
    thin = [
        f"{side.label}: the same person alone in {times} of {len(held)} touchpoints"
        for (side, _), times in sorted(alone.items())
        if times > len(held) * MOST_BY_ONE
    ]
    if thin:
        yield Signal(
            "single_thread",
            Weight.AMBER,
            "Hangs on one person",
            ". ".join(thin),
            "In more than 80% of the touchpoints of the last twelve months (three at least), the "
            "same one person was there for a side, and nobody else of it.",
        )


def _one_sided(facts: Facts) -> Iterator[Signal]:
    if not facts.both_joined:
        return
    logged = _logged(facts)
    total = sum(logged.values())
    said = [
        f"{side.label} logged all {total} entries"
        for side in BOTH
        if total >= FEWEST_ENTRIES and logged[side] == total
    ]
    closed = next((each for each in facts.reviews if each.answered is not None), None)
    if closed is not None and closed.answered and sum(closed.answered.values()):
        silent = [side.label for side in BOTH if not closed.answered.get(side)]
        said += [f"{side}: nobody answered “{closed.title}”" for side in silent]
    if said:
        yield Signal(
            "one_sided",
            Weight.AMBER,
            "One-sided",
            ". ".join(said),
            "Both sides have joined, and one alone logged every conversation and outcome of the "
            "last twelve months (five at least), or answered nothing in the last review.",
        )


def _logged(facts: Facts) -> dict[Sector, int]:
    """How many conversations and outcomes each side has logged in the last twelve months."""
    logged: dict[Sector, int] = dict.fromkeys(BOTH, 0)
    by = [(each.organisation_id, each.logged) for each in facts.talks]
    by += [(each.logged_by, 1) for each in facts.held_lately() if each.logged_by is not None]
    for organisation_id, number in by:
        side = facts.side_of(organisation_id)
        if side is not None:
            logged[side] += number
    return logged


def _reorganised(facts: Facts) -> Iterator[Signal]:
    closing = [
        f"{each.name} closes on {date_words(each.closing_on)}"
        if each.closing_on > facts.today
        else f"{each.name} closed on {date_words(each.closing_on)}"
        for each in facts.partners
        if each.closing_on is not None and each.closing_on <= facts.today + CLOSING_SOON
    ]
    if closing:
        yield Signal(
            "reorg",
            Weight.AMBER,
            "An organisation is ending",
            get_text_list(closing, "and"),
            "Open data say that an organisation closes or merges within six months.",
        )
    announced = [each.announced for each in facts.partners if each.announced]
    if announced:
        yield Signal(
            "merging",
            Weight.AMBER,
            "Merging soon",
            " ".join(announced).removesuffix("."),
            "A change of an organisation in this partnership is announced or confirmed.",
        )


_RULES: tuple[Callable[[Facts], Iterator[Signal]], ...] = (
    _contact_gap,
    _dormancy,
    _agreement,
    _governance,
    _actions,
    _measures,
    _single_thread,
    _one_sided,
    _reorganised,
)
