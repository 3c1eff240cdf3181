"""Reading shared priorities and aims, from the acting organisation's side."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from organisations.actor import Actor
from partnerships.aims.models import AimAgreed, AimComment, AimVersion
from partnerships.record.models import Member, MemberState, Partnership


@dataclass(frozen=True)
class Answer:
    """Whether one member has agreed a version, and who did for it."""

    member: Member
    agreed: AimAgreed | None


def newest_of(actor: Actor, partnership: Partnership) -> AimVersion | None:
    """The version that counts; None while nothing is written."""
    return _versions(actor, partnership).first()


def versions_of(actor: Actor, partnership: Partnership) -> list[AimVersion]:
    """Every version, the newest first."""
    return list(_versions(actor, partnership))


def version_of(actor: Actor, partnership: Partnership, number: int) -> AimVersion:
    """One version; raises Http404 without it."""
    found = _versions(actor, partnership).filter(number=number).first()
    if found is None:
        raise Http404("no such version")
    return found


def answers_to(actor: Actor, version: AimVersion) -> list[Answer]:
    """Every member that accepted, by name, with its agreement to this version."""
    rows = AimAgreed.objects.filter(version=version, acl__overlap=[actor.key])
    agreed = {each.organisation_id: each for each in rows}
    members = Member.objects.filter(
        partnership_id=version.partnership_id,
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
    )
    return [
        Answer(each, agreed.get(each.organisation_id))
        for each in members.select_related("organisation").order_by("organisation__name")
    ]


def newest_with_agreed(
    actor: Actor, partnership: Partnership
) -> tuple[AimVersion, set[int]] | None:
    """The version that counts and which organisations have agreed it; one statement."""
    agreed = AimAgreed.objects.filter(version=OuterRef("pk")).values("organisation_id")
    found = _versions(actor, partnership).annotate(agreed_by=ArraySubquery(agreed)).first()
    return None if found is None else (found, set(found.agreed_by))


def to_agree(actor: Actor, limit: int) -> list[AimVersion]:
    """The versions that count and that the acting organisation has not agreed, the oldest first;
    where another organisation has joined, since it takes two."""
    organisation = actor.organisation_id or 0
    later = AimVersion.objects.filter(
        partnership=OuterRef("partnership"), number__gt=OuterRef("number")
    )
    done = AimAgreed.objects.filter(version=OuterRef("pk"), organisation_id=organisation)
    others = Member.objects.filter(
        partnership=OuterRef("partnership"),
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
    ).exclude(organisation_id=organisation)
    rows = AimVersion.objects.filter(
        ~Exists(later),
        ~Exists(done),
        Exists(others),
        acl__overlap=[actor.key],
        partnership__closed_at=None,
    ).select_related("partnership", "author_organisation")
    return list(rows.order_by("created_at", "pk")[:limit])


def has_agreed(actor: Actor, version: AimVersion) -> bool:
    """Whether the acting organisation has agreed a version."""
    return AimAgreed.objects.filter(
        version=version, organisation_id=actor.organisation_id or 0
    ).exists()


def agreed_by_all(answers: list[Answer]) -> bool:
    """Whether every member has agreed. It takes two to agree."""
    return len(answers) > 1 and all(each.agreed is not None for each in answers)


def comments_of(actor: Actor, partnership: Partnership) -> list[AimComment]:
    """What was said about any version, in the order of saying."""
    rows = AimComment.objects.filter(partnership=partnership, acl__overlap=[actor.key])
    return list(rows.select_related("author", "organisation", "version"))


def _versions(actor: Actor, partnership: Partnership) -> QuerySet[AimVersion]:
    rows = AimVersion.objects.filter(partnership=partnership, acl__overlap=[actor.key])
    return rows.select_related("author", "author_organisation").order_by("-number")
