"""Steps and signals of a real record through a calendar year, as both sides read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from calendars.london import today
from initiatives.plans import selectors as initiatives
from organisations.models import Sector
from organisations.tenancy.scope import acting
from overview.health.asked_of import burdens
from overview.health.facts import Facts
from overview.health.reading import Known, read
from overview.health.signals import signals_of
from overview.health.steps import steps_of
from partnerships.actions import selectors as actions
from partnerships.actions.owners import Owner
from partnerships.actions.services import add_action
from partnerships.agreements import selectors as agreements
from partnerships.aims import selectors as aims
from partnerships.conversations.services import log_conversation
from partnerships.record import selectors as record
from partnerships.record.models import Partnership
from partnerships.reviews import selectors as reviews
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import record_outcome
from tests.agreements.arranging import ready_for_two, signs
from tests.aims.test_services import agreed, wrote
from tests.touchpoints.scene import Scene
from tests.touchpoints.series_scene import dates_of, plan_series

STEPS = {1: "contacts", 2: "dialogue", 3: "channels", 4: "culture", 5: "initiatives"}


@dataclass(frozen=True)
class Seen:
    """What the page of the partnership would say."""

    done: set[str]
    signals: dict[str, str]
    facts: Facts


def seen_by(scene: Scene, part: str) -> Seen:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        partnership = Partnership.objects.select_related("owner").get(pk=scene.partnership.pk)
        known = Known(
            record.members_of(partnership),
            record.contacts_of(partnership),
            aims.newest_with_agreed(by, partnership),
            agreements.agreements_of(by, partnership),
            actions.open_of(by, partnership),
            reviews.reviews_of(by, partnership, 4),
            initiatives.latest_of(by, partnership, 50),
        )
        facts = read(by, partnership, known).facts
    done = {STEPS[each.number] for each in steps_of(facts) if each.done}
    return Seen(done, {each.key: each.name for each in signals_of(facts)}, facts)


def seen(scene: Scene) -> Seen:
    """The same by both sides."""
    school, health = seen_by(scene, "school_editor"), seen_by(scene, "health_editor")
    assert (school.done, school.signals) == (health.done, health.signals)
    return school


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def held(scene: Scene, touchpoint: Touchpoint, part: str, outcome: str = "held") -> None:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        came = list(touchpoint.attendees.values_list("pk", flat=True))
        record_outcome(by=by, touchpoint=touchpoint, outcome=outcome, came=came)


def said(scene: Scene, part: str, kind: str, *, internal: bool = False) -> None:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        log_conversation(
            by=by,
            partnership=scene.partnership,
            kind=kind,
            held_on=today(),
            summary=f"About the rooms, {kind}",
            internal=internal,
        )


def test_a_year_from_opening_to_dormant(scene: Scene, clock: time_machine.Traveller) -> None:
    # Opened on 4 January 2027 with contacts whom nobody has checked.
    start = seen(scene)
    assert start.done == set()
    assert start.signals == {"contact_gap": "Contacts to check", "agreement": "No agreement"}

    # What is internal, and an e-mail, are no first meeting; a meeting is.
    said(scene, "school_editor", "meeting", internal=True)
    said(scene, "health_editor", "email")
    wrote(scene)
    assert seen(scene).done == set()
    said(scene, "health_editor", "meeting")
    assert seen(scene).done == {"dialogue"}

    # Both sides agree the aim and sign a letter of intent.
    for part in ("school_editor", "health_editor"):
        agreed(scene, 1, part)
    letter = ready_for_two(scene)
    for part in ("school_editor", "health_editor"):
        signs(scene, letter, part)
    well = seen(scene)
    assert well.done == {"dialogue", "culture"}
    assert well.signals == {"contact_gap": "Contacts to check"}
    wrote(scene, aim="A wider aim", based_on=1)
    assert seen(scene).done == {"dialogue"}, "a change asks again"
    for part in ("school_editor", "health_editor"):
        agreed(scene, 2, part)

    # Four Wednesdays: channels are clear once three in a row were held.
    series = plan_series(scene.cast.school_editor, scene.partnership)
    dates = dates_of(scene.cast.school_editor, series)
    asked = {each.partner.name: each.minutes for each in burdens(seen(scene).facts)}
    assert asked["Walsall Healthcare NHS Trust"] == len(dates) * 30
    for number, touchpoint in enumerate(dates[:3]):
        clock.move_to(touchpoint.ends_at + timedelta(hours=1))
        assert "channels" not in seen(scene).done
        held(scene, touchpoint, "health_editor" if number else "school_editor")
    # Only the named contacts were invited: each side hangs on one person.
    kept = seen(scene)
    assert kept.done == {"dialogue", "channels", "culture"}
    assert kept.signals == {
        "contact_gap": "Contacts to check",
        "single_thread": "Hangs on one person",
    }
    clock.move_to(dates[3].ends_at + timedelta(hours=1))
    assert "channels" not in seen(scene).done, "nobody has said what became of the last"
    held(scene, dates[3], "school_editor", "missed")
    assert "channels" not in seen(scene).done

    # Nothing more happens. The Easter, half-term and summer holidays do not count.
    dormancy = {}
    for day in (date(2027, 4, 20), date(2027, 5, 10), date(2027, 7, 1), date(2027, 7, 21)):
        clock.move_to(noon(day))
        dormancy[day] = seen(scene).signals.get("dormancy")
    assert list(dormancy.values()) == [None, "Cooling down", "Gone quiet", "Dormant"]
    clock.move_to(noon(date(2027, 9, 1)))
    said(scene, "school_editor", "call")
    assert "dormancy" not in seen(scene).signals, "a telephone call is speaking"

    # The letter is to be reviewed on 1 February 2028 and expires on 31 January 2030.
    clock.move_to(noon(date(2028, 2, 1)))
    assert seen(scene).signals["agreement"] == "An agreement is due"
    assert "culture" in seen(scene).done
    clock.move_to(noon(date(2030, 2, 1)))
    assert "culture" not in seen(scene).done


def test_what_was_said_before_it_was_opened_here_counts(scene: Scene) -> None:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        log_conversation(
            by=scene.cast.school_editor,
            partnership=scene.partnership,
            kind="meeting",
            held_on=date(2026, 4, 22),
            summary="Where it began",
            internal=False,
        )

    assert seen(scene).signals["dormancy"] == "Dormant"


def test_overdue_actions_show_on_both_sides(scene: Scene, clock: time_machine.Traveller) -> None:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        add_action(
            by=scene.cast.school_editor,
            partnership=scene.partnership,
            title="Book the room",
            owner=Owner(scene.cast.organisation("health")),
            due_on=today() + timedelta(days=3),
        )
    assert "actions" not in seen(scene).signals
    clock.shift(timedelta(days=4))
    assert seen(scene).signals["actions"] == "Actions are late"


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_who_is_not_a_member_reads_nothing(scene: Scene, part: str) -> None:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        known = Known([], [], None, [], actions.OpenActions([]), [], [])
        found = read(by, scene.partnership, known)

    assert (found.touchpoints, found.quiet) == ([], [])
    assert found.facts.talks == ()
    assert found.facts.side(Sector.SCHOOL) == []
