"""Which e-mails a quiet period asks the outbox for, and which it takes back."""

from __future__ import annotations

from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.models.delivery import State
from organisations.references import new_ref
from organisations.selectors import works_at
from organisations.tenancy.scope import Scope, acting
from partnerships.diary.models import QuietPeriod
from partnerships.record.recipients import people_to_tell

PROPOSED = "quiet_period_proposed"
ANSWERED = "quiet_period_answered"
WITHDRAWN = "quiet_period_withdrawn"


def announce(*, by: Actor, period: QuietPeriod) -> None:
    """Tell each other organisation's named contact: the members to answer, the others to know."""
    for person in people_to_tell(period.partnership):
        if person.organisation_id != by.organisation_id:
            outbox.enqueue(
                kind=PROPOSED,
                subject=period.ref,
                recipient=person.email,
                by=by,
                posting_id=person.posting_id,
            )


def tell_proposer(*, by: Actor, period: QuietPeriod, agreed: bool) -> None:
    """Tell whoever proposed it what a member says, as their own organisation sees it.

    Who works there the answering organisation cannot know: it is asked on the proposer's behalf.
    """
    payload = {"period": period.ref, "organisation": by.organisation_id, "agreed": agreed}
    with acting(Scope(organisation_id=period.author_organisation_id)):
        for email, posting_id in proposers(period):
            outbox.enqueue(
                kind=ANSWERED,
                subject=new_ref(),
                recipient=email,
                by=on_behalf_of(period.author_organisation_id),
                posting_id=posting_id,
                payload=payload,
            )


def announce_withdrawal(*, by: Actor, period: QuietPeriod) -> None:
    """Take back what has not gone out, and tell those who had been asked or told.

    On behalf of `by`, which is another member where the proposer is leaving.
    """
    outbox.withdraw(subject=period.ref, reason="The quiet period was withdrawn.")
    received = _received(period)
    with acting(by.scope):
        for delivery in received:
            outbox.enqueue(
                kind=WITHDRAWN,
                subject=period.ref,
                recipient=delivery.recipient,
                by=by,
                posting_id=delivery.posting_id,
            )


def proposers(period: QuietPeriod) -> list[tuple[str, int | None]]:
    """Whoever proposed it while they work there, else their organisation's named contact.

    As the proposing organisation sees it: an address, and the posting it belongs to.
    """
    if works_at(period.author, period.author_organisation_id):
        return [(period.author.email, None)]
    return [
        (person.email, person.posting_id)
        for person in people_to_tell(period.partnership)
        if person.organisation_id == period.author_organisation_id
    ]


def _received(period: QuietPeriod) -> list[Delivery]:
    """What has told people of it, or may have; one for each address."""
    known = Delivery.objects.filter(
        subject=period.ref,
        kind=PROPOSED,
        state__in=[State.SENT, State.TAKEN, State.UNCERTAIN],
    )
    return list({delivery.recipient.lower(): delivery for delivery in known}.values())
