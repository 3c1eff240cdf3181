"""Writing a message just before it goes, as its organisation sees the record now."""

from __future__ import annotations

import hashlib
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from organisations.models import Delivery, Organisation
from organisations.outbox.kinds import NotNeeded, kind_named
from organisations.tenancy.scope import Scope, acting

# Part of every Message-ID: changing it would make a resent message look like a new one.
KEY_SEPARATOR = "\n"


def compose(delivery: Delivery, senders: dict[int, str] | None = None) -> EmailMessage | NotNeeded:
    """The message with its headers, or why there is none. Raises whatever its kind raises.

    `senders` remembers, for one draining, what each organisation's messages are from.
    """
    with acting(Scope(organisation_id=delivery.organisation_id)), transaction.atomic():
        message = kind_named(delivery.kind).compose(delivery)
        if isinstance(message, NotNeeded):
            return message
        if delivery.organisation_id is not None and message.from_email == default_sender():
            known = {} if senders is None else senders
            if delivery.organisation_id not in known:
                known[delivery.organisation_id] = sender_for(delivery.organisation_id)
            message.from_email = known[delivery.organisation_id]
    if [parseaddr(to)[1] for to in message.recipients()] != [delivery.recipient]:
        raise ValueError(f"the kind {delivery.kind!r} addressed its message to somebody else")
    message.extra_headers.update(
        {
            "Message-ID": message_id(delivery),
            "Date": format_datetime(timezone.localtime()),
            "Auto-Submitted": "auto-generated",
            "X-Tandem-Kind": delivery.kind,
        }
    )
    return message


def tell_refused(delivery: Delivery) -> None:
    """Let the kind know that the address refused for good, in the organisation's scope."""
    told = kind_named(delivery.kind).on_dead
    if told is not None:
        with acting(Scope(organisation_id=delivery.organisation_id)), transaction.atomic():
            told(delivery)


def message_id(delivery: Delivery) -> str:
    """The same for every copy of one delivery: a function of its unique key and our domain."""
    key = KEY_SEPARATOR.join(
        (
            delivery.kind,
            delivery.subject,
            delivery.recipient,
            str(delivery.offset_minutes),
            str(delivery.revision),
        )
    )
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname}>"


def default_sender() -> str:
    """What Django puts into a message whose kind names no sender."""
    return str(settings.DEFAULT_FROM_EMAIL)


def sender_for(organisation_id: int) -> str:
    """`"Windsor Academy Trust via Tandem" <no-reply@…>`: on whose behalf, and through whom."""
    name = Organisation.objects.values_list("name", flat=True).get(pk=organisation_id)
    address = parseaddr(default_sender())[1]
    return formataddr((f"{name} via {settings.EMAIL_FROM_NAME}", address))
