"""Who is asked, when, how often, and who is asked next when nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.utils import timezone

from bench.notify_server import NotifyServer
from contacts.directory_services import change_posting, confirm_posting, end_posting
from contacts.models import Asked, Gateway, Listing
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import engine
from organisations.outbox.notify import receipts
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.outbox.post_office import PostOffice
from tests.verification.arranging import Directory, Super

Clock = time_machine.Traveller


def states(superuser: Super) -> list[tuple[str, str]]:
    return superuser.execute(
        "SELECT kind, state FROM organisations_delivery ORDER BY id"
    ).fetchall()


def run_after(clock: Clock, days: float) -> int:
    clock.shift(timedelta(days=days))
    return beat.run()


def test_whoever_is_new_is_asked_at_once_and_told_where_it_comes_from(
    directory: Directory, post_office: PostOffice
) -> None:
    posting = directory.lists("lead@health.example")

    assert beat.run() == 1
    assert engine.drain() == {"sent": 1}
    ((to, message),) = post_office.arrived
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert to == "lead@health.example"
    for words in ("The trust’s web page", "Public task", "Still right", "I have left"):
        assert words in text
    token = directory.token(posting)
    assert f"/check/{token}/right/" in text
    assert f"/your-details/{token}/" in text
    assert message["X-Tandem-Kind"] == "directory_check"


def test_asking_again_the_same_day_or_twice_at_once_changes_nothing(
    directory: Directory, superuser: Super
) -> None:
    posting = directory.lists()
    assert [beat.run(), beat.run()] == [1, 0]
    superuser.execute("SELECT pg_advisory_lock(hashtext('tandem.step_checks'))")
    directory.lists()
    try:
        assert beat.run() == 0
    finally:
        superuser.execute("SELECT pg_advisory_unlock(hashtext('tandem.step_checks'))")

    assert directory.kinds(posting) == ["check"]
    assert states(superuser) == [("directory_check", "pending")]


def test_killed_between_opening_and_handing_on_the_next_run_goes_on(
    directory: Directory, superuser: Super, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.lists()
    with monkeypatch.context() as broken:
        broken.setattr(beat, "hand_on", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            beat.run()
    opened = directory.kinds()
    # Handed on, and killed before that was noted.
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.letters_to_hand_on(10)")
        ((ref, kind, recipient),) = cursor.fetchall()
    with transaction.atomic():
        beat._enqueue(ref, kind, recipient)

    beat.run()
    assert opened == ["check"] == directory.kinds()
    assert len(states(superuser)) == 1


def test_it_is_due_again_when_the_interval_of_the_role_is_over(
    directory: Directory, clock: Clock
) -> None:
    posting = directory.lists()
    beat.run()
    services.answer_right(letter=directory.letter(posting))
    due = directory.again(posting).check_due_on
    assert due is not None

    days = (due - timezone.localdate()).days
    assert run_after(clock, days - 1) == 0
    assert run_after(clock, 1) == 1


def test_silence_goes_on_to_the_organisation_and_then_to_the_admin(
    directory: Directory, clock: Clock, superuser: Super
) -> None:
    posting = directory.lists()
    beat.run()
    seen = []
    for _ in range(4):
        run_after(clock, 10)
        seen.append((directory.check(posting)[0], directory.kinds(posting)[-1]))

    assert seen == [
        (Asked.AGAIN, "check_again"),
        (Asked.ORGANISATION, "check_organisation"),
        (Asked.NOBODY_ANSWERS, "check_organisation"),
        (Asked.NOBODY_ANSWERS, "check_organisation"),
    ]
    to = [each["recipient"] for each in directory.letters(posting, "check_organisation")]
    assert to == [directory.cast.users["health_manager"].email]
    assert directory.kinds().count("summary") == 2
    assert directory.letters(kind="summary")[0]["recipient"] == directory.cast.users["nobody"].email


def test_an_organisation_that_has_not_joined_is_asked_through_its_team(
    directory: Directory, clock: Clock, superuser: Super
) -> None:
    posting = directory.lists(organisation="icb")
    hosted = Gateway.objects.filter(region=directory.region).values_list("pk", flat=True)[0]
    superuser.execute(
        "UPDATE contacts_gateway SET host_id = %s, email = 'team@icb.example' WHERE id = %s",
        [directory.cast.organisation("icb").pk, hosted],
    )
    try:
        beat.run()
        for _ in range(2):
            run_after(clock, 10)
        (asked,) = directory.letters(posting, "check_organisation")
    finally:
        superuser.execute(
            "UPDATE contacts_gateway SET host_id = NULL, email = '' WHERE id = %s", [hosted]
        )
    assert asked["recipient"] == "team@icb.example"


def test_with_nobody_to_ask_there_it_goes_to_the_admin_at_once(
    directory: Directory, clock: Clock
) -> None:
    posting = directory.lists(organisation="icb")
    beat.run()
    for _ in range(2):
        run_after(clock, 10)

    assert directory.check(posting) == (Asked.NOBODY_ANSWERS, "")


@pytest.mark.parametrize("what", ["ended", "checked", "corrected", "removed"])
def test_what_happened_meanwhile_ends_the_asking_and_nothing_is_sent(
    directory: Directory, clock: Clock, what: str, superuser: Super, post_office: PostOffice
) -> None:
    posting = directory.lists("old@health.example")
    beat.run()
    clock.shift(timedelta(hours=1))
    admin = directory.admin
    with acting(admin.scope), transaction.atomic():
        posting = directory.again(posting)
        if what == "ended":
            end_posting(by=admin, posting=posting, on=timezone.localdate())
        elif what == "checked":
            confirm_posting(by=admin, posting=posting)
        elif what == "corrected":
            change_posting(by=admin, posting=posting, email="new@health.example")
    if what == "removed":
        letter_ = directory.letter(posting)
        services.remove_held(letter=letter_, posting_ref=posting.ref)

    engine.drain()
    assert post_office.recipients() == []
    assert states(superuser)[0] == ("directory_check", "cancelled")
    beat.run()
    first = superuser.execute("SELECT outcome FROM contacts_check ORDER BY id LIMIT 1").fetchone()
    assert first == ("overtaken",)
    asked_anew = ["new@health.example"] if what == "corrected" else []
    assert [each["recipient"] for each in directory.letters(kind="check")[1:]] == asked_anew


def test_an_address_that_refuses_marks_the_posting_and_nobody_is_asked_further(
    directory: Directory, clock: Clock, post_office: PostOffice
) -> None:
    posting = directory.lists("refused-lead@health.example")
    beat.run()
    assert engine.drain() == {"dead": 1}

    marked = directory.again(posting)
    assert marked.bounced_at == timezone.now()
    assert marked.details.bounce_reason
    assert directory.check(posting) == (Asked.PERSON, "bounced")
    for _ in range(4):
        run_after(clock, 10)
    assert directory.kinds(posting) == ["check"]


def test_an_address_that_notify_reports_marks_the_posting_too(
    directory: Directory, clock: Clock, notify: NotifyServer
) -> None:
    posting = directory.lists("lead@health.example")
    beat.run()
    assert engine.drain() == {"sent": 1}
    assert directory.again(posting).bounced_at is None

    for _ in range(2):
        sent = notify.report(notify.sent[0], "permanent-failure")
        receipts.note(
            reference=sent["reference"], notification_id=sent["id"], status=sent["status"]
        )

    marked = directory.again(posting)
    assert marked.bounced_at == timezone.now()
    assert "does not exist" in marked.details.bounce_reason
    assert directory.check(posting) == (Asked.PERSON, "bounced")
    run_after(clock, 30)
    assert directory.kinds(posting) == ["check"]


def test_an_address_that_can_be_none_counts_as_refusing(
    directory: Directory, superuser: Super
) -> None:
    posting = directory.lists()
    superuser.execute("UPDATE contacts_workdetails SET email = 'no address'")
    beat.run()
    assert directory.again(posting).bounced_at is not None
    assert directory.letters()[0]["handed_on_at"] is not None


def test_an_admin_asks_many_and_nobody_more_than_once_a_week(
    directory: Directory, clock: Clock
) -> None:
    postings = [directory.lists() for _ in range(3)]
    beat.run()
    for each in postings[:2]:
        services.answer_right(letter=directory.letter(each))

    def ask() -> int:
        with acting(directory.admin.scope), transaction.atomic():
            return services.ask(by=directory.admin, postings=postings)

    assert ask() == 0
    clock.shift(timedelta(days=8))
    assert ask() == 3
    assert ask() == 0
    beat.run()
    assert Delivery.objects.count() == 0
    assert directory.kinds() == ["check"] * 6


def test_nobody_else_asks(directory: Directory, cast: Cast) -> None:
    posting = directory.lists()
    for actor in (cast.health_manager, Actor(cast.stranger.user_id)):
        with (
            acting(actor.scope),
            pytest.raises(PermissionDenied),
            transaction.atomic(),
        ):
            services.ask(by=actor, postings=[posting])


def test_somebody_offered_is_told_and_not_asked(
    directory: Directory, superuser: Super, post_office: PostOffice
) -> None:
    posting = directory.lists("lead@health.example")
    superuser.execute(
        "UPDATE contacts_posting SET listing = %s, recorded_by_id = %s WHERE id = %s",
        [Listing.OFFERED, directory.cast.organisation("school").pk, posting.pk],
    )
    assert beat.run() == 0
    assert engine.drain() == {"sent": 1}
    assert beat.run() == 0
    ((_, message),) = post_office.arrived
    name = directory.cast.organisation("school").name
    assert f"{name} has offered your work details" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
