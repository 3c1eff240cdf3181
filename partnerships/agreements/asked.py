"""Which agreement, and which of its versions, an address asks for."""

from __future__ import annotations

from django.http import Http404

from organisations.actor import ActingRequest
from partnerships.agreements import selectors
from partnerships.agreements.models import Agreement
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

LONGEST_NUMBER = 6


def agreement_asked_for(
    request: ActingRequest, ref: str, agreement: str
) -> tuple[Partnership, Agreement]:
    """The partnership and its agreement; raises Hidden for what the actor may not see."""
    partnership = partnership_of(request.actor, ref)
    return partnership, selectors.agreement_of(request.actor, partnership, agreement)


def version_asked_for(request: ActingRequest, parameter: str = "version") -> int | None:
    """The number of a version in the query; None for none. Raises Http404 for what is none."""
    typed = request.GET.get(parameter)
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > LONGEST_NUMBER:
        raise Http404("no such version")
    return int(typed)
