"""What somebody chose holds for what goes to their address, asked just before each goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from organisations.models import Delivery
from organisations.outbox import Kind, engine, groups, kinds
from organisations.outbox.identity import reference_of
from organisations.outbox.lateness import oldest_due
from organisations.outbox.preferences import services
from organisations.outbox.preferences.groups import groups_to_choose
from organisations.outbox.preferences.links import stop_address
from organisations.outbox.preferences.quiet import LONDON, Quiet
from organisations.outbox.preferences.selectors import reminder_offsets_of, wishes_of
from organisations.tenancy.scope import NOBODY, Scope, acting
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker, Notes
from tests.outbox.post_office import PostOffice

READER = "contact@health.example"
Super = psycopg.Connection[Any]


@pytest.fixture
def news(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The kind `note`, in a group that people may switch off."""
    monkeypatch.setitem(
        kinds._kinds, "note", Kind("note", "A note", notes.compose, group=groups.NEWS)
    )
    return notes


@pytest.fixture
def reference(ask: Ask, news: Notes, ledger_rows: Looker, post_office: PostOffice) -> str:
    """Of an e-mail that came to the reader some time ago."""
    ask(READER, subject="an-earlier-one")
    engine.drain()
    return reference_of(Delivery(**ledger_rows.row()))


@pytest.fixture
def want(reference: str) -> Callable[..., None]:
    """`want(partnership_news="never")`, `want(quiet=Quiet(…))`: by the link in that e-mail."""

    def choose(quiet: Quiet | None = None, **choices: str) -> None:
        with acting(NOBODY), transaction.atomic():
            services.choose(by=None, choices=choices, reference=reference)
            if quiet is not None:
                services.keep_quiet_hours(by=None, quiet=quiet, reference=reference)

    return choose


def around(now: datetime, *, until: timedelta) -> Quiet:
    """Quiet hours that hold now and end so much later."""
    face = now.astimezone(LONDON)
    return Quiet((face - timedelta(hours=1)).time(), (face + until).time().replace(microsecond=0))


def latest(ledger_rows: Looker) -> dict[str, Any]:
    return ledger_rows.rows()[-1]


def test_what_is_switched_off_is_not_written(
    want: Callable[..., None], ask: Ask, news: Notes, ledger_rows: Looker, post_office: PostOffice
) -> None:
    want(partnership_news="never")
    composed = len(news.composed)
    ask(READER)
    tally = engine.drain()

    assert tally["cancelled"] == 1
    assert len(news.composed) == composed
    row = latest(ledger_rows)
    assert (row["state"], row["reason"]) == ("cancelled", "Switched off by the recipient.")
    assert len(post_office.arrived) == 1


def test_a_choice_is_of_one_group_and_one_address(
    want: Callable[..., None], ask: Ask, post_office: PostOffice
) -> None:
    want(reminders="never")
    ask(READER, "other@health.example")

    assert engine.drain()["sent"] == 2


def test_it_is_switched_on_again(
    want: Callable[..., None], ask: Ask, post_office: PostOffice
) -> None:
    want(partnership_news="never")
    want(partnership_news="at_once")
    ask(READER)

    assert engine.drain()["sent"] == 1


def test_an_account_email_asks_nobody_and_waits_for_nothing(
    want: Callable[..., None],
    reference: str,
    ask_for_account_mail: Callable[[int], None],
    superuser: Super,
    ledger_rows: Looker,
    post_office: PostOffice,
) -> None:
    want(quiet=around(timezone.now(), until=timedelta(hours=2)))
    superuser.execute("UPDATE organisations_mailtimes SET address = 'person-0@school.example'")
    ask_for_account_mail(1)

    assert engine.drain()["sent"] == 1
    _, message = post_office.arrived[-1]
    assert "List-Unsubscribe" not in message
    assert "Stop these emails" not in message.get_content()


