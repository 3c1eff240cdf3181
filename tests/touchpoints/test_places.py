"""A touchpoint's day is named by the terms of the partnership's own school side."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars.given_terms import kept_as
from calendars.models import TermDates
from calendars.terms import HalfTerm
from organisations.tenancy.scope import acting
from tests.touchpoints.pages import address, words
from tests.touchpoints.scene import DAY, Scene, schedule

# Begins a week later than elsewhere, so that 14 January is in its first week.
OWN = [
    HalfTerm(date(2026, 9, 1), date(2026, 12, 18), "Autumn 1"),
    HalfTerm(date(2027, 1, 11), date(2027, 3, 25), "Spring 1"),
    HalfTerm(date(2027, 4, 12), date(2027, 7, 21), "Summer 1"),
]


def give_terms(scene: Scene) -> None:
    by = scene.cast.school_editor
    names, spans = kept_as(OWN)
    with acting(by.scope), transaction.atomic():
        TermDates.objects.create(
            organisation_id=by.organisation_id,
            starts_in=2026,
            names=names,
            spans=spans,
            changed_by_id=by.user_id,
            changed_for_id=by.organisation_id,
        )


def seen(scene: Scene, part: str) -> list[str]:
    planned = schedule(scene, minutes=15 if part == "school_editor" else 45)
    slug = scene.cast.organisation(part.split("_", maxsplit=1)[0]).slug
    client = scene.cast.client(part)
    pages = [
        address(scene, "touchpoint", part, touchpoint=planned.ref),
        address(scene, "touchpoints", part),
        address(scene, "partnership", part),
        reverse("home", args=[slug]),
    ]
    return [words(client.get(page)) for page in pages]


def test_typical_dates_name_it_until_the_school_has_given_its_own(scene: Scene) -> None:
    assert date(2027, 1, 14) == DAY
    for page in seen(scene, "school_editor"):
        assert "Spring 1, week 2 · Q4 2026/27" in page


def test_both_sides_read_it_in_the_terms_of_the_school_side(scene: Scene) -> None:
    give_terms(scene)
    for page in seen(scene, "health_editor"):
        assert "Spring 1, week 1 · Q4 2026/27" in page


def test_a_list_asks_as_often_however_long_it_is(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "touchpoints")
    schedule(scene)
    client.get(url)
    counts = []
    for more in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
        if not more:
            for day in range(1, 9):
                schedule(scene, date=date(2027, 2, day))
    assert counts[0] == counts[1]
