"""Reading conversations, from the acting organisation's side. No text of withdrawn ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Max, QuerySet, TextField, Value, When
from django.utils.text import get_text_list

from organisations.actor import Actor
from organisations.permissions import Hidden, Permission, can
from partnerships.conversations.models import Conversation, ConversationKind
from partnerships.record.models import Partnership
from partnerships.record.selectors import contacts_of

PAGE = 25


class WithPeople(Protocol):
    """A conversation, or what a page knows of one."""

    @property
    def people(self) -> list[str]: ...
    @property
    def others(self) -> str: ...
    @property
    def introduced_by(self) -> str: ...


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
    people: list[str] = field(default_factory=list)
    others: str = ""
    introduced_by: str = ""
    may_change: bool = False

    @property
    def kind_words(self) -> str:
        """How people spoke, in words."""
        return ConversationKind(self.kind).label

    @property
    def people_words(self) -> str:
        """Who took part, or who connected whom; empty where nobody said."""
        return people_in_words(self)

    @property
    def by_words(self) -> str:
        """Who logged it: person and organisation, or the organisation alone."""
        return f"{self.author}, {self.organisation}" if self.author else self.organisation


def people_in_words(logged: WithPeople) -> str:
    """Who took part, or who connected whom; empty where nobody said."""
    who = get_text_list([each for each in (*logged.people, logged.others) if each], "and")
    if logged.introduced_by:
        return f"{logged.introduced_by} introduced {who}"
    return f"With {who}" if who else ""


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


def known_people(partnership: Partnership) -> list[str]:
    """The contacts and deputies of every side, in words: whom a conversation may be with."""
    found = contacts_of(partnership)
    return [f"{each.posting.person.name}, {each.organisation.name}" for each in found]


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
            "people",
            "others",
            "introduced_by",
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
    if entry.withdrawn_at is not None:
        entry = replace(entry, people=[], others="", introduced_by="")
    may = entry.withdrawn_at is None and can(actor, Permission.CHANGE_CONVERSATION, entry)
    return replace(entry, may_change=may)
