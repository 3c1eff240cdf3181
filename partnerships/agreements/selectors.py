"""Reading agreements, from the acting organisation's side."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404

from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.agreements.models import (
    OVER,
    RELATED,
    Agreement,
    AgreementFile,
    AgreementVersion,
    Signatory,
    Signature,
    Stage,
)
from partnerships.record.models import Partnership

MOST = 8
# What a list of agreements does not show.
LONG = (
    "text",
    "clauses",
    "agreement__signed_version__text",
    "agreement__signed_version__clauses",
)


def newest_versions(actor: Actor) -> QuerySet[AgreementVersion]:
    """The newest version of every agreement that the actor sees, with its agreement."""
    return AgreementVersion.objects.filter(
        number=F("agreement__revision"), acl__overlap=[actor.key]
    ).select_related("agreement__partnership", "agreement__signed_version")


def agreements_of(actor: Actor, partnership: Partnership) -> list[AgreementVersion]:
    """Every agreement of a partnership by its newest version: those under way first."""
    rows = newest_versions(actor).filter(partnership=partnership)
    newest_first = rows.order_by("-agreement__created_at", "-agreement__id").defer(*LONG)
    found = list(newest_first)
    return sorted(found, key=lambda each: each.agreement.stage in OVER)


def agreement_of(actor: Actor, partnership: Partnership, ref: str) -> Agreement:
    """One agreement of a partnership; raises Hidden unless the actor may see it."""
    found = (
        Agreement.objects.filter(ref=ref, partnership=partnership, acl__overlap=[actor.key])
        .select_related(*RELATED)
        .first()
    )
    if found is None:
        raise Hidden("see an agreement")
    found.partnership = partnership
    return found


def version_of(agreement: Agreement, number: int | None = None) -> AgreementVersion:
    """One version of an agreement, the newest by default; raises Http404 without it."""
    wanted = agreement.revision if number is None else number
    found = (
        AgreementVersion.objects.filter(agreement=agreement, number=wanted)
        .select_related("author", "author_organisation")
        .first()
    )
    if found is None:
        raise Http404("no such version")
    found.agreement = agreement
    return found


def to_sign(actor: Actor, limit: int) -> list[AgreementVersion]:
    """What this very person is asked to sign for the acting organisation, the oldest first."""
    asked = Signatory.objects.filter(
        agreement=OuterRef("agreement"),
        organisation_id=actor.organisation_id or 0,
        user_id=actor.user_id,
        ended_at=None,
    )
    done = Signature.objects.filter(
        version=OuterRef("pk"), organisation_id=actor.organisation_id or 0
    )
    rows = newest_versions(actor).filter(
        Exists(asked), ~Exists(done), agreement__stage=Stage.APPROVAL, partnership__closed_at=None
    )
    return list(rows.defer(*LONG).order_by("created_at", "pk")[:limit])


def files_of(agreement: Agreement) -> list[AgreementFile]:
    """The signed copies that are with an agreement, the latest first."""
    rows = AgreementFile.objects.filter(agreement=agreement, removed_at=None)
    return list(rows.select_related("organisation", "added_by").order_by("-added_at", "-pk"))


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """Every version, the newest first, without their texts."""
    rows = AgreementVersion.objects.filter(agreement=agreement).order_by("-number")
    return list(rows.defer("text", "clauses").select_related("author", "author_organisation"))
