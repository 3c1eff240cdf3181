"""Reading conversations, from the acting organisation's side. No text of withdrawn ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Max, QuerySet, TextField, Value, When

from organisations.actor import Actor
from organisations.permissions import Hidden, Permission, can
from partnerships.conversations.models import Conversation, ConversationKind
from partnerships.record.models import Partnership

PAGE = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation as a page shows it; `said` is empty once it has been withdrawn."""

    ref: str
    kind: str
    held_on: date
    said: str
    internal: bool
    author: str
    organisation: str
    author_organisation_id: int
    changed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    acl: list[int]
    may_change: bool = False

    @property
    def kind_words(self) -> str:
        """How people spoke, in words."""
        return ConversationKind(self.kind).label

    @property
    def by_words(self) -> str:
        """Who logged it: person and organisation, or the organisation alone."""
        return f"{self.author}, {self.organisation}" if self.author else self.organisation


def recent(actor: Actor, partnership: Partnership, limit: int = 10) -> list[Entry]:
    """The latest conversations of a partnership that the actor may see, newest first."""
    return [_entry(actor, row) for row in _rows(actor, partnership)[:limit]]


def all_of(actor: Actor, partnership: Partnership, page: Any = 1) -> Page[Any]:
    """One page of 25 of all conversations of a partnership, as `recent`; two statements."""
    found: Page[Any] = Paginator(_rows(actor, partnership), PAGE).get_page(page)
    found.object_list = [_entry(actor, row) for row in found.object_list]
    return found


def last_held(actor: Actor, partnerships: Collection[int]) -> dict[int, date]:
    """When each of some partnerships was last spoken in, as the actor sees it; one statement."""
    seen = Conversation.objects.filter(
        acl__overlap=[actor.key], partnership__in=partnerships, withdrawn_at=None
    )
    return dict(
        seen.order_by()
        .values("partnership")
        .annotate(last=Max("held_on"))
        .values_list("partnership", "last")
    )


def conversation_of(actor: Actor, partnership: Partnership, ref: str) -> Conversation:
    """One conversation of a partnership; raises Hidden unless the actor may see it."""
    found = (
        _seen_by(actor, partnership).filter(ref=ref).select_related("author_organisation").first()
    )
    if found is None:
        raise Hidden("see a conversation")
    found.partnership = partnership
    return found


def _seen_by(actor: Actor, partnership: Partnership) -> QuerySet[Conversation]:
    return Conversation.objects.filter(partnership=partnership, acl__overlap=[actor.key])


def _rows(actor: Actor, partnership: Partnership) -> QuerySet[Conversation, Any]:
    return (
        _seen_by(actor, partnership)
        .order_by("-held_on", "-id")
        .values(
            "ref",
            "kind",
            "held_on",
            "internal",
            "author_organisation_id",
            "changed_at",
            "withdrawn_at",
            "acl",
            said=Case(
                When(withdrawn_at=None, then=F("summary")),
                default=Value(""),
                output_field=TextField(),
            ),
            author_name=F("author__name"),
            organisation=F("author_organisation__name"),
            withdrawn_by_name=F("withdrawn_by__name"),
        )
    )


def _entry(actor: Actor, row: dict[str, Any]) -> Entry:
    entry = Entry(author=row.pop("author_name"), withdrawn_by=row.pop("withdrawn_by_name"), **row)
    may = entry.withdrawn_at is None and can(actor, Permission.CHANGE_CONVERSATION, entry)
    return replace(entry, may_change=may)
