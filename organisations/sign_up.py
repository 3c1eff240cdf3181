"""What an account asks for beside an address and a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from organisations.guarded_forms import GuardedForm


class SignUpForm(GuardedForm, forms.Form):
    """The person's name. allauth adds the address and the password below it."""

    name = forms.CharField(
        label="Full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your full name"},
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Nothing left to do: the adapter has saved the name with the account."""
