"""The pages behind the links of a check. GET and HEAD show; only the button's POST changes.

So whatever opens links in an e-mail before its reader does, a scanner or a preview, answers
nothing. Nobody is signed in; a link that we did not make has no page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contacts.models import LetterKind
from contacts.verification import links, services
from contacts.verification.forms import ChangedForm, LeftForm, PlainForm
from contacts.verification.links import CHECKS, FoundLetter, LinkState

View = Callable[..., HttpResponse]


def open_to_all(view: View) -> View:
    """For whoever holds the link, never kept by a cache."""
    return login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


@open_to_all
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, with the three answers; once answered, thanks."""
    letter = letter_of(token, CHECKS)
    if letter.state is not LinkState.OPEN:
        return _over(request, letter)
    return render(request, "verification/check.jinja", {"letter": letter, "token": token})


@open_to_all
def right(request: HttpRequest, token: str) -> HttpResponse:
    """Still right."""
    letter = letter_of(token, CHECKS)
    return _answer(
        request, token, letter, PlainForm, "right", lambda _: services.answer_right(letter=letter)
    )


@open_to_all
def changed(request: HttpRequest, token: str) -> HttpResponse:
    """Something changed."""
    letter = letter_of(token, CHECKS)
    return _answer(
        request,
        token,
        letter,
        ChangedForm,
        "changed",
        lambda data: services.answer_changed(letter=letter, **data),
        initial=_as_it_is(letter),
    )


@open_to_all
def left(request: HttpRequest, token: str) -> HttpResponse:
    """I have left."""
    letter = letter_of(token, CHECKS)
    return _answer(
        request,
        token,
        letter,
        LeftForm,
        "left",
        lambda data: services.answer_left(letter=letter, on=data["ended_on"], note=data["note"]),
    )


@open_to_all
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's new address takes the place of the old one, at the button."""
    letter = letter_of(token, {LetterKind.CONFIRM_ADDRESS})
    context = {"letter": letter}
    if letter.used_at is not None:
        return render(request, "verification/address_confirmed.jinja", context)
    if letter.expired or letter.ended_on or letter.listing not in ("listed", "offered"):
        return render(request, "verification/ended.jinja", {"state": "expired"}, status=410)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carry_out(form, lambda: services.confirm_address(letter=letter)):
        return redirect("confirm-address", token=token)
    return render(request, "verification/new_address.jinja", context | {"form": form})


def letter_of(token: str, kinds: Any) -> FoundLetter:
    """The e-mail behind a link, of these kinds. Raises Http404 for anything else."""
    letter = links.find(token)
    if letter is None or letter.kind not in kinds:
        raise Http404("no such link")
    return letter


def carry_out(form: PlainForm, work: Callable[[], Any]) -> bool:
    """Do what a service does; what it refuses is shown on the form."""
    try:
        with transaction.atomic():
            work()
    except ValidationError as refusal:
        for name, problems in getattr(refusal, "error_dict", {None: [refusal]}).items():
            form.add_error(name if name in form.fields else None, ValidationError(problems))
        return False
    return True


def _answer(
    request: HttpRequest,
    token: str,
    letter: FoundLetter,
    kind: type[PlainForm],
    page: str,
    work: Callable[[dict[str, Any]], Any],
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    if letter.state is not LinkState.OPEN:
        return _over(request, letter)
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        said: list[Any] = []
        if carry_out(form, lambda: said.append(work(form.cleaned_data))):
            if said == [False]:
                context = {"letter": letter, "email": form.cleaned_data["email"]}
                return render(request, "verification/confirm_sent.jinja", context)
            return redirect("check-posting", token=token)
        if (after := links.find(token)) and after.state is not LinkState.OPEN:
            return _over(request, after)
    context = {"letter": letter, "token": token, "form": form}
    return render(request, f"verification/{page}.jinja", context)


def _over(request: HttpRequest, letter: FoundLetter) -> HttpResponse:
    if letter.state is LinkState.ANSWERED:
        return render(request, "verification/thanks.jinja", {"letter": letter})
    context = {"state": letter.state.value}
    return render(request, "verification/ended.jinja", context, status=410)


def _as_it_is(letter: FoundLetter) -> dict[str, Any]:
    return {
        "name": letter.name,
        "job_title": letter.job_title,
        "email": letter.email,
        "telephone": letter.telephone,
    }
