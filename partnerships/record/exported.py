"""What an organisation's export holds of the record: partnerships, members, contacts,
invitations. Rows come through the organisation's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Q

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from organisations.models import Kind, Organisation
from partnerships.record.models import Invitation, Member, NamedContact, Partnership

Rows = Iterable[tuple[Any, ...]]


def _partnerships(by: Actor) -> Rows:
    rows = (
        Partnership.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("owner", "opened_by")
        .order_by("pk")
    )
    return (
        (e.ref, e.name, e.purpose, e.owner.name, e.opened_by, e.opened_at, e.closed_at)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _members(by: Actor) -> Rows:
    rows = (
        Member.objects.filter(
            acl__overlap=[by.organisation_id], partnership__acl__overlap=[by.organisation_id]
        )
        .select_related("partnership", "organisation")
        .annotate(
            codes=ArraySubquery(
                Organisation.objects.alias(
                    those=ExpressionWrapper(
                        OuterRef("schools"), output_field=ArrayField(BigIntegerField())
                    )
                )
                .filter(Q(those__contains=[F("pk")]))
                .order_by("code")
                .values("code")
            )
        )
        .order_by("partnership_id", "pk")
    )
    return (
        (
            e.partnership.ref,
            e.organisation.name,
            e.organisation.code,
            e.side,
            _schools(e),
            e.state,
            e.added_at,
            e.answered_at,
            e.decline_reason,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _schools(member: Any) -> str:
    """The codes of the schools that a trust chose; empty for whoever is no trust."""
    if member.organisation.kind != Kind.SCHOOL_TRUST:
        return ""
    return "all" if member.all_schools else " ".join(member.codes)


def _named(by: Actor) -> Rows:
    rows = (
        NamedContact.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "organisation", "posting")
        .order_by("partnership_id", "pk")
    )
    return (
        (
            e.partnership.ref,
            e.organisation.name,
            e.function,
            e.posting.ref,
            e.began_at,
            e.ended_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _invitations(by: Actor) -> Rows:
    rows = (
        Invitation.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("from_organisation", "to_organisation")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership_name,
            e.from_organisation.name,
            e.to_organisation.name,
            e.email,
            e.message,
            e.sent_at,
            e.used_at,
            e.revoked_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    for order, section in enumerate(
        (
            (
                "partnerships",
                ("ref", "name", "purpose", "owner", "opened_by", "opened_at", "closed_at"),
                _partnerships,
                "Partnerships that the organisation sees.",
            ),
            (
                "members",
                (
                    "partnership",
                    "organisation",
                    "code",
                    "side",
                    "schools",
                    "state",
                    "added_at",
                    "answered_at",
                    "decline_reason",
                ),
                _members,
                "The organisations in them; schools are the codes of those that a trust chose.",
            ),
            (
                "named_contacts",
                ("partnership", "organisation", "function", "contact", "began_at", "ended_at"),
                _named,
                "Who is, and was, the contact or deputy; contact is a ref of the file contacts.",
            ),
            (
                "invitations",
                (
                    "ref",
                    "partnership",
                    "from",
                    "to",
                    "email",
                    "message",
                    "sent_at",
                    "answered_at",
                    "revoked_at",
                ),
                _invitations,
                "Invitations into partnerships, sent and received.",
            ),
        ),
        start=40,
    ):
        add_section(Section(*section, order=order))
