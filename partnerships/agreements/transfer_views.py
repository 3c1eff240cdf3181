"""The page on which an agreement passes to whoever took over from an organisation."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission, can
from partnerships.agreements import presenters, selectors
from partnerships.agreements.asked import agreement_asked_for
from partnerships.agreements.transfer import Transfer, transfer_agreement, transfers_of

FORM_METHODS = ["GET", "HEAD", "POST"]


class TransferForm(RecordForm):
    """Who is named instead of whom."""

    which = forms.ChoiceField(
        label="Who takes whose place?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who takes whose place"},
    )
    mark_optional = False

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, transfers: Sequence[Transfer]
    ) -> None:
        super().__init__(data, actor=actor)
        self.transfers = {each.key: each for each in transfers}
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [
            (key, f"{each.successor.name}, instead of {each.former.name}")
            for key, each in self.transfers.items()
        ]


@require_http_methods(FORM_METHODS)
def transfer(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Name a successor, after saying what that means."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    transfers = transfers_of(found, selectors.version_of(found))
    if not transfers:
        raise Http404("nothing is to be transferred")
    ready = [each for each in transfers if each.is_there]
    form = TransferForm(data_for(request), actor=request.actor, transfers=ready) if ready else None

    def work(form: TransferForm) -> str:
        chosen = form.transfers[form.cleaned_data["which"]]
        transfer_agreement(
            by=request.actor, agreement=found, former=chosen.former, successor=chosen.successor
        )
        return presenters.address(request.actor, found)

    if (
        request.method == "POST"
        and form is not None
        and form.is_valid()
        and (url := form.carry_out(lambda: work(form)))
    ):
        messages.success(request, "The successor is named. Check the text, then have it signed")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "agreement": found,
        "missing": [each.successor for each in transfers if not each.is_there],
        "may_add": can(request.actor, Permission.CHANGE_PARTNERSHIP, partnership),
    }
    return render(request, "agreements/transfer.jinja", context)
