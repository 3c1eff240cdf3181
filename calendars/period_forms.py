"""Forms of pressure points: one's own periods, changed national points, hiding."""

from __future__ import annotations

from typing import Any

from django import forms

from calendars.models import OwnPeriod, PeriodKind, Phase, Severity
from calendars.pressure_points import PressurePoint
from calendars.services.periods import LONGEST_ADVICE, LONGEST_NAME
from calendars.term_forms import rebase
from frontend.forms import DateField, Presentation
from organisations.forms import RecordForm

FACTS = ("name", "kind", "starts_on", "ends_on", "phase", "severity", "advice", "shared")
SEEN_BY_PARTNERS, SEEN_BY_US = "partners", "us"


class PeriodForm(RecordForm):
    """A period of one's own, or a national point as one has it oneself."""

    name = forms.CharField(
        label="What is it?",
        help_text="For example, mock exams, or new records system goes live.",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter what it is, like mock exams",
            "max_length": f"What it is must be {LONGEST_NAME} characters or fewer",
        },
    )
    kind = forms.ChoiceField(
        label="What sort of thing is it?",
        choices=PeriodKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what sort of thing it is"},
    )
    starts_on = DateField(
        label="First day", error_messages={"required": "Enter the first day, like 27 3 2027"}
    )
    ends_on = DateField(
        label="Last day", error_messages={"required": "Enter the last day, like 27 3 2027"}
    )
    phase = forms.ChoiceField(
        label="Which schools does it concern?",
        choices=[
            (Phase.ALL.value, "All, or it is not about schools"),
            (Phase.PRIMARY.value, "Primary schools"),
            (Phase.SECONDARY.value, "Secondary schools"),
        ],
        initial=Phase.ALL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which schools it concerns"},
    )
    severity = forms.ChoiceField(
        label="How much pressure is it?",
        choices=Severity.choices,
        initial=Severity.MEDIUM,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much it weighs"},
    )
    advice = forms.CharField(
        label="What should others know?",
        help_text="For example, no visitors for year 11.",
        max_length=LONGEST_ADVICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": f"What others should know must be {LONGEST_ADVICE} characters or fewer"
        },
    )
    seen_by = forms.ChoiceField(
        label="Who sees it?",
        choices=[(SEEN_BY_PARTNERS, "Us and our partners"), (SEEN_BY_US, "Only us")],
        initial=SEEN_BY_PARTNERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who sees it"},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    presentation = {
        "name": Presentation(label_size="s"),
        "advice": Presentation(label_size="s"),
        "kind": Presentation(
            hints={
                PeriodKind.CLOSURE: "Always keeps these days free, however much pressure it is",
                PeriodKind.BUSY: "Always keeps these days free, however much pressure it is",
            }
        ),
        "severity": Presentation(
            hints={
                Severity.HIGH: "Nobody should plan anything on these days. Longer than 60 days, "
                "it is a caution",
                Severity.MEDIUM: "A caution to whoever chooses one of these days",
                Severity.LOW: "Good to know",
            }
        ),
        "seen_by": Presentation(
            hints={
                SEEN_BY_PARTNERS: "Everyone in the organisations with which you are in a "
                "partnership sees its name, its days and what you write here. Nobody else does",
                SEEN_BY_US: "Partners are not told, and days they choose do not clash with it",
            }
        ),
    }

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        given = {name: self.cleaned_data[name] for name in FACTS if name != "shared"}
        return {**given, "shared": self.cleaned_data["seen_by"] == SEEN_BY_PARTNERS}

    def now_based_on(self, revision: int) -> None:
        """Keep what was typed, to be saved over what is there now."""
        rebase(self, based_on=revision)

    def clean(self) -> None:
        """A last day before the first is told at once."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must be the first day or later")


def of_period(period: OwnPeriod) -> dict[str, Any]:
    """What the form of a period begins with."""
    facts = {name: getattr(period, name) for name in FACTS if name != "shared"}
    seen_by = SEEN_BY_PARTNERS if period.shared else SEEN_BY_US
    return {**facts, "seen_by": seen_by, "based_on": period.revision}


def of_point(point: PressurePoint) -> dict[str, Any]:
    """What the form begins with for a national point that has not been changed."""
    kind = PeriodKind.EXAM if point.kind == "exam" else PeriodKind.OTHER
    severity = point.severity if point.severity in Severity.values else Severity.LOW
    return {
        "name": point.name[:LONGEST_NAME],
        "kind": kind,
        "starts_on": point.start,
        "ends_on": point.end,
        "phase": point.phase,
        "severity": severity,
        "advice": point.advice[:LONGEST_ADVICE],
        "seen_by": SEEN_BY_PARTNERS,
        "based_on": 0,
    }


class HideForm(RecordForm):
    """For how long a national point is hidden."""

    THIS_YEAR, EVERY_YEAR = "this", "every"
    how_long = forms.ChoiceField(
        label="For how long?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for how long to hide it"},
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how_long"].choices = [  # type: ignore[attr-defined]
            (self.THIS_YEAR, f"Only the one of {year}"),
            (self.EVERY_YEAR, "Every year"),
        ]
