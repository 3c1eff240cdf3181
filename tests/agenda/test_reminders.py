"""Reminders of the paper, and what happens when the gateway changes its meeting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from typing import Any

import time_machine
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from calendars.london import at_wall_clock, in_london
from contacts.models import GatewayMeeting
from organisations import outbox
from organisations.actor import Actor
from organisations.joining import leaving
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose, tell_refused
from organisations.outbox.kinds import kind_named
from organisations.people import handover
from organisations.people.handover import Successor
from organisations.tenancy.scope import Scope, acting
from partnerships.agenda.following import follow_meetings
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import change_item, record_step, withdraw_item
from tests.agenda.arranging import change_meeting, planned
from tests.touchpoints.scene import SCHOOL, Scene, deliveries, refuse_mail

Enter = Callable[[Actor], AbstractContextManager[Actor]]
PLANNER = "school-editor@tandem.example"
CHANGED = "agenda_meeting_changed"


def pending(scene: Scene, kind: str = "agenda_reminder") -> list[Delivery]:
    return deliveries(scene, kind=kind, state="pending")


def text(message: EmailMessage | NotNeeded) -> str:
    assert isinstance(message, EmailMessage), message
    return " ".join(str(message.body).split())


def reason(message: EmailMessage | NotNeeded) -> str:
    assert isinstance(message, NotNeeded)
    return message.reason


def test_the_contact_and_the_planner_are_reminded_10_and_3_working_days_before(
    scene: Scene, board: GatewayMeeting
) -> None:
    item = planned(scene, meeting=board)
    asked = pending(scene)
    # Friday 19 February: ten working days before is Friday 5, three before is Tuesday 16.
    days = {in_london(each.due_at).strftime("%A %d %B %H:%M") for each in asked}

    assert {each.recipient for each in asked} == {SCHOOL, PLANNER}
    assert days == {"Friday 05 February 09:00", "Tuesday 16 February 09:00"}
    assert len(asked) == 4
    assert {each.subject for each in asked} == {item.ref}


def test_working_days_step_over_easter_and_the_clocks(scene: Scene, board: GatewayMeeting) -> None:
    planned(scene, own_due_on=date(2027, 4, 1))
    # Thursday 1 April 2027 follows Easter Monday, and the clocks went forward on 28 March.
    due = sorted({each.due_at for each in pending(scene)})

    assert due == [
        at_wall_clock(date(2027, 3, 16), time(9)),
        at_wall_clock(date(2027, 3, 25), time(9)),
    ]


def test_what_is_past_already_is_not_asked_for(scene: Scene) -> None:
    planned(scene, own_due_on=date(2027, 1, 11))
    assert {in_london(e.due_at).date() for e in pending(scene)} == {date(2027, 1, 6)}
    planned(scene, title="b", own_due_on=date(2027, 1, 5))
    planned(scene, title="c")
    assert len(pending(scene)) == 2


def test_the_reminder_says_what_is_due_where_and_why(
    scene: Scene, board: GatewayMeeting, clock: time_machine.Traveller
) -> None:
    item = planned(scene, meeting=board)
    clock.move_to(datetime(2027, 2, 5, 9, tzinfo=UTC))
    to_contact, to_planner = (
        compose(next(e for e in pending(scene) if e.recipient == address))
        for address in (SCHOOL, PLANNER)
    )

    assert isinstance(to_contact, EmailMessage)
    assert to_contact.subject == "Paper due 19 February 2027: Health visitors in nurseries"
    assert "due on Friday 19 February 2027" in text(to_contact)
    assert "Health and wellbeing board, Walsall" in text(to_contact)
    assert "Meeting: Wednesday 3 March 2027" in text(to_contact)
    assert f"/r/a-{item.ref}/" in text(to_contact)
    assert "as the named contact of Windsor Academy Trust" in text(to_contact)
    assert "because you planned this item" in text(to_planner)


def test_nothing_more_goes_out_once_the_paper_is_sent_by_whomever(
    scene: Scene, board: GatewayMeeting, as_actor: Enter
) -> None:
    item = planned(scene, meeting=board)
    with as_actor(scene.cast.health_editor) as by:
        record_step(
            by=by, item=AgendaItem.objects.get(pk=item.pk), step="sent", on=date(2027, 1, 4)
        )

    # The other organisation cannot take them back, so each is looked at before it goes.
    assert {reason(compose(each)) for each in pending(scene)} == {
        "The paper was sent, or the item is over."
    }


def test_withdrawing_takes_them_back(scene: Scene, board: GatewayMeeting, as_actor: Enter) -> None:
    item = planned(scene, meeting=board)
    with as_actor(scene.cast.school_editor) as by:
        withdraw_item(by=by, item=item)

    assert pending(scene) == []
    assert {each.state for each in deliveries(scene, subject=item.ref)} == {"cancelled"}


def test_a_changed_plan_replaces_them(scene: Scene, board: GatewayMeeting, as_actor: Enter) -> None:
    item = planned(scene, meeting=board)
    with as_actor(scene.cast.school_editor) as by:
        change_item(
            by=by,
            item=item,
            title=item.title,
            ask=item.ask,
            meeting=board,
            own_due_on=date(2027, 2, 26),
        )

    assert {in_london(e.due_at).date() for e in pending(scene)} == {
        date(2027, 2, 12),
        date(2027, 2, 23),
    }


def test_when_the_gateway_moves_its_meeting_people_are_told_and_reminders_follow(
    scene: Scene, board: GatewayMeeting
) -> None:
    item = planned(scene, meeting=board)
    change_meeting(scene.cast, board, meets_on=date(2027, 3, 17), papers_due_on=date(2027, 3, 5))
    # Until the clock ticks, what was planned before says nothing that is no longer true.
    assert {reason(compose(each)) for each in pending(scene)} == {
        "The gateway changed its meeting; another e-mail tells how."
    }
    assert (follow_meetings(), follow_meetings()) == (1, 0)
    told = pending(scene, CHANGED)
    letter = compose(told[0])

    assert {each.recipient for each in told} == {SCHOOL, PLANNER}
    assert isinstance(letter, EmailMessage)
    assert letter.subject == "Health and wellbeing board, Walsall: the meeting has a new day"
    assert "It was to be on Wednesday 3 March 2027" in text(letter)
    assert "Meeting: Wednesday 17 March 2027" in text(letter)
    assert "Paper due: Friday 5 March 2027" in text(letter)
    assert {in_london(e.due_at).date() for e in pending(scene)} == {
        date(2027, 2, 19),
        date(2027, 3, 2),
    }
    assert {e.revision for e in pending(scene)} == {1}
    assert item.ref in {e.subject for e in told}


def test_when_only_the_day_for_papers_changes_it_is_said_so(
    scene: Scene, board: GatewayMeeting
) -> None:
    planned(scene, meeting=board)
    change_meeting(scene.cast, board, papers_due_on=date(2027, 2, 22))
    follow_meetings()
    letter = compose(pending(scene, CHANGED)[0])

    assert isinstance(letter, EmailMessage)
    assert letter.subject.endswith("the meeting of 3 March 2027 has new dates")
    assert "has changed the dates" in text(letter)


def test_when_a_meeting_is_called_off_nobody_is_reminded_of_its_paper(
    scene: Scene, board: GatewayMeeting, later: GatewayMeeting, as_actor: Enter
) -> None:
    item = planned(scene, meeting=board, own_due_on=date(2027, 2, 24))
    change_meeting(scene.cast, board, cancelled_at=timezone.now())
    follow_meetings()
    letter = compose(pending(scene, CHANGED)[0])

    assert isinstance(letter, EmailMessage)
    assert letter.subject.endswith("the meeting of 3 March 2027 is called off")
    assert "Choose another meeting" in text(letter)
    assert "Paper due" not in text(letter)
    assert pending(scene) == []
    with as_actor(scene.cast.school_editor) as by:
        change_item(
            by=by,
            item=AgendaItem.objects.get(pk=item.pk),
            title=item.title,
            ask=item.ask,
            meeting=later,
            own_due_on=date(2027, 4, 21),
        )
    assert len(pending(scene)) == 4


def test_items_that_are_over_or_know_already_are_left_alone(
    scene: Scene, board: GatewayMeeting, later: GatewayMeeting, as_actor: Enter
) -> None:
    item = planned(scene, meeting=board)
    planned(scene, title="Elsewhere", meeting=later)
    planned(scene, title="No meeting yet")
    with as_actor(scene.cast.school_editor) as by:
        withdraw_item(by=by, item=item)
    change_meeting(scene.cast, board, meets_on=date(2027, 3, 10))

    assert follow_meetings() == 0
    assert pending(scene, CHANGED) == []


def test_each_organisation_follows_for_itself(scene: Scene, board: GatewayMeeting) -> None:
    planned(scene, meeting=board)
    planned(scene, "health_editor", meeting=board)
    change_meeting(scene.cast, board, meets_on=date(2027, 3, 10))

    assert follow_meetings() == 2
    assert {e.organisation_id for e in pending(scene, CHANGED)} == {
        scene.cast.organisation("school").pk
    }
    assert {e.recipient for e in deliveries(scene, "health_editor", kind=CHANGED)} == {
        "health-contact@health.example",
        "health-editor@tandem.example",
    }


def test_somebody_who_has_left_or_whose_mail_came_back_is_not_told(
    scene: Scene, board: GatewayMeeting, superuser: Any
) -> None:
    planned(scene, meeting=board)
    asked = {each.recipient: each for each in pending(scene)}
    refuse_mail(superuser, SCHOOL)
    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [scene.cast.school_editor.user_id],
    )

    assert {reason(compose(asked[address])) for address in (SCHOOL, PLANNER)} == {
        "No longer the contact, or no longer at the organisation."
    }


def test_an_address_that_refuses_for_good_is_marked(
    scene: Scene, board: GatewayMeeting, as_actor: Enter
) -> None:
    planned(scene, meeting=board)
    for each in pending(scene):
        tell_refused(each)
    with as_actor(scene.cast.school_editor):
        posting = scene.postings[SCHOOL]
        posting.refresh_from_db()
        assert posting.bounced_at is not None


def test_an_organisation_that_leaves_withdraws_its_items(
    scene: Scene, board: GatewayMeeting, superuser: Any
) -> None:
    own = planned(scene, "health_editor", meeting=board)
    others = planned(scene, meeting=board)
    manager = scene.cast.health_manager
    with acting(manager.scope), transaction.atomic():
        foretold = leaving.what_would_end(manager)
        leaving.leave(by=manager, name=scene.cast.organisation("health").name)
    states = dict(
        superuser.execute(
            "SELECT id, state || ': ' || withdrawn_why FROM agenda_agendaitem"
        ).fetchall()
    )

    assert "1 item that it planned for gateways is withdrawn" in foretold
    assert states == {
        own.pk: "withdrawn: Walsall Healthcare NHS Trust has left.",
        others.pk: "planned: ",
    }


def test_open_items_pass_to_a_colleague_with_their_reminders(
    scene: Scene, board: GatewayMeeting
) -> None:
    planned(scene, meeting=board)
    cast, manager = scene.cast, scene.cast.school_manager
    with acting(manager.scope), transaction.atomic():
        user = cast.users["school_editor"]
        left = handover.left_by(manager, user)
        moved = handover.move_all(manager, user, Successor(cast.users["school_manager"]))

    assert [each.names for each in left if each.kind.name == "agenda_items"] == [
        ("Health hub: Health visitors in nurseries",)
    ]
    assert moved["agenda_items"] == 1
    assert {e.recipient for e in pending(scene)} == {SCHOOL, "school-manager@tandem.example"}


def test_quiet_hours_hold_nothing_beyond_its_day(scene: Scene, board: GatewayMeeting) -> None:
    item = planned(scene, meeting=board)
    assert pointless_from(pending(scene)[0]) == at_wall_clock(date(2027, 2, 20), time(0))

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        outbox.enqueue(
            kind=CHANGED,
            subject=item.ref,
            recipient=PLANNER,
            by=scene.cast.school_editor,
            payload={"was": "2027-02-24"},
        )
    # Whoever would go there on the former day must know before.
    assert pointless_from(pending(scene, CHANGED)[0]) == at_wall_clock(date(2027, 2, 24), time(0))
    own = planned(scene, title="Without a day")
    assert pointless_from(Delivery(kind="agenda_reminder", subject=own.ref)) is None
    assert pointless_from(Delivery(kind=CHANGED, subject=own.ref)) is None


def pointless_from(delivery: Delivery) -> datetime | None:
    asked = kind_named(delivery.kind).pointless_from
    assert asked is not None
    scope = Scope(organisation_id=delivery.organisation_id)
    with acting(scope), transaction.atomic():
        return asked(delivery)
