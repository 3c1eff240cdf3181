"""What follows from a proposed time: who is told of it, and what a change of plan does to it.

No permission is asked here: the services do that.
"""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower
from django.utils import timezone

from contacts.models import WorkDetails
from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.tenancy.scope import Scope, acting
from partnerships.touchpoints.models import (
    Answer,
    Attendee,
    Proposal,
    ProposalState,
    Touchpoint,
    Way,
)
from partnerships.touchpoints.organiser import organiser_of

PROPOSED = "touchpoint_proposal"
DECLINED = "touchpoint_proposal_declined"
REASONS = {
    ProposalState.WITHDRAWN: "The proposal was withdrawn.",
    ProposalState.OVERTAKEN: "The touchpoint was changed.",
}


def close(proposal: Proposal, state: ProposalState, *, user_id: int | None = None) -> None:
    """Let a proposal have come to an end; an e-mail about it that waits is not needed."""
    proposal.state = state
    proposal.answered_at = timezone.now()
    proposal.answered_by_id = user_id
    proposal.save(update_fields=["state", "answered_at", "answered_by", "answer_words"])
    outbox.withdraw(
        subject=proposal.ref, reason=REASONS.get(state, "The proposal has been answered.")
    )


def overtake(touchpoints: Collection[Touchpoint]) -> None:
    """End what is proposed for touchpoints whose time changes or that are cancelled.

    In the scope of the organisation that scheduled them.
    """
    open_ones = Proposal.objects.filter(touchpoint__in=touchpoints, state=ProposalState.OPEN)
    for proposal in open_ones.select_for_update(of=("self",)):
        close(proposal, ProposalState.OVERTAKEN)


def tell_organiser(proposal: Proposal, touchpoint: Touchpoint) -> None:
    """Ask for the e-mail to whoever organises it, on behalf of their organisation."""
    organisation = touchpoint.author_organisation_id
    with acting(Scope(organisation_id=organisation)):
        to = organiser_of(touchpoint)
        if to is not None:
            outbox.enqueue(
                kind=PROPOSED,
                subject=proposal.ref,
                recipient=to.email,
                by=on_behalf_of(organisation),
                posting_id=to.posting_id,
            )


def tell_proposer(proposal: Proposal, touchpoint: Touchpoint, *, by: Actor) -> None:
    """Ask for the e-mail to whoever proposed it: the time stays as it is."""
    address = address_of_proposer(proposal)
    if address:
        outbox.enqueue(
            kind=DECLINED,
            subject=proposal.ref,
            recipient=address,
            by=by,
            revision=touchpoint.revision,
            posting_id=proposal.posting_id,
        )


def address_of_proposer(proposal: Proposal) -> str:
    """Where whoever proposed a time reads; empty when that can no longer be seen."""
    if proposal.proposed_by is not None:
        return proposal.proposed_by.email if proposal.proposed_by.is_active else ""
    details = WorkDetails.objects.filter(
        posting=proposal.posting_id, posting__bounced_at=None, posting__ended_on=None
    ).first()
    return details.email if details else ""


def name_of_proposer(proposal: Proposal) -> str:
    """What whoever proposed a time is called; empty when that can no longer be seen.

    Of a proposal that was read together with its posting.
    """
    if proposal.proposed_by is not None:
        return proposal.proposed_by.name
    return proposal.posting.person.name if proposal.posting else ""


def count_as_coming(proposal: Proposal, touchpoint: Touchpoint) -> None:
    """Whoever proposed the time that was taken comes at it; nobody asks them."""
    rows = Attendee.objects.filter(
        touchpoint=touchpoint, removed_at=None, organisation=proposal.organisation_id
    )
    if proposal.posting_id is not None:
        rows = rows.filter(posting=proposal.posting_id)
    else:
        confirmed = EmailAddress.objects.filter(user_id=proposal.proposed_by_id, verified=True)
        rows = rows.alias(address=Lower("posting__details__email")).filter(
            address__in=confirmed.values(lower=Lower("email"))
        )
    rows.update(
        answer=Answer.ACCEPTED,
        answered_at=timezone.now(),
        answered_way=Way.PROPOSAL,
        answered_revision=touchpoint.revision,
        said_before="",
    )
