"""GOV.UK Notify as the provider: what it is asked, and what follows from each of its answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail

from bench.notify_server import NotifyServer
from organisations.models import Delivery
from organisations.outbox import engine
from organisations.outbox.identity import reference_of
from organisations.outbox.notify import carrier
from organisations.outbox.notify.carrier import Pause
from organisations.outbox.notify.client import Key
from tests.outbox.conftest import Ask, Looker, Notes

DEAD_WORKER = "claimed_by = 'dead:1:1', state = 'taken', lease_until = now() - interval '1 second'"


def again(ledger_rows: Looker) -> dict[str, int]:
    """Send what failed as if its pause, and Notify's, were over."""
    carrier.pause.worked()
    ledger_rows.set("due_at = now() - interval '1 second' WHERE state = 'pending'")
    return dict(engine.drain())


def test_an_email_goes_with_its_template_and_its_reference(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer
) -> None:
    ask("a@health.example")

    assert engine.drain() == {"sent": 1}

    (sent,) = notify.sent
    assert sent["email_address"] == "a@health.example"
    assert sent["personalisation"] == {"subject": "A note", "body": "About about-this."}
    assert sent["reference"].startswith("about-this.")
    assert "email_reply_to_id" not in sent
    assert "one_click_unsubscribe_url" not in sent
    assert ledger_rows.row()["reply"] == f"GOV.UK Notify {sent['id']}"
    assert notify.asked == [], "what was never begun is not asked for"


def test_the_reference_is_a_function_of_the_key_alone() -> None:
    def a_delivery(**more: Any) -> Delivery:
        return Delivery(**{"kind": "note", "subject": "abc", "recipient": "a@x.example", **more})

    first = reference_of(a_delivery())

    assert first == reference_of(a_delivery(id=7, attempt=3, uncertain_times=2))
    others = [
        a_delivery(kind="other"),
        a_delivery(subject="abd"),
        a_delivery(recipient="b@x.example"),
        a_delivery(offset_minutes=1),
        a_delivery(revision=1),
    ]
    assert len({first, *map(reference_of, others)}) == 6


