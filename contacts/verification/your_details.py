"""What a directory holds on somebody: see it, correct it, have it removed. No sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from contacts.freshness import freshness
from contacts.verification import services
from contacts.verification.answering import carry_out, letter_of, open_to_all
from contacts.verification.forms import AddressForm, DetailsForm, PlainForm
from contacts.verification.links import TO_THE_PERSON, FoundLetter
from contacts.verification.selectors import Held, details_held
from organisations.signing_in.rate_limits import limited

CORRECTED = ("name", "job_title", "email", "telephone")


@open_to_all
@limited("your_details")
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Type an address; if a directory has it, a link goes there. The page says the same always."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.ask_for_link(email=form.cleaned_data["email"])
        return redirect("details-link-sent")
    return render(request, "verification/ask_for_link.jinja", {"form": form})


@open_to_all
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    return render(request, "verification/link_sent.jinja")


@open_to_all
def held(request: HttpRequest, token: str) -> HttpResponse:
    """All postings of a directory with the reader's address: whose they are, since when."""
    letter = letter_of(token, TO_THE_PERSON)
    if letter.expired:
        return _expired(request)
    shown = [(each, freshness(each)) for each in details_held(letter)]
    context = {"letter": letter, "token": token, "held": shown}
    return render(request, "verification/your_details.jinja", context)


@open_to_all
def correct(request: HttpRequest, token: str, posting: str) -> HttpResponse:
    """Correct one of them."""
    letter = letter_of(token, TO_THE_PERSON)
    if letter.expired:
        return _expired(request)
    shown = _one(letter, posting)
    before = {field: getattr(shown, field) for field in CORRECTED}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_valid():
        said: list[bool] = []
        if carry_out(
            form,
            lambda: said.append(
                services.correct_held(
                    letter=letter,
                    posting_id=shown.posting_id,
                    posting_ref=posting,
                    before={field: before[field] for field in CORRECTED if field != "email"},
                    **form.cleaned_data,
                )
            ),
        ):
            words = "Your details are corrected"
            if not said[0]:
                words = f"We have sent a link to {form.cleaned_data['email']}. Open it to confirm"
            messages.success(request, words)
            return redirect("your-details", token=token)
    context = {"letter": letter, "token": token, "each": shown, "form": form}
    return render(request, "verification/correct.jinja", context)


@open_to_all
def remove(request: HttpRequest, token: str, posting: str) -> HttpResponse:
    """Object, and have one of them removed at once."""
    letter = letter_of(token, TO_THE_PERSON)
    if letter.expired:
        return _expired(request)
    shown = _one(letter, posting)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carry_out(
        form, lambda: services.remove_held(letter=letter, posting_ref=posting)
    ):
        messages.success(request, "You are no longer in the directory with this post")
        return redirect("your-details", token=token)
    context = {"letter": letter, "token": token, "each": shown, "form": form}
    return render(request, "verification/remove.jinja", context)


def _one(letter: FoundLetter, posting: str) -> Held:
    for each in details_held(letter):
        if each.posting_ref == posting:
            return each
    raise Http404("not shown by this link")


def _expired(request: HttpRequest) -> HttpResponse:
    return render(request, "verification/ended.jinja", {"state": "expired"}, status=410)
