"""INBOX_URL: what it may be, and that what is wrong is said before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from organisations.outbox.inbox import checks
from organisations.outbox.inbox.addresses import (
    FolderAddress,
    ImapAddress,
    WrongAddress,
    read_address,
)


def test_an_address_of_a_server() -> None:
    found = read_address("imaps://tandem%40nhs.example:p%3Aw%2Fd@mail.example:9933/Answers/Here")

    assert found == ImapAddress(
        host="mail.example",
        port=9933,
        user="tandem@nhs.example",
        password="p:w/d",
        folder="Answers/Here",
        secure=True,
    )
    assert "p:w/d" not in repr(found)
    plain = read_address("imap://a:b@localhost")
    assert isinstance(plain, ImapAddress)
    assert (plain.port, plain.folder, plain.secure) == (143, "INBOX", False)


def test_an_address_of_a_folder() -> None:
    assert read_address("maildir:///var/mail/two%20words") == FolderAddress(
        Path("/var/mail/two words")
    )


@pytest.mark.parametrize(
    "url",
    [
        "imap://a:secret@mail.example/INBOX",
        "imaps://mail.example/INBOX",
        "imaps://a@mail.example",
        "imaps://a:secret@/INBOX",
        "imaps://a:secret@mail.example:port",
        "imaps://a:sec?ret@mail.example",
        "pop3://a:secret@mail.example",
        "maildir://relative/path",
        "maildir:///",
        "imaps://[a:secret@mail.example",
        "secret",
    ],
)
def test_a_wrong_address_is_named_without_its_password(url: str, settings: Any) -> None:
    with pytest.raises(WrongAddress):
        read_address(url)
    settings.INBOX_URL = url
    (problem,) = checks.inbox_is_set_up()
    assert problem.id == "tandem.E021"
    assert "secret" not in problem.msg


def test_answers_must_go_to_the_address_that_is_read(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Tandem <no-reply@service.example>"
    settings.INBOX_URL = "maildir:///var/mail/tandem"
    assert checks.inbox_is_set_up() == []
    assert [each.id for each in checks.answers_arrive()] == ["tandem.W021"]

    settings.DEFAULT_FROM_EMAIL = "Tandem <tandem@service.example>"
    assert checks.answers_arrive() == []
    settings.INBOX_URL = ""
    settings.DEFAULT_FROM_EMAIL = "Tandem <no-reply@service.example>"
    assert checks.answers_arrive() == []
