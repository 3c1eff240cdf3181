"""Planning, moving and cancelling sessions, and recording who came: every write to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import WallClockError, at_wall_clock, london_day, today
from calendars.series import Every, OnClash, Planned, SeriesError, series_dates
from initiatives.plans.models import Initiative
from initiatives.plans.permissions import of_its_planners
from initiatives.sessions.models import (
    LONGEST,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOST_PEOPLE,
    SHORTEST,
    Attendance,
    AttendanceOpening,
    Group,
    Kind,
    Session,
    State,
)
from initiatives.sessions.publisher import publish_attendance, raw_numbers
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Member, MemberState
from partnerships.record.services.members import hold_partnership

CHANGED_MEANWHILE = "changed_meanwhile"
MOST_OF_A_RUN = 60
# One that was not planned here may be recorded afterwards, this far back.
FURTHEST_BACK, FURTHEST_AHEAD = timedelta(days=366), timedelta(days=3 * 366)
OPENED_FOR = timedelta(minutes=30)
RUNS = (Every.WEEK, Every.FORTNIGHT)


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a session is, as a form gives it. `school` is the id of one of the initiative's."""

    kind: str
    date: date
    time: time
    minutes: int = 60
    title: str = ""
    school: int | None = None
    place: str = ""
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The sessions that were planned at once, and the days that were left out, with why."""

    sessions: list[Session] = field(default_factory=list)
    left_out: list[Planned] = field(default_factory=list)


@transaction.atomic
def plan_session(
    *, by: Actor, initiative: Initiative, plan: SessionPlan, organisation_id: int | None = None
) -> Session:
    """Plan one, or note one that took place already.

    `organisation_id` is the member whose staff run it, by default the acting organisation; only
    who plans the initiative names another. Raises ValidationError, keyed by field, for what is
    missing, too long or out of reach, and for the same session again.
    """
    current, runs = _held_initiative(by, initiative, organisation_id)
    return _plan(by, current, _checked(current, plan), runs)


@transaction.atomic
def plan_run(
    *,
    by: Actor,
    initiative: Initiative,
    plan: SessionPlan,
    every: str,
    until: date,
    organisation_id: int | None = None,
) -> Run:
    """Plan one a week, or every two weeks, until a day. Days that do not suit are left out.

    Those are school holidays, bank holidays and whatever keeps a member away. Raises
    ValidationError, keyed by field, as `plan_session`, and for a run without any day or of more
    than 60.
    """
    current, runs = _held_initiative(by, initiative, organisation_id)
    given = _checked(current, plan)
    if every not in RUNS:
        raise ValidationError({"every": "Choose how often"})
    if until <= plan.date:
        raise ValidationError({"until": "The last day must be after the first day"})
    if until > plan.date + FURTHEST_AHEAD:
        raise ValidationError({"until": f"Plan {MOST_OF_A_RUN} sessions at most at once"})
    diary = diary_of(by, current.partnership, plan.date, until)
    try:
        dates = series_dates(
            Every(every),
            plan.date,
            until,
            diary.calendars,
            shared=diary.shared,
            on_clash=OnClash.SKIP,
        )
    except SeriesError as problem:
        raise ValidationError({"until": str(problem)}) from problem
    kept = [each for each in dates if not each.left_out]
    if len(kept) > MOST_OF_A_RUN:
        raise ValidationError({"until": f"Plan {MOST_OF_A_RUN} sessions at most at once"})
    if not kept:
        raise ValidationError({"until": "Every day until then clashes. Choose other days"})
    sessions = [_plan(by, current, replace(given, date=each.day), runs) for each in kept]
    return Run(sessions, [each for each in dates if each.left_out])


@transaction.atomic
def change_session(*, by: Actor, session: Session, plan: SessionPlan, based_on: int) -> Session:
    """Move it, or change what it is. The same again does nothing.

    Raises ValidationError as `plan_session`, for one that was cancelled, for another day of one
    that was held, and with code `changed_meanwhile` when somebody has changed it since `based_on`.
    """
    current = _held(by, session, Permission.CHANGE_SESSION)
    given = _checked(current.initiative, plan, kept=current.school_id)
    columns = _columns(given)
    changed = sorted(name for name, value in columns.items() if getattr(current, name) != value)
    if not changed:
        return current
    _require_unchanged(current, based_on)
    if current.state == State.HELD and {"starts_at", "minutes"} & set(changed):
        raise ValidationError({"date": "This session was held, so it stays on its day"})
    moved = "starts_at" in changed
    _save(current, **{name: columns[name] for name in changed})
    audit.record(
        "session moved" if moved else "session changed",
        by=by,
        obj=current,
        changes={"fields": changed},
    )
    return current


@transaction.atomic
def cancel_session(*, by: Actor, session: Session, reason: str) -> Session:
    """Say that it does not take place, or did not, and why. Twice is once.

    Raises ValidationError, keyed by field, for one that was held, and for no or too long words.
    """
    current = _held(by, session, Permission.CHANGE_SESSION, cancelled_too=True)
    if current.state == State.CANCELLED:
        return current
    words = _one_line(reason)
    if current.state == State.HELD:
        raise ValidationError("This session was held. Correct its numbers instead.")
    if not says_something(words):
        raise ValidationError({"reason": "Enter why it does not take place"})
    if len(words) > LONGEST_REASON:
        raise ValidationError(
            {"reason": f"The reason must be {LONGEST_REASON} characters or fewer"}
        )
    _save(current, state=State.CANCELLED, reason=words)
    audit.record("session cancelled", by=by, obj=current)
    if current.organisation_id == by.organisation_id:
        # It may have been the last that the sum of its term waited for.
        publish_attendance(by, current.initiative)
    return current


@transaction.atomic
def record_attendance(
    *, by: Actor, session: Session, numbers: Mapping[str, int], note: str, based_on: int
) -> Session:
    """Say that it was held, and how many came, by group. A group left out was not counted.

    Once more corrects: each number given replaces the one before, however it was; a group left out
    keeps its number. What others may see of it is published at once. Raises ValidationError, keyed
    by field, for no number, one out of reach, a session whose day has not come, and with code
    `changed_meanwhile` when somebody else has recorded it since `based_on`.
    """
    current = _held(by, session, Permission.RECORD_ATTENDANCE)
    words = _one_line(note)
    problems: dict[str, str] = {}
    if london_day(current.starts_at) > today():
        raise ValidationError("This session is still to come. Record it on its day, or move it.")
    for group, number in numbers.items():
        if group not in Group.values:
            raise ValidationError("Choose pupils, parents and carers, or staff.")
        if not 0 <= number <= MOST_PEOPLE:
            problems[group] = f"{Group(group).label} must be between 0 and {MOST_PEOPLE:,}"
    if not numbers and current.state == State.PLANNED:
        problems[Group.PUPILS] = "Enter how many came in at least one group, or 0"
    if len(words) > LONGEST_NOTE:
        problems["note"] = f"What went well must be {LONGEST_NOTE} characters or fewer"
    if problems:
        raise ValidationError(problems)
    corrected = current.state == State.HELD
    with raw_numbers(current.initiative):
        rows = Attendance.objects.filter(session=current, superseded_at=None)
        now = {row.group: row for row in rows}
    changed = sorted(
        group
        for group, number in numbers.items()
        if group not in now or now[group].number != number
    )
    if not changed and words == current.note and corrected:
        return current
    _require_unchanged(current, based_on)
    _save(current, state=State.HELD, note=words)
    with raw_numbers(current.initiative):
        rows.filter(group__in=changed).update(superseded_at=timezone.now())
    Attendance.objects.bulk_create(
        Attendance(
            session=current,
            initiative=current.initiative,
            organisation_id=current.organisation_id,
            recorded_by_id=by.user_id,
            group=group,
            number=numbers[group],
        )
        for group in changed
    )
    audit.record(
        "session corrected" if corrected else "session recorded",
        by=by,
        obj=current,
        changes={"groups": changed},
    )
    publish_attendance(by, current.initiative)
    return current


@transaction.atomic
def add_up_terms(*, by: Actor, session: Session) -> None:
    """Publish the sums of the terms that are over, for the initiative of a session. Twice is once.

    A later number does the same; this is for when none follows.
    """
    current = _held(by, session, Permission.RECORD_ATTENDANCE)
    publish_attendance(by, current.initiative)
    audit.record("terms added up", by=by, obj=current)


@transaction.atomic
def open_attendance(*, by: Actor, session: Session, reason: str) -> AttendanceOpening:
    """Open for half an hour what colleagues counted, for a reason that stays on record.

    Raises ValidationError, keyed by field, for no or too long words.
    """
    permissions.require(by, Permission.OPEN_ATTENDANCE, session)
    words = _one_line(reason)
    if not says_something(words):
        raise ValidationError({"reason": "Enter why you need the numbers"})
    if len(words) > LONGEST_REASON:
        raise ValidationError(
            {"reason": f"The reason must be {LONGEST_REASON} characters or fewer"}
        )
    now = timezone.now()
    opening = AttendanceOpening.objects.create(
        session=session,
        organisation_id=session.organisation_id,
        opened_by_id=by.user_id,
        reason=words,
        opened_at=now,
        ends_at=now + OPENED_FOR,
    )
    audit.record("session numbers opened", by=by, obj=opening, changes={"session": session.pk})
    return opening


def who_may_run(by: Actor, initiative: Initiative) -> list[Organisation]:
    """Whose staff may run a session that this person plans: the own organisation first."""
    assert by.organisation_id is not None
    rows = Member.objects.filter(
        partnership=initiative.partnership_id,
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
    )
    if not of_its_planners(by, initiative):
        rows = rows.filter(organisation_id=by.organisation_id)
    found = [each.organisation for each in rows.select_related("organisation")]
    return sorted(found, key=lambda each: (each.pk != by.organisation_id, each.name))


def _held_initiative(
    by: Actor, initiative: Initiative, organisation_id: int | None
) -> tuple[Initiative, int]:
    """The initiative, held against changes, and the id of whoever runs the session."""
    permissions.require(by, Permission.PLAN_SESSION, initiative)
    hold_partnership(initiative.partnership_id)
    assert by.organisation_id is not None
    runs = by.organisation_id if organisation_id is None else organisation_id
    if runs != by.organisation_id and runs not in {each.pk for each in who_may_run(by, initiative)}:
        raise ValidationError({"organisation": "Choose whose staff run it"})
    return initiative, runs


def _held(
    by: Actor, session: Session, permission: Permission, *, cancelled_too: bool = False
) -> Session:
    """The session as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, permission, session)
    hold_partnership(session.partnership_id)
    current = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if current.state == State.CANCELLED and not cancelled_too:
        raise ValidationError("This session has been cancelled.")
    current.initiative, current.partnership = session.initiative, session.partnership
    return current


