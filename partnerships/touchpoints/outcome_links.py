"""The page behind the links of an e-mail that asks what became of a touchpoint.

No signing in: the link shows that its reader is who was asked. GET and HEAD show the page, with
the choice made that the link names; only the button's POST records, so that whatever opens links
before their reader does records nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.tenancy.scope import Scope, acting
from partnerships.actions.owners import possible_owners
from partnerships.actions.presenters import actions_table
from partnerships.actions.selectors import arising_from
from partnerships.touchpoints import presenters, selectors, services
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.outcome_asking import OUTCOME, due_at
from partnerships.touchpoints.outcome_forms import CHOICES, OutcomeForm
from partnerships.touchpoints.outcome_readers import Reader, reader_of, touchpoint_behind

SALT = "tandem.touchpoint-outcome"
NAME = "touchpoint-outcome-link"
LASTS = timedelta(days=30)


class LinkForm(OutcomeForm):
    """The same form for somebody who is not signed in, whom no key of a form is given."""

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, touchpoint: Touchpoint, choice: str
    ) -> None:
        super().__init__(
            data,
            actor=actor,
            attendees=selectors.invited_to(touchpoint),
            choice=choice,
            owners=possible_owners(actor, touchpoint.partnership),
        )
        del self.fields["once"], self.fields["heeded"]

    def carry_out(self, work: Callable[[], str]) -> str | None:
        """Do it; twice is refused by what is recorded by then."""
        try:
            with transaction.atomic():
                return work()
        except ValidationError as refusal:
            self._show(refusal)
            return None


def choices_for(delivery: Delivery) -> list[tuple[str, str]]:
    """Each answer in words, and the whole address behind it."""
    path = reverse(NAME, kwargs={"token": outbox.token_for(delivery, salt=SALT)})
    return [
        (words, f"{settings.BASE_URL}{path}?choice={state.value}")
        for state, words in CHOICES.items()
    ]


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outcome_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, record, and then show what is recorded."""
    delivery = outbox.find_by_token(token, salt=SALT)
    if delivery is None or delivery.kind != OUTCOME:
        raise Http404("a link that was in no e-mail")
    with acting(Scope(organisation_id=delivery.organisation_id)):
        touchpoint = touchpoint_behind(delivery)
        reader = _reader(delivery, touchpoint)
    if touchpoint is None or reader is None:
        response = render(request, "touchpoints/outcome_link_over.jinja", status=410)
    else:
        actor = reader.actor or on_behalf_of(touchpoint.author_organisation_id)
        with acting(_scope(reader, touchpoint)):
            response = _answer(request, token, touchpoint, reader, actor)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _reader(delivery: Delivery, touchpoint: Touchpoint | None) -> Reader | None:
    """Who may answer by this link now."""
    if touchpoint is None or not touchpoint.has_begun:
        return None
    if timezone.now() > due_at(touchpoint, delivery.offset_minutes) + LASTS:
        return None
    reader = reader_of(delivery, touchpoint)
    return reader if isinstance(reader, Reader) else None


def _scope(reader: Reader, touchpoint: Touchpoint) -> Scope:
    """Of whoever has an account; else of the organisation that scheduled it, and of nobody."""
    if reader.actor is not None:
        return reader.actor.scope
    return Scope(organisation_id=touchpoint.author_organisation_id)


def _answer(
    request: HttpRequest, token: str, touchpoint: Touchpoint, reader: Reader, actor: Actor
) -> HttpResponse:
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        touchpoint=touchpoint,
        choice=request.GET.get("choice", ""),
    )

    def work() -> str:
        _record(touchpoint, reader, actor, form)
        return reverse(NAME, kwargs={"token": token})

    context = {"touchpoint": touchpoint, "when": presenters.when_words(touchpoint), "form": form}
    if touchpoint.state == TouchpointState.SCHEDULED:
        if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
            return redirect(url)
        touchpoint.refresh_from_db()
    if touchpoint.state == TouchpointState.SCHEDULED:
        following = selectors.next_after(actor, touchpoint)
        context["following"] = presenters.when_words(following) if following else ""
        return render(request, "touchpoints/outcome_link.jinja", context)
    following = selectors.next_after(actor, touchpoint)
    todo = arising_from(actor, touchpoint.partnership, f"t-{touchpoint.ref}")
    context = {
        **context,
        "form": None,
        "following": presenters.when_words(following) if following else "",
        "actions": actions_table(todo) if todo else None,
        "recorded_by": presenters.recorded_by(touchpoint),
        "next_day": Touchpoint.objects.filter(replaces=touchpoint).first(),
    }
    return render(request, "touchpoints/outcome_link_recorded.jinja", context)


def _record(touchpoint: Touchpoint, reader: Reader, actor: Actor, form: LinkForm) -> None:
    values = form.values()
    if reader.invited is None:
        services.record_outcome(by=actor, touchpoint=touchpoint, **values)
        return
    services.record_as_invited(
        on_behalf_of=actor,
        posting=reader.invited.posting,
        touchpoint=touchpoint,
        said=services.Outcome(values.pop("outcome"), **values),
    )
