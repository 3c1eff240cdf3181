"""Forms about who took over from whom."""

from __future__ import annotations

from django import forms

from frontend.forms import DateField, Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Confidence, Organisation
from organisations.reorganising.kinds import FOLLOWED_BY, Nature

MOST_SUCCESSORS = 12


class SuccessionForm(RecordForm):
    """What happened to an organisation, and when."""

    nature = forms.ChoiceField(
        label="What happened?",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what happened"},
    )
    happened_on = DateField(
        label="On which day did the change happen, or will it?",
        help_text="The first day on which the new organisation was, or will be, in charge.",
        error_messages={"required": "Enter the day of the change"},
    )
    presentation = {
        "nature": Presentation(label_size="s"),
        "happened_on": Presentation(label_size="s"),
    }


class SuccessorsForm(SuccessionForm):
    """Who took over, by code, beside what happened."""

    successors = forms.CharField(
        label="Who took over?",
        help_text="The official code of the organisation: URN of a school, group UID of a school "
        "trust, ODS code of an NHS organisation. For a split, one code a line.",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter the code of the organisation that took over"},
    )
    presentation = {
        **SuccessionForm.presentation,
        "successors": Presentation(label_size="s"),
    }
    field_order = ["once", "nature", "successors", "happened_on"]

    def __init__(self, *args: object, actor: Actor, former: Organisation, **kwargs: object) -> None:
        super().__init__(*args, actor=actor, **kwargs)  # type: ignore[arg-type]
        self.former = former

    def clean_successors(self) -> list[Organisation]:
        """The organisations of these codes, each once. Names the line of one that is unknown."""
        return organisations_of(self.cleaned_data["successors"], self.former)


def organisations_of(text: str, former: Organisation) -> list[Organisation]:
    """The organisations whose codes are given, a line each, that may follow `former`.

    Of a kind that may not follow they are found as well, so that the refusal can say why.
    """
    codes = [line.strip() for line in text.splitlines() if line.strip()]
    if len(codes) > MOST_SUCCESSORS:
        raise forms.ValidationError(f"Enter at most {MOST_SUCCESSORS} codes, one a line")
    follow = FOLLOWED_BY[former.kind]  # type: ignore[index]
    known: dict[str, Organisation] = {}
    upper = [code.upper() for code in codes]
    for each in Organisation.objects.filter(code__in={*codes, *upper}).order_by("pk"):
        if each.code not in known or each.kind in follow:
            known[each.code] = each
    found: dict[int, Organisation] = {}
    for number, code in enumerate(codes, start=1):
        one = known.get(code) or known.get(code.upper())
        if one is None:
            raise forms.ValidationError(f"Line {number}: no organisation has the code {code}")
        found[one.pk] = one
    return list(found.values())


class AnnounceForm(RecordForm):
    """What is expected of an organisation, and who says so."""

    expected_on = DateField(
        label="When is it expected?",
        error_messages={"required": "Enter the day on which it is expected"},
    )
    into = forms.CharField(
        label="With whom does it merge?",
        help_text="The names as everyone reads them, for example “NHS Black Country”.",
        max_length=300,
        error_messages={"required": "Say with whom it merges, or what becomes of it"},
    )
    confidence = forms.ChoiceField(
        label="How sure is it?",
        choices=[
            (Confidence.HIGH, "Almost certain"),
            (Confidence.MEDIUM, "Likely, not certain"),
            (Confidence.LOW, "Not certain at all"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how sure it is"},
    )
    source = forms.CharField(
        label="Who says so?",
        help_text="For example, a written statement to Parliament with its number and day.",
        max_length=300,
        error_messages={"required": "Say where this comes from"},
    )
    presentation = {
        name: Presentation(label_size="s")
        for name in ("expected_on", "into", "confidence", "source")
    }


class DropForm(RecordForm):
    """Why an announced change will not come."""

    note = forms.CharField(
        label="Why will it not come?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it will not come"},
    )
    presentation = {"note": Presentation(label_size="s")}
