"""The base of every form that writes to the record."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict

from organisations import drafts, submissions
from organisations.actor import Actor
from organisations.guarded_forms import GuardedForm


class RecordForm(GuardedForm):
    """A form shown to one person, carried out once, refusing pupils' and patients' numbers.

    Use it bare for a page that is only a button. `cleaned_data["once"]` goes to
    `submissions.receive`.
    """

    once = forms.CharField(widget=forms.HiddenInput, required=True)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.actor = actor
        self.fields["once"].initial = submissions.new_token(actor.user_id)

    def clean_once(self) -> uuid.UUID:
        """The form's key; a token from elsewhere is refused."""
        try:
            return submissions.read_token(self.cleaned_data["once"], self.actor.user_id)
        except signing.BadSignature as problem:
            raise forms.ValidationError(
                "This form was opened by someone else or is too old. Reload the page and try again."
            ) from problem


def data_for(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the post, or what was kept when a session had ended, or nothing."""
    if request.method == "POST":
        return request.POST
    return drafts.take(request)
