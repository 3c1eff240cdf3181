"""Reads of reference data: finding organisations, and everything an organisation's page shows.

Reference data is the same for everyone who is signed in; nothing here is a tenant's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from contacts import search
from organisations.models import Kind, Organisation, Succession

DATASET = "England"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the organisations that answer a query, and how many there are in all."""

    organisations: list[Organisation] = field(default_factory=list)
    total: int = 0
    # Boards that have ended and answer the query, each with one who took over from it.
    successions: list[Succession] = field(default_factory=list)
    postcode: search.Postcode | None = None
    # Nothing has the words typed; these are only alike.
    only_similar: bool = False


@transaction.atomic
def find_organisations(
    query: str, *, kind: str | None = None, limit: int = 20, offset: int = 0
) -> Found:
    """Organisations open today by name, code or postcode, the best answers first.

    A name may have typing errors, and a town after it. Without a query, all of a kind.
    At most four statements.
    """
    text = search.typed(query)
    kind = kind if kind in Kind.values else None
    today = timezone.localdate()
    if not text:
        if kind is None:
            return Found()
        return Found(*_ask(search.of_kind(kind=kind, today=today), limit, offset))
    postcode = search.as_postcode(text)
    if postcode is not None:
        question = search.around_postcode(postcode, kind=kind, today=today)
        return Found(*_ask(question, limit, offset), postcode=postcode)
    normal = _normal(text)
    question = search.by_name_or_code(text, normal, kind=kind, today=today)
    organisations, total = _ask(question, limit, offset)
    return Found(
        organisations,
        total,
        successions=_ended(text, normal),
        only_similar=bool(organisations) and organisations[0].rank == search.SIMILAR,  # type: ignore[attr-defined]
    )


def _normal(text: str) -> str:
    """The words as names are compared; also sets how alike a similar word must be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.search_text(%s),"
            " set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [text, search.ALIKE],
        )
        normal: str = cursor.fetchone()[0]
    return normal


def _ask(question: search.Question, limit: int, offset: int) -> tuple[list[Organisation], int]:
    parameters = {**question.parameters, "limit": limit, "offset": offset}
    rows = list(Organisation.objects.raw(question.sql, parameters))
    return rows, rows[0].total if rows else 0  # type: ignore[attr-defined]


def _ended(text: str, normal: str) -> list[Succession]:
    """Who took over from boards that have ended and whose name or code was typed."""
    named = Q(predecessor__code__iexact=text.replace(" ", ""))
    words = normal.split()[: search.MOST_WORDS]
    if any(len(word) > 2 and word not in search.KIND_WORDS for word in words):
        every = Q()
        for word in words:
            every &= Q(predecessor__search_text__contains=f" {word}")
        named |= every
    ended = Succession.objects.filter(named, predecessor__closed_on__lte=timezone.localdate())
    return list(
        ended.select_related("predecessor", "successor").order_by(
            "predecessor__name", "successor__name"
        )[:6]
    )
