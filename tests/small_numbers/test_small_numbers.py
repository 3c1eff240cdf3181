"""Whose rule for small numbers holds, what becomes of figures by it, and who may choose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.urls import reverse

from initiatives.measures.models import PublishedReading
from initiatives.plans.models import Initiative
from initiatives.sessions.models import PublishedAttendance
from initiatives.small_numbers.models import ChosenRule
from initiatives.small_numbers.selectors import rule_for
from initiatives.small_numbers.services import choose_rule
from initiatives.suppression.rules import DEFAULT, PRESETS, rule_of, stricter
from organisations.models import AuditEvent
from partnerships.record.models import Partnership
from tests.initiative_sessions.arranging import planned, recorded
from tests.measures.arranging import DEFINITION, measured, reading
from tests.measures.sheets import said
from tests.plans.arranging import started
from tests.record.arranging import acting_as, once_in, sent
from tests.touchpoints.scene import Scene

BOTH = ("school_manager", "health_manager")


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    return started(scene.cast.school_editor, scene.partnership)


def asks(scene: Scene, part: str, rule: str) -> ChosenRule:
    with acting_as(scene.cast.actors[part]) as by:
        return choose_rule(by=by, partnership=scene.partnership, rule=rule)


def holds(scene: Scene, part: str = "school_editor") -> str:
    with acting_as(scene.cast.actors[part]):
        return rule_for(scene.partnership.pk).code


def page(scene: Scene, part: str = "school") -> str:
    slug = scene.cast.organisation(part).slug
    return reverse("small-numbers", args=[slug, scene.partnership.ref])


def test_nobody_has_chosen(scene: Scene) -> None:
    assert holds(scene) == DEFAULT.code == "1-7-5-8-0"


@pytest.mark.parametrize("part", BOTH)
def test_one_member_alone_makes_it_stricter(scene: Scene, part: str) -> None:
    asks(scene, part, "survey_base")
    # The wider mask of the one, the rounding of the other
    assert holds(scene, "school_editor") == holds(scene, "health_editor") == "1-9-5-10-10"


def test_it_is_less_strict_than_recommended_only_when_every_member_asks(scene: Scene) -> None:
    asks(scene, "school_manager", "legacy_1_5")
    assert holds(scene) == DEFAULT.code
    asks(scene, "health_manager", "legacy_1_5")
    assert holds(scene) == PRESETS["legacy_1_5"].code


def test_an_organisation_that_is_no_member_yet_has_no_say(scene: Scene) -> None:
    # Given a council that is recorded in the partnership and has not accepted
    for part in BOTH:
        asks(scene, part, "ofqual")
    assert holds(scene) == PRESETS["ofqual"].code


def test_figures_follow_the_rule_that_held_when_they_were_entered(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 8, back=1)
    asks(scene, "health_manager", "survey_base")
    reading(by, measure, 8)
    client = scene.cast.client("school_editor")
    shown = said(client.get(address(scene, measure)))
    # Then the first stays as it was shown, and the second is masked, each by its own rule
    assert "November 2026 2026/27 10" in shown
    assert "Masked: 1 to 9" in shown
    with acting_as(by):
        rows = PublishedReading.objects.filter(measure=measure).order_by("starts_on")
        assert [(e.number_status, e.rule) for e in rows] == [
            ("shown", "1-7-5-8-0"),
            ("masked", "1-9-5-10-10"),
        ]


def test_a_measure_never_becomes_less_strict(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 6, back=1)
    for part in BOTH:
        asks(scene, part, "ofqual")
    reading(by, measure, 6)
    other = measured(by, drop_in, replace(DEFINITION, name="Parents reached"))
    reading(by, other, 6)
    with acting_as(by):
        old = PublishedReading.objects.filter(measure=measure)
        new = PublishedReading.objects.get(measure=other)
        assert {e.number_status for e in old} == {"masked"}
        assert (new.number_status, new.number) == ("shown", 5)


def test_attendance_follows_it_too(scene: Scene, drop_in: Initiative) -> None:
    asks(scene, "school_manager", "survey_base")
    by = scene.cast.school_editor
    session = planned(by, drop_in)
    recorded(by, session, pupils=9)
    with acting_as(by):
        told = PublishedAttendance.objects.get(session=session)
    assert (told.status, told.rule) == ("masked", "1-9-5-10-10")
    place = [scene.cast.organisation("school").slug, scene.partnership.ref, drop_in.ref]
    response = scene.cast.client("school_viewer").get(
        reverse("session", args=[*place, session.ref])
    )
    assert "Pupils: between 1 and 9" in said(response)


def test_a_manager_chooses_on_the_page(scene: Scene) -> None:
    client = scene.cast.client("school_manager")
    shown = client.get(page(scene))
    assert "Numbers of people from 1 to 7 are masked" in said(shown)
    sent(client, page(scene), rule="survey_base")
    now = said(client.get(page(scene)))
    assert "Rule saved" in now
    assert "Numbers of people from 1 to 9 are masked" in now
    assert "Survey base sizes" in now
    # And the other member reads who asked for what
    theirs = said(scene.cast.client("health_editor").get(page(scene, "health")))
    assert "Numbers of people from 1 to 9 are masked" in theirs
    assert "Managers of each member choose its rule." in theirs
    # And it is on record, what it was and what it is
    with acting_as(scene.cast.school_manager):
        event = AuditEvent.objects.get(action="small number rule chosen")
    assert event.changes == {"rule": [None, "survey_base"]}


@pytest.mark.parametrize("rule", ["", "none", "strictest:0-0-1-0-0"])
def test_there_is_no_other_rule(scene: Scene, rule: str) -> None:
    client = scene.cast.client("school_manager")
    given = {"rule": rule, "once": once_in(client.get(page(scene)).text)}
    assert "Choose a rule" in said(client.post(page(scene), given))
    with pytest.raises(ValidationError):
        asks(scene, "school_manager", rule)
    assert holds(scene) == DEFAULT.code


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "stranger"])
def test_only_managers_of_members_choose(scene: Scene, part: str) -> None:
    with pytest.raises(PermissionDenied):
        asks(scene, part, "ofqual")
    client = scene.cast.client(part)
    assert client.post(page(scene), {"rule": "ofqual"}).status_code in (403, 404)


@pytest.mark.parametrize(
    ("part", "whose"), [("school_editor", "school"), ("school_manager", "health")]
)
def test_the_database_refuses_a_choice_for_others(scene: Scene, part: str, whose: str) -> None:
    by = scene.cast.actors[part]
    given = {
        "partnership": scene.partnership,
        "organisation": scene.cast.organisation(whose),
        "rule": "ofqual",
        "chosen_by_id": by.user_id,
    }
    with pytest.raises(DatabaseError), acting_as(by):
        ChosenRule.objects.create(**given)
    asks(scene, "health_manager", "survey_base")
    with acting_as(by):
        assert (
            ChosenRule.objects.filter(organisation=given["organisation"]).update(
                rule="ofqual", chosen_by_id=by.user_id
            )
            == 0
        )


def test_a_closed_partnership_keeps_its_rule(scene: Scene, superuser: Any) -> None:
    superuser.execute(b"UPDATE record_partnership SET closed_at = now()")
    with acting_as(scene.cast.school_manager):
        closed = Partnership.objects.get(pk=scene.partnership.pk)
    with pytest.raises(PermissionDenied), acting_as(scene.cast.school_manager) as by:
        choose_rule(by=by, partnership=closed, rule="ofqual")


def test_who_took_anothers_place_asks_for_what_it_asked_for(scene: Scene, caretaker: Any) -> None:
    asks(scene, "health_manager", "survey_base")
    # Given that the NHS trust's place is the council's now
    caretaker.execute(
        b"UPDATE record_member SET state = 'succeeded', succeeded_on = current_date, "
        b"succeeded_by_id = %s WHERE partnership_id = %s AND organisation_id = %s",
        [
            scene.cast.organisation("council").pk,
            scene.partnership.pk,
            scene.cast.organisation("health").pk,
        ],
    )
    caretaker.execute(
        b"UPDATE record_member SET state = 'accepted' "
        b"WHERE partnership_id = %s AND organisation_id = %s",
        [scene.partnership.pk, scene.cast.organisation("council").pk],
    )
    assert holds(scene) == "1-9-5-10-10"


@pytest.mark.parametrize("rule", [*PRESETS.values(), stricter(PRESETS.values())])
def test_a_rule_is_known_again_by_its_code(rule: Any) -> None:
    assert rule_of(rule.code).parts == rule.parts


def address(scene: Scene, measure: Any) -> str:
    place = [scene.cast.organisation("school").slug, scene.partnership.ref]
    return reverse("measure", args=[*place, measure.initiative.ref, measure.ref])
