"""Reading agreements, from the acting organisation's side."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404

from calendars.london import today
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.agreements.models import (
    OVER,
    RELATED,
    Agreement,
    AgreementFile,
    AgreementVersion,
    DataPaper,
    PaperKind,
    Signatory,
    Signature,
    Stage,
    Type,
)
from partnerships.record.models import Member, Partnership
from partnerships.record.recipients import TAKING_PART

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
    """Every agreement of a partnership by its newest version: those under way first.

    `papers` are those in force beside each: `reference`, and `review_on` as an ISO date.
    """
    papers = DataPaper.objects.filter(agreement=OuterRef("agreement"), ended_at=None)
    rows = newest_versions(actor).filter(partnership=partnership)
    rows = rows.annotate(
        papers=ArraySubquery(
            papers.values(json=JSONObject(reference="reference", review_on="review_on"))
        )
    )
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


def papers_of(agreement: Agreement) -> list[DataPaper]:
    """The papers beside an agreement: those that hold first, the latest first."""
    rows = DataPaper.objects.filter(agreement=agreement).select_related("keeper", "ended_by")
    return sorted(rows, key=lambda each: each.ended_at is not None)


def shares_data(actor: Actor, partnership: Partnership, day: date) -> bool:
    """Whether a data sharing agreement is in force on a day: one that is kept elsewhere and is
    beside an agreement, or one that every member has signed here and that has not expired."""
    kept = DataPaper.objects.filter(
        partnership=partnership,
        acl__overlap=[actor.key],
        kind=PaperKind.DSA,
        dated__lte=day,
        ended_at=None,
    ).exclude(agreement__stage__in=OVER)
    agreed = Agreement.objects.filter(
        Q(signed_version__expires_on=None) | Q(signed_version__expires_on__gte=day),
        partnership=partnership,
        acl__overlap=[actor.key],
        kind=Type.DSA,
        signed_version__starts_on__lte=day,
    ).exclude(stage__in=OVER)
    return kept.exists() or agreed.exists()


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """Every version, the newest first, without their texts."""
    rows = AgreementVersion.objects.filter(agreement=agreement).order_by("-number")
    return list(rows.defer("text", "clauses").select_related("author", "author_organisation"))


def taking_part(partnership: Partnership) -> list[Member]:
    """Every organisation in the partnership that is there still, by name.

    Those that accepted are its members; one that has closed signs nothing any more.
    """
    rows = Member.objects.filter(
        Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today()),
        partnership=partnership,
        state__in=TAKING_PART,
        organisation__left_at=None,
    )
    return list(rows.select_related("organisation").order_by("organisation__name"))
