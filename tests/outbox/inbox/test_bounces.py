"""E-mail that comes back: in the shapes of Postfix, Exchange and Gmail, and of older servers."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import psycopg
import pytest

from organisations.models import Delivery
from organisations.outbox import engine
from organisations.outbox.composing import PROOF, REFERENCE
from organisations.outbox.identity import digest_of, message_id, proves
from organisations.outbox.inbox import complaints, notes, rounds
from organisations.outbox.preferences.groups import groups_to_choose
from organisations.tenancy.scope import NOBODY, current_scope
from tests.outbox.conftest import Ask, Looker, Notes
from tests.outbox.inbox.conftest import FolderBox
from tests.outbox.inbox.letters import Letters, head_of
from tests.outbox.post_office import PostOffice

Shape = Callable[..., bytes]


def a_delivery(**more: Any) -> Delivery:
    return Delivery(**{"kind": "note", "subject": "abc", "recipient": "a@x.example", **more})


@pytest.fixture
def ours(ask: Ask, notes: Notes, post_office: PostOffice) -> EmailMessage:
    """An e-mail that a mail server took."""
    ask("person@health.example")
    assert engine.drain() == {"sent": 1}
    ((_, message),) = post_office.arrived
    return message


@pytest.mark.parametrize("shape", [Letters.postfix, Letters.exchange, Letters.gmail])
def test_a_report_of_failure_marks_the_delivery_and_tells_its_kind_once(
    shape: Shape,
    letters: Letters,
    ours: EmailMessage,
    box: FolderBox,
    ledger_rows: Looker,
    notes: Notes,
) -> None:
    for _ in range(2):
        box.deliver(shape(letters, ours))

    assert rounds.read() == {"bounce": 2}

    row = ledger_rows.row()
    assert (row["state"], row["phase"]) == ("dead", 0)
    assert row["reason"].startswith("There is no such mailbox (5.1.1")
    assert notes.dead == ["person@health.example"]
    assert len(box.in_folder("handled")) == 2
    assert current_scope() == NOBODY
    assert engine.drain() == {}


def test_a_mail_servers_own_words_are_understood(
    letters: Letters, ours: EmailMessage, box: FolderBox, ledger_rows: Looker, notes: Notes
) -> None:
    box.deliver(letters.in_words(ours))

    assert rounds.read() == {"bounce": 1}

    assert ledger_rows.row()["state"] == "dead"
    assert notes.dead == ["person@health.example"]


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        ("5.1.1", "no such mailbox", 1),
        ("5.2.2", "takes no e-mail", 1),
        ("5.4.1", "could not be reached", 1),
        ("4.4.7", "for days", 1),
        ("5.0.0", "refused", 1),
        ("5.3.4", "could not take this e-mail", 0),
        ("5.7.1", "a rule of its own", 0),
    ],
)
def test_the_status_says_whether_the_address_is_at_fault(
    letters: Letters,
    ours: EmailMessage,
    box: FolderBox,
    ledger_rows: Looker,
    notes: Notes,
    status: str,
    words: str,
    told: int,
) -> None:
    box.deliver(letters.postfix(ours, status=status))

    rounds.read()

    row = ledger_rows.row()
    assert row["state"] == "dead"
    assert words in row["reason"]
    assert len(notes.dead) == told


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.1.5")]
)
def test_a_delay_or_a_delivery_changes_nothing_and_is_noted(
    letters: Letters,
    ours: EmailMessage,
    box: FolderBox,
    ledger_rows: Looker,
    notes: Notes,
    action: str,
    status: str,
) -> None:
    before = ledger_rows.row()
    box.deliver(letters.postfix(ours, action=action, status=status))

    assert rounds.read() == {"bounce": 1}

    assert ledger_rows.row() == before
    assert notes.dead == []
    assert len(box.in_folder("handled")) == 1


@pytest.mark.parametrize(
    "as_it_was",
    [
        "state = 'pending', phase = 0, reply = ''",
        "state = 'cancelled', phase = 0, reply = ''",
        "state = 'taken', phase = 0, reply = '', claimed_by = 'w:1:1', lease_until = now()",
    ],
)
def test_what_was_not_handed_over_is_left_alone(
    letters: Letters,
    ours: EmailMessage,
    box: FolderBox,
    ledger_rows: Looker,
    notes: Notes,
    as_it_was: str,
) -> None:
    ledger_rows.set(as_it_was)
    before = ledger_rows.row()
    box.deliver(letters.postfix(ours))

    rounds.read()

    assert ledger_rows.row() == before
    assert notes.dead == []


def test_one_that_may_have_arrived_and_came_back_is_not_sent_again(
    letters: Letters, ours: EmailMessage, box: FolderBox, ledger_rows: Looker, notes: Notes
) -> None:
    ledger_rows.set("state = 'pending', phase = 0, uncertain_times = 1, due_at = now()")
    box.deliver(letters.postfix(ours))

    rounds.read()

    assert ledger_rows.row()["state"] == "dead"
    assert engine.drain() == {}


def test_a_report_that_cannot_prove_what_it_is_about_changes_nothing(
    letters: Letters, ours: EmailMessage, box: FolderBox, ledger_rows: Looker, notes: Notes
) -> None:
    """Whoever knows a subject and an address can work the reference out, and nothing more."""
    before = ledger_rows.row()
    reference = ours[REFERENCE]
    for headers in (
        "",
        f"{REFERENCE}: {reference}\r\n",
        f"{REFERENCE}: {reference}\r\n{PROOF}: {'0' * 20}\r\n",
        f"{REFERENCE}: {reference}\r\n{PROOF}: \u00fc\r\n",
        f"Message-ID: <{reference}.{'0' * 20}@localhost>\r\n",
        "Message-ID: <another@elsewhere.example>\r\n",
        f"{REFERENCE}: about-that.{reference[-40:]}\r\n{PROOF}: {ours[PROOF]}\r\n",
    ):
        box.deliver(letters.postfix(ours, headers=headers))
    box.deliver(letters.postfix(ours).replace(b"Action: failed", b"Fate: unknown"))

    assert rounds.read() == {"bounce": 8}

    assert ledger_rows.row() == before
    assert notes.dead == []
    assert len(box.in_folder("other")) == 8


def test_either_header_of_ours_is_enough(
    letters: Letters, ours: EmailMessage, box: FolderBox, ledger_rows: Looker
) -> None:
    """One provider gives each e-mail a Message-ID of its own, another returns nothing else."""
    without = head_of(ours).replace(ours["Message-ID"], "<theirs@provider.example>")
    box.deliver(letters.postfix(ours, headers=without))
    rounds.read()
    assert ledger_rows.row()["state"] == "dead"

    ledger_rows.set("state = 'sent'")
    only = f"Message-ID: {ours['Message-ID']}\r\n"
    box.deliver(letters.postfix(ours, headers=only))
    rounds.read()
    assert ledger_rows.row()["state"] == "dead"


def test_a_proof_of_a_former_secret_key_holds(settings: Any) -> None:
    made = message_id(a_delivery())
    reference, _, proof = made.strip("<>").partition("@")[0].rpartition(".")
    assert proves(reference, proof)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert proves(reference, proof)

    settings.SECRET_KEY_FALLBACKS = []
    assert not proves(reference, proof)


def test_a_subject_that_no_header_may_hold_is_left_out_of_it() -> None:
    odd = a_delivery(subject="a b@c>\n")

    made = message_id(odd)

    assert made.startswith(f"<{digest_of(odd)}.")
    assert "\n" not in made


def test_a_complaint_stops_whatever_may_be_stopped(
    letters: Letters,
    ours: EmailMessage,
    box: FolderBox,
    ledger_rows: Looker,
    superuser: psycopg.Connection[Any],
) -> None:
    before = ledger_rows.row()
    for _ in range(2):
        box.deliver(letters.complaint(ours))

    assert rounds.read() == {"complaint": 2}

    assert ledger_rows.row() == before
    assert len(box.in_folder("handled")) == 2
    assert chosen(superuser) == {
        ("person@health.example", group.name, "never") for group in groups_to_choose()
    }
    events = superuser.execute(
        "SELECT user_id, organisation_id FROM organisations_auditevent "
        "WHERE action = 'emails chosen'"
    ).fetchall()
    assert events == [(None, None)]
    reasons = superuser.execute("SELECT reason FROM organisations_inboxmessage ORDER BY id")
    assert [row[0] for row in reasons] == [complaints.STOPPED, complaints.KNOWN]


def test_a_complaint_of_another_sort_or_about_another_e_mail_stops_nothing(
    letters: Letters, ours: EmailMessage, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    box.deliver(letters.complaint(ours, about="virus"))
    box.deliver(letters.complaint(EmailMessage()))

    assert rounds.read() == {"complaint": 2}

    assert len(box.in_folder("other")) == 2
    assert chosen(superuser) == set()


def test_who_was_sent_a_reply_cannot_complain_for_its_writer(
    letters: Letters, ours: EmailMessage, box: FolderBox, superuser: psycopg.Connection[Any]
) -> None:
    """A reply repeats our Message-ID, and with it the proof that stands there."""
    forged = EmailMessage()
    forged["Message-ID"] = ours["Message-ID"]
    forged[REFERENCE] = ours[REFERENCE]
    forged[PROOF] = ours["Message-ID"].partition("@")[0][-20:]
    box.deliver(letters.complaint(forged))

    assert rounds.read() == {"complaint": 1}

    assert chosen(superuser) == set()
    assert len(box.in_folder("other")) == 1


def chosen(superuser: psycopg.Connection[Any]) -> set[tuple[str, str, str]]:
    return set(
        superuser.execute("SELECT address, mail_group, choice FROM organisations_mailpreference")
    )


@pytest.mark.parametrize(
    "mark",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; type=away",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
    ],
)
def test_an_automatic_answer_is_filed(
    letters: Letters, box: FolderBox, db: None, mark: str
) -> None:
    box.deliver(letters.out_of_office(mark))
    box.deliver(letters.out_of_office("Auto-Submitted: no"))

    assert rounds.read() == {"auto-reply": 1, "unknown": 1}
    assert notes.counts() == {("auto-reply", "handled"): 1, ("unknown", "other"): 1}
