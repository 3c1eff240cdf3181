"""The forms of signing: who signs for us, and signing."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import User
from partnerships.agreements.models import AgreementVersion, Signatory
from partnerships.agreements.signing import LONGEST_ROLE


def _role(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text="Like Chief executive. It stands beside the signature.",
        max_length=LONGEST_ROLE,
        error_messages={
            "required": "Enter the role in which they sign, like Chief executive",
            "max_length": f"The role must be {LONGEST_ROLE} characters or fewer",
        },
    )


class SignatoryForm(RecordForm):
    """Name who signs for the acting organisation."""

    user = forms.ChoiceField(
        label="Who will sign for you?",
        help_text="Only people of your organisation who sign in to Tandem can be chosen.",
        error_messages={
            "required": "Choose who will sign",
            "invalid_choice": "Choose who will sign",
        },
    )
    role = _role("In which role do they sign?")
    presentation = {name: Presentation(label_size="s") for name in ("user", "role")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        people: Sequence[User],
        now: Signatory | None,
    ) -> None:
        initial = {"user": str(now.user_id), "role": now.role} if now else {}
        super().__init__(data, actor=actor, initial=initial)
        self.people = {str(each.pk): each for each in people}
        self.fields["user"].choices = [  # type: ignore[attr-defined]
            ("", "Choose who"),
            *((key, f"{each} ({each.email})") for key, each in self.people.items()),
        ]

    def person(self) -> User:
        """Who was chosen."""
        return self.people[self.cleaned_data["user"]]


class SignForm(RecordForm):
    """Sign the text that is on the page; it carries its number and fingerprint."""

    guard_exempt = frozenset({"digest"})

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    role = _role("In which role do you sign?")
    agreed = forms.BooleanField(
        label="I have read this text, and I am authorised to sign it for my organisation",
        error_messages={"required": "Confirm that you have read it and may sign it"},
    )
    presentation = {"role": Presentation(label_size="s")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        version: AgreementVersion,
        signatory: Signatory,
    ) -> None:
        initial = {"number": version.number, "digest": version.digest, "role": signatory.role}
        super().__init__(data, actor=actor, initial=initial)
