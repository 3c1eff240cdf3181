"""The first page, signed out or in, and the list of one's own organisations."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from organisations import own_places, selectors
from organisations.actor import ActingRequest, Actor
from organisations.demo_accounts import DEMO_PASSWORD, demo_accounts
from organisations.joining import terms


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What Tandem is; for someone signed in, the page where their work is."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        return redirect(*where_work_is(actor))
    return render(
        request,
        "organisations/start.jinja",
        {"demo_accounts": demo_accounts(), "demo_password": DEMO_PASSWORD},
    )


def where_work_is(actor: Actor) -> tuple[str, ...]:
    """Where to lead someone: terms to read, their one organisation, the operator's list, what
    they do in their own name, or the choice."""
    memberships = selectors.memberships_of(actor)
    asked = terms.asked_of(actor, memberships)
    if asked:
        return "accept-terms", asked[0].organisation.slug
    usable = [each.organisation.slug for each in memberships if each.organisation.has_joined]
    if len(usable) == 1:
        return "home", usable[0]
    if not memberships and actor.is_operator:
        return ("operator",)
    if not memberships and (own := own_places.of(actor)):
        return (own[0].address,)
    return ("my-organisations",)


@require_safe
def my_organisations(request: ActingRequest) -> HttpResponse:
    """Whom I speak for, what I have asked for, and the way to ask for more."""
    memberships = selectors.memberships_of(request.actor)
    return render(
        request,
        "organisations/my_organisations.jinja",
        {
            "memberships": memberships,
            "terms_asked": terms.asked_of(request.actor, memberships),
            "requests": selectors.unmet_requests_of(request.actor),
            "own_places": own_places.of(request.actor),
        },
    )
