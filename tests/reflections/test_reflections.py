"""Reflections: three questions at a milestone, in a term or at the end; read by every member."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.urls import reverse

from calendars.terms import typical_terms
from initiatives.plans.models import Initiative
from initiatives.plans.services import add_line, move_to_stage
from initiatives.reflections import selectors, services
from initiatives.reflections.models import Reflection
from initiatives.reflections.terms import term_of
from organisations.guard_rail import IdentifierRefused
from organisations.joining.registry import sections
from partnerships.wins.models import Win
from partnerships.wins.services import log_win, take_win_back
from tests.plans.arranging import started
from tests.record.arranging import NHS_NUMBER, acting_as, sent
from tests.touchpoints.scene import Scene

SAID = {"went_well": "Pupils came back.", "change": "Begin earlier.", "missing": "Year 9"}


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    return started(scene.cast.school_editor, scene.partnership)


def said(scene: Scene, initiative: Initiative, part: str = "school_editor", **more: Any) -> Any:
    given = {"occasion": "term", **SAID, **more}
    with acting_as(scene.cast.actors[part]) as by:
        return services.reflect(by=by, initiative=initiative, **given)


def seen(scene: Scene, initiative: Initiative, part: str) -> list[str]:
    with acting_as(scene.cast.actors[part]) as by:
        return [each.went_well for each in selectors.latest_of(by, initiative, 9)]


def test_every_member_reflects_and_reads(scene: Scene, drop_in: Initiative) -> None:
    said(scene, drop_in)
    said(scene, drop_in, "health_editor", went_well="One timetable")
    for part in ("school_viewer", "health_editor"):
        assert seen(scene, drop_in, part) == ["One timetable", "Pupils came back."]
    assert seen(scene, drop_in, "council_editor") == []
    with pytest.raises(PermissionDenied):
        said(scene, drop_in, "school_viewer")


def test_the_same_again_is_one(scene: Scene, drop_in: Initiative) -> None:
    assert said(scene, drop_in).pk == said(scene, drop_in).pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"went_well": " ", "change": "", "missing": "\u200b"}, "went_well"),
        ({"change": "x" * 1001}, "change"),
        ({"occasion": "birthday"}, "occasion"),
        ({"occasion": "milestone"}, "occasion"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    scene: Scene, drop_in: Initiative, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        said(scene, drop_in, **given)
    assert list(refused.value.error_dict) == [field]
    assert seen(scene, drop_in, "school_editor") == []


def test_a_pupils_number_is_refused(scene: Scene, drop_in: Initiative) -> None:
    with pytest.raises(IdentifierRefused):
        said(scene, drop_in, missing=f"The one with {NHS_NUMBER}")


def test_a_milestone_is_one_of_this_initiative(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    other = started(by, scene.partnership, name="Another")
    with acting_as(by):
        mine, theirs = (
            add_line(
                by=by, initiative=each, kind="milestone", words="Half", due_on=date(2026, 10, 1)
            )
            for each in (drop_in, other)
        )
    assert said(scene, drop_in, occasion="milestone", milestone=mine).about == "Milestone: Half"
    with pytest.raises(ValidationError):
        said(scene, drop_in, occasion="milestone", milestone=theirs)
    with acting_as(by), pytest.raises(DatabaseError):
        Reflection.objects.create(
            initiative=drop_in,
            partnership=scene.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            occasion="milestone",
            milestone=theirs,
            went_well="Good",
            reflected_on=date(2026, 10, 2),
        )


def test_a_win_is_logged_for_everyone_with_it(scene: Scene, drop_in: Initiative) -> None:
    said(scene, drop_in, win="The first drop-in was full")
    with acting_as(scene.cast.health_editor):
        assert [each.line for each in Win.objects.all()] == ["The first drop-in was full"]


def test_a_win_is_of_the_partnership_and_the_organisation_that_reflects(
    scene: Scene, drop_in: Initiative
) -> None:
    with acting_as(scene.cast.health_editor) as by:
        theirs = log_win(
            by=by,
            partnership=scene.partnership,
            line="Ours",
            happened_on=date(2026, 10, 2),
            internal=True,
        )
    with pytest.raises(DatabaseError), acting_as(scene.cast.school_editor) as by:
        Reflection.objects.create(
            initiative=drop_in,
            partnership=scene.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            occasion="closing",
            win=theirs,
            went_well="Good",
            reflected_on=date(2026, 10, 2),
        )


def test_what_is_taken_back_is_shown_nowhere(scene: Scene, drop_in: Initiative) -> None:
    one = said(scene, drop_in)
    with acting_as(scene.cast.health_editor) as by, pytest.raises(PermissionDenied):
        services.take_reflection_back(by=by, reflection=one)
    with acting_as(scene.cast.health_editor):
        assert Reflection.objects.update(withdrawn_at=one.created_at) == 0
    with acting_as(scene.cast.school_editor) as by:
        services.take_reflection_back(by=by, reflection=one)
        (row,) = next(each for each in sections() if each.name == "reflections").rows(by)
    assert "Pupils came back." not in row
    assert seen(scene, drop_in, "school_editor") == []
    with acting_as(scene.cast.school_editor) as by, pytest.raises(ValidationError):
        services.take_reflection_back(by=by, reflection=one)


def test_terms_have_names_also_in_the_holidays() -> None:
    assert term_of(date(2026, 11, 23), typical_terms).words == "Autumn term 2026/27"
    assert term_of(date(2027, 8, 10), typical_terms).words == "Summer term 2026/27"
    assert term_of(date(2027, 1, 20), typical_terms).words == "Spring term 2026/27"


def test_home_asks_from_a_fortnight_before_the_end_of_each_term_until_it_is_answered(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    by = scene.cast.school_editor
    made = started(by, scene.partnership, starts_on=date(2026, 9, 14))
    with acting_as(by):
        move_to_stage(by=by, initiative=made, stage="running")

    def asked(year: int, month: int, day: int, part: str = "school_viewer") -> list[str]:
        clock.move_to(f"{year}-{month:02}-{day:02}T10:00:00+00:00")
        with acting_as(scene.cast.actors[part]) as reader:
            return [term.words for _, term in selectors.to_reflect_on(reader, 5)]

    assert asked(2026, 11, 20) == []
    assert asked(2026, 12, 14) == ["Autumn term 2026/27"]
    assert asked(2026, 12, 14, "health_editor") == []
    said(scene, made)
    assert asked(2026, 12, 28) == []
    assert asked(2027, 1, 15) == []
    assert asked(2027, 3, 22) == ["Spring term 2026/27"]
    with acting_as(by):
        move_to_stage(by=by, initiative=made, stage="finished")
    assert asked(2027, 3, 23) == []


def test_the_pages_add_show_and_take_back(scene: Scene, drop_in: Initiative) -> None:
    client = scene.cast.client("school_editor")
    slug = scene.cast.organisation("school").slug
    place = [slug, scene.partnership.ref, drop_in.ref]
    everything = reverse("reflections", args=place)
    assert "No reflections yet" in client.get(everything).text
    empty = sent(client, reverse("reflect", args=place), about="term", went_well=" ")
    assert "Answer at least one of the three questions" in empty.content.decode()
    made = sent(client, reverse("reflect", args=place), about="closing", **SAID, win="Full at last")
    assert made.status_code == 302
    page = client.get(everything).text
    for words in ("At the end", "Year 9", "Take back", "Full at last"):
        assert words in page
    report = reverse("initiative-report", args=place)
    assert "Full at last" in client.get(report).text
    with acting_as(scene.cast.school_editor) as by:
        take_win_back(by=by, win=Win.objects.get())
    assert "Full at last" not in client.get(report).text
    for name in ("initiative", "partnership"):
        shown = client.get(reverse(name, args=place if name == "initiative" else place[:2])).text
        assert ("Pupils came back." in shown) is (name == "initiative")
    step = client.get(reverse("partnership", args=place[:2])).text
    assert "still lacks a baseline and a later reading" in step
    with acting_as(scene.cast.school_editor):
        one = Reflection.objects.get()
    sent(client, reverse("take-reflection-back", args=[*place, one.ref]))
    assert "Year 9" not in client.get(everything).text
