"""The base of every form that writes to the record."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest, QueryDict

from organisations import drafts, submissions
from organisations.actor import Actor
from organisations.guarded_forms import GuardedForm


class RecordForm(GuardedForm, forms.Form):
    """A form shown to one person, carried out once, refusing pupils' and patients' numbers.

    Use it bare for a page that is only a button. A view hands its service call to
    `carry_out`, or `cleaned_data["once"]` to `submissions.receive` itself.
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

    def carry_out(self, work: Callable[[], str]) -> str | None:
        """Do `work` once, for a valid form: the address it led to, or None when it was refused.

        `work` calls a service and says where to go next. What the service refuses with a
        ValidationError is shown on this form, and nothing of it stays in the database, so that
        the form can be put right and posted again. Raises AlreadyDone for a repeated post.
        """
        try:
            with transaction.atomic():
                submission = submissions.receive(self.cleaned_data["once"], by=self.actor)
                result_url = work()
                submissions.led_to(submission, result_url)
        except ValidationError as refusal:
            self._show(refusal)
            return None
        return result_url

    def _show(self, refusal: ValidationError) -> None:
        """Put a refusal beside the fields it names; what names none of ours, above the form."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, problems in refusal.error_dict.items():
            ours = name in self.fields and name != NON_FIELD_ERRORS
            self.add_error(name if ours else None, ValidationError(problems))


def data_for(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the post, or what was kept when a session had ended, or nothing."""
    if request.method == "POST":
        return request.POST
    return drafts.take(request)
