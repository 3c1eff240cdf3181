"""Whatever arrives, a message is taken apart or refused; nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.outbox.inbox import bounces
from organisations.outbox.inbox.messages import MOST_PARTS, Unreadable, key_of, take_apart
from organisations.outbox.inbox.sorts import sort_of

TYPES = st.sampled_from(
    [
        "multipart/report; boundary=b; report-type=delivery-status",
        "multipart/mixed; boundary=b",
        "multipart/mixed",
        "message/rfc822",
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "text/rfc822-headers",
        "text/calendar; method=REPLY; charset=utf-7",
        "text/plain; charset=\udcff; name*0*=x''%ff",
        "text/plain; charset=nothing-known",
        "text/plain; charset=\0",
        "",
    ]
)
LINES = st.sampled_from(
    [
        "--b",
        "--b--",
        "",
        "Action: failed",
        "Status: 5.1.1",
        "Status: 999.999.9999",
        "Feedback-Type: abuse",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x-uuencode",
        "Message-ID: <a.0000000000000000000000000000000000000000.00000000000000000000@b>",
        "X-Tandem-Reference: \0",
        "BEGIN:VCALENDAR",
        "550 5.1.1 nobody",
        "=?utf-8?b?////?=: =?x?q?=ff?=",
        "\udc80\udcff\0",
    ]
) | st.builds("Content-Type: {}".format, TYPES)


def look_at(content: bytes) -> None:
    """All that is done with a message before the database is asked."""
    try:
        message = take_apart(content)
    except Unreadable:
        return
    sort_of(message)
    assert "\0" not in message.domain
    for part in message.parts:
        part.text()
        part.blocks()
        part.original()
        assert "\0" not in part.file_name + part.header("Subject") + part.parameter("charset")
    bounces.fate_in(message)


@given(st.lists(LINES, max_size=40))
def test_made_up_messages(lines: list[str]) -> None:
    look_at("\n".join(lines).encode("utf-8", "surrogateescape"))


@given(st.binary(max_size=2000))
def test_any_bytes(content: bytes) -> None:
    look_at(content)


def test_parts_within_parts_are_refused() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)
    )
    for content in (nested, b"Content-Type: message/rfc822\n\n" * 5000):
        with pytest.raises(Unreadable, match=str(MOST_PARTS)):
            take_apart(content)


def test_remarks_within_remarks_of_a_sender_are_no_address() -> None:
    message = take_apart(b"From: " + b"(" * 1_900 + b"a@b.example\n\nHello")
    assert (message.sender, message.domain) == ("", "")


def test_as_many_parts_as_may_be_are_taken_apart() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        for n in range(MOST_PARTS)
    )
    assert len(take_apart(nested).parts) == MOST_PARTS + 1
    inside = take_apart(b"Content-Type: message/rfc822\n\n" * MOST_PARTS)
    assert len(inside.parts) == MOST_PARTS + 1


def test_a_message_is_known_again_by_its_id_alone() -> None:
    first = key_of(b"Subject: a\r\nMessage-Id: <x@y>\r\n\r\nwords")
    assert first == key_of(b"message-id:\t<x@y>\nX-More: b\n\nother words")
    assert first != key_of(b"Subject: a\n\nMessage-Id: <x@y>\n")
    assert key_of(b"no id") != key_of(b"no id either")


LONG = 100_000


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/mixed; boundary=x" + b";" * LONG + b"\n\n--x\n\nx\n",
        b'Content-Type: multipart/mixed; boundary=x"' + b";" * LONG + b"\n\n--x\n\nx\n",
        b"Content-Type: multipart/mixed; boundary=x" + b"\r\n ;" * LONG + b"\r\n\r\n--x\r\n",
        b"Content-Disposition: attachment" + b"; a=b" * LONG + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * LONG,
    ],
    ids=["parameters", "one-quote", "folded", "disposition", "borders"],
)
def test_what_takes_the_parser_long_is_refused(content: bytes) -> None:
    """Each keeps the parser, and with it the worker, busy for minutes in a message of 2 MB."""
    with pytest.raises(Unreadable):
        take_apart(content)


def test_a_text_is_read_in_known_character_sets_alone() -> None:
    """Of what Python can decode some takes time by the square of a length."""
    written = b"Content-Type: text/plain; charset=punycode\n\nMnchen-3ya"
    assert take_apart(written).parts[0].text() == "Mnchen-3ya"
    named = b"Content-Disposition: attachment; filename*=punycode''Mnchen-3ya.ics\n\nx"
    assert take_apart(named).parts[0].file_name == "Mnchen-3ya.ics"
    report = take_apart(b"Content-Type: message/feedback-report; charset=\0\n\nFeedback-Type: \xff")
    assert report.parts[0].blocks()
    in_latin = b"Content-Type: text/plain; charset=ISO-8859-1\n\nM\xfcnchen"
    assert take_apart(in_latin).parts[0].text() == "M\xfcnchen"
