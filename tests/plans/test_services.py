"""Starting, changing, deciding on, withdrawing and copying initiatives, as committed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from initiatives.plans import selectors, services
from initiatives.plans.models import Initiative, Lead, LineKind, PlanLine, Stage
from organisations.guard_rail import IdentifierRefused
from organisations.joining.registry import sections
from organisations.people.handover import left_by
from organisations.tenancy.scope import acting
from partnerships.record.models import Member, Partnership
from partnerships.record.parting import leave_partnership
from tests.cast import Cast
from tests.plans.arranging import OUTLINE, seen, started
from tests.record.arranging import NHS_NUMBER, acting_as, opened, shared


@pytest.fixture
def hub(cast: Cast) -> Partnership:
    return shared(cast)


def refused(by: Any, service: Any, **given: Any) -> dict[str, list[str]]:
    """The messages of a service that refuses, by field; "" for those of no field."""
    with acting_as(by), pytest.raises(ValidationError) as caught:
        service(by=by, **given)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def test_a_member_starts_one_and_the_others_see_it(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub, template="mhst_dropin")
    for part in ("school_viewer", "health_editor"):
        with acting_as(cast.actors[part]) as by:
            found = selectors.initiative_of(by, hub, made.ref)
            plan = selectors.plan_of(by, found)
            assert [each.words for each in plan.needs] == [
                "Visible space",
                "Senior mental health lead",
            ]
    for part in ("council_editor", "stranger"):
        assert seen(cast.actors[part], made) is None


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": " \u200b "}, "name", "Enter a name"),
        ({"name": "x" * 121}, "name", "The name must be 120 characters or fewer"),
        ({"aim": ""}, "aim", "Enter what you want to achieve"),
        ({"strand": "sport"}, "strand", "Choose a strand"),
        ({"starts_on": None}, "starts_on", "Enter the first day too"),
        ({"ends_on": date(2026, 9, 13)}, "ends_on", "The last day must be the first day or later"),
        (
            {"starts_on": date(1926, 9, 14)},
            "starts_on",
            "The day must be in 2000 or later, and at most ten years from now",
        ),
        (
            {"pilot": True, "decide_on": date(2026, 9, 1)},
            "decide_on",
            "Decide after the pilot has begun",
        ),
        ({"hours": 0}, "hours", "Hours must be between 1 and 2,000"),
        ({"schools": (1,)}, "schools", "Choose schools that a member brings"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(
    cast: Cast, hub: Partnership, given: dict[str, Any], field: str, words: str
) -> None:
    problems = refused(
        cast.school_editor,
        services.start_initiative,
        partnership=hub,
        outline=replace(OUTLINE, **given),
    )
    assert problems == {field: [words]}
    with acting_as(cast.school_editor):
        assert not Initiative.objects.exists()


def test_a_pupils_number_is_refused_and_kept_nowhere(cast: Cast, hub: Partnership) -> None:
    outline = replace(OUTLINE, aim=f"Help {NHS_NUMBER}")
    with acting_as(cast.school_editor) as by, pytest.raises(IdentifierRefused):
        services.start_initiative(by=by, partnership=hub, outline=outline)
    made = started(cast.school_editor, hub)
    with acting_as(cast.school_editor) as by, pytest.raises(IdentifierRefused):
        services.add_line(by=by, initiative=made, kind="risk", words=f"About {NHS_NUMBER}")


def test_two_people_changing_it_do_not_undo_each_other(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    with acting_as(cast.school_manager) as by:
        services.change_initiative(
            by=by, initiative=made, outline=replace(OUTLINE, hours=10), based_on=1
        )
    with acting_as(cast.school_editor) as by, pytest.raises(ValidationError) as caught:
        services.change_initiative(
            by=by, initiative=made, outline=replace(OUTLINE, place="The hall"), based_on=1
        )
    assert caught.value.code == services.CHANGED_MEANWHILE
    found = seen(cast.school_editor, made)
    assert found is not None
    assert (found.hours, found.place, found.revision) == (10, "The library", 2)


def test_another_member_cannot_change_it_unless_it_leads(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    with acting_as(cast.health_editor) as by, pytest.raises(PermissionDenied):
        services.move_to_stage(by=by, initiative=made, stage="running")
    with acting_as(cast.health_editor) as by, connection.cursor() as cursor:
        cursor.execute("UPDATE plans_initiative SET stage = 'running', revision = 2")
        assert cursor.rowcount == 0

    with acting_as(cast.school_editor):
        Lead.objects.create(
            initiative=made,
            partnership=hub,
            side="health",
            organisation=cast.organisation("health"),
            user=cast.users["health_editor"],
        )
    with acting_as(cast.health_editor) as by:
        found = selectors.initiative_of(by, hub, made.ref)
        services.move_to_stage(by=by, initiative=found, stage="running")
    now = seen(cast.school_editor, made)
    assert now is not None
    assert now.stage == Stage.RUNNING
    # What leading does not give.
    with acting_as(cast.health_editor) as by, pytest.raises(PermissionDenied):
        services.withdraw_initiative(by=by, initiative=selectors.initiative_of(by, hub, made.ref))


def test_a_pilot_ends_in_a_decision_that_is_kept(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub, pilot=True, decide_on=date(2027, 6, 1))
    by = cast.school_editor
    finish = {"initiative": made, "stage": "finished"}
    assert refused(by, services.move_to_stage, **finish) == {
        "stage": ["Decide on this pilot first: stop, adapt or grow"]
    }
    given = {"initiative": made, "decision": "grow"}
    assert refused(by, services.decide_on_pilot, note="", **given) == {
        "note": ["Enter why this was decided"]
    }
    with acting_as(by):
        services.decide_on_pilot(by=by, note="Families came back.", **given)
        services.move_to_stage(by=by, **finish)
    undone = "UPDATE plans_initiative SET decision = '', decided_on = NULL, revision = revision + 1"
    with acting_as(by), connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute(undone)


def test_what_is_no_pilot_is_not_decided_on(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    given = {"initiative": made, "decision": "stop", "note": "Nobody came."}
    assert refused(cast.school_editor, services.decide_on_pilot, **given) == {
        "decision": ["This is not a pilot. Change it to one first"]
    }


def test_a_lead_is_somebody_of_that_side(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    with acting_as(cast.school_editor) as by:
        schools = services.possible_leads(by, hub, "school")
        health = services.possible_leads(by, hub, "health")
        services.name_lead(by=by, initiative=made, side="school", owner=schools[0])
        services.name_lead(by=by, initiative=made, side="health", owner=health[0])
    wrong = {"initiative": made, "side": "school", "owner": health[0]}
    assert refused(cast.school_editor, services.name_lead, **wrong) == {
        "lead": ["Choose who leads it"]
    }
    with acting_as(cast.health_editor):
        assert Lead.objects.filter(initiative=made).count() == 2
    with acting_as(cast.school_editor) as by:
        services.name_lead(by=by, initiative=made, side="health", owner=None)
        assert [each.side for each in Lead.objects.filter(initiative=made)] == ["school"]


def test_a_plan_has_milestones_needs_and_risks(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    by = cast.school_editor
    assert refused(by, services.add_line, initiative=made, kind="milestone", words="Half") == {
        "due_on": ["Enter the day of this milestone"]
    }
    with acting_as(by):
        line = services.add_line(
            by=by, initiative=made, kind="risk", words="No nurse", note="Ask the trust"
        )
    assert refused(by, services.add_line, initiative=made, kind="risk", words="No  nurse") == {
        "words": ["This is in the plan already"]
    }
    changed = {"words": "No nurse", "note": "She began", "due_on": None, "state": "done"}
    with acting_as(by):
        services.change_line(by=by, line=line, based_on=1, **changed)
    stale = {**changed, "note": "Another"}
    problems = refused(by, services.change_line, line=line, based_on=1, **stale)
    assert "Somebody has changed this line" in problems[""][0]
    with acting_as(cast.health_editor) as other:
        plan = selectors.plan_of(other, made)
        assert [(each.words, each.note, each.state) for each in plan.risks] == [
            ("No nurse", "She began", "done")
        ]


def test_a_copy_brings_needs_and_risks_open_again(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub, template="school_clinic")
    with acting_as(cast.school_editor) as by:
        first = made.lines.order_by("pk").first()
        assert first is not None
        services.change_line(
            by=by, line=first, words=first.words, note="", due_on=None, state="done", based_on=1
        )
        services.add_line(
            by=by, initiative=made, kind="milestone", words="Half", due_on=date(2027, 1, 8)
        )
        copy = services.copy_initiative(
            by=by, initiative=made, partnership=hub, outline=replace(OUTLINE, name="Next year")
        )
        lines = PlanLine.objects.filter(initiative=copy)
        assert {(each.kind, each.state) for each in lines} == {(LineKind.NEED, "open")}
        assert lines.count() == 3
        assert copy.copied_from == made


def test_only_who_looks_after_it_copies_it_into_another_partnership(
    cast: Cast, hub: Partnership
) -> None:
    made = started(cast.health_editor, hub)
    other = opened(cast, partner="council", name="Walsall together")
    given = {"initiative": made, "partnership": other, "outline": OUTLINE}
    assert refused(cast.school_editor, services.copy_initiative, **given) == {
        "partnership": ["Only who looks after it copies it into another partnership"]
    }


def test_one_of_the_same_name_is_not_started_twice(cast: Cast, hub: Partnership) -> None:
    started(cast.school_editor, hub)
    again = {"partnership": hub, "outline": replace(OUTLINE, name="WEEKLY  drop-in")}
    assert refused(cast.health_editor, services.start_initiative, **again) == {
        "name": ["This partnership has an initiative of this name already"]
    }


def test_what_was_withdrawn_stays_so_and_is_on_no_list(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    with acting_as(cast.school_editor) as by:
        services.withdraw_initiative(by=by, initiative=made)
    with acting_as(cast.health_editor) as by:
        assert not selectors.initiatives_of(by, hub).object_list
        assert selectors.initiative_of(by, hub, made.ref).withdrawn_at is not None
    found = seen(cast.school_editor, made)
    assert found is not None
    with acting_as(cast.school_editor) as by, pytest.raises(PermissionDenied):
        services.move_to_stage(by=by, initiative=found, stage="running")


def test_a_member_that_leaves_passes_on_what_it_looks_after(cast: Cast, hub: Partnership) -> None:
    made = started(cast.health_editor, hub)
    with acting_as(cast.health_editor) as by:
        mine = services.possible_leads(by, hub, "health")[0]
        services.name_lead(by=by, initiative=made, side="health", owner=mine)
    with acting_as(cast.health_manager) as by:
        member = Member.objects.select_related("partnership", "organisation").get(
            partnership=hub, organisation_id=by.organisation_id
        )
        leave_partnership(by=by, member=member)
    found = seen(cast.school_editor, made)
    assert found is not None
    assert found.organisation_id == cast.school_editor.organisation_id
    with acting_as(cast.school_editor):
        assert not Lead.objects.filter(initiative=made).exists()
    assert seen(cast.health_editor, made) is None


def test_what_somebody_leads_passes_to_a_colleague(cast: Cast, hub: Partnership) -> None:
    made = started(cast.school_editor, hub)
    with acting_as(cast.school_editor) as by:
        me = services.possible_leads(by, hub, "school")[0]
        services.name_lead(by=by, initiative=made, side="school", owner=me)
    with acting_as(cast.school_manager) as by:
        left = {each.kind.name: each.count for each in left_by(by, cast.users["school_editor"])}
        assert left["initiatives"] == 1


def test_an_export_holds_what_a_member_sees(cast: Cast, hub: Partnership) -> None:
    started(cast.school_editor, hub, template="mhst_dropin")
    with acting(cast.health_manager.scope), transaction.atomic():
        found = {each.name: list(each.rows(cast.health_manager)) for each in sections()}
    assert [row[3] for row in found["initiatives"]] == ["Weekly drop-in"]
    assert [row[2] for row in found["initiative_plans"]] == [
        "Visible space",
        "Senior mental health lead",
    ]