def test_the_reply_address_and_the_way_out_are_handed_over(
    ask: Ask, notes: Notes, notify: NotifyServer, settings: Any
) -> None:
    settings.NOTIFY_REPLY_TO_ID = "8e222534-7f05-4972-86e3-17c5d9f894e2"

    def with_way_out(delivery: Delivery) -> EmailMessage:
        return EmailMessage(
            "A note",
            "News.",
            to=[delivery.recipient],
            headers={
                "List-Unsubscribe": "<https://tandem.example/stop/x/>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )

    notes.answers["a@health.example"] = with_way_out
    ask("a@health.example")
    engine.drain()

    (sent,) = notify.sent
    assert sent["email_reply_to_id"] == settings.NOTIFY_REPLY_TO_ID
    assert sent["one_click_unsubscribe_url"] == "https://tandem.example/stop/x/"
    assert sent["personalisation"]["body"] == (
        "News.\n\nStop e-mails like this: https://tandem.example/stop/x/\n"
    )


def test_a_message_with_an_attachment_is_refused_before_it_goes(
    ask: Ask, notes: Notes, ledger_rows: Looker, notify: NotifyServer
) -> None:
    def with_entry(delivery: Delivery) -> EmailMessage:
        message = EmailMultiAlternatives("A note", "News.", to=[delivery.recipient])
        message.attach_alternative("BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
        return message

    notes.answers["a@health.example"] = with_entry
    ask("a@health.example", "b@health.example")

    assert engine.drain() == {"pending": 1, "sent": 1}
    assert [one["email_address"] for one in notify.sent] == ["b@health.example"]
    assert ledger_rows.states()["a@health.example"] == "pending"


@pytest.mark.parametrize(
    ("recipient", "told", "words"),
    [
        ("refused@health.example", ["refused@health.example"], "refused the address"),
        ("team@health.example", [], "using a team-only API key"),
    ],
)
def test_what_is_refused_for_good_is_dead_with_the_reason(
    ask: Ask,
    notes: Notes,
    ledger_rows: Looker,
    notify: NotifyServer,
    recipient: str,
    told: list[str],
    words: str,
) -> None:
    ask(recipient, "b@health.example")

    assert engine.drain() == {"dead": 1, "sent": 1}
    assert notes.dead == told
    assert words in ledger_rows.rows()[0]["reason"]


@pytest.mark.parametrize(
    ("status", "words"), [(429, "takes no more for now"), (403, "refuses our key")]
)
def test_what_no_email_can_pass_stops_the_batch_and_costs_no_attempt(
    ask: Ask,
    ledger_rows: Looker,
    notify: NotifyServer,
    status: int,
    words: str,
) -> None:
    ask("a@health.example", "b@health.example", "c@health.example")
    notify.fail_next(status)

    assert engine.drain() == {"unreachable": 1}

    assert notify.sent == []
    rows = ledger_rows.rows()
    assert {(row["state"], row["attempt"], row["phase"]) for row in rows} == {("pending", 0, 0)}
    assert engine.drain() == {"unreachable": 1}, "it is left alone for a while"
    assert carrier.pause.seconds_left > 1
    assert again(ledger_rows) == {"sent": 3}
    assert carrier.pause.failures == 0


def test_an_outage_costs_no_attempt_and_ends_by_itself(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer
) -> None:
    ask("a@health.example", "b@health.example")
    notify.every_answer = 503
    for _ in range(30):
        assert again(ledger_rows) == {"unreachable": 1}
    assert [row["attempt"] for row in ledger_rows.rows()] == [0, 0]

    notify.every_answer = None

    assert again(ledger_rows) == {"sent": 2}


def test_a_server_error_may_have_been_taken_and_is_asked_for_first(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer
) -> None:
    ask("a@health.example", "b@health.example")
    notify.fail_next(502)

    assert engine.drain() == {"pending": 1, "sent": 1}
    assert again(ledger_rows) == {"sent": 1}

    assert len(notify.asked) == 1
    assert sorted(notify.copies().values()) == [1, 1]


def test_an_answer_that_was_lost_makes_no_second_copy(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer
) -> None:
    ask("hangup@health.example")

    assert engine.drain() == {"pending": 1}
    assert "did not answer" in ledger_rows.row()["reason"]
    assert again(ledger_rows) == {"sent": 1}

    assert len(notify.sent) == 1
    row = ledger_rows.row()
    assert (row["state"], row["reply"]) == ("sent", f"GOV.UK Notify {notify.sent[0]['id']}")


def test_what_an_operator_has_tried_again_is_asked_for_first(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer
) -> None:
    """It was given up after an answer was lost, although Notify had it."""
    ask("hangup@health.example")
    engine.drain()
    ledger_rows.set("attempt = 0, uncertain_times = 0, reason = 'An operator had it tried again.'")

    assert again(ledger_rows) == {"sent": 1}

    assert len(notify.sent) == 1


def test_however_many_answers_are_lost_none_is_set_aside(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer, settings: Any
) -> None:
    settings.OUTBOX_UNCERTAIN = "park"
    ask("a@health.example")
    ledger_rows.set(f"{DEAD_WORKER}, phase = 1, uncertain_times = 9")

    assert again(ledger_rows) == {"sent": 1}

    assert len(notify.asked) == len(notify.sent) == 1


@pytest.mark.parametrize(("status", "copies"), [("delivered", 1), ("permanent-failure", 2)])
def test_what_notify_could_not_deliver_counts_as_not_sent(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer, status: str, copies: int
) -> None:
    ask("a@health.example")
    engine.drain()
    notify.report(notify.sent[0], status)
    ledger_rows.set(f"{DEAD_WORKER}, phase = 1, sent_at = NULL")

    assert again(ledger_rows) == {"sent": 1}
    assert len(notify.sent) == copies


def test_nothing_is_begun_while_notify_cannot_be_reached(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer, settings: Any
) -> None:
    settings.NOTIFY_API_URL = "http://127.0.0.1:9"
    ask("a@health.example")

    assert engine.drain() == {"unreachable": 1}

    row = ledger_rows.row()
    assert (row["state"], row["attempt"], row["uncertain_times"]) == ("pending", 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"type": "sms"}, {"subject": "Hello"}, {"body": "Hello ((name))"}],
)
def test_a_template_that_is_not_ours_sends_nothing(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer, wrong: dict[str, str]
) -> None:
    notify.template |= wrong
    ask("a@health.example")

    assert engine.drain() == {"unreachable": 1}
    assert (notify.sent, ledger_rows.row()["attempt"]) == ([], 0)


def test_a_key_of_another_service_sends_nothing(
    ask: Ask, notify: NotifyServer, settings: Any
) -> None:
    settings.NOTIFY_API_KEY = settings.NOTIFY_API_KEY[:-1] + "9"
    ask("a@health.example")

    assert engine.drain() == {"unreachable": 1}
    assert notify.sent == []


def test_a_worker_without_a_key_says_which_setting_it_misses(
    ask: Ask, ledger_rows: Looker, notify: NotifyServer, settings: Any
) -> None:
    settings.NOTIFY_API_KEY = "a word"
    ask("a@health.example")

    with pytest.raises(ImproperlyConfigured, match="NOTIFY_API_KEY"):
        engine.drain()
    assert ledger_rows.row()["state"] == "pending"


@pytest.mark.parametrize(
    "name", ["tandem-", "my_test-key-", "", "26785a09-ab16-4eb0-8407-a37497a57506-"]
)
def test_the_key_is_read_from_its_end(name: str) -> None:
    service, secret = (
        "11111111-aaaa-4444-8888-000000000001",
        "22222222-bbbb-4444-8888-000000000002",
    )

    assert Key.read(f"{name}{service}-{secret}") == Key(service, secret)
    assert Key.read(service) is None


def test_pauses_double_up_to_a_limit_and_never_twice_the_same() -> None:
    found = []
    pause = Pause()
    for _ in range(12):
        pause.failed()
        found.append(pause.until - time.monotonic())

    assert 1.5 < found[0] < 2.5
    assert 12 < found[3] < 20
    assert all(47 < seconds < 73 for seconds in found[-3:])
    assert len({round(seconds, 3) for seconds in found[-3:]}) > 1
    pause.failed(at_least=1000)
    assert pause.seconds_left > 700


def test_nothing_goes_past_the_outbox(notify: NotifyServer) -> None:
    with pytest.raises(RuntimeError, match="outbox"):
        send_mail("Subject", "Text", None, ["a@health.example"])
    assert notify.sent == []


def test_account_emails_go_too(
    ask_for_account_mail: Callable[[int], None], notify: NotifyServer, ledger_rows: Looker
) -> None:
    ask_for_account_mail(3)

    assert engine.drain() == {"sent": 3}
    assert {row["state"] for row in ledger_rows.rows()} == {"sent"}
