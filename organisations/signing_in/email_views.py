"""Pages of a change of e-mail address: asking for it, and the two links that answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organisations.actor import ActingRequest, Actor
from organisations.address_check import ask_for_plain_email
from organisations.demo_accounts import is_shared
from organisations.forms import RecordForm, data_for
from organisations.models import User
from organisations.signing_in import email_change
from organisations.signing_in.freshness import freshly_confirmed
from organisations.signing_in.rate_limits import limited


class NewAddressForm(RecordForm):
    """The address to change to."""

    new_email = forms.EmailField(
        label="New email address",
        help_text="Your work address. We send a link to it, and one to the address you have now.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter the new email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_plain_email(self.fields["new_email"])


@limited("manage_email")
@freshly_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest) -> HttpResponse:
    """Ask for another address."""
    user = request.user
    assert isinstance(user, User)
    form = NewAddressForm(data_for(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            email_change.ask(by=request.actor, user=user, new_email=form.cleaned_data["new_email"])
            return "/account/email/"

        led_to = form.carry_out(work)
        if led_to:
            messages.success(request, "We have sent a link to both addresses")
            return redirect(led_to)
    return render(
        request,
        "account/email_change.jinja",
        {
            "form": form,
            "person": user,
            "pending": email_change.pending_for(user),
            "is_shared": is_shared(user),
        },
    )


@require_POST
def withdraw(request: ActingRequest) -> HttpResponse:
    """The person does not want to change after all."""
    user = request.user
    assert isinstance(user, User)
    pending = email_change.pending_for(user)
    if pending:
        email_change.stop(pending, by=request.actor)
        messages.success(request, "Your email address stays as it is")
    return redirect("account_email")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What one of the two addresses says: opening the link is not enough, a button does it."""
    page = "account/email_answer.jinja"
    found = email_change.find(token)
    if found is None:
        return render(request, page, {"state": "over"}, status=404)
    asked, side = found
    context: dict[str, Any] = {"asked": asked, "side": side, "state": "asked"}
    if request.method == "POST" and "stop" in request.POST:
        email_change.stop(asked, by=Actor(asked.user_id))
        context["state"] = "stopped"
    elif request.method == "POST":
        try:
            done = email_change.agree(asked, side)
            context["state"] = "done" if done else "waiting"
        except ValidationError:
            context["state"] = "impossible"
    return render(request, page, context)
