"""Writing a message just before it goes, as its organisation sees the record now."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organisations.models import Delivery, Organisation
from organisations.outbox.identity import WHOLE_SALT, message_id, proof_of, reference_of
from organisations.outbox.kinds import Answer, Kind, Later, NotNeeded, kind_named
from organisations.outbox.preferences.deciding import decide, sender_and_wishes
from organisations.outbox.preferences.groups import group_named
from organisations.outbox.preferences.way_out import add_way_out
from organisations.tenancy.scope import Scope, acting

REFERENCE = "X-Tandem-Reference"
# Beside the reference: that whoever has it has read our e-mail's headers.
PROOF = "X-Tandem-Proof"
ASKED_AGAIN_AFTER = timedelta(hours=1)


def compose(delivery: Delivery) -> Answer:
    """The message with its headers, or why there is none (yet). Raises whatever its kind raises.

    Nothing goes out on behalf of an organisation that is suspended or has left by now, whenever
    it was asked for; and nothing that its reader has switched off, or wants at another hour.
    """
    kind = kind_named(delivery.kind)
    with acting(Scope(organisation_id=delivery.organisation_id)), transaction.atomic():
        sender, wishes = sender_and_wishes(delivery, kind)
        if sender is not None:
            closed = why_closed(sender, after_leaving=kind.after_leaving)
            if closed:
                return _held_up(delivery, kind, sender) or NotNeeded(closed)
        message = decide(delivery, kind, wishes) or kind.compose(delivery)
        if isinstance(message, NotNeeded | Later):
            return message
        if sender is not None and message.from_email == default_sender():
            message.from_email = sender_for(sender)
    if [parseaddr(to)[1] for to in message.recipients()] != [delivery.recipient]:
        raise ValueError(f"the kind {delivery.kind!r} addressed its message to somebody else")
    reference = reference_of(delivery)
    if group_named(kind.group).may_be_silenced:
        add_way_out(message, reference)
    message.extra_headers.update(
        {
            "Message-ID": message_id(delivery),
            "Date": format_datetime(timezone.localtime()),
            "Auto-Submitted": "auto-generated",
            "X-Tandem-Kind": delivery.kind,
            REFERENCE: reference,
            PROOF: proof_of(reference, salt=WHOLE_SALT),
        }
    )
    return message


def _held_up(delivery: Delivery, kind: Kind, sender: Organisation) -> Later | None:
    """What still has a point when a suspension ends waits for that, asked again meanwhile."""
    if sender.left_at is not None or not kind.outlasts_suspension or kind.pointless_from is None:
        return None
    now, end = timezone.now(), kind.pointless_from(delivery)
    if end is None or end <= now:
        return None
    return Later(min(now + ASKED_AGAIN_AFTER, end), "the organisation’s suspension ends")


def tell_refused(delivery: Delivery) -> None:
    """Let the kind know that the address refused for good, in the organisation's scope."""
    told = kind_named(delivery.kind).on_dead
    if told is not None:
        with acting(Scope(organisation_id=delivery.organisation_id)), transaction.atomic():
            told(delivery)


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
