"""Forms of the record: opening, inviting, answering, naming."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from contacts.models import Posting
from contacts.services import version_of
from frontend.forms import Presentation
from organisations import submissions
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation, Sector
from partnerships.record import selectors
from partnerships.record.models import Member
from partnerships.record.services import invitations, opening

FORMAT = "Enter an email address in the correct format, like name@example.nhs.uk"
MOST_RADIOS = 8


class OpenPartnershipForm(RecordForm):
    """Two questions; with whom is known already."""

    # A slug of ours, not typed: it may end in a school's code.
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"partner"})

    partner = forms.SlugField(widget=forms.HiddenInput, max_length=120)
    name = forms.CharField(
        label="What is the partnership called?",
        max_length=opening.LONGEST_NAME,
        error_messages={"required": "Enter a name for the partnership"},
    )
    purpose = forms.CharField(
        label="What is it for?",
        help_text="One or two sentences that everyone in it would agree with.",
        max_length=opening.LONGEST_PURPOSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    another = forms.BooleanField()

    def __init__(self, *args: Any, partner: Organisation, has_some: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_some:
            del self.fields["another"]
            return
        another = self.fields["another"]
        another.label = f"Yes, open another partnership with {partner.name}"
        another.error_messages["required"] = (
            f"You already have a partnership with {partner.name}. "
            "Go to it, or tick the box to open another"
        )

    def clean_once(self) -> uuid.UUID:
        """A second click on the same button is no wish for another partnership."""
        key = super().clean_once()
        submissions.refuse_repeat(key)
        return key


class AddPartnerForm(RecordForm):
    """One more organisation for a partnership; only a button is seen."""

    guard_exempt: ClassVar[frozenset[str]] = frozenset({"partner"})

    partner = forms.SlugField(widget=forms.HiddenInput, max_length=120)


class FilterForm(forms.Form):
    """Narrows the list of partnerships."""

    mark_optional = False

    words = forms.CharField(label="Name, organisation or school", max_length=100, required=False)
    state = forms.ChoiceField(
        label="Where it stands",
        choices=[("", "All"), *selectors.STATES.items()],
        required=False,
    )
    side = forms.ChoiceField(
        label="Partner’s side", choices=[("", "Both"), *Sector.choices], required=False
    )

    def filters(self) -> selectors.Filters:
        """What was chosen; anything that is no choice counts as none."""
        self.is_valid()
        return selectors.Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class InviteForm(RecordForm):
    """To which address an invitation goes, and a few words with it."""

    email = forms.EmailField(
        label="Their work email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter an email address", "invalid": FORMAT},
    )
    message = forms.CharField(
        label="A message to them",
        help_text="They read it in the email, before they have joined.",
        max_length=invitations.LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ResendForm(RecordForm):
    """The address again, in case it was wrong."""

    email = InviteForm.base_fields["email"]


class AnswerForm(RecordForm):
    """Accept, or decline and say why."""

    answer = forms.ChoiceField(
        label="Do you accept?",
        choices=[("accept", "Accept"), ("decline", "Decline")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to accept or decline"},
    )
    reason = forms.CharField(
        label="Why do you decline?",
        max_length=invitations.LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mark_optional = False

    def __init__(self, *args: Any, inviter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inviter = inviter
        self.fields["reason"].help_text = "They see these words."
        self.presentation = {"answer": Presentation(reveals={"decline": "reason"})}

    def clean(self) -> dict[str, Any]:
        """A refusal needs its reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        declines = cleaned.get("answer") == "decline"
        if declines and "reason" in cleaned and not cleaned["reason"].strip():
            self.add_error("reason", f"Tell {self.inviter} why")
        return cleaned


class ChooseContactForm(RecordForm):
    """Somebody whom we know at the organisation already, or someone else."""

    SOMEONE_ELSE: ClassVar = "new"
    NOBODY: ClassVar = "nobody"

    who = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": "Choose someone", "invalid_choice": "Choose someone"},
    )

    def __init__(
        self, *args: Any, people: list[Posting], label: str, may_be_nobody: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {posting.ref: posting for posting in people}
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.label = label
        others = [(self.SOMEONE_ELSE, "Someone else")]
        if may_be_nobody:
            others.append((self.NOBODY, "Nobody for now"))
        if len(people) > MOST_RADIOS:
            who.widget = forms.Select()
            known = [(ref, str(posting)) for ref, posting in self._people.items()]
            who.choices = [("", "Choose someone"), *known, *others]
        else:
            names = [(ref, posting.person.name) for ref, posting in self._people.items()]
            who.choices = [*names, *others]
        # Whoever is known from the directory alone is named without how to reach them.
        own = self.actor.organisation_id
        hints = {
            p.ref: f"{p.job_title} · {p.details.email if own in p.acl else 'in the directory'}"
            for p in people
        }
        self.presentation = {"who": Presentation(hints=hints)}

    @property
    def chosen(self) -> Posting | None:
        """The posting that was chosen, for a valid form; None for someone else or nobody."""
        return self._people.get(self.cleaned_data["who"])

    @property
    def someone_else(self) -> bool:
        """Whether it is to be somebody who is not in the list, for a valid form."""
        return bool(self.cleaned_data["who"] == self.SOMEONE_ELSE)


class ContactForm(RecordForm):
    """Work details of one person."""

    name = forms.CharField(
        label="Their name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their name"},
    )
    job_title = forms.CharField(
        label="Their job title",
        max_length=120,
        error_messages={"required": "Enter their job title"},
    )
    email = forms.EmailField(
        label="Their work email address",
        help_text="Reminders of touchpoints go there. A team’s address is fine.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their work email address", "invalid": FORMAT},
    )
    telephone = forms.CharField(
        label="Their work telephone number",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label="Where did you get these details?",
        help_text="We tell them in the first email. For example, “their website” or "
        "“they gave them to us”.",
        max_length=200,
        error_messages={"required": "Say where you got these details"},
    )
    presentation: ClassVar = {"telephone": Presentation(width=20)}

    def __init__(self, *args: Any, member: Member, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of one's own people nobody asks where their details are from.
        if correcting or member.organisation_id == self.actor.organisation_id:
            del self.fields["source"]

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, for a valid form."""
        return {name: text for name, text in self.cleaned_data.items() if name != "once"}


class CorrectContactForm(ContactForm):
    """The details as they are, to be put right; keeps which ones the person saw."""

    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, member: Member, posting: Posting
    ) -> None:
        initial = {
            "name": posting.person.name,
            "job_title": posting.job_title,
            "email": posting.details.email,
            "telephone": posting.details.telephone,
            "based_on": version_of(posting),
        }
        super().__init__(data, actor=actor, member=member, correcting=True, initial=initial)

    def now_based_on(self, posting: Posting) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = version_of(posting)
        self.data = data
