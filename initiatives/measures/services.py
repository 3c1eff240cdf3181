"""Adding and changing measures, entering and opening readings: every write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from initiatives.measures.library import measures
from initiatives.measures.models import (
    LONGEST_GROUP,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_WORDS,
    MOST_PEOPLE,
    WHOLE,
    Direction,
    Level,
    Measure,
    Period,
    Reading,
    ReadingOpening,
    Unit,
)
from initiatives.measures.periods import Span, ended_periods
from initiatives.measures.publisher import publish_readings, raw_readings
from initiatives.measures.selectors import latest_reading
from initiatives.plans.models import Initiative
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import User
from organisations.permissions import Permission
from organisations.selectors import works_at
from organisations.visible_text import says_something
from partnerships.diary.school_terms import school_terms
from partnerships.record.services.members import hold_partnership

CHANGED_MEANWHILE = "changed_meanwhile"
OPENED_FOR = timedelta(minutes=30)
MOST_GROUPS, MOST_MEASURES = 12, 40
LONGEST_TEXTS = (
    ("name", "The name", LONGEST_NAME),
    ("numerator", "What is counted", LONGEST_WORDS),
    ("denominator", "Out of whom", LONGEST_WORDS),
    ("source", "The source", LONGEST_WORDS),
    ("quality_note", "The note", LONGEST_NOTE),
)
CHOICES = (
    ("unit", Unit.values, "Choose what a figure is"),
    ("direction", Direction.values, "Choose which way is better"),
    ("level", Level.values, "Choose how soon it can change"),
    ("period", Period.values, "Choose how often it is read"),
)
NOT_OVER = "Choose a period that is over"
SHARE_TYPED = (
    "Enter how many people, not a share: for 40% of 200 enter 80. Tandem works the percentage out"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure is, as a form gives it."""

    name: str
    unit: str
    direction: str
    level: str
    period: str
    person_based: bool = True
    numerator: str = ""
    denominator: str = ""
    groups: tuple[str, ...] = ()
    target: Decimal | None = None
    source: str = ""
    quality_note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a reading: of a group, or of the whole where there are none."""

    group: str = WHOLE
    number: int | None = None
    base: int | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """A reading of one period: a number for each group."""

    span: Span
    rows: Sequence[Entry] = field(default_factory=tuple)


@transaction.atomic
def add_measure(
    *, by: Actor, initiative: Initiative, definition: Definition, library: str = ""
) -> Measure:
    """Add a measure; the acting organisation measures, and whoever adds it owns it.

    Raises ValidationError, keyed by field, for what is missing, too long or does not fit together,
    for one of the same name, and for more than 40.
    """
    permissions.require(by, Permission.ADD_MEASURE, initiative)
    assert by.organisation_id is not None
    given = _checked(definition)
    if library and library not in measures():
        raise ValidationError({"library": "Choose one of the measures, or none"})
    hold_partnership(initiative.partnership_id)
    others = Measure.objects.filter(initiative=initiative, withdrawn_at=None)
    if others.filter(name__iexact=given.name, organisation=by.organisation_id).exists():
        raise ValidationError({"name": "Your organisation measures this here already"})
    if others.count() >= MOST_MEASURES:
        raise ValidationError({"name": f"An initiative has {MOST_MEASURES} measures at most"})
    measure = Measure.objects.create(
        initiative=initiative,
        partnership_id=initiative.partnership_id,
        organisation_id=by.organisation_id,
        owner_id=by.user_id,
        library=library,
        unit=given.unit,
        period=given.period,
        person_based=given.person_based,
        groups=list(given.groups),
        **_changeable(given),
    )
    audit.record("measure added", by=by, obj=measure)
    return measure


@transaction.atomic
def change_measure(
    *, by: Actor, measure: Measure, definition: Definition, based_on: int
) -> Measure:
    """Change its words, direction and target. What is counted, how and how often stays.

    The same again does nothing. `based_on` is the revision that the person saw: raises
    ValidationError with code `changed_meanwhile` when somebody has changed it since.
    """
    permissions.require(by, Permission.CHANGE_MEASURE, measure)
    current = _held(measure)
    given = _changeable(_checked(definition))
    changed = sorted(name for name, value in given.items() if getattr(current, name) != value)
    if not changed:
        return current
    if current.revision != based_on:
        raise ValidationError(
            "Somebody has changed this measure since you opened it. What you typed is still here: "
            "look at the measure, then save yours.",
            code=CHANGED_MEANWHILE,
        )
    _save(current, **{name: given[name] for name in changed})
    audit.record("measure changed", by=by, obj=current, changes={"fields": changed})
    return current


@transaction.atomic
def hand_measure(*, by: Actor, measure: Measure, to: User) -> Measure:
    """Make a colleague the one who enters readings and reads them raw. The same again does nothing.

    Only those who may read them hand them on. Raises ValidationError for somebody who does not work
    at the organisation that measures.
    """
    permissions.require(by, permission_to_hand(by, measure), measure)
    current = _held(measure)
    if not works_at(to, current.organisation_id):
        raise ValidationError({"owner": "Choose a colleague"})
    if current.owner_id == to.pk:
        return current
    before = current.owner_id
    _save(current, owner_id=to.pk)
    audit.record("measure handed over", by=by, obj=current, changes={"owner": [before, to.pk]})
    return current


def permission_to_hand(by: Actor, measure: Measure) -> Permission:
    """What somebody must hold to hand a measure on: its owner enters readings, a manager opens
    them."""
    own = measure.owner_id == by.user_id
    return Permission.RECORD_READING if own else Permission.OPEN_READINGS


@transaction.atomic
def withdraw_measure(*, by: Actor, measure: Measure) -> Measure:
    """Take it off every page; its readings are kept. Raises ValidationError when that was done."""
    permissions.require(by, Permission.CHANGE_MEASURE, measure)
    current = _held(measure)
    _save(current, withdrawn_at=timezone.now(), withdrawn_by_id=by.user_id)
    audit.record("measure withdrawn", by=by, obj=current)
    return current


@transaction.atomic
def record_reading(*, by: Actor, measure: Measure, entries: Entries, correct: bool = False) -> None:
    """Enter the reading of a period, or with `correct` replace it; what others may see of it is
    published at once.

    Every group has its number, or where there are none the whole. Raises ValidationError, keyed by
    field (`number`, `base`, `value`, with the group's place in front: `2-number`), for what is
    missing or cannot be, for a period that is not over, and for one that has its reading already.
    """
    permissions.require(by, Permission.RECORD_READING, measure)
    current = _held(measure)
    if entries.span not in periods_of(by, current):
        raise ValidationError({"period": NOT_OVER})
    rows = _checked_entries(current, entries)
    with raw_readings(current):
        before = _standing(current, entries.span)
        if before and not correct:
            raise ValidationError(
                {"period": "This period has a reading already. Correct it instead"}
            )
        if not _replace(by, current, entries.span, rows, before):
            return
    _note_what_is_read(current)
    audit.record(
        "reading corrected" if before else "reading recorded",
        by=by,
        obj=current,
        changes={"period": [None, entries.span.key]},
    )
    publish_readings(current)


@transaction.atomic
def record_readings(
    *, by: Actor, measure: Measure, readings: Sequence[Entries], based_on: int
) -> None:
    """Enter and correct the readings of several periods: all of them or none, published together.

    A group that is not named keeps its number; a period without a reading needs them all.
    `based_on` is the latest reading that the person saw (`selectors.latest_reading`). Raises
    ValidationError, naming the period, for what `record_reading` refuses and where nothing would
    change; with code `changed_meanwhile` when readings were entered since.
    """
    permissions.require(by, Permission.RECORD_READING, measure)
    current = _held(measure)
    spans = periods_of(by, current)
    changed: dict[str, list[str]] = {"recorded": [], "corrected": []}
    with raw_readings(current):
        if latest_reading(current) != based_on:
            raise ValidationError(
                "Readings were entered since you checked these rows. Check the rows again.",
                code=CHANGED_MEANWHILE,
            )
        for each in readings:
            if each.span not in spans or [other.span for other in readings].count(each.span) > 1:
                raise ValidationError(f"{each.span.name}: {NOT_OVER}, each once")
            before = _standing(current, each.span)
            rows = _completed(current, each, before)
            if _replace(by, current, each.span, rows, before):
                changed["corrected" if before else "recorded"].append(each.span.key)
    if not any(changed.values()):
        raise ValidationError("There is nothing to save: every number is in Tandem already")
    _note_what_is_read(current)
    audit.record(
        "readings entered together",
        by=by,
        obj=current,
        changes={name: periods for name, periods in changed.items() if periods},
    )
    publish_readings(current)


@transaction.atomic
def open_readings(*, by: Actor, measure: Measure, reason: str) -> ReadingOpening:
    """Open for half an hour the raw readings of a colleague, for a reason that stays on record.

    Raises ValidationError, keyed by field, for no or too long words.
    """
    permissions.require(by, Permission.OPEN_READINGS, measure)
    words = _one_line(reason)
    if not says_something(words):
        raise ValidationError({"reason": "Enter why you need the numbers"})
    if len(words) > LONGEST_REASON:
        raise ValidationError(
            {"reason": f"The reason must be {LONGEST_REASON} characters or fewer"}
        )
    now = timezone.now()
    opening = ReadingOpening.objects.create(
        measure=measure,
        organisation_id=measure.organisation_id,
        opened_by_id=by.user_id,
        reason=words,
        opened_at=now,
        ends_at=now + OPENED_FOR,
    )
    audit.record("readings opened", by=by, obj=opening, changes={"measure": measure.pk})
    return opening


def periods_of(actor: Actor, measure: Measure) -> list[Span]:
    """The periods that are over, as the partnership's schools have their terms; latest first."""
    day = today()
    ref = measure.initiative.partnership.ref
    terms = school_terms(actor, {ref}, {day - timedelta(days=4 * 366), day}).of(ref)
    return ended_periods(measure.period, day, terms)


def more_than_all(base: int) -> str:
    """What is said where a part is more than the whole."""
    return f"It must be {base:,} or fewer: it cannot be more than all"


def _held(measure: Measure) -> Measure:
    """The measure as it is saved now; whoever else changes it waits for us."""
    hold_partnership(measure.partnership_id)
    current = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    if current.withdrawn_at is not None:
        raise ValidationError("This measure has been withdrawn.")
    current.initiative, current.partnership = measure.initiative, measure.partnership
    return current


def _standing(current: Measure, span: Span) -> dict[str, Reading]:
    """The reading of a period as it stands, by group."""
    rows = Reading.objects.filter(
        measure=current, starts_on=span.starts_on, ends_on=span.ends_on, superseded_at=None
    )
    return {each.group: each for each in rows}


def _completed(current: Measure, given: Entries, before: Mapping[str, Reading]) -> list[Entry]:
    """The numbers of every group: those that are not given stay. Raises ValidationError, naming
    the period."""
    kept = (Entry(e.group, e.number, e.base, e.value) for e in before.values())
    by_group = {each.group: each for each in (*kept, *given.rows)}
    try:
        return _checked_entries(current, Entries(given.span, list(by_group.values())))
    except ValidationError as wrong:
        raise ValidationError(
            [f"{given.span.name}: {words}" for words in wrong.messages]
        ) from wrong


def _replace(
    by: Actor, current: Measure, span: Span, rows: Sequence[Entry], before: Mapping[str, Reading]
) -> bool:
    """Save what differs from the reading that stands; whether anything did."""
    changed = [each for each in rows if not is_same(before.get(each.group), each)]
    now = [before[each.group].pk for each in changed if each.group in before]
    Reading.objects.filter(pk__in=now).update(superseded_at=timezone.now())
    Reading.objects.bulk_create(
        Reading(
            measure=current,
            organisation_id=current.organisation_id,
            recorded_by_id=by.user_id,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            group=each.group,
            number=each.number,
            base=each.base,
            value=each.value,
        )
        for each in changed
    )
    return bool(changed)


def _note_what_is_read(current: Measure) -> None:
    """Let every member know how far it has been read."""
    with raw_readings(current):
        rows = Reading.objects.filter(measure=current, superseded_at=None)
        spans = set(rows.values_list("starts_on", "ends_on"))
    current.periods_read = len(spans)
    current.read_until = max(last for _, last in spans)
    current.save(update_fields=["periods_read", "read_until"])


def _save(current: Measure, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(current, name, value)
    current.revision += 1
    current.save(update_fields=[*columns, "revision"])


def is_same(before: Reading | None, entry: Entry) -> bool:
    """Whether the reading that stands says what is entered."""
    return before is not None and (before.number, before.base, before.value) == (
        entry.number,
        entry.base,
        entry.value,
    )


def _changeable(given: Definition) -> dict[str, Any]:
    names = (
        "name",
        "direction",
        "level",
        "numerator",
        "denominator",
        "target",
        "source",
        "quality_note",
    )
    return {name: getattr(given, name) for name in names}


def _checked_entries(measure: Measure, entries: Entries) -> list[Entry]:
    wanted = measure.groups or [WHOLE]
    by_group = {each.group: each for each in entries.rows}
    problems: dict[str, str] = {}
    rows = []
    for place, group in enumerate(wanted):
        entry = by_group.get(group, Entry(group))
        problems |= {f"{place}-{name}": words for name, words in wrong_in(measure, entry).items()}
        rows.append(entry)
    if problems:
        raise ValidationError(problems)
    return rows


def wrong_in(measure: Measure, entry: Entry) -> Mapping[str, str]:
    """What cannot be in one number, by field: `number`, `base`, `value`."""
    problems: dict[str, str] = {}
    if measure.is_average:
        if entry.value is None or entry.value < 0:
            problems["value"] = "Enter the average, like 12.5"
        if measure.person_based and entry.number is None:
            problems["number"] = "Enter how many people it is the average of"
    elif entry.number is None:
        problems["number"] = "Enter a number, or 0"
    for name in ("number", "base"):
        amount = getattr(entry, name)
        if amount is not None and not 0 <= amount <= MOST_PEOPLE:
            problems[name] = f"It must be between 0 and {MOST_PEOPLE:,}"
    if measure.unit == Unit.PERCENT:
        if not entry.base:
            problems["base"] = "Enter out of how many, 1 or more"
        elif entry.number is not None and entry.number > entry.base:
            problems["number"] = more_than_all(entry.base)
    return problems


def _checked(given: Definition) -> Definition:
    """The definition as it is kept; raises ValidationError, keyed by field."""
    cleaned = Definition(
        name=_one_line(given.name),
        unit=given.unit,
        direction=given.direction,
        level=given.level,
        period=given.period,
        person_based=given.person_based,
        numerator=_one_line(given.numerator),
        denominator=_one_line(given.denominator),
        groups=tuple(dict.fromkeys(filter(None, map(_one_line, given.groups)))),
        target=given.target,
        source=_one_line(given.source),
        quality_note=_one_line(given.quality_note),
    )
    problems = {
        name: f"{words} must be {longest} characters or fewer"
        for name, words, longest in LONGEST_TEXTS
        if len(getattr(cleaned, name)) > longest
    }
    if not says_something(cleaned.name):
        problems["name"] = "Enter a name"
    problems |= {
        name: words for name, values, words in CHOICES if getattr(cleaned, name) not in values
    }
    problems |= _wrong_groups(cleaned)
    most = 100 if cleaned.unit == Unit.PERCENT else MOST_PEOPLE
    if cleaned.target is not None and not 0 <= cleaned.target <= most:
        problems["target"] = f"The target must be between 0 and {most:,}"
    if problems:
        raise ValidationError(problems)
    return cleaned


def _wrong_groups(given: Definition) -> dict[str, str]:
    if not given.groups:
        return {}
    if given.unit not in (Unit.PERCENT, Unit.COUNT):
        return {"groups": "Only counts and percentages are broken down"}
    if not 2 <= len(given.groups) <= MOST_GROUPS:
        return {"groups": f"Enter between 2 and {MOST_GROUPS} groups, or none"}
    if any(len(each) > LONGEST_GROUP for each in given.groups):
        return {"groups": f"A group must be {LONGEST_GROUP} characters or fewer"}
    return {}


def _one_line(text: str) -> str:
    return " ".join(text.split())
