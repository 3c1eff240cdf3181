"""Reading who comes to a touchpoint, its papers and the other times proposed for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from django.db.models import Count, Q
from django.utils import timezone

from contacts.models import Listing, Posting
from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.permissions import Hidden
from partnerships.record.models import Member
from partnerships.record.recipients import TAKING_PART
from partnerships.touchpoints.attendees import has_left_before
from partnerships.touchpoints.models import (
    Answer,
    Attendee,
    Paper,
    Proposal,
    ProposalState,
    Touchpoint,
    TouchpointState,
)

MOST_FOUND = 25


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody invited; without a `posting` when the reader may no longer see who it is.

    `has_left`: their post ended before the day of the touchpoint, so that no e-mail reaches them.
    """

    row: Attendee
    posting: Posting | None
    is_oneself: bool
    has_left: bool = False

    @property
    def name(self) -> str:
        """What they are called."""
        return self.posting.person.name if self.posting else "Somebody"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many have said what."""

    accepted: int = 0
    tentative: int = 0
    declined: int = 0
    none: int = 0

    @property
    def words(self) -> str:
        """`2 coming, 1 perhaps, 1 not, 1 has not answered`."""
        said = [f"{self.accepted} coming"]
        if self.tentative:
            said.append(f"{self.tentative} perhaps")
        if self.declined:
            said.append(f"{self.declined} not")
        if self.none:
            said.append(f"{self.none} {'has' if self.none == 1 else 'have'} not answered")
        return ", ".join(said)


def comers_of(actor: Actor, touchpoint: Touchpoint) -> list[Comer]:
    """Everyone invited, by organisation; three statements."""
    rows = list(
        Attendee.objects.filter(touchpoint=touchpoint, removed_at=None, acl__overlap=[actor.key])
        .select_related("organisation", "answered_by")
        .annotate(has_left=has_left_before())
    )
    postings = Posting.objects.filter(pk__in=[row.posting_id for row in rows])
    known = {
        posting.pk: posting
        for posting in postings.select_related("person", "details").order_by("pk")
    }
    confirmed = EmailAddress.objects.filter(user_id=actor.user_id, verified=True)
    own = {address.lower() for address in confirmed.values_list("email", flat=True)}
    return [
        replace(_comer(row, known.get(row.posting_id), own, actor), has_left=row.has_left)
        for row in rows
    ]


def _comer(row: Attendee, posting: Posting | None, own: set[str], actor: Actor) -> Comer:
    details = getattr(posting, "details", None)
    ours = row.organisation_id == actor.organisation_id
    return Comer(row, posting, ours and details is not None and details.email.lower() in own)


def turnout_of(comers: Collection[Comer]) -> Turnout:
    """How many of them come; who has left is not counted."""
    said = Counter(comer.row.answer for comer in comers if not comer.has_left)
    return Turnout(**{Answer(answer).value: count for answer, count in said.items()})


def turnouts(actor: Actor, refs: Collection[str]) -> Mapping[str, Turnout]:
    """How many come to each of these touchpoints, by its reference; one statement."""
    counted = (
        Attendee.objects.filter(
            touchpoint__ref__in=list(refs), removed_at=None, acl__overlap=[actor.key]
        )
        .exclude(has_left_before())
        .order_by()
        .values_list("touchpoint__ref")
        .annotate(**{answer.value: Count("pk", filter=Q(answer=answer)) for answer in Answer})
    )
    return {
        ref: Turnout(**{answer.value: count for answer, count in zip(Answer, counts, strict=True)})
        for ref, *counts in counted
    }


def comer_of(actor: Actor, touchpoint: Touchpoint, pk: int) -> Comer:
    """One of those invited; raises Hidden for anybody else."""
    for comer in comers_of(actor, touchpoint):
        if comer.row.pk == pk:
            comer.row.touchpoint = touchpoint
            return comer
    raise Hidden("see who is invited")


def people_to_invite(actor: Actor, touchpoint: Touchpoint, words: str) -> tuple[list[Posting], int]:
    """Whom the actor's organisation may invite besides, and how many there are in all.

    Of every organisation taking part for the one that scheduled the touchpoint, else its own
    people; `words` in their name, job title or organisation.
    """
    members = Member.objects.filter(partnership=touchpoint.partnership_id, state__in=TAKING_PART)
    there = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None)
    known = Q(acl__overlap=[actor.organisation_id])
    found = (
        Posting.objects.filter(known | Q(listing=Listing.LISTED), details__isnull=False)
        .filter(organisation__in=members.values("organisation"), ended_on=None)
        .exclude(pk__in=there.values("posting"))
        .select_related("person", "organisation", "details")
        .order_by("organisation__name", "person__name", "pk")
    )
    if touchpoint.author_organisation_id != actor.organisation_id:
        found = found.filter(organisation_id=ours(actor))
    for word in words.split()[:5]:
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(job_title__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return list(found[:MOST_FOUND]), found.count()


def papers_of(actor: Actor, touchpoint: Touchpoint) -> list[Paper]:
    """The papers of a touchpoint, the first added first."""
    papers = Paper.objects.filter(touchpoint=touchpoint, removed_at=None, acl__overlap=[actor.key])
    return list(papers.select_related("organisation"))


def paper_of(actor: Actor, touchpoint: Touchpoint, pk: int) -> Paper:
    """One paper; raises Hidden for one that is not there."""
    for paper in papers_of(actor, touchpoint):
        if paper.pk == pk:
            return paper
    raise Hidden("see a paper")


def proposals_of(actor: Actor, touchpoint: Touchpoint) -> list[Proposal]:
    """The other times proposed for a touchpoint, the latest first."""
    found = Proposal.objects.filter(touchpoint=touchpoint, acl__overlap=[actor.key])
    return list(found.select_related("organisation", "proposed_by", "posting__person"))


def proposal_of(actor: Actor, touchpoint: Touchpoint, ref: str) -> Proposal:
    """One of them; raises Hidden unless the actor may see it."""
    for proposal in proposals_of(actor, touchpoint):
        if proposal.ref == ref:
            proposal.touchpoint = touchpoint
            return proposal
    raise Hidden("see a proposed time")


def proposals_to_answer(actor: Actor, limit: int) -> list[Proposal]:
    """Other times proposed to the acting organisation that wait for its answer."""
    now = timezone.now()
    waiting = Proposal.objects.filter(
        acl__overlap=[actor.key],
        state=ProposalState.OPEN,
        starts_at__gt=now,
        touchpoint__author_organisation=actor.organisation_id,
        touchpoint__state=TouchpointState.SCHEDULED,
        touchpoint__starts_at__gt=now,
    )
    return list(
        waiting.select_related("organisation", "touchpoint", "partnership").order_by(
            "created_at", "pk"
        )[:limit]
    )
