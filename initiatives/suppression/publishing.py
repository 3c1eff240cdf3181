"""The one publisher of numbers of people: what may be told of each figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from initiatives.suppression.deciding import Question, may_publish
from initiatives.suppression.record import Part, Record, limits
from initiatives.suppression.rules import Rule
from initiatives.suppression.tables import MASKED, WITHHELD, Figure, Publication, Status, Told


def publish(
    figures: Sequence[Figure], rule: Rule, before: Sequence[Publication] = ()
) -> dict[str, Told]:
    """What may be told of each figure that is not hidden, beside all that was published before."""
    _check(figures)
    record = Record()
    record.read(before, [figure.of for figure in figures])
    tokens = {figure.key: _token(rule, figure.value) for figure in figures}

    def tells(question: Question, asked: Sequence[Part]) -> bool:
        places = zip(question.asked, asked, strict=True)
        return may_publish(
            question, tuple((place, *limits(rule, tokens[part.key])) for place, part in places)
        )

    def told(part: Part, *, published: bool) -> Told:
        return tokens[part.key] if published else WITHHELD

    parts = [Part(f.key, f.of, f.level, f.together, f.hidden) for f in figures]
    answers = record.add(parts, rule, tells, told)
    return {figure.key: answers[figure.key] for figure in figures if not figure.hidden}


def percentage(numerator: Told, denominator: Told, rule: Rule) -> Decimal | None:
    """The share in per cent to one decimal, from rounded figures; nothing unless both are shown.

    Nothing either when the denominator could stand for fewer people than the rule asks for.
    """
    if numerator.shown is None or not denominator.shown:
        return None
    if rule.interval(denominator.shown)[0] < rule.min_base:
        return None
    share = Decimal(100 * numerator.shown) / Decimal(denominator.shown)
    return min(share, Decimal(100)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def average_allowed(people: Told, rule: Rule) -> bool:
    """Whether an average or score may be shown: not of people who could be too few."""
    return bool(people.shown) and rule.interval(people.shown or 0)[0] >= rule.averages_min_n


def _check(figures: Sequence[Figure]) -> None:
    if len({figure.key for figure in figures}) < len(figures):
        raise ValueError("Two figures have the same key.")
    values: dict[frozenset[str], int] = {}
    for figure in figures:
        if not figure.of or figure.value < 0:
            raise ValueError(f"{figure.key} is not a sum of numbers of people.")
        if values.setdefault(figure.of, figure.value) != figure.value:
            raise ValueError(f"{figure.key} has two values.")


def _token(rule: Rule, value: int) -> Told:
    return MASKED if rule.masks(value) else Told(Status.SHOWN, rule.rounded(value))
