"""Taking a request back: by whoever asked, or because one of the two is here no longer."""

from __future__ import annotations

from django.utils import timezone

from initiatives.review.models import RequestState, ReviewRequest
from organisations import audit, outbox
from organisations.actor import Actor


def withdraw(by: Actor, request: ReviewRequest) -> None:
    """Take an open request back, with the e-mails about it that have not gone out.

    For services that have asked whether the actor may, in their transaction.
    """
    ReviewRequest.objects.filter(pk=request.pk).update(
        state=RequestState.WITHDRAWN, withdrawn_at=timezone.now()
    )
    request.state = RequestState.WITHDRAWN
    audit.record("review request withdrawn", by=by, obj=request)
    outbox.withdraw(subject=request.ref, reason="The request for a review was withdrawn.")
