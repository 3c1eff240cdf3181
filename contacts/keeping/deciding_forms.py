"""Forms with which whoever manages a region decides: leavers, reports, transfers, merging."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from contacts.keeping.selectors import places_of
from contacts.keeping.services import LONGEST_NOTE
from contacts.models import Place, Posting, Region
from frontend.forms import DateField, Presentation
from organisations.forms import RecordForm
from organisations.guarded_forms import GuardedForm

SOMEONE_NEW, NOBODY = "new", "nobody"


class LeaverForm(RecordForm):
    """Somebody's last day, who takes over, and whether to ask for a note."""

    on = DateField(
        label="What is their last day?",
        error_messages={"required": "Enter their last day"},
    )
    successor = forms.ChoiceField(
        label="Who takes over?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who takes over, or that nobody does yet"},
    )
    ask_for_note = forms.BooleanField(
        label="Ask them by email for a hand-over note", required=False, initial=True
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"successor"})
    presentation: ClassVar = {
        "successor": Presentation(
            hints={NOBODY: "The role stays in the directory as vacant."},
        )
    }

    def __init__(self, *args: Any, people: QuerySet[Posting], deputy: int | None, **kw: Any):
        super().__init__(*args, **kw)
        self.people = {each.ref: each for each in people}
        named = [
            (
                each.ref,
                f"{each.person.name}, {each.job_title}"
                + (" (deputy)" if each.pk == deputy else ""),
            )
            for each in self.people.values()
        ]
        field = self.fields["successor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*named, (SOMEONE_NEW, "Somebody new"), (NOBODY, "Nobody yet")]

    @property
    def who_takes_over(self) -> Posting | None:
        """Who takes over, where that is somebody in post."""
        return self.people.get(self.cleaned_data["successor"])


class DecideReportForm(RecordForm):
    """What became of what a reader said."""

    decision = forms.ChoiceField(
        label="What did you find?",
        choices=[("applied", "It was wrong, and is put right"), ("dismissed", "It is right")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found"},
    )
    answer = forms.CharField(
        label="What would you like to tell them?",
        help_text="Goes into the email that they get.",
        required=False,
        max_length=300,
    )
    presentation: ClassVar = {
        "decision": Presentation(
            hints={
                "applied": "Change the details or record the leaver first.",
                "dismissed": "It counts as checked by you today.",
            }
        )
    }


class PassOnForm(RecordForm):
    """To which region a contact is passed on."""

    region = forms.ModelChoiceField(
        Region.objects.none(),
        label="Which region is to take this contact over?",
        empty_label="Choose a region",
        error_messages={"required": "Choose a region"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"region"})

    def __init__(self, *args: Any, besides: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Region.objects.exclude(pk=besides.pk).order_by("name")


class DecideTransferForm(RecordForm):
    """Whether a contact of another region is taken over, and for which place."""

    decision = forms.ChoiceField(
        label="Do you take this contact over?",
        choices=[("accept", "Yes, it is ours from now on"), ("decline", "No, it stays there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you take it over"},
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label="Which place do they work for?",
        required=False,
        empty_label="Across the region",
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"place"})

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        keys = [each.pk for each in places_of(region)]
        field.queryset = Place.objects.filter(pk__in=keys).order_by("name")


class MergeForm(RecordForm):
    """Which of two contacts lives on."""

    kept = forms.ChoiceField(
        label="Which one do you keep?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which one you keep"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"kept"})

    def __init__(self, *args: Any, both: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kept"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = both


class HandOverForm(GuardedForm, forms.Form):
    """The note of somebody who leaves; nobody is signed in, and the link works once."""

    text = forms.CharField(
        label="Your note",
        help_text="What is under way, what was promised, whom to speak to.",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Write a few sentences"},
    )
