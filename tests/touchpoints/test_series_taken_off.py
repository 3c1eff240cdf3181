"""A contact who is replaced hears once that they need not come to the dates of a series."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.ledger import Ledger
from organisations.tenancy.scope import acting
from partnerships.record.services.contacts import name_contact
from partnerships.touchpoints.services import end_series
from tests.touchpoints.scene import SCHOOL, Scene, contact, deliveries, mark
from tests.touchpoints.test_series_changes import change, dates, series_in
from tests.touchpoints.test_series_mail import entries, plain

NEXT = "next@school.example"


def name(scene: Scene, email: str, part: str = "school_editor") -> None:
    """Make somebody the contact of the school side."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        contact(by, scene.partnership, scene.cast, part="school", function="named", email=email)


def name_again(scene: Scene, email: str) -> None:
    """Make somebody whom they have recorded already the contact again."""
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        name_contact(
            by=by,
            partnership=scene.partnership,
            organisation=scene.cast.organisation("school"),
            function="named",
            posting=scene.postings[email],
        )


def told_off(scene: Scene, **more: Any) -> list[Delivery]:
    return deliveries(scene, kind="series_taken_off", **more)


def sent(message: EmailMessage | NotNeeded | object) -> EmailMessage:
    assert isinstance(message, EmailMessage), message
    return message


def test_who_knew_the_series_alone_hears_once_and_the_new_one_gets_its_dates(
    scene: Scene, superuser: Any
) -> None:
    series = series_in(scene, agenda="Rooms")
    mark(superuser, "sent", kind="series_invitation")
    name(scene, NEXT)

    (news,) = told_off(scene)
    assert (news.recipient, news.state) == (SCHOOL, "pending")
    assert deliveries(scene, kind="touchpoint_taken_off") == []
    message = sent(compose(news))
    assert message.subject == "You need not come: 4 dates, short update"
    said = plain(message)
    assert "You need not come to these touchpoints any more. The series goes on without" in said
    assert "You need not come on - Wednesday 24 February 2027, 3:30pm to 4pm" in said
    assert "Rooms" not in str(message.message())
    assert f"/r/t-{dates(scene, series)[0].ref}" not in message.body
    assert [str(each["status"]) for each in entries(message).walk("VEVENT")] == ["CANCELLED"] * 4

    (new,) = deliveries(scene, kind="series_invitation", recipient=NEXT)
    assert sent(compose(new)).subject.startswith("4 dates")
    name(scene, "third@school.example")
    assert [each.recipient for each in told_off(scene)] == [SCHOOL]


def test_who_had_not_heard_of_it_hears_nothing(scene: Scene) -> None:
    series_in(scene)
    name(scene, NEXT)

    assert told_off(scene) == []
    (never,) = deliveries(scene, kind="series_invitation", recipient=SCHOOL)
    assert isinstance(compose(never), NotNeeded)


def test_a_date_with_an_invitation_of_its_own_is_told_of_by_itself(
    scene: Scene, superuser: Any
) -> None:
    series = series_in(scene)
    first = dates(scene, series)[0]
    mark(superuser, "sent", kind="series_invitation")
    mark(superuser, "sent", kind="touchpoint_invitation", subject=first.ref)
    name(scene, NEXT)

    (by_itself,) = deliveries(scene, kind="touchpoint_taken_off")
    assert (by_itself.subject, by_itself.recipient) == (first.ref, SCHOOL)
    (news,) = told_off(scene)
    assert first.ref not in news.payload["dates"]
    assert sent(compose(news)).subject.startswith("You need not come: 3 dates")


def test_who_is_named_again_gets_the_dates_again(scene: Scene, superuser: Any) -> None:
    series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    name(scene, NEXT)
    mark(superuser, "sent", kind="series_taken_off")
    name_again(scene, SCHOOL)

    again = deliveries(scene, kind="series_invitation", recipient=SCHOOL)
    assert [each.state for each in again] == ["sent", "pending"]
    sent(compose(again[-1]))
    # Taken off once more before that went: they know already that they need not come.
    name(scene, "third@school.example")
    assert len(told_off(scene, recipient=SCHOOL)) == 1
    assert isinstance(compose(again[-1]), NotNeeded)


def test_who_is_named_again_at_once_hears_nothing(scene: Scene, superuser: Any) -> None:
    series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    name(scene, NEXT)
    name_again(scene, SCHOOL)

    assert [each.state for each in told_off(scene)] == ["cancelled"]
    (known,) = deliveries(scene, kind="series_invitation", recipient=SCHOOL)
    assert known.state == "sent"


@pytest.mark.parametrize("end", [False, True])
def test_what_becomes_of_the_dates_meanwhile_changes_nothing_of_it(
    scene: Scene, superuser: Any, end: bool
) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    name(scene, NEXT)
    if end:
        by = scene.cast.school_editor
        with acting(by.scope), transaction.atomic():
            end_series(by=by, series=series)
    else:
        change(scene, series, at=time(9, 0))

    (news,) = told_off(scene)
    message = sent(compose(news))
    assert "- Wednesday 24 February 2027, 3:30pm to 4pm" in plain(message)
    assert ("without you" in message.body) is not end
    others = [each for each in deliveries(scene, recipient=SCHOOL) if each.state == "pending"]
    assert [e.kind for e in others if not isinstance(compose(e), NotNeeded)] == ["series_taken_off"]


def test_it_says_nothing_once_the_dates_they_knew_are_past(
    scene: Scene, superuser: Any, clock: Any
) -> None:
    series = series_in(scene)
    mark(superuser, "sent", kind="series_invitation")
    name(scene, NEXT)
    (news,) = told_off(scene)
    last = dates(scene, series)[-1].starts_at
    clock.move_to(datetime.fromisoformat(news.payload["dates"][dates(scene, series)[-1].ref]))
    assert last == datetime.now(last.tzinfo)
    assert isinstance(compose(news), NotNeeded)


def test_a_series_email_that_was_written_and_not_begun_is_not_begun(scene: Scene) -> None:
    series = series_in(scene)
    ledger = Ledger("a-worker", 600)
    batch = {each.recipient: each for each in ledger.claim(50) if each.subject == series.ref}
    sent(compose(batch[SCHOOL]))
    name(scene, NEXT)

    assert not ledger.begin(batch[SCHOOL])
    assert told_off(scene) == []
