"""The e-mails about reviews: to whom, when, with what, and that they are taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import time_machine
from django.core.mail import EmailMessage

from initiatives.review import announcements
from initiatives.review.models import ReviewRequest
from initiatives.review.services import acknowledge_requests, withdraw_request
from organisations.joining import leaving
from organisations.joining.registry import sections
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.people.handover import left_by
from partnerships.record.models import Member
from partnerships.record.parting import leave_partnership, what_would_become
from tests.initiative_review.arranging import (
    WORDS,
    answered,
    asked,
    oneself,
    person_asked,
    planned,
    standing,
)
from tests.record.arranging import acting_as, named
from tests.touchpoints.scene import HEALTH, Scene

AUTHOR = "school-editor@tandem.example"
NOBODY = "nobody@tandem.example"
KIND = "initiative_review_"


def waiting(scene: Scene, part: str) -> list[Delivery]:
    with acting_as(scene.cast.actors[part]):
        rows = Delivery.objects.filter(kind__startswith="initiative_", state="pending")
        return list(rows.order_by("due_at", "pk"))


def text(delivery: Delivery) -> str:
    letter = compose(delivery)
    assert isinstance(letter, EmailMessage), letter
    return f"{letter.subject}\n{letter.body}"


def test_the_contact_is_asked_and_reminded_on_working_days(scene: Scene) -> None:
    request = asked(scene, planned(scene), due_on=date(2027, 1, 18))
    found = waiting(scene, "health_editor")
    assert [(each.kind, each.recipient) for each in found] == [
        (f"{KIND}asked", HEALTH),
        (f"{KIND}reminder", HEALTH),
        (f"{KIND}reminder", HEALTH),
    ]
    # Monday 18 January: two working days before is Thursday, the next one is Tuesday.
    assert [each.due_at.date() for each in found[1:]] == [date(2027, 1, 14), date(2027, 1, 19)]
    said = text(found[0])
    for words in ("Please review: Weekly drop-in, by 18 January 2027", "Can you host this?"):
        assert words in said
    assert f"/r/inr-{request.initiative.ref}/" in said


def test_a_day_after_easter_is_reminded_of_before_easter(scene: Scene) -> None:
    assert announcements.reminder_at(date(2027, 3, 30)).date() == date(2027, 3, 24)
    assert announcements.overdue_at(date(2027, 3, 25)).date() == date(2027, 3, 30)


def test_after_the_day_the_reminder_says_that_it_is_overdue(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    asked(scene, planned(scene), due_on=date(2027, 1, 18))
    last = waiting(scene, "health_editor")[-1]
    clock.move_to(last.due_at)
    assert "Review overdue: Weekly drop-in" in text(last)


def test_a_person_asked_hears_nothing_of_the_partnership(scene: Scene, superuser: Any) -> None:
    initiative = planned(scene)
    request = person_asked(scene, initiative)
    found = [each for each in waiting(scene, "school_manager") if each.recipient == NOBODY]
    said = text(found[0])
    assert "You see this initiative in your own name" in said
    assert scene.partnership.name not in said
    with acting_as(scene.cast.school_manager) as by:
        row = ReviewRequest.objects.select_related("initiative__partnership").get(pk=request.pk)
        withdraw_request(by=by, request=row)
    (ended,) = [each for each in waiting(scene, "school_manager") if each.recipient == NOBODY]
    assert "no longer shares an initiative with you" in text(ended)


GRANT_ENDS = "UPDATE plans_initiativegrant SET ends_at = now() + interval '{} days'"
INACTIVE = "UPDATE organisations_user SET is_active = false WHERE name = 'Nobody'"


def test_what_goes_to_a_person_is_looked_at_once_more(scene: Scene, superuser: Any) -> None:
    person_asked(scene, planned(scene))
    delivery = next(each for each in waiting(scene, "school_manager") if each.recipient == NOBODY)
    for change, goes in (
        (GRANT_ENDS.format(-1), False),
        (GRANT_ENDS.format(400), True),
        (INACTIVE, False),
    ):
        superuser.execute(change.encode())
        assert isinstance(compose(delivery), EmailMessage) is goes, change


def test_whoever_asked_hears_the_answer_and_reminders_stop(scene: Scene) -> None:
    request = asked(scene, planned(scene))
    answered(scene.cast.health_editor, request, "changes", WORDS)
    assert waiting(scene, "health_editor") == []
    (told,) = waiting(scene, "school_editor")
    assert (told.kind, told.recipient) == (f"{KIND}answered", AUTHOR)
    said = text(told)
    assert "Changes requested: Weekly drop-in" in said
    assert WORDS in said


def test_a_person_answers_and_whoever_asked_hears_it(scene: Scene) -> None:
    request = person_asked(scene, planned(scene))
    answered(oneself(scene), request)
    kinds = {each.kind: each for each in waiting(scene, "school_manager")}
    assert set(kinds) == {f"{KIND}answered"}
    assert "Nobody answered your request" in text(kinds[f"{KIND}answered"])


def test_several_that_arrived_are_told_in_one_e_mail(scene: Scene) -> None:
    requests = [asked(scene, planned(scene, name=name)) for name in ("One", "Two")]
    with acting_as(scene.cast.health_editor) as by:
        rows = ReviewRequest.objects.filter(pk__in=[each.pk for each in requests])
        acknowledge_requests(by=by, requests=list(rows))
    (told,) = waiting(scene, "school_editor")
    said = text(told)
    assert "has arrived: 2 initiatives" in said
    assert "One: " in said
    for each in requests:
        answered(scene.cast.health_editor, each)
    assert isinstance(compose(told), NotNeeded)


def test_a_new_contact_is_asked_too(scene: Scene) -> None:
    asked(scene, planned(scene))
    named(scene.cast, scene.partnership, by="health_editor", email="new@health.example")
    assert "new@health.example" in {each.recipient for each in waiting(scene, "health_editor")}


def test_an_organisation_that_leaves_is_asked_no_longer(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    with acting_as(scene.cast.health_manager) as by:
        assert "1 request for a review ends without its answer" in what_would_become(
            by, scene.partnership
        )
        member = Member.objects.select_related("partnership", "organisation").get(
            partnership=scene.partnership, organisation_id=by.organisation_id
        )
        leave_partnership(by=by, member=member)
    assert standing(scene.cast.school_editor, initiative).requests == []


def test_access_that_an_organisation_gave_ends_when_it_leaves_tandem(scene: Scene) -> None:
    initiative = planned(scene, part="health_editor")
    scene.cast.actors["school_manager"], kept = (
        scene.cast.health_manager,
        scene.cast.school_manager,
    )
    try:
        person_asked(scene, initiative)
    finally:
        scene.cast.actors["school_manager"] = kept
    with acting_as(scene.cast.health_manager) as by:
        leaving.leave(by=by, name=scene.cast.organisation("health").name)
    assert standing(scene.cast.school_editor, initiative).requests == []


def test_they_are_part_of_the_export_and_of_the_hand_over(scene: Scene) -> None:
    request = asked(scene, planned(scene))
    answered(scene.cast.health_editor, request, "changes", WORDS)
    with acting_as(scene.cast.school_manager) as by:
        found = {
            each.name: list(each.rows(by))
            for each in sections()
            if each.name.startswith("initiative_review_")
        }
        assert [len(rows) for rows in found.values()] == [1, 0, 1]
        assert WORDS in found["initiative_review_verdicts"][0]
        kinds = {each.kind.name for each in left_by(by, scene.cast.users["school_editor"])}
    assert "review_requests" in kinds