def _require_unchanged(current: Session, based_on: int) -> None:
    if current.revision != based_on:
        raise ValidationError(
            "Somebody has changed this session since you opened it. What you typed is still here: "
            "look at the session, then save yours.",
            code=CHANGED_MEANWHILE,
        )


def _save(current: Session, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(current, name, value)
    current.revision += 1
    current.changed_at = timezone.now()
    current.save(update_fields=[*columns, "revision", "changed_at"])


def _plan(by: Actor, initiative: Initiative, plan: SessionPlan, runs: int) -> Session:
    columns = _columns(plan)
    same = Session.objects.filter(
        initiative=initiative,
        organisation_id=runs,
        starts_at=columns["starts_at"],
        school_id=plan.school,
        place=plan.place,
        kind=plan.kind,
    ).exclude(state=State.CANCELLED)
    if same.exists():
        raise ValidationError({"time": "This session is planned already"})
    session = Session.objects.create(
        initiative=initiative,
        partnership=initiative.partnership,
        organisation_id=runs,
        author_id=by.user_id,
        **columns,
    )
    audit.record("session planned", by=by, obj=session, changes={"organisation": [None, runs]})
    return session


def _columns(plan: SessionPlan) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "title": plan.title,
        "starts_at": _starts_at(plan),
        "minutes": plan.minutes,
        "school_id": plan.school,
        "place": plan.place,
        "planned": plan.planned,
    }


