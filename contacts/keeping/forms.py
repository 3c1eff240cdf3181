"""Forms about contacts of a region's directory."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from contacts.directory_services import LAWFUL_BASIS
from contacts.keeping.selectors import places_of, role_choices
from contacts.models import Place, Posting, Region, RoleType, Visibility
from frontend.forms import DateField, Presentation
from organisations.forms import RecordForm

EMAIL_FORMAT = "Enter an email address in the correct format, like name@example.nhs.uk"
VISIBILITY_HINTS = {
    Visibility.REGION: "Whoever is signed in for an organisation that lies in this region.",
    Visibility.JOINED: "Whoever is signed in for an organisation on this service, in any region.",
    Visibility.REQUEST: "Others see the name and the job, and ask you for the rest.",
}


class ContactForm(RecordForm):
    """Who somebody is at work, how to reach them there, and from where we know it."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their name"},
    )
    job_title = forms.CharField(
        label="Job title", max_length=120, error_messages={"required": "Enter their job title"}
    )
    role_type = forms.ModelChoiceField(
        RoleType.objects.none(),
        label="Kind of job",
        help_text="Says what they are approached for, and how often to check.",
        required=False,
        empty_label="None of these",
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label="Which place do they work for?",
        required=False,
        empty_label="Across the region",
    )
    email = forms.EmailField(
        label="Work email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their work email address", "invalid": EMAIL_FORMAT},
    )
    telephone = forms.CharField(label="Work telephone number", max_length=30, required=False)
    visibility = forms.ChoiceField(
        label="Who may see the email address and telephone number?",
        choices=Visibility.choices,
        initial=Visibility.REGION,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see them"},
    )
    started_on = DateField(label="When did they start?", required=False)
    source = forms.CharField(
        label="Where do you have these details from?",
        help_text="The person is told this. For example: the council’s website, 3 March 2027.",
        max_length=200,
        error_messages={"required": "Say where the details come from"},
    )
    lawful_basis = forms.CharField(
        label="Lawful basis for keeping them",
        max_length=200,
        initial=LAWFUL_BASIS,
        error_messages={"required": "Say on which lawful basis they are kept"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"role_type", "place"})
    presentation: ClassVar = {"visibility": Presentation(hints=VISIBILITY_HINTS)}
    asked: ClassVar[tuple[str, ...]] = (
        "name",
        "job_title",
        "role_type",
        "place",
        "email",
        "telephone",
        "visibility",
        "started_on",
        "source",
        "lawful_basis",
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("role_type", RoleType, [each.pk for each in role_choices()])
        self._choices("place", Place, [each.pk for each in places_of(region)])

    def _choices(self, name: str, model: type[RoleType | Place], keys: list[int]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = model._default_manager.filter(pk__in=keys).order_by("name")

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, by the names that the services take."""
        return {name: self.cleaned_data[name] for name in self.asked}


class ChangeContactForm(ContactForm):
    """The same, of somebody who is there already: also who stands in for them."""

    deputy = forms.ModelChoiceField(
        Posting.objects.none(),
        label="Who stands in for them?",
        required=False,
        empty_label="Nobody recorded",
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"role_type", "place", "deputy"})
    asked = (*ContactForm.asked, "deputy")

    def __init__(self, *args: Any, deputies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = deputies


class FindOrganisationForm(forms.Form):
    """At which organisation somebody works, by GET."""

    mark_optional = False
    q = forms.CharField(
        label="At which organisation do they work?",
        help_text="Its name, code or postcode. For example, Walsall Healthcare, RBK or WS2 9PS.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class DecideOfferForm(RecordForm):
    """Whether somebody's details are taken into the directory."""

    decision = forms.ChoiceField(
        label="Do you take this contact into the directory?",
        choices=[("accept", "Yes, take it in"), ("decline", "No, leave it where it is")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you take it in"},
    )


ASK, MARK = "ask", "mark"


class CheckSeveralForm(RecordForm):
    """Which of the contacts shown to ask, or to mark as right."""

    postings = forms.MultipleChoiceField(
        label="Which contacts?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one contact",
            "invalid_choice": "One of these has changed meanwhile. Look again and choose",
        },
    )
    action = forms.ChoiceField(
        label="What do you want to do?",
        choices=[(ASK, "Ask them by email"), (MARK, "Mark them as checked today")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"postings"})
    presentation: ClassVar = {
        "postings": Presentation(small=True),
        "action": Presentation(
            hints={
                ASK: "Each gets a link to say that it is right, or what has changed. "
                "Not asked: whoever was asked within a week, and addresses that refuse mail.",
                MARK: "For those that you have asked, or looked up. "
                "Everyone sees “checked today by the regional admin”.",
            }
        ),
    }

    def __init__(self, *args: Any, shown: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["postings"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = shown
