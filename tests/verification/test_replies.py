"""What a region's admin sees of the answers, and does about them."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Posting, PostingChange
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.models import Delivery
from tests.cast import Cast
from tests.record.arranging import acting_as, named, once_in, opened
from tests.verification.arranging import Directory, Super

Clock = time_machine.Traveller


def url(directory: Directory, page: str = "region-replies", **more: int) -> str:
    return reverse(page, kwargs={"slug": directory.region.slug, **more})


def silent(directory: Directory, clock: Clock, number: int = 1) -> list[Posting]:
    """People whom nobody answers for."""
    found = [directory.lists(organisation="icb") for _ in range(number)]
    beat.run()
    for _ in range(3):
        clock.shift(timedelta(days=10))
        beat.run()
    return found


def test_who_left_is_followed_up_and_settled_once(directory: Directory, superuser: Super) -> None:
    posting = directory.lists()
    beat.run()
    services.answer_left(
        letter=directory.letter(posting), on=timezone.localdate(), note="Ask the hub"
    )
    client = directory.cast.client("nobody")
    page = client.get(url(directory)).text
    assert "Lead number 1" in page
    assert "Ask the hub" in page
    region = client.get(reverse("region", args=[directory.region.slug])).text
    assert "1 answer for you to follow up" in region
    row = superuser.execute("SELECT id FROM contacts_postingchange").fetchone()
    assert row is not None
    settle = url(directory, "settle-reply", reply=row[0])
    client.post(settle, {"once": once_in(client.get(settle).text)})
    assert "Ask the hub" not in client.get(url(directory)).text
    assert client.get(settle).status_code == 404


def test_settling_tells_the_partnerships_that_relied_on_them(
    directory: Directory, cast: Cast
) -> None:
    posting = directory.lists()
    beat.run()
    named(cast, opened(cast), posting=posting)
    services.answer_left(letter=directory.letter(posting), on=timezone.localdate())
    with acting_as(directory.admin) as by:
        services.settle(by=by, change=PostingChange.objects.select_related("region").get())
    with acting_as(cast.school_manager):
        assert Delivery.objects.filter(kind="contact_left", subject=posting.ref).exists()


def test_whoever_was_removed_is_not_named(directory: Directory) -> None:
    posting = directory.lists()
    beat.run()
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)
    page = directory.cast.client("nobody").get(url(directory)).text
    assert "asked to be removed" in page
    assert "Lead number 1" not in page


def test_those_who_do_not_answer_are_asked_again(directory: Directory, clock: Clock) -> None:
    (posting,) = silent(directory, clock)
    client = directory.cast.client("nobody")
    assert "Lead number 1" in client.get(url(directory)).text
    ask = url(directory, "ask-again")
    client.post(ask, {"once": once_in(client.get(ask).text)})
    assert directory.kinds(posting)[-1] == "check"
    assert directory.check(posting) == (1, "")
    assert "Lead number 1" not in client.get(url(directory)).text


def test_corrections_are_shown_with_what_it_was_before(directory: Directory) -> None:
    posting = directory.lists()
    beat.run()
    services.answer_changed(
        letter=directory.letter(posting),
        name="Lead number 1",
        job_title="Head",
        email="lead-1@health.example",
    )
    page = directory.cast.client("nobody").get(url(directory)).text
    assert "School nursing lead → Head" in page


def test_the_number_of_queries_does_not_grow(directory: Directory, clock: Clock) -> None:
    def queries() -> int:
        client = directory.cast.client("nobody")
        client.get(url(directory))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(directory)).status_code == 200
        return len(seen)

    silent(directory, clock)
    one = queries()
    silent(directory, clock, 4)
    assert queries() == one


def test_nobody_else_has_these_pages(directory: Directory, cast: Cast) -> None:
    for part in ("health_manager", "stranger", "operator", None):
        got = cast.client(part).get(url(directory)).status_code
        assert got == (302 if part is None else 404)
