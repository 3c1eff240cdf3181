"""The mail that this demo would have sent, for anyone at the machine it runs on to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from frontend.components import Component, link, table, tag
from frontend.lists import Row, pagination, summary_list
from frontend.wording import datetime_words, short_date, time_words
from overview.demo import mailbox
from overview.demo.markup import as_markup

A_PAGE = 25


@login_not_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Every message of the mail folder, the newest first."""
    _only_in_the_demo()
    names = mailbox.names()
    page = Paginator(names, A_PAGE).get_page(request.GET.get("page"))
    again = mailbox.copies(names)
    envelopes = [mailbox.envelope(name, again=name in again) for name in page.object_list]
    context = {
        "total": len(names),
        "messages": _messages(envelopes) if envelopes else None,
        "pages": pagination(page, request.GET),
    }
    return render(request, "demo/mail.jinja", context)


@login_not_required
@require_safe
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One message: its head, its plain text, its calendar entry in words."""
    opened = _opened(name)
    context = {
        "title": opened.envelope.subject,
        "again": opened.envelope.again,
        "head": _head(opened.envelope),
        "body": as_markup(opened.text),
        "has_html": opened.has_html,
        "appointment": _appointment(opened) if opened.calendar else None,
        "name": name,
    }
    return render(request, "demo/message.jinja", context)


@login_not_required
@require_safe
def calendar(request: HttpRequest, name: str) -> HttpResponse:
    """A message's calendar entry, to be saved; a browser never shows it as a page."""
    opened = _opened(name)
    if opened.calendar is None:
        raise Http404("the message has no calendar entry")
    return HttpResponse(
        opened.calendar,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="invitation.ics"'},
    )


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404("this is no demo")


def _opened(name: str) -> mailbox.Message:
    _only_in_the_demo()
    try:
        return mailbox.opened(name)
    except mailbox.NoSuchMessage:
        raise Http404("no such message") from None


def _messages(envelopes: list[mailbox.Envelope]) -> Component:
    rows: list[list[Any]] = [
        [
            link(envelope.subject, reverse("demo-mail-message", args=[envelope.name])),
            envelope.to,
            tag("Second copy", "orange") if envelope.again else envelope.kind,
            _short(envelope.sent_at),
        ]
        for envelope in envelopes
    ]
    return table(["Subject", "To", "Kind", "Sent"], rows)


def _short(moment: datetime | None) -> str:
    return f"{short_date(moment)}, {time_words(moment)}" if moment else ""


def _head(envelope: mailbox.Envelope) -> Component:
    return summary_list(
        [
            Row("From", envelope.sender),
            Row("To", envelope.to),
            Row("Sent", datetime_words(envelope.sent_at), empty="Not dated"),
            Row("Kind", envelope.kind),
            Row("Message-ID", envelope.message_id),
        ]
    )


def _appointment(opened: mailbox.Message) -> Component | None:
    entry = opened.appointment
    if entry is None:
        return None
    until = f" to {time_words(entry.ends_at)}" if entry.ends_at else ""
    return summary_list(
        [
            Row("What", f"{entry.title} (cancelled)" if entry.cancelled else entry.title),
            Row("When", f"{datetime_words(entry.starts_at)}{until}", empty="A whole day"),
            Row("Where", entry.place, empty="No place given"),
        ]
    )
