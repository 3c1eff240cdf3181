"""What an organisation's export holds of reviews: each review, and the answers of whoever exports.

Nobody else's answers: not even a manager reads what a colleague answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.reviews.models import AnswerSet, Review
from partnerships.reviews.questions import keys_of

REVIEWS = (
    "ref",
    "partnership",
    "kind",
    "round",
    "opened_for",
    "opened_at",
    "closes_on",
    "closed_at",
)
ANSWERS = ("review", "partnership", "question", "answer", "answered_at")


def _reviews(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Review.objects.filter(acl__overlap=[by.organisation_id])
    rows = rows.select_related("partnership", "author_organisation").order_by("pk")
    return (
        (
            e.ref,
            e.partnership.ref,
            e.get_kind_display(),
            e.round.label,
            e.author_organisation.name,
            e.opened_at,
            e.closes_on,
            e.closed_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _own_answers(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AnswerSet.objects.filter(organisation_id=by.organisation_id or 0, user_id=by.user_id)
    rows = rows.select_related("review", "partnership").order_by("pk")
    return (
        (e.review.ref, e.partnership.ref, key, e.answers.get(key, ""), e.answered_at)
        for e in rows.iterator(chunk_size=CHUNK)
        for key in keys_of(e.review.kind)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Reviews of partnerships that both sides answer."
    add_section(Section("reviews", REVIEWS, _reviews, about, order=65))
    about = "What you yourself answered in reviews; nobody's answers but yours."
    add_section(Section("review_answers", ANSWERS, _own_answers, about, order=66))
