"""What an organisation's export holds of reviews of initiatives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.review.models import ReviewComment, ReviewRequest, Verdict
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

REQUESTS = (
    "ref", "initiative", "asked_for", "asked_by", "asked", "message", "due_on", "asked_at",
    "acknowledged_at", "state", "withdrawn_at",
)  # fmt: skip
COMMENTS = ("initiative", "version", "section", "for", "by", "text", "created_at")
VERDICTS = ("request", "initiative", "version", "verdict", "words", "for", "by", "created_at")


def _requests(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = ReviewRequest.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    related = ("initiative", "author_organisation", "author", "to_organisation", "to_user")
    return (
        (
            each.ref,
            each.initiative.ref,
            each.author_organisation.name,
            str(each.author),
            each.addressee,
            each.message,
            each.due_on,
            each.asked_at,
            each.acknowledged_at,
            each.get_state_display(),
            each.withdrawn_at,
        )
        for each in rows.select_related(*related).iterator(chunk_size=CHUNK)
    )


def _comments(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = ReviewComment.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    related = ("initiative", "organisation", "author")
    return (
        (
            each.initiative.ref,
            each.revision,
            each.get_section_display(),
            each.organisation.name if each.organisation else "",
            str(each.author),
            each.text,
            each.created_at,
        )
        for each in rows.select_related(*related).iterator(chunk_size=CHUNK)
    )


def _verdicts(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Verdict.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    related = ("request", "initiative", "organisation", "author")
    return (
        (
            each.request.ref,
            each.initiative.ref,
            each.revision,
            each.get_kind_display(),
            each.words,
            each.organisation.name if each.organisation else "",
            str(each.author),
            each.created_at,
        )
        for each in rows.select_related(*related).iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Who was asked to review an initiative."
    add_section(Section("initiative_review_requests", REQUESTS, _requests, about, order=77))
    about = "What was said of initiatives, by section."
    add_section(Section("initiative_review_comments", COMMENTS, _comments, about, order=78))
    about = "Endorsements of initiatives, and changes requested."
    add_section(Section("initiative_review_verdicts", VERDICTS, _verdicts, about, order=79))