def _starts_at(plan: SessionPlan) -> datetime:
    try:
        return at_wall_clock(plan.date, plan.time)
    except WallClockError as problem:
        raise ValidationError({"time": str(problem)}) from problem


def _checked(initiative: Initiative, plan: SessionPlan, kept: int | None = None) -> SessionPlan:
    """The plan as it is kept; raises ValidationError, keyed by field."""
    given = replace(plan, title=_one_line(plan.title), place=_one_line(plan.place))
    problems = _wrong_where_and_when(initiative, given, kept)
    if given.kind not in Kind.values:
        problems["kind"] = "Choose what sort of session it is"
    if not SHORTEST <= given.minutes <= LONGEST:
        problems["minutes"] = f"It must take between {SHORTEST} minutes and {LONGEST // 60} hours"
    if len(given.title) > LONGEST_TITLE:
        problems["title"] = f"The name must be {LONGEST_TITLE} characters or fewer"
    if given.planned is not None and not 1 <= given.planned <= MOST_PEOPLE:
        problems["planned"] = f"It must be between 1 and {MOST_PEOPLE:,}"
    if problems:
        raise ValidationError(problems)
    _starts_at(given)
    return given


def _wrong_where_and_when(
    initiative: Initiative, given: SessionPlan, kept: int | None
) -> dict[str, str]:
    problems: dict[str, str] = {}
    if len(given.place) > LONGEST_PLACE:
        problems["place"] = f"The place must be {LONGEST_PLACE} characters or fewer"
    if given.school is not None and given.school not in (*initiative.schools, kept):
        problems["school"] = "Choose one of the initiative’s schools"
    elif given.school is None and not says_something(given.place):
        problems["place"] = "Enter where it takes place"
    if given.date < today() - FURTHEST_BACK:
        problems["date"] = "The day must be within the last year"
    elif given.date > today() + FURTHEST_AHEAD:
        problems["date"] = "The day must be within the next 3 years"
    return problems


def _one_line(text: str) -> str:
    return " ".join(text.split())
