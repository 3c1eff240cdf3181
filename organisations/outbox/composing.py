"""Writing a message just before it goes, as its organisation sees the record now."""

from __future__ import annotations

import hashlib
import re
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from organisations.models import Delivery, Organisation
from organisations.outbox.kinds import NotNeeded, kind_named
from organisations.tenancy.scope import Scope, acting

# Part of every Message-ID: changing it would make a resent message look like a new one.
KEY_SEPARATOR = "\n"
REFERENCE = "X-Tandem-Reference"
# Beside the reference: that whoever has it has read our e-mail's headers. Needed to believe what
# comes back by e-mail, where anybody may write.
PROOF = "X-Tandem-Proof"
PROOF_SALT = "tandem.returned-mail"
PROOF_LENGTH = 20
# A subject that may stand in a Message-ID as it is; every reference of ours is one.
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")
OF_A_SENDER = ("name", "suspended_at", "left_at")


def compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The message with its headers, or why there is none. Raises whatever its kind raises.

    Nothing goes out on behalf of an organisation that is suspended or has left by now, whenever
    it was asked for.
    """
    kind = kind_named(delivery.kind)
    with acting(Scope(organisation_id=delivery.organisation_id)), transaction.atomic():
        sender = None
        if delivery.organisation_id is not None:
            sender = Organisation.objects.only(*OF_A_SENDER).get(pk=delivery.organisation_id)
            closed = why_closed(sender, after_leaving=kind.after_leaving)
            if closed:
                return NotNeeded(closed)
        message = kind.compose(delivery)
        if isinstance(message, NotNeeded):
            return message
        if sender is not None and message.from_email == default_sender():
            message.from_email = sender_for(sender)
    if [parseaddr(to)[1] for to in message.recipients()] != [delivery.recipient]:
        raise ValueError(f"the kind {delivery.kind!r} addressed its message to somebody else")
    message.extra_headers.update(
        {
            "Message-ID": message_id(delivery),
            "Date": format_datetime(timezone.localtime()),
            "Auto-Submitted": "auto-generated",
            "X-Tandem-Kind": delivery.kind,
            REFERENCE: reference_of(delivery),
            PROOF: proof_of(reference_of(delivery)),
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
    """The same for every copy of one delivery: decided by its unique key, our domain and our key.

    The reference and its proof stand in it, because some mail servers return no other header.
    """
    reference = reference_of(delivery)
    if not PLAIN.fullmatch(delivery.subject):
        reference = digest_of(delivery)
    return f"<{reference}.{proof_of(reference)}@{urlsplit(settings.BASE_URL).hostname}>"


def proof_of(reference: str, *, key: str | None = None) -> str:
    """Twenty digits that only our e-mail carries."""
    made = salted_hmac(PROOF_SALT, reference, secret=key, algorithm="sha256")
    return made.hexdigest()[:PROOF_LENGTH]


def proves(reference: str, proof: str) -> bool:
    """Whether the proof is that of the reference, by the present secret key or a former one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(proof, proof_of(reference, key=key)) for key in keys)


def reference_of(delivery: Delivery) -> str:
    """What a provider knows a delivery by: a function of its unique key alone, and no secret."""
    return f"{delivery.subject}.{digest_of(delivery)}"


def digest_of(delivery: Delivery) -> str:
    """The unique key in forty digits; `tandem.delivery_behind` works out the same."""
    key = KEY_SEPARATOR.join(
        (
            delivery.kind,
            delivery.subject,
            delivery.recipient,
            str(delivery.offset_minutes),
            str(delivery.revision),
        )
    )
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def default_sender() -> str:
    """What Django puts into a message whose kind names no sender."""
    return str(settings.DEFAULT_FROM_EMAIL)


def why_closed(organisation: Organisation, *, after_leaving: bool) -> str:
    """Why no e-mail goes out on behalf of an organisation now; empty while it is open."""
    if organisation.suspended_at is not None:
        return "The organisation on whose behalf it would go is suspended."
    if organisation.left_at is not None and not after_leaving:
        return "The organisation on whose behalf it would go has left."
    return ""


def sender_for(organisation: Organisation) -> str:
    """`"Windsor Academy Trust via Tandem" <no-reply@…>`: on whose behalf, and through whom."""
    address = parseaddr(default_sender())[1]
    return formataddr((f"{organisation.name} via {settings.EMAIL_FROM_NAME}", address))
