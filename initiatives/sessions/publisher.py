"""The one publisher of attendance: from the numbers that were counted to what others may see.

It works within the transaction that records a number, for the organisation that counted it. The
numbers of two organisations never add up here, so neither is worked out from the other. Each
session is published with its numbers; the sum of a term once the term is over and each of its
sessions has its numbers. A running sum would give each session away by how much it grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

from django.db import connection
from django.utils import timezone

from calendars.london import london_day, today
from calendars.terms import typical_terms
from calendars.years import AcademicYear
from initiatives.plans.models import Initiative
from initiatives.sessions.models import (
    Attendance,
    AttendancePublication,
    Group,
    PublishedAttendance,
    Session,
    State,
)
from initiatives.small_numbers.selectors import rule_for
from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import Rule, stricter
from initiatives.suppression.tables import Figure, Publication, Status, Told
from organisations.actor import Actor


@contextmanager
def raw_numbers(initiative: Initiative) -> Iterator[None]:
    """Within the transaction, read what the acting organisation counted in this initiative."""
    _set(str(initiative.pk))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set("")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.publishing', %s, true)", [value])


def term_of(day: date) -> str:
    """The term to whose sum a day belongs; days of a holiday belong to the term before it.

    >>> term_of(date(2027, 4, 28)), term_of(date(2026, 8, 31))
    ('Summer 2026/27', 'Summer 2025/26')
    """
    year = AcademicYear.of(day)
    begun = [each for each in typical_terms(year).terms if each.start <= day]
    if not begun:
        year = year.previous
        begun = list(typical_terms(year).terms)
    return f"{begun[-1].name} {year.label}"


def publish_attendance(by: Actor, initiative: Initiative) -> None:
    """Publish what the acting organisation counted and has not published yet."""
    assert by.organisation_id is not None
    with raw_numbers(initiative):
        before = _before(by.organisation_id, initiative)
        told_before = {key: of for each in before for key, of in each.figures.items()}
        figures = [
            each
            for each in _figures(by.organisation_id, initiative)
            if told_before.get(each.key) != each.of
        ]
        if not figures:
            return
        # Never less strict than what was published before: those figures are compared with these.
        rule = stricter([rule_for(initiative.partnership_id), *(each.rule for each in before)])
        told = publish(figures, rule, before)
        AttendancePublication.objects.create(
            initiative=initiative,
            organisation_id=by.organisation_id,
            rule=asdict(rule),
            figures=[
                {
                    "key": each.key,
                    "of": sorted(each.of),
                    "level": each.level,
                    "status": str(told[each.key].status),
                    "shown": told[each.key].shown,
                }
                for each in figures
            ],
        )
        for each in figures:
            _save(by.organisation_id, initiative, each.key, told[each.key], rule)


def _figures(organisation_id: int, initiative: Initiative) -> list[Figure]:
    """The numbers of each session that was held, and the sums of the terms that are over."""
    sessions = list(
        Session.objects.filter(initiative=initiative, organisation_id=organisation_id).exclude(
            state=State.CANCELLED
        )
    )
    term = {each.pk: term_of(london_day(each.starts_at)) for each in sessions}
    incomplete = {term[each.pk] for each in sessions if each.state == State.PLANNED}
    incomplete.add(term_of(today()))
    rows = Attendance.objects.filter(
        initiative=initiative, organisation_id=organisation_id, superseded_at=None
    ).order_by("pk")
    figures: list[Figure] = []
    sums: dict[tuple[str, str], list[Attendance]] = {}
    for row in rows:
        of = frozenset({f"a{row.pk}"})
        figures.append(Figure(f"session:{row.session_id}:{row.group}", of, row.number, 1))
        if term[row.session_id] not in incomplete:
            sums.setdefault((term[row.session_id], row.group), []).append(row)
    for (name, group), parts in sums.items():
        of = frozenset(f"a{each.pk}" for each in parts)
        figures.append(Figure(f"term:{name}:{group}", of, sum(each.number for each in parts), 0))
    return figures


def _before(organisation_id: int, initiative: Initiative) -> Sequence[Publication]:
    rows = AttendancePublication.objects.filter(
        initiative=initiative, organisation_id=organisation_id
    ).order_by("pk")
    return [
        Publication(
            figures={each["key"]: frozenset(each["of"]) for each in row.figures},
            told={each["key"]: Told(Status(each["status"]), each["shown"]) for each in row.figures},
            rule=Rule(**row.rule),
            levels={each["key"]: each["level"] for each in row.figures},
        )
        for row in rows
    ]


def _save(organisation_id: int, initiative: Initiative, key: str, told: Told, rule: Rule) -> None:
    what, name, group = key.split(":")
    session = Session.objects.get(pk=int(name)) if what == "session" else None
    PublishedAttendance.objects.update_or_create(
        initiative=initiative,
        organisation_id=organisation_id,
        session=session,
        term="" if session else name,
        group=Group(group),
        defaults={
            "status": str(told.status),
            "shown": told.shown,
            "rule": rule.code,
            "published_at": timezone.now(),
        },
        create_defaults={
            "partnership_id": initiative.partnership_id,
            "status": str(told.status),
            "shown": told.shown,
            "rule": rule.code,
        },
    )