def test_quiet_hours_put_it_off_without_a_mark_against_it(
    want: Callable[..., None], ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    quiet = around(timezone.now(), until=timedelta(hours=2))
    want(quiet=quiet)
    ask(READER)
    tally = engine.drain()

    assert (tally["put off"], tally["sent"]) == (1, 0)
    row = latest(ledger_rows)
    assert (row["state"], row["phase"], row["attempt"]) == ("pending", 0, 0)
    assert (row["claimed_by"], row["lease_until"]) == ("", None)
    assert row["due_at"] == quiet.ends_at(timezone.now())
    assert row["reason"].startswith("Held until ")
    assert row["reason"].endswith(": the recipient’s quiet hours.")
    with acting(NOBODY), transaction.atomic():
        assert oldest_due() is None
    assert engine.drain()["put off"] == 0


def test_it_goes_once_they_are_over(
    want: Callable[..., None], ask: Ask, ledger_rows: Looker, post_office: PostOffice
) -> None:
    want(quiet=around(timezone.now(), until=timedelta(hours=2)))
    ask(READER)
    engine.drain()
    want(quiet=Quiet())
    ledger_rows.due_now()

    assert engine.drain()["sent"] == 1
    row = latest(ledger_rows)
    assert (row["state"], row["reason"]) == ("sent", "")


def test_what_would_come_too_late_comes_at_once(
    want: Callable[..., None],
    ask: Ask,
    notes: Notes,
    news: Notes,
    monkeypatch: pytest.MonkeyPatch,
    post_office: PostOffice,
) -> None:
    begins = timezone.now() + timedelta(hours=1)
    kind = Kind(
        "note", "A note", notes.compose, group=groups.REMINDERS, pointless_from=lambda _: begins
    )
    monkeypatch.setitem(kinds._kinds, "note", kind)
    want(quiet=around(timezone.now(), until=timedelta(hours=2)))
    ask(READER)

    assert engine.drain()["sent"] == 1


def test_a_summary_keeps_the_news_with_its_words(
    cast: Cast, ask: Ask, news: Notes, superuser: Super, ledger_rows: Looker, by: Any
) -> None:
    reader = cast.users["health_editor"]
    with acting(cast.health_editor.scope), transaction.atomic():
        services.choose(by=cast.health_editor, choices={groups.NEWS: "digest"})
    ask(reader.email, payload={"was": "earlier"})

    assert engine.drain()["cancelled"] == 1
    row = ledger_rows.row()
    assert row["reason"] == "The recipient wants such emails in a summary, and is told there."
    assert row["payload"] == {}
    held = superuser.execute("SELECT delivery_id, payload FROM organisations_heldnews").fetchall()
    assert held == [(row["id"], {"was": "earlier"})]


def test_a_summary_that_nobody_gets_keeps_nothing_back(
    want: Callable[..., None], ask: Ask, post_office: PostOffice
) -> None:
    want(partnership_news="digest")
    ask(READER)

    assert engine.drain()["sent"] == 1


def test_every_copy_says_how_to_stop_it(
    ask: Ask, news: Notes, post_office: PostOffice, ledger_rows: Looker
) -> None:
    def both(delivery: Delivery) -> EmailMessage:
        message = EmailMultiAlternatives("A note", "Good morning.", to=[delivery.recipient])
        message.attach_alternative("<html><body><footer>F</footer></body></html>", "text/html")
        return message

    news.answers[READER] = both
    ask(READER)
    engine.drain()

    ((_, message),) = post_office.arrived
    address = stop_address(reference_of(Delivery(**ledger_rows.row())))
    assert message["List-Unsubscribe"].strip() == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = (part.get_content() for part in message.iter_parts())
    words = "Stop these emails, or choose when they come"
    assert text.replace("\r\n", "\n") == f"Good morning.\n\n{words}: {address}\n"
    assert f'<p><a href="{address}">{words}</a></p>\n</footer>' in page.replace("\r\n", "\n")


def test_a_put_off_row_of_another_worker_is_left_alone(
    want: Callable[..., None], ask: Ask, ledger_rows: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    want(quiet=around(timezone.now(), until=timedelta(hours=2)))
    ask(READER)
    put_off = engine.Ledger.put_off

    def too_late(ledger: Any, delivery: Delivery, until: datetime, reason: str) -> None:
        ledger_rows.set("claimed_by = 'another'" + " WHERE state = 'taken'")
        put_off(ledger, delivery, until, reason)

    monkeypatch.setattr(engine.Ledger, "put_off", too_late)
    engine.drain()

    row = latest(ledger_rows)
    assert (row["state"], row["claimed_by"], row["reason"]) == ("taken", "another", "")


# ------------------------------------------------------------------ whose wishes they are


def test_a_person_reads_and_changes_their_own_address_alone(cast: Cast, superuser: Super) -> None:
    with acting(cast.school_editor.scope), transaction.atomic():
        services.choose(by=cast.school_editor, choices={groups.REMINDERS: "never"})
        mine = wishes_of()
    with acting(cast.health_editor.scope), transaction.atomic():
        theirs = wishes_of()

    assert mine is not None
    assert theirs is not None
    assert mine.address == cast.users["school_editor"].email.lower()
    assert mine.choices == {groups.REMINDERS: "never"}
    assert theirs.choices == {}
    row = superuser.execute("SELECT address, choice FROM organisations_mailpreference").fetchone()
    assert row == (mine.address, "never")


def test_an_unverified_address_has_no_wishes(cast: Cast, superuser: Super) -> None:
    superuser.execute(
        "UPDATE account_emailaddress SET verified = false WHERE user_id = %s",
        [cast.school_editor.user_id],
    )
    with acting(cast.school_editor.scope), transaction.atomic():
        assert wishes_of() is None
        assert services.choose(by=cast.school_editor, choices={groups.NEWS: "never"}) == {}


@pytest.mark.parametrize("reference", ["nothing", "about-this." + "0" * 40, "\0"])
def test_an_unknown_reference_opens_nothing(cast: Cast, reference: str) -> None:
    with acting(cast.school_editor.scope), transaction.atomic():
        assert wishes_of(reference.replace("\0", "x")) is None


def test_pages_read_no_wish_from_the_tables(want: Callable[..., None], superuser: Super) -> None:
    want(partnership_news="never", quiet=Quiet(weekends=True))
    for table in ("mailpreference", "mailtimes", "heldnews"):
        row = superuser.execute(
            "SELECT has_any_column_privilege('tandem_web', %s, 'SELECT, INSERT, UPDATE')",
            [f"organisations_{table}"],
        ).fetchone()
        assert row == (False,)


def test_who_sends_learns_a_wish_only_of_what_is_being_sent(
    want: Callable[..., None], ask: Ask, by: Any, superuser: Super, ledger_rows: Looker
) -> None:
    want(partnership_news="never")
    ask(READER)
    pk = latest(ledger_rows)["id"]

    def asked(scope: Scope) -> Any:
        from django.db import connection

        with acting(scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT choice FROM tandem.wishes_for(%s, %s)", [pk, groups.NEWS])
            return cursor.fetchone()[0]

    sender = Scope(organisation_id=by.organisation_id)
    assert asked(sender) is None
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'taken', claimed_by = 'w', "
        "lease_until = now() + interval '1 minute' WHERE id = %s",
        [pk],
    )
    assert asked(sender) == "never"
    assert asked(by.scope) is None
    assert asked(Scope(organisation_id=by.organisation_id + 1)) is None


def test_hours_that_end_when_they_begin_are_refused(reference: str, superuser: Super) -> None:
    with acting(NOBODY), pytest.raises(Exception, match="cannot end when they begin"):
        services.keep_quiet_hours(by=None, quiet=Quiet(time(7), time(7)), reference=reference)
    with acting(NOBODY), pytest.raises(Exception, match="both times, or neither"):
        services.keep_quiet_hours(by=None, quiet=Quiet(time(7)), reference=reference)
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(
            "INSERT INTO organisations_mailtimes (address, quiet_from, quiet_until, quiet_weekends)"
            " VALUES ('a@a.example', '07:00', '07:00', false)"
        )


def test_reminder_times_are_told_to_who_asked_in_the_same_transaction(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "_on_reminders_changed", [])
    services.on_reminders_changed(told.append)
    with acting(NOBODY), transaction.atomic():
        assert services.keep_reminders(by=None, minutes=[60, 1440, 60], reference=reference)
        assert not services.keep_reminders(by=None, minutes=[1440, 60], reference=reference)
        wishes = wishes_of(reference)
        # Only whoever may reach somebody is told; nobody may.
        known = reminder_offsets_of([READER.upper()])

    assert told == [reference]
    assert wishes is not None
    assert wishes.reminders == [1440, 60]
    assert known == {READER.upper(): None}


def test_a_choice_that_a_group_does_not_have_is_refused(reference: str) -> None:
    for choices in ({groups.NEWS: "weekly"}, {groups.CANCELLATIONS: "never"}):
        with acting(NOBODY), pytest.raises(Exception, match="Choose one of these"):
            services.choose(by=None, choices=choices, reference=reference)


# ------------------------------------------------------------------ every kind is in a group

ALWAYS = {
    # About somebody's account, roles and rights, or a link that they asked for.
    "account",
    "second_step_reset",
    "person_invitation",
    "person_role_changed",
    "person_removed",
    "organisation_opened",
    "organisation_suspended",
    "organisation_reinstated",
    "organisation_left",
    "joining_received",
    "joining_to_decide",
    "joining_decided",
    "support_started",
    "region_given",
    "region_taken",
    "grant_given",
    "grant_ended",
    "initiative_access_ended",
    "records_export_ready",
    "directory_notice",
    "directory_confirm_address",
    "directory_details_link",
    "directory_removed_admin",
    "directory_removed_keeper",
}


def test_only_emails_that_must_come_belong_to_no_group_of_their_own() -> None:
    """A new kind says what people choose it by, or is named here with a reason."""
    account = {kind.name for kind in kinds.all_kinds() if kind.group == groups.ACCOUNT}
    # Kinds of the tests, of the benchmark and of the torture.
    assert account - {"note", "torture", "bench"} <= ALWAYS


def test_every_group_that_may_be_silenced_has_a_plain_choice() -> None:
    for group in groups_to_choose():
        assert group.choices[-1] == "never"
        assert group.hint
