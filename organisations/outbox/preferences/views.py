"""Stopping e-mails by the link in one of them, and choosing which come and when.

GET and HEAD show; only a POST changes, so that whatever opens links before their reader does, a
scanner or a preview, stops nothing. A link that we did not make has no page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations.actor import ActingRequest, Actor
from organisations.forms import data_for
from organisations.models import Choice
from organisations.outbox.kinds import kind_named
from organisations.outbox.preferences import services
from organisations.outbox.preferences.forms import OwnWishesForm, WishesForm
from organisations.outbox.preferences.groups import Group, all_groups, group_named
from organisations.outbox.preferences.links import delivery_behind, reference_in
from organisations.outbox.preferences.selectors import Wishes, wishes_of

View = Callable[..., HttpResponse]


def for_whoever_holds_it(view: View) -> View:
    """Of a link in an e-mail: nobody is signed in, and no cache keeps the page."""
    return login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


# The button of a mail program sends no cookie and no token of ours; the link is the proof.
@csrf_exempt
@for_whoever_holds_it
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What stops, with one button; once stopped, what still comes, and a way back."""
    group = _group_behind(token)
    wishes = _wishes_behind(token)
    before = wishes.choice(group)
    if request.method == "POST":
        wanted = _wanted(request, group)
        services.choose(by=None, choices={group.name: wanted.value}, reference=reference_in(token))
        wishes = _wishes_behind(token)
    context = {
        "token": token,
        "group": group,
        "wishes": wishes,
        "stopped": wishes.choice(group) == Choice.NEVER,
        "undone": request.method == "POST" and wishes.choice(group) != Choice.NEVER,
        "before": (before if before != Choice.NEVER else group.usual).value,
        "still": [each for each in all_groups() if _still_comes(each, wishes) and each != group],
    }
    return render(request, "emails/stop.jinja", context)


@for_whoever_holds_it
def choices_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Every choice of the address that an e-mail went to."""
    wishes = _wishes_behind(token)
    form = WishesForm(request.POST if request.method == "POST" else None, wishes=wishes)
    saved = form.is_valid() and _keep(form, reference=reference_in(token))
    if saved:
        wishes = _wishes_behind(token)
        form = WishesForm(wishes=wishes)
    context = {"form": form, "wishes": wishes, "always": _always(), "saved": saved}
    return render(request, "emails/choices.jinja", context)


def own_choices(request: ActingRequest) -> HttpResponse:
    """One's own choices, by the address one signs in with."""
    wishes = wishes_of()
    if wishes is None:
        return render(request, "emails/no_address.jinja")
    form = OwnWishesForm(data_for(request), wishes=wishes, actor=request.actor)

    def work() -> str:
        _carry_out(form, by=request.actor)
        return reverse("account_emails")

    if request.method == "POST" and form.is_valid() and (page := form.carry_out(work)):
        messages.success(request, "Your choices are saved")
        return redirect(page)
    context = {"form": form, "wishes": wishes, "always": _always(), "own": True}
    return render(request, "emails/choices.jinja", context)


def _group_behind(token: str) -> Group:
    """What the e-mail behind a link belongs to. Raises Http404 where nothing can be stopped."""
    delivery = delivery_behind(token)
    try:
        group = group_named(kind_named(delivery.kind).group) if delivery else None
    except ValueError:
        group = None
    if group is None or not group.may_be_silenced:
        raise Http404("no such link")
    return group


def _wishes_behind(token: str) -> Wishes:
    reference = reference_in(token)
    wishes = wishes_of(reference) if reference else None
    if wishes is None:
        raise Http404("no such link")
    return wishes


def _wanted(request: HttpRequest, group: Group) -> Choice:
    """What a POST asks for: not at all, or what it was before."""
    again = request.POST.get("again", "")
    return Choice(again) if again in group.choices else Choice.NEVER


def _still_comes(group: Group, wishes: Wishes) -> bool:
    return not group.may_be_silenced or (
        group in wishes.groups and wishes.choice(group) != Choice.NEVER
    )


def _always() -> list[Group]:
    return [group for group in all_groups() if not group.may_be_silenced]


def _keep(form: WishesForm, *, reference: str) -> bool:
    """Keep everything that the form says, or nothing and say why on it."""
    try:
        with transaction.atomic():
            _carry_out(form, by=None, reference=reference)
    except ValidationError as refusal:
        for name, problems in getattr(refusal, "error_dict", {None: [refusal]}).items():
            form.add_error(name if name in form.fields else None, ValidationError(problems))
        return False
    return True


def _carry_out(form: WishesForm, *, by: Actor | None, reference: str = "") -> None:
    services.choose(by=by, choices=form.choices, reference=reference)
    services.keep_quiet_hours(by=by, quiet=form.quiet, reference=reference)
    services.keep_reminders(by=by, minutes=form.minutes, reference=reference)
