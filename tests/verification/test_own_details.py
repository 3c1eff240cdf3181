"""What a directory holds on somebody: seen, corrected, removed; and told to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from contacts.directory_services import list_posting
from contacts.models import Listing, Posting
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.outbox.post_office import PostOffice
from tests.record.arranging import named, opened
from tests.verification.arranging import Directory, Super

Clock = time_machine.Traveller


def url(page: str, token: str, posting: Posting | None = None) -> str:
    more = {} if posting is None else {"posting": posting.ref}
    return reverse(page, kwargs={"token": token, **more})


def behind(superuser: Super, posting: Posting) -> tuple[Any, ...]:
    row = superuser.execute(
        "SELECT p.listing, p.region_id, n.name, d.email, d.telephone FROM contacts_posting p "
        "JOIN contacts_person n ON n.id = p.person_id "
        "JOIN contacts_workdetails d ON d.posting_id = p.id WHERE p.id = %s",
        [posting.pk],
    ).fetchone()
    assert row is not None
    return row


def test_all_that_is_held_at_an_address_and_nothing_of_others(directory: Directory) -> None:
    first = directory.lists("lead@health.example", job_title="Nursing lead")
    directory.lists("LEAD@health.example", job_title="Board secretary", organisation="icb")
    directory.lists("other@health.example", job_title="Somebody else")
    beat.run()

    page = Client().get(url("your-details", directory.token(first))).text
    assert "Nursing lead" in page
    assert "Board secretary" in page
    assert "Somebody else" not in page
    for words in ("Public task", "The trust’s web page", "The regional admin", "Never checked"):
        assert words in page


def test_a_link_is_sent_to_an_address_that_is_there_and_the_page_tells_nobody(
    directory: Directory, post_office: PostOffice, superuser: Super, clock: Clock
) -> None:
    directory.lists("lead@health.example")
    beat.run()
    known, unknown = (
        Client().post(reverse("details-link"), {"email": to}, follow=True)
        for to in ("Lead@Health.example", "nobody@health.example")
    )
    assert known.redirect_chain == unknown.redirect_chain
    assert [each["recipient"] for each in directory.letters(kind="details_link")] == [
        "lead@health.example"
    ]
    Client().post(reverse("details-link"), {"email": "lead@health.example"})
    assert directory.kinds().count("details_link") == 1
    beat.run()
    engine.drain()
    token = directory.token(kind="details_link")
    text = post_office.arrived[-1][1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert url("your-details", token) in text
    assert Client().get(url("your-details", token)).status_code == 200
    clock.shift(timedelta(days=7))
    assert Client().get(url("your-details", token)).status_code == 410


def test_asking_too_often_is_refused(directory: Directory) -> None:
    answers = [
        Client().post(reverse("details-link"), {"email": f"a{n}@health.example"}).status_code
        for n in range(11)
    ]
    assert answers == [302] * 10 + [429]


def test_they_correct_it(directory: Directory) -> None:
    posting = directory.lists("lead@health.example")
    beat.run()
    token = directory.token(posting)
    Client().post(
        url("correct-your-details", token, posting),
        {"name": "Team lead", "job_title": "Nursing lead", "email": "lead@health.example"},
    )
    now = directory.again(posting)
    assert (now.person.name, now.job_title) == ("Team lead", "Nursing lead")
    assert directory.check(posting) == (1, "changed")


def test_they_are_removed_at_once_and_kept_out(
    directory: Directory, superuser: Super, post_office: PostOffice
) -> None:
    posting = directory.lists("lead@health.example")
    beat.run()
    superuser.execute(
        "UPDATE contacts_posting SET offered_to_id = "
        "(SELECT id FROM contacts_region WHERE slug = 'devon')"
    )
    token = directory.token(posting)
    remove = url("remove-your-details", token, posting)
    assert Client().get(remove).status_code == 200
    assert directory.again(posting).listing == Listing.LISTED

    page = Client().post(remove, follow=True).text
    assert "No directory holds anything" in page
    assert behind(superuser, posting) == (Listing.REMOVED, None, "Name removed", "", "")
    assert superuser.execute("SELECT offered_to_id FROM contacts_posting").fetchall() == [(None,)]
    with acting(directory.admin.scope), transaction.atomic():
        assert not Posting.objects.filter(pk=posting.pk).exists()
    assert Client().post(remove).status_code == 404
    beat.run()
    engine.drain()
    admin = directory.cast.users["nobody"].email
    assert [to for to, _ in post_office.arrived] == [admin]
    with (
        acting(directory.admin.scope),
        pytest.raises(ValidationError, match="asked not to be"),
        transaction.atomic(),
    ):
        list_posting(
            by=directory.admin,
            region=directory.region,
            organisation=directory.cast.organisation("health"),
            name="Lead",
            job_title="Lead",
            email="Lead@health.example",
        )


def test_who_named_them_in_a_partnership_keeps_their_own_record(
    directory: Directory, cast: Cast, superuser: Super
) -> None:
    posting = directory.lists("lead@health.example")
    beat.run()
    named(cast, opened(cast), posting=posting)
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)

    kept = behind(superuser, posting)
    assert kept == (Listing.REMOVED, None, "Lead number 1", "lead@health.example", "")
    with acting(cast.school_editor.scope), transaction.atomic():
        assert Posting.objects.get(pk=posting.pk).details.email == "lead@health.example"
    for actor in (cast.stranger, directory.admin):
        with acting(actor.scope), transaction.atomic():
            assert not Posting.objects.filter(pk=posting.pk).exists()


def test_who_recorded_them_is_told(directory: Directory, cast: Cast, superuser: Super) -> None:
    posting = directory.lists("lead@health.example")
    beat.run()
    superuser.execute(
        "UPDATE contacts_posting SET recorded_by_id = %s", [cast.organisation("school").pk]
    )
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)
    told = {each["recipient"] for each in directory.letters(kind="removed_keeper")}
    assert told == {cast.users["school_manager"].email}
    assert behind(superuser, posting)[3] == "lead@health.example"


def test_a_link_opens_nothing_of_others(directory: Directory) -> None:
    mine, theirs = directory.lists("mine@health.example"), directory.lists("theirs@health.example")
    beat.run()
    token = directory.token(mine)
    for page in ("correct-your-details", "remove-your-details"):
        assert Client().post(url(page, token, theirs)).status_code == 404
    assert directory.again(theirs).listing == Listing.LISTED
