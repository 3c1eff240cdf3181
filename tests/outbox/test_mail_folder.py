"""The mail folder of an embedded copy, and the pages of the demo that show it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client

from organisations.models import Delivery
from organisations.outbox import engine, letter
from tests.outbox.conftest import Ask, Notes

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Tandem//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:abc@localhost\r
DTSTAMP:20270401T080000Z\r
DTSTART;TZID=Europe/London:20270721T153000\r
DTEND;TZID=Europe/London:20270721T160000\r
SUMMARY:Short update\r
LOCATION:The community room\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "organisations.outbox.mail_folder.MailFolderBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.BASE_URL = "http://localhost:8000"
    return settings.MAIL_FOLDER  # type: ignore[no-any-return]


@pytest.fixture
def client(db: None) -> Client:
    return Client()


def names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.iterdir())


def test_each_message_is_a_whole_private_file(ask: Ask, folder: Path) -> None:
    ask("a@health.example", "b@health.example")
    assert engine.drain() == {"sent": 2}

    files = list(folder.iterdir())
    assert len(files) == 2
    assert all(path.suffix == ".eml" and path.stat().st_mode & 0o077 == 0 for path in files)


def test_a_folder_that_cannot_be_written_delays_and_duplicates_nothing(
    ask: Ask, folder: Path, ledger_rows: Any
) -> None:
    folder.write_text("a file stands where the folder should be")
    ask("a@health.example")
    assert engine.drain() == {"pending": 1}
    assert ledger_rows.row()["uncertain_times"] == 0

    folder.unlink()
    ledger_rows.due_now()
    assert engine.drain() == {"sent": 1}


def test_an_empty_folder_says_what_to_do(client: Client, folder: Path) -> None:
    page = client.get("/demo/mail/").content.decode()

    assert "No mail yet" in page


def test_the_list_is_for_everyone_and_newest_first(ask: Ask, client: Client, folder: Path) -> None:
    ask("first@health.example")
    engine.drain()
    ask("second@health.example")
    engine.drain()

    page = client.get("/demo/mail/").content.decode()

    assert page.index("second@health.example") < page.index("first@health.example")
    assert "A note" in page
    assert "2 messages" in page


def test_a_second_copy_is_marked(ask: Ask, client: Client, folder: Path, ledger_rows: Any) -> None:
    ask("a@health.example")
    engine.drain()
    ledger_rows.set(
        "state = 'taken', claimed_by = 'dead:1:1', lease_until = now() - interval '1 s', phase = 1"
    )
    engine.drain()

    assert client.get("/demo/mail/").content.decode().count("Second copy") == 1
    first, second = names(folder)
    assert "Second copy" not in client.get(f"/demo/mail/{first}/").content.decode()
    assert "Second copy" in client.get(f"/demo/mail/{second}/").content.decode()


def test_a_message_shows_text_and_links_to_our_pages_only(
    ask: Ask, notes: Notes, client: Client, folder: Path
) -> None:
    text = (
        "Good morning,\n<script>alert(1)</script>\n\n"
        "Open http://localhost:8000/r/t-abc/.\n"
        "Not http://localhost:80001/x nor https://elsewhere.example/y."
    )

    def compose(delivery: Delivery) -> EmailMessage:
        message = EmailMultiAlternatives("<b>Hello</b>", text, to=[delivery.recipient])
        message.attach_alternative("<p><img src=https://elsewhere.example/z></p>", "text/html")
        return message

    notes.answers["a@health.example"] = compose
    ask("a@health.example")
    engine.drain()
    page = client.get(f"/demo/mail/{names(folder)[0]}/").content.decode()

    assert '<a class="nhsuk-link" href="http://localhost:8000/r/t-abc/">' in page
    assert "</a>.<br>" in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert "<img" not in page.partition("<main")[2].partition("</main>")[0]
    assert 'href="https://elsewhere' not in page
    assert 'href="http://localhost:80001' not in page


def test_a_calendar_entry_is_told_in_words_and_served_inertly(
    ask: Ask, notes: Notes, client: Client, folder: Path
) -> None:
    def compose(delivery: Delivery) -> EmailMessage:
        message = EmailMultiAlternatives("Invitation", "Come.", to=[delivery.recipient])
        message.attach_alternative(CALENDAR, "text/calendar; method=REQUEST")
        return message

    notes.answers["a@health.example"] = compose
    ask("a@health.example", "b@health.example")
    engine.drain()
    with_entry, without = names(folder)

    page = client.get(f"/demo/mail/{with_entry}/").content.decode()
    assert "Wednesday 21 July 2027 at 3:30pm to 4pm" in page
    assert "The community room" in page
    response = client.get(f"/demo/mail/{with_entry}/invitation.ics")
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"].startswith("text/calendar")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"BEGIN:VEVENT" in response.content
    assert client.get(f"/demo/mail/{without}/invitation.ics").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["..%2F..%2Fsecrets%2Fsecret-key", "....", "secret", ".hidden", "20270721T143000-123456-abc"],
)
def test_only_messages_of_the_folder_are_opened(client: Client, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret")
    (folder / "secret.eml").write_text("Subject: not one of ours")
    (folder / ".hidden.eml").write_text("Subject: hidden")

    assert client.get(f"/demo/mail/{name}/").status_code == 404
    assert client.get(f"/demo/mail/{name}/invitation.ics").status_code == 404
    assert "ours" not in client.get("/demo/mail/").content.decode()


def test_outside_the_demo_there_is_no_such_page(
    client: Client, folder: Path, settings: Any
) -> None:
    settings.DEMO = False

    assert client.get("/demo/mail/").status_code == 404


def test_a_broken_file_is_still_shown(client: Client, folder: Path) -> None:
    folder.mkdir()
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-000000-abc"
    (folder / f"{name}.eml").write_bytes(b"\xff\xfe no head at all")

    assert client.get("/demo/mail/").status_code == 200
    assert client.get(f"/demo/mail/{name}/").status_code == 200


def test_a_letter_has_the_same_words_in_text_and_html(settings: Any, db: None) -> None:
    settings.BASE_URL = "http://localhost:8000"
    message = letter(
        "joining_received",
        subject="We have\nyour request",
        to="a@x.example",
        context={
            "organisation": "St Mary's & Sons",
            "page": "http://localhost:8000/organisations/",
        },
    )

    assert message.subject == "We have your request"
    assert "St Mary's & Sons" in str(message.body)
    assert "St Mary&#39;s &amp; Sons" in str(message.alternatives[0].content)
    assert "http://localhost:8000/privacy/" in str(message.body)
    assert "\n\n\n" not in str(message.body)
