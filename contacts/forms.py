"""The form that finds an organisation. Forms that write about people live with their pages."""

from __future__ import annotations

from django import forms

from contacts.search import LONGEST
from organisations.models import Kind

# What England's data has; organisations of other kinds are found without a kind.
KINDS = [
    ("", "All kinds"),
    (Kind.ICB, "Integrated care boards"),
    (Kind.COUNCIL, "Councils"),
    (Kind.NHS_TRUST, "NHS trusts"),
    (Kind.SCHOOL_TRUST, "School trusts"),
    (Kind.SCHOOL, "Schools and colleges"),
]


class FindForm(forms.Form):
    """What to look for, by GET."""

    mark_optional = False
    q = forms.CharField(
        label="Name, code or postcode",
        help_text="For example, Walsall Healthcare, RBK or WS2 9PS",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"Enter at most {LONGEST} characters"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label="Kind of organisation",
        required=False,
        choices=KINDS,
        error_messages={"invalid_choice": "Choose a kind from the list"},
    )
