"""What a search finds of an organisation's records, of England's organisations and of people.

The database finds ids of records by their words (`tandem.search_records`); the rows are read under
row security. A fixed number of statements, whatever is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from contacts import search
from contacts.directory import selectors as directory
from contacts.selectors import Found, find_organisations
from initiatives.plans.models import Initiative
from organisations.actor import Actor
from partnerships.agreements.models import Agreement
from partnerships.conversations.models import Conversation
from partnerships.record.models import Partnership

PARTNERSHIPS, INITIATIVES, AGREEMENTS, CONVERSATIONS = (
    "partnership", "initiative", "agreement", "conversation",
)  # fmt: skip
RECORDS = (PARTNERSHIPS, INITIATIVES, AGREEMENTS, CONVERSATIONS)
# How many of each are shown beside one another, and of one kind alone.
BESIDE, ALONE = 5, 100


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: the best first, and how many there are."""

    rows: Sequence[Any]
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was found."""

    records: dict[str, Group] = field(default_factory=dict)
    # Whether no record has the words, and these are only alike.
    only_alike: bool = False
    organisations: Found = field(default_factory=Found)
    people: directory.People | None = None
    gateways: directory.Gateways | None = None

    @property
    def anything(self) -> bool:
        """Whether there is something to show."""
        return bool(
            self.records
            or self.organisations.organisations
            or (self.people and self.people.postings)
            or (self.gateways and self.gateways.gateways)
        )


def search_everything(actor: Actor, query: str) -> Answer:
    """The best of every kind."""
    text = search.typed(query)
    if not text:
        return Answer()
    records, only_alike = _records(actor, text, None, BESIDE)
    words = directory.Filters(words=text)
    return Answer(
        records,
        only_alike,
        find_organisations(text, limit=BESIDE),
        directory.find_people(words, limit=BESIDE),
        directory.find_gateways(words, limit=BESIDE),
    )


def search_records(actor: Actor, query: str, kind: str) -> Answer:
    """Of one kind of record, the best hundred."""
    text = search.typed(query)
    if not text:
        return Answer()
    return Answer(*_records(actor, text, kind, ALONE))


def _records(actor: Actor, text: str, kind: str | None, most: int) -> tuple[dict[str, Group], bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.search_records(%s, %s, %s)", [text, kind, most])
        found = cursor.fetchall()
    ids: dict[str, list[int]] = {each: [] for each in RECORDS}
    totals: dict[str, int] = {}
    for each, pk, total, _ in found:
        ids[each].append(pk)
        totals[each] = total
    groups = {}
    for each in RECORDS:
        rows = {row.pk: row for row in _rows(actor, each).filter(pk__in=ids[each])}
        in_order = [rows[pk] for pk in ids[each] if pk in rows]
        if in_order:
            groups[each] = Group(in_order, totals[each])
    return groups, any(only_alike for *_, only_alike in found)


def _rows(actor: Actor, kind: str) -> QuerySet[Any]:
    """The rows of a kind with what a line says of one."""
    if kind == PARTNERSHIPS:
        return Partnership.objects.only("ref", "name", "purpose", "closed_at")
    if kind == INITIATIVES:
        return Initiative.objects.filter(withdrawn_at=None).select_related("partnership")
    if kind == AGREEMENTS:
        newest = Q(versions__number=F("revision"))
        return (
            Agreement.objects.filter(newest)
            .annotate(title=F("versions__title"))
            .select_related("partnership")
        )
    return _conversations(actor)


def _conversations(actor: Actor) -> QuerySet[Any]:
    """Conversations, each with how many of its partnership are listed before it."""
    before = (
        Conversation.objects.filter(acl__overlap=[actor.key], partnership=OuterRef("partnership"))
        .filter(
            Q(held_on__gt=OuterRef("held_on"))
            | Q(held_on=OuterRef("held_on"), pk__gt=OuterRef("pk"))
        )
        .order_by()
        .values("partnership")
        .annotate(number=Count("pk"))
        .values("number")
    )
    newer = Coalesce(Subquery(before, output_field=IntegerField()), 0)
    return (
        Conversation.objects.filter(withdrawn_at=None)
        .annotate(newer=newer)
        .select_related("partnership", "author_organisation")
    )
