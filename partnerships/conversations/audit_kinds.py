"""What conversations are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.conversations.models import Conversation


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("conversations_conversation", "Conversation", _conversations)


def _conversations(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Conversation.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).values_list("pk", "held_on", "partnership__ref")
    return {
        pk: Shown(
            f"Conversation of {date_words(held_on)}",
            page_of(actor, "conversations", ref=ref) if ref else "",
        )
        for pk, held_on, ref in found
    }
