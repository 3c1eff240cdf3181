"""How reviews are put into words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Sector
from partnerships.reviews.models import Review
from partnerships.reviews.questions import domains_of, level_of
from partnerships.reviews.selectors import Results, Turnout

SIDES = tuple((side, str(side.label)) for side in (Sector.SCHOOL, Sector.HEALTH))
# So many of the latest rounds are compared.
ROUNDS = 4
NOT_SHOWN = "Not shown"


@dataclass(frozen=True, slots=True)
class DomainResult:
    """The averages of one domain, question by question."""

    name: str
    table: Component


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that people see differently. `sides` says how, where the sides are shown."""

    text: str
    sides: str


def address(actor: Actor, review: Review, page: str = "review") -> str:
    """A page of a review."""
    return page_of(actor, page, ref=review.partnership.ref, review=review.ref)


def state_tag(review: Review) -> Component:
    """Whether it can be answered."""
    return tag("Open", "blue") if review.is_open else tag("Closed", "grey")


def reviews_table(
    actor: Actor, reviews: Sequence[Review], turnout: Mapping[int, Turnout]
) -> Component:
    """Reviews with a link to each."""
    return table(
        ["Review", Column("Last day", nowrap=True), Column("Answers", numeric=True), "Status"],
        [
            [
                link(each.title, address(actor, each)),
                date_words(each.closes_on),
                turnout[each.pk].total,
                state_tag(each),
            ]
            for each in reviews
        ],
    )


def turnout_words(turnout: Turnout) -> list[str]:
    """How many have answered on each side."""
    return [f"{name}: {counted(turnout.people.get(side, 0), 'answer')}" for side, name in SIDES]


def average_words(average: float | None) -> str:
    """`2.7, working`; or that it is not shown."""
    return NOT_SHOWN if average is None else f"{average:.1f}, {level_of(average).lower()}"


def sides_shown(results: Results) -> bool:
    """Whether the sides are told apart in any question."""
    return any(each.schools is not None for each in results.values())


def by_domain(review: Review, results: Results) -> list[DomainResult]:
    """A table for each domain; the sides stand in it where they are told apart somewhere."""
    apart = sides_shown(results)
    heads: list[Column | str] = ["Question"]
    heads += [name for _, name in SIDES] if apart else []
    heads += ["Together", "How you see it"]
    found = []
    for domain in domains_of(review.kind):
        rows = []
        for each in domain.questions:
            result = results.get(each.key)
            sides = [result.schools, result.health] if result else [None, None]
            cells = [average_words(side) for side in sides] if apart else []
            together = average_words(result.together if result else None)
            rows.append([each.text, *cells, together, _view(results, each.key)])
        found.append(DomainResult(domain.name, table(heads, rows)))
    return found


def differences(review: Review, results: Results) -> list[Difference]:
    """What people see differently, in the order of the questions."""
    found = []
    for domain in domains_of(review.kind):
        for each in domain.questions:
            result = results.get(each.key)
            if result is None or not result.apart:
                continue
            sides = ""
            if result.schools is not None:
                pairs = zip(SIDES, (result.schools, result.health), strict=True)
                sides = "; ".join(f"{name} {average_words(value)}" for (_, name), value in pairs)
            found.append(Difference(each.text, sides))
    return found


def overall(review: Review, results: Results) -> list[tuple[str, float]]:
    """The average of each domain of which something is shown, from the questions' averages."""
    found = []
    for domain in domains_of(review.kind):
        values = [results[e.key].together for e in domain.questions if e.key in results]
        if values:
            found.append((domain.name, fmean(values)))
    return found


def over_time(reviews: Sequence[Review], results: Mapping[int, Results]) -> Component | None:
    """The latest rounds side by side, the oldest first; None before there are two to compare."""
    shown = [each for each in reviews if results[each.pk]][:ROUNDS][::-1]
    if len(shown) < 2:
        return None
    columns = [dict(overall(each, results[each.pk])) for each in shown]
    # A pulse asks about every domain, so its names are all there are.
    names = [domain.name for domain in domains_of("full")]
    return table(
        ["What it is about", *(each.title for each in shown)],
        [[name, *(average_words(column.get(name)) for column in columns)] for name in names],
    )


def _view(results: Results, key: str) -> Component | str:
    if key not in results:
        return "Too few answers"
    return tag("Seen differently", "yellow") if results[key].apart else "Much the same"
