"""The pages behind the links: no sign-in, nothing without the button, once, and not for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import CheckedBy, Posting, PostingChange
from contacts.verification import clock as beat
from contacts.verification import links, selectors, services
from contacts.verification.links import SALT
from organisations.models import AuditEvent
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from tests.outbox.post_office import PostOffice
from tests.verification.arranging import NOW, Directory, Super

Clock = time_machine.Traveller
PAGES = ("check-posting", "check-right", "check-changed", "check-left")
CHANGED = {
    "name": "Lead number 1",
    "job_title": "Head of school nursing",
    "email": "lead-1@health.example",
    "telephone": "01922 721172",
    "note": "The team has moved",
}
LEFT = {"ended_on_day": "30", "ended_on_month": "9", "ended_on_year": "2027", "note": "Ask the hub"}


@pytest.fixture
def asked(directory: Directory) -> Posting:
    """Somebody who has just been asked."""
    posting = directory.lists()
    beat.run()
    return posting


def url(page: str, token: str) -> str:
    return reverse(page, kwargs={"token": token})


def rows(superuser: Super) -> list[Any]:
    tables = ("contacts_posting", "contacts_workdetails", "contacts_person", "contacts_check",
              "contacts_letter", "contacts_postingchange", "organisations_auditevent")  # fmt: skip
    return [superuser.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in tables]


def history(directory: Directory, posting: Posting) -> list[PostingChange]:
    with acting(directory.admin.scope), transaction.atomic():
        return list(selectors.history_of(posting))


def test_what_opens_links_by_itself_changes_nothing(
    directory: Directory, asked: Posting, superuser: Super
) -> None:
    before = rows(superuser)
    token = directory.token(asked)
    for method in ("get", "head", "get"):
        for page in PAGES:
            assert getattr(Client(), method)(url(page, token)).status_code == 200
    assert rows(superuser) == before


def test_still_right(directory: Directory, asked: Posting, clock: Clock) -> None:
    clock.shift(timedelta(days=3))
    token = directory.token(asked)
    answer = Client().post(url("check-right", token), follow=True)

    assert answer.redirect_chain == [(url("check-posting", token), 302)]
    assert "checked on 4 September 2027" in answer.text
    now = directory.again(asked)
    assert (now.checked_at, now.checked_by) == (timezone.now(), CheckedBy.PERSON)
    assert now.check_due_on == date(2027, 9, 4) + timedelta(days=180)
    again = Client().post(url("check-right", token))
    assert "Thank you" in again.text
    assert directory.again(asked).checked_at == now.checked_at


def test_an_answer_settles_what_somebody_said_is_wrong_and_who_says_so_is_asked_for(
    directory: Directory, asked: Posting, superuser: Super, clock: Clock
) -> None:
    services.answer_right(letter=directory.letter(asked))
    clock.shift(timedelta(days=9))
    superuser.execute("UPDATE contacts_posting SET disputed_at = %s", [timezone.now()])
    assert beat.run() == 1
    assert beat.run() == 0
    services.answer_right(letter=directory.letter(asked))
    assert directory.again(asked).disputed_at is None


def test_something_changed(directory: Directory, asked: Posting, superuser: Super) -> None:
    token = directory.token(asked)
    Client().post(url("check-changed", token), CHANGED)

    now = directory.again(asked)
    assert (now.job_title, now.details.telephone) == ("Head of school nursing", "01922 721172")
    assert (now.checked_at, now.checked_by) == (timezone.now(), CheckedBy.PERSON)
    (change,) = history(directory, asked)
    assert change.changes == {
        "job_title": ["School nursing lead", "Head of school nursing"],
        "telephone": ["", "01922 721172"],
    }
    assert (change.by, change.note) == (CheckedBy.PERSON, "The team has moved")
    events = superuser.execute(
        "SELECT changes::text FROM organisations_auditevent WHERE action = 'contact changed'"
    ).fetchall()
    assert events == [('{"fields": ["job_title", "telephone"], "checked_by": "person"}',)]


def test_a_new_address_is_written_to_before_it_replaces_the_old_one(
    directory: Directory, asked: Posting, post_office: PostOffice, clock: Clock
) -> None:
    token = directory.token(asked)
    page = Client().post(url("check-changed", token), {**CHANGED, "email": "new@health.example"})
    assert "new@health.example" in page.text
    before = directory.again(asked)
    assert (before.details.email, before.checked_at) == ("lead-1@health.example", None)
    assert before.job_title == "Head of school nursing"

    beat.run()
    engine.drain()
    confirm = url("confirm-address", directory.token(asked, "confirm_address"))
    to, message = post_office.arrived[-1]
    assert to == "new@health.example"
    assert confirm in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for _ in range(3):
        assert Client().get(confirm).status_code == 200
    assert directory.again(asked).details.email == "lead-1@health.example"
    assert "confirmed" in Client().post(confirm, follow=True).text
    after = directory.again(asked)
    assert (after.details.email, after.checked_at) == ("new@health.example", timezone.now())
    assert history(directory, asked)[0].changes == {
        "email": ["lead-1@health.example", "new@health.example"]
    }
    assert "confirmed" in Client().post(confirm, follow=True).text
    assert len(history(directory, asked)) == 2
    assert beat.run() == 0


def test_an_address_that_is_never_confirmed_leaves_the_question_open(
    directory: Directory, asked: Posting, clock: Clock
) -> None:
    token = directory.token(asked)
    Client().post(url("check-changed", token), {**CHANGED, "email": "typo@health.example"})
    Client().post(url("check-changed", token), {**CHANGED, "email": "new@health.example"})
    first, second = directory.letters(asked, "confirm_address")
    assert Client().get(url("confirm-address", links.token_of(first["ref"]))).status_code == 410
    clock.shift(timedelta(days=10))
    beat.run()
    assert directory.check(asked) == (2, "")
    assert Client().post(url("confirm-address", links.token_of(second["ref"]))).status_code == 410
    assert directory.again(asked).details.email == "lead-1@health.example"


def test_three_new_addresses_a_day(directory: Directory, asked: Posting) -> None:
    token = directory.token(asked)
    said = [
        Client().post(
            url("check-changed", token), {**CHANGED, "email": f"new-{number}@health.example"}
        )
        for number in range(4)
    ]
    assert ["Three new addresses" in answer.text for answer in said] == [False] * 3 + [True]
    assert len(directory.letters(asked, "confirm_address")) == 3


def test_i_have_left(directory: Directory, asked: Posting, clock: Clock) -> None:
    token = directory.token(asked)
    answer = Client().post(url("check-left", token), LEFT, follow=True)

    assert "noted the last day" in answer.text
    assert directory.again(asked).ended_on == date(2027, 9, 30)
    with acting(directory.admin.scope), transaction.atomic():
        (waiting,) = selectors.replies_waiting(directory.region)
        assert (waiting.posting_id, waiting.note) == (asked.pk, "Ask the hub")
        services.settle(by=directory.admin, change=waiting)
        services.settle(by=directory.admin, change=waiting)
        assert not selectors.replies_waiting(directory.region).exists()
    for _ in range(5):
        clock.shift(timedelta(days=10))
        beat.run()
    assert directory.kinds(asked) == ["check"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"ended_on_year": "2020"}, "on or after the first"),
        ({"ended_on_year": "2031"}, "within a year"),
        ({"ended_on_month": "13"}, "Enter a real date"),
        ({"note": "Ask about 943 476 5919"}, "NHS number"),
    ],
)
def test_a_last_day_or_note_that_cannot_be(
    directory: Directory, typed: dict[str, str], problem: str
) -> None:
    posting = directory.lists(started_on=date(2024, 1, 1))
    beat.run()
    page = Client().post(url("check-left", directory.token(posting)), {**LEFT, **typed})

    assert page.status_code == 200
    assert problem in page.text
    assert directory.again(posting).ended_on is None
    assert directory.check(posting) == (1, "")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": " "}, "Enter a name"),
        ({"email": "no address"}, "correct format"),
        ({"note": "Patient 943 476 5919"}, "NHS number"),
    ],
)
def test_a_correction_that_cannot_be(
    directory: Directory, asked: Posting, typed: dict[str, str], problem: str
) -> None:
    page = Client().post(url("check-changed", directory.token(asked)), {**CHANGED, **typed})
    assert problem in page.text
    assert directory.again(asked).job_title == "School nursing lead"


def test_their_organisation_answers_for_them(
    directory: Directory, asked: Posting, clock: Clock
) -> None:
    for _ in range(2):
        clock.shift(timedelta(days=10))
        beat.run()
    token = directory.token(asked, "check_organisation")
    page = Client().get(url("check-posting", token)).text
    assert "They have left" in page
    assert "your-details" not in page.replace(reverse("details-link"), "")
    Client().post(url("check-right", token))
    assert directory.again(asked).checked_by == CheckedBy.ORGANISATION
    # It opens nothing that is held on the person.
    assert Client().get(url("your-details", token)).status_code == 404


def test_a_link_expires_after_three_weeks(
    directory: Directory, asked: Posting, clock: Clock
) -> None:
    token = directory.token(asked)
    clock.shift(timedelta(days=21))
    for page in PAGES:
        assert Client().get(url(page, token)).status_code == 410
        assert Client().post(url(page, token), CHANGED | LEFT).status_code == 410
    assert directory.again(asked).checked_at is None


def test_one_answer_uses_up_every_link_of_it(
    directory: Directory, asked: Posting, clock: Clock
) -> None:
    clock.shift(timedelta(days=10))
    beat.run()
    first, second = (links.token_of(each["ref"]) for each in directory.letters(asked))
    Client().post(url("check-right", second))
    for page in PAGES:
        assert "Thank you" in Client().post(url(page, first), CHANGED | LEFT).text
    assert directory.again(asked).ended_on is None


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="/?#"), min_size=1))
def test_nobody_guesses_a_link(text: str) -> None:
    made = signing.Signer(salt=SALT).sign("bcdfghjkmnpq")
    with pytest.raises(signing.BadSignature):
        signing.Signer(salt=SALT).unsign(text)
    for wrong in (text, made[:-1], f"x{made}", signing.Signer(salt="other").sign("bcdfghjkmnpq")):
        assert links.find(wrong) is None


def test_a_wrong_link_has_no_page(directory: Directory, asked: Posting) -> None:
    token = directory.token(asked)
    ref, _, signature = token.partition(":")
    unknown = links.token_of("bcdfghjkmnpq")
    for wrong in (ref, f"{ref}:{signature[::-1]}", f"{ref[::-1]}:{signature}", unknown):
        for page in (*PAGES, "confirm-address", "your-details"):
            for method in ("get", "post"):
                assert getattr(Client(), method)(url(page, wrong)).status_code == 404
    # The link of one thing is not the link of another.
    assert Client().get(url("confirm-address", token)).status_code == 404


def test_the_events_are_on_record_for_the_admin(directory: Directory, asked: Posting) -> None:
    Client().post(url("check-left", directory.token(asked)), LEFT)
    with acting(directory.admin.scope), transaction.atomic():
        seen = list(
            AuditEvent.objects.filter(object_id=asked.pk)
            .order_by("id")
            .values_list("action", flat=True)
        )
    assert seen == ["contact listed", "contact left"]
    assert timezone.now() == NOW
