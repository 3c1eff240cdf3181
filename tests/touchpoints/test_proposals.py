"""Another time: proposed, accepted, declined, withdrawn, overtaken; and papers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from calendars.london import at_wall_clock
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.kinds import kind_named
from organisations.tenancy.scope import acting
from partnerships.touchpoints.attending_selectors import proposals_to_answer
from partnerships.touchpoints.models import Paper, Proposal, Touchpoint
from partnerships.touchpoints.services import (
    CHANGED_MEANWHILE,
    accept_proposal,
    add_paper,
    cancel_touchpoint,
    decline_proposal,
    invite_people,
    move_touchpoint,
    propose_by_link,
    propose_time,
    remove_paper,
    take_off,
    withdraw_proposal,
)
from partnerships.touchpoints.services.proposals import MOST_PROPOSALS
from tests.touchpoints.attending import attendee, invited, somebody
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    Scene,
    deliveries,
    mark,
    plan,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
LATER = {"date": date(2027, 1, 21), "time": time(9, 0), "minutes": 45}


def proposed(
    scene: Scene, touchpoint: Touchpoint, part: str = "health_editor", **more: Any
) -> Proposal:
    by = scene.cast.actors[part]
    given = {**LATER, "words": "We are in court.", **more}
    with acting(by.scope), transaction.atomic():
        return propose_time(by=by, touchpoint=touchpoint, **given)


def by_link(scene: Scene, touchpoint: Touchpoint) -> Proposal:
    posting = scene.postings[COUNCIL_DEPUTY]
    return propose_by_link(touchpoint=touchpoint, posting_id=posting.pk, **LATER)


def states(scene: Scene, touchpoint: Touchpoint) -> list[str]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        found = Proposal.objects.filter(touchpoint=touchpoint).order_by("pk")
        return list(found.values_list("state", flat=True))


def test_a_proposal_that_is_sent_twice_is_one(scene: Scene) -> None:
    touchpoint = schedule(scene)
    assert by_link(scene, touchpoint) == by_link(scene, touchpoint)
    assert states(scene, touchpoint) == ["open"]
    assert len(deliveries(scene, kind="touchpoint_proposal")) == 1


def test_who_organises_it_hears_of_another_time(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    proposal = proposed(scene, touchpoint)
    (news,) = deliveries(scene, kind="touchpoint_proposal", subject=proposal.ref)
    message = compose(news)

    assert news.recipient == "school-editor@tandem.example"
    assert not isinstance(message, NotNeeded)
    assert message.subject.startswith("Another time? short update, Thursday 14 January 2027")
    assert "Proposed: Thursday 21 January 2027, 9am to 9:45am (UK time)" in message.body
    assert "We are in court." in message.body
    with as_actor(scene.cast.school_editor) as by:
        assert proposals_to_answer(by, 5) == [proposal]
    with as_actor(scene.cast.health_editor) as by:
        assert proposals_to_answer(by, 5) == []


def test_accepting_moves_it_for_everyone_and_the_proposer_comes(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    mine, other = by_link(scene, touchpoint), proposed(scene, touchpoint)
    with as_actor(scene.cast.school_editor) as by:
        moved = accept_proposal(by=by, proposal=mine, seen_revision=0)

    assert moved.starts_at == at_wall_clock(LATER["date"], LATER["time"])
    assert (moved.minutes, moved.venue, moved.agenda) == (45, touchpoint.venue, touchpoint.agenda)
    told = {d.recipient for d in deliveries(scene, kind="touchpoint_moved", revision=1)}
    assert {HEALTH, COUNCIL_DEPUTY} < told
    assert states(scene, touchpoint) == ["accepted", "overtaken"]
    said = invited(scene, touchpoint)
    assert (said[COUNCIL_DEPUTY], said[HEALTH]) == ("accepted", "none")
    (news,) = deliveries(scene, kind="touchpoint_proposal", subject=other.ref)
    assert news.state == "cancelled"


def test_declining_tells_the_proposer_in_ones_own_words(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    proposal = proposed(scene, touchpoint)
    with as_actor(scene.cast.school_editor) as by:
        decline_proposal(by=by, proposal=proposal, words="The hall is taken.")
    (news,) = deliveries(scene, kind="touchpoint_proposal_declined")
    message = compose(news)

    assert news.recipient == "health-editor@tandem.example"
    assert not isinstance(message, NotNeeded)
    assert message.subject.startswith("The time stays: short update, Thursday 14 January")
    assert "The hall is taken." in message.body
    with as_actor(scene.cast.school_editor) as by, pytest.raises(ValidationError, match="answered"):
        accept_proposal(by=by, proposal=proposal)


def test_what_changed_meanwhile_is_asked_again(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    proposal = proposed(scene, touchpoint)
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(agenda="Other"))
    with as_actor(scene.cast.school_editor) as by, pytest.raises(ValidationError) as refusal:
        accept_proposal(by=by, proposal=proposal, seen_revision=0)

    assert refusal.value.code == CHANGED_MEANWHILE
    assert states(scene, touchpoint) == ["open"]


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_change_overtakes_what_is_proposed(scene: Scene, as_actor: Enter, change: str) -> None:
    touchpoint = schedule(scene)
    proposed(scene, touchpoint)
    with as_actor(scene.cast.school_editor) as by:
        if change == "move":
            move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(9, 0)))
        else:
            cancel_touchpoint(by=by, touchpoint=touchpoint)

    assert states(scene, touchpoint) == ["overtaken"]
    assert {d.state for d in deliveries(scene, kind="touchpoint_proposal")} == {"cancelled"}


def test_one_waits_at_a_time_and_its_proposer_may_think_again(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    proposed(scene, touchpoint)
    with pytest.raises(ValidationError, match="proposed another time already"):
        proposed(scene, touchpoint, "health_manager")
    latest = proposed(scene, touchpoint, minutes=60)
    assert states(scene, touchpoint) == ["withdrawn", "open"]

    with as_actor(scene.cast.health_manager) as by:
        withdraw_proposal(by=by, proposal=latest)

    assert states(scene, touchpoint) == ["withdrawn", "withdrawn"]


@pytest.mark.parametrize("part", ["school_editor", "stranger"])
def test_nobody_proposes_to_themselves_or_from_outside(scene: Scene, part: str) -> None:
    touchpoint = schedule(scene)
    with pytest.raises(PermissionDenied):
        proposed(scene, touchpoint, part)


def test_a_partner_accepts_nothing(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    proposal = proposed(scene, touchpoint)
    with as_actor(scene.cast.health_editor) as by, pytest.raises(PermissionDenied):
        accept_proposal(by=by, proposal=proposal)
    accept = "UPDATE touchpoints_proposal SET state = 'accepted', answered_at = now()"
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        as_actor(scene.cast.health_editor),
        connection.cursor() as cursor,
    ):
        cursor.execute(accept)


def test_the_same_time_is_no_other_time(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    same = {"date": plan()["date"], "time": plan()["time"], "minutes": 30}
    with as_actor(scene.cast.health_editor) as by, pytest.raises(ValidationError, match="planned"):
        propose_time(by=by, touchpoint=touchpoint, **same)


def test_people_are_invited_besides_from_both_sides(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    nurse = somebody(scene, "health_editor", "nurse@health.example")
    with as_actor(scene.cast.health_editor) as by:
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])

    # The other side sees from now on whom it meets, and how to reach them.
    assert invited(scene, touchpoint)["nurse@health.example"] == "none"
    (sent,) = deliveries(scene, kind="touchpoint_invitation", recipient="nurse@health.example")
    message = compose(sent)
    assert not isinstance(message, NotNeeded)
    assert "because you were invited, at Walsall Healthcare NHS Trust" in message.body


def test_a_partner_invites_nobody_of_the_other_side(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    teacher = somebody(scene, "health_editor", "teacher@school.example", at="school")
    with as_actor(scene.cast.health_editor) as by, pytest.raises(PermissionDenied):
        invite_people(by=by, touchpoint=touchpoint, postings=[teacher])


def test_who_is_taken_off_hears_it_and_may_be_invited_again(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    nurse = somebody(scene, "health_editor", "nurse@health.example")
    with as_actor(scene.cast.health_editor) as by:
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])
    mark(superuser, "sent", kind="touchpoint_invitation")
    row = attendee(scene, touchpoint, "nurse@health.example")
    with as_actor(scene.cast.school_editor) as by:
        take_off(by=by, attendee=row)

    assert "nurse@health.example" not in invited(scene, touchpoint, "health_editor")
    (news,) = deliveries(scene, kind="touchpoint_taken_off")
    message = compose(news)
    assert not isinstance(message, NotNeeded)
    assert "METHOD:CANCEL" in str(message.message())
    mark(superuser, "sent", kind="touchpoint_taken_off")

    with as_actor(scene.cast.health_editor) as by:
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])

    again = deliveries(scene, kind="touchpoint_invitation", recipient="nurse@health.example")
    assert [d.state for d in again] == ["sent", "pending"]
    assert not isinstance(compose(again[-1]), NotNeeded)


def test_a_contact_who_is_taken_off_stays_off(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    row = attendee(scene, touchpoint, HEALTH)
    with as_actor(scene.cast.school_editor) as by:
        take_off(by=by, attendee=row)
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(9, 0)))

    assert HEALTH not in invited(scene, touchpoint)
    assert deliveries(scene, recipient=HEALTH, revision=1) == []


BAD = {
    "http://papers.example/a.pdf": "https://",
    "javascript:alert(1)": "https://",
    "https://user:secret@papers.example/a.pdf": "user name and password",
    "https://": "whole address",
    "https://papers example/a": "whole address",
    "": "Enter the address",
}


@pytest.mark.parametrize("url", BAD)
def test_a_paper_lies_at_a_safe_address(scene: Scene, as_actor: Enter, url: str) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.health_editor) as by, pytest.raises(ValidationError, match=BAD[url]):
        add_paper(by=by, touchpoint=touchpoint, title="Figures", url=url)


@pytest.mark.parametrize(
    ("title", "url", "field"),
    [
        ("Figures", "https://papers.example/a?nhs-no=9434765919", "url"),
        ("Figures", "https://papers.example/?upn=B801200005001", "url"),
        ("Figures of 943 476 5919", "https://papers.example/a.pdf", "title"),
        ("\u200b\u2060", "https://papers.example/a.pdf", "title"),
    ],
)
def test_a_paper_names_no_child_and_has_a_title_to_read(
    scene: Scene, as_actor: Enter, title: str, url: str, field: str
) -> None:
    touchpoint = schedule(scene)
    with pytest.raises(ValidationError) as refusal, as_actor(scene.cast.health_editor) as by:
        add_paper(by=by, touchpoint=touchpoint, title=title, url=url)
    assert set(refusal.value.message_dict) == {field}
    with as_actor(scene.cast.health_editor):
        assert not Paper.objects.exists()


def test_where_a_paper_leads_cannot_look_like_somewhere_else() -> None:
    assert Paper(url="https://\u0430pple.example/a").host == "xn--pple-43d.example"
    assert Paper(url="https://papers.example/a").host == "papers.example"


def test_papers_go_along_with_the_invitation(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.health_editor) as by:
        paper = add_paper(
            by=by, touchpoint=touchpoint, title="Figures", url="https://papers.example/a.pdf"
        )
    (sent,) = deliveries(scene, kind="touchpoint_invitation", recipient=HEALTH)
    message = compose(sent)
    assert not isinstance(message, NotNeeded)
    assert "Figures: https://papers.example/a.pdf" in message.body
    assert paper.host == "papers.example"
    with as_actor(scene.cast.school_editor) as by, pytest.raises(PermissionDenied):
        remove_paper(by=by, paper=paper)
    with as_actor(scene.cast.health_manager) as by:
        remove_paper(by=by, paper=paper)
        assert not Paper.objects.filter(removed_at=None).exists()


def test_there_are_at_most_twenty_papers(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        for number in range(20):
            url = f"https://papers.example/{number}"
            add_paper(by=by, touchpoint=touchpoint, title="Paper", url=url)
        with pytest.raises(ValidationError, match="up to 20"), transaction.atomic():
            add_paper(by=by, touchpoint=touchpoint, title="Paper", url="https://papers.example/x")


def test_time_passes_over_a_proposal(scene: Scene, as_actor: Enter, clock: Any) -> None:
    touchpoint = schedule(scene, date=date(2027, 2, 4))
    proposal = proposed(scene, touchpoint)
    clock.move_to(at_wall_clock(LATER["date"], LATER["time"]) + timedelta(minutes=1))
    with as_actor(scene.cast.school_editor) as by, pytest.raises(ValidationError, match="passed"):
        accept_proposal(by=by, proposal=proposal)


def test_quiet_hours_hold_nothing_until_the_time_has_come(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    proposal = proposed(scene, touchpoint)
    (news,) = deliveries(scene, kind="touchpoint_proposal", subject=proposal.ref)
    with as_actor(scene.cast.school_editor) as by:
        decline_proposal(by=by, proposal=proposal, words="We cannot.")
        row = attendee(scene, touchpoint, HEALTH)
        refused = Delivery(kind="touchpoint_declined", payload={"attendee": row.pk})
        (answered,) = deliveries(scene, kind="touchpoint_proposal_declined", subject=proposal.ref)

        for delivery in (news, answered, refused):
            asked = kind_named(delivery.kind).pointless_from
            assert asked is not None
            # What is proposed here comes later than what is planned.
            assert asked(delivery) == touchpoint.starts_at


def test_proposing_again_and_again_comes_to_an_end(scene: Scene) -> None:
    """Each is an e-mail to whoever organises it, and a link is enough to propose."""
    touchpoint = schedule(scene)
    posting = scene.postings[COUNCIL_DEPUTY]

    def propose(minutes: int) -> None:
        propose_by_link(
            touchpoint=touchpoint, posting_id=posting.pk, **{**LATER, "minutes": minutes}
        )

    for minutes in range(20, 20 + MOST_PROPOSALS):
        propose(minutes)
    with pytest.raises(ValidationError, match="Ring or write"):
        propose(90)

    assert len(deliveries(scene, kind="touchpoint_proposal")) == MOST_PROPOSALS
