"""A link with which the owner of an action says that it is done, without signing in.

For owners whose organisation does not see the partnership: they get e-mail all the same. It is
signed from the e-mail's delivery, and works while its reader is still the owner. Opening it changes
nothing, so that mail scanners do not; pressing its button does.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations import outbox
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import Scope, acting
from partnerships.actions import presenters, services
from partnerships.actions.announcements import DUE, GIVEN, OVERDUE
from partnerships.actions.forms import LinkForm
from partnerships.actions.models import RELATED, Action
from partnerships.actions.recipients import Recipient, owner_to_tell, signs_in

SALT = "tandem.action-done"
NAME = "action-by-link"
KINDS = (GIVEN, DUE, OVERDUE)


def address_for(delivery: Delivery, action: Action, owner: Recipient) -> str:
    """The whole address for the owner; empty for those who see the action when they sign in."""
    if owner.posting_id is None or signs_in(action, owner.organisation):
        return ""
    token = outbox.token_for(delivery, salt=SALT)
    return f"{settings.BASE_URL}{reverse(NAME, kwargs={'token': token})}"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be done, with the button that says it is done; once it is, thanks."""
    delivery = outbox.find_by_token(token, salt=SALT)
    if delivery is None or delivery.kind not in KINDS:
        raise Http404("a link that was in no e-mail")
    with acting(Scope(organisation_id=delivery.organisation_id)):
        response = _answer(request, token, delivery)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, token: str, delivery: Delivery) -> HttpResponse:
    found = _found(delivery)
    if found is None:
        return render(request, "actions/link_over.jinja", status=410)
    action, owner = found
    form = LinkForm(request.POST if request.method == "POST" and action.is_open else None)
    if form.is_bound and form.is_valid() and _close(action, owner, form):
        return redirect(NAME, token=token)
    context = {
        "action": action,
        "form": form,
        "due": presenters.due_words(action),
        "owner": owner,
        "added": presenters.added_words(action),
        "closed": presenters.closed_words(action),
    }
    return render(request, "actions/by_link.jinja", context)


def _close(action: Action, owner: Recipient, form: LinkForm) -> bool:
    assert owner.posting is not None
    try:
        with transaction.atomic():
            services.close_by_link(
                action=action,
                posting=owner.posting,
                answered_by=owner.email,
                note=form.cleaned_data["note"],
            )
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
        return False
    return True


def _found(delivery: Delivery) -> tuple[Action, Recipient] | None:
    """The action and its owner, if they are still whom the e-mail went to and may be shown it."""
    action = (
        Action.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related(*RELATED)
        .first()
    )
    if action is None or action.partnership.closed_at is not None:
        return None
    open_ones = Organisation.objects.filter(suspended_at=None, left_at=None)
    if not open_ones.filter(pk__in=[delivery.organisation_id]).exists():
        return None
    owner = owner_to_tell(action)
    if owner is None or owner.posting_id is None or owner.posting_id != delivery.posting_id:
        return None
    return (action, owner) if owner.email.lower() == delivery.recipient.lower() else None
