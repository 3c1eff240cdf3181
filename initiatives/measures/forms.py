"""Forms of measures: what one is, the reading of a period, whom it is handed to, opening it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation, WholeNumberField
from initiatives.measures.library import Known
from initiatives.measures.models import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_WORDS,
    WHOLE,
    Direction,
    Level,
    Measure,
    Period,
    Reading,
    Unit,
)
from initiatives.measures.periods import Span
from initiatives.measures.services import (
    SHARE_TYPED,
    Definition,
    Entries,
    Entry,
    more_than_all,
)
from initiatives.plans.forms import BasedOn
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import User

# What is counted, how and how often does not change: readings would no longer compare.
FIXED = ("unit", "person_based", "period", "groups")


def _text(label: str, words: str, longest: int, **more: Any) -> forms.CharField:
    messages = {"max_length": f"{words} must be {longest} characters or fewer"}
    messages |= more.pop("messages", {})
    given = {"required": False, **more}
    return forms.CharField(label=label, max_length=longest, error_messages=messages, **given)


def _choice(label: str, choices: Any, words: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": words, "invalid_choice": words},
        **more,
    )


def count_field(measure: Measure, label: str, required: str) -> WholeNumberField:
    """A number of people; for a percentage, a share is refused with what to enter instead."""
    share = measure.unit == Unit.PERCENT
    return WholeNumberField(
        label=label,
        min_value=0,
        error_messages={
            "required": required,
            "invalid": SHARE_TYPED if share else "Enter a whole number, like 40",
            "min_value": "It must be 0 or more",
        },
    )


def average_field(label: str) -> forms.DecimalField:
    """An average, with one decimal at most."""
    return forms.DecimalField(
        label=label,
        max_digits=10,
        decimal_places=1,
        min_value=0,
        error_messages={
            "required": "Enter the average, like 12.5",
            "invalid": "Enter the average as a number, like 12.5",
            "min_value": "The average must be 0 or more",
            "max_decimal_places": "Enter the average with one decimal at most",
        },
    )


class DefinitionForm(RecordForm):
    """What a measure is."""

    name = _text(
        "Name", "The name", LONGEST_NAME, required=True, messages={"required": "Enter a name"}
    )
    unit = _choice("What is a figure?", Unit.choices, "Choose what a figure is")
    person_based = forms.TypedChoiceField(
        label="Does it count people?",
        help_text="Then small numbers are masked for everybody but you.",
        coerce=lambda value: value == "yes",
        choices=[("yes", "Yes"), ("no", "No, like sessions or minutes")],
        initial="yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it counts people"},
    )
    numerator = _text(
        "What is counted?",
        "What is counted",
        LONGEST_WORDS,
        help_text="Like Pupils who missed 10% or more of their sessions",
    )
    denominator = _text(
        "Out of whom, if it is a percentage?",
        "Out of whom",
        LONGEST_WORDS,
        help_text="Like Pupils on the register",
    )
    direction = _choice("Which way is better?", Direction.choices, "Choose which way is better")
    level = _choice("How soon can it change?", Level.choices, "Choose how soon it can change")
    period = _choice("How often is it read?", Period.choices, "Choose how often it is read")
    groups = forms.CharField(
        label="Is it broken down?",
        help_text="One group a line, like Year 7. Leave it empty to enter one number each time.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    target = forms.DecimalField(
        label="Target",
        help_text="In the same unit. For 75% enter 75.",
        required=False,
        max_digits=10,
        decimal_places=1,
        min_value=0,
        error_messages={
            "invalid": "Enter the target as a number, like 75",
            "min_value": "The target must be 0 or more",
            "max_decimal_places": "Enter the target with one decimal at most",
        },
    )
    source = _text(
        "Where do the figures come from?",
        "The source",
        LONGEST_WORDS,
        help_text="Like The school’s register",
    )
    quality_note = _text(
        "How good are they?",
        "The note",
        LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What somebody should know before comparing them.",
    )
    presentation = {
        name: Presentation(label_size="s")
        for name in (
            "name", "unit", "person_based", "numerator", "denominator", "direction", "level",
            "period", "groups", "source", "quality_note",
        )
    } | {"target": Presentation(label_size="s", width=5)}  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        known: Known | None = None,
        **more: Any,
    ) -> None:
        """`known` is the measure of the library that it begins as."""
        initial = more.pop("initial", {})
        if known is not None:
            initial = {
                "name": known.name,
                "unit": known.unit,
                "person_based": "yes" if known.person_based else "no",
                "numerator": known.numerator,
                "denominator": known.denominator,
                "direction": known.direction,
                "level": known.level,
                "period": known.period,
                **initial,
            }
        super().__init__(data, actor=actor, initial=initial, **more)

    def definition(self) -> Definition:
        """What the services take, of a valid form."""
        given = self.cleaned_data
        return Definition(
            name=given["name"],
            unit=given["unit"],
            direction=given["direction"],
            level=given["level"],
            period=given["period"],
            person_based=given["person_based"],
            numerator=given["numerator"],
            denominator=given["denominator"],
            groups=tuple(given["groups"].splitlines()),
            target=given["target"],
            source=given["source"],
            quality_note=given["quality_note"],
        )


class ChangeForm(BasedOn, DefinitionForm):
    """Change what is said about a measure."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, measure: Measure) -> None:
        names = ("name", "numerator", "denominator", "direction", "level", "target", "source")
        initial = {name: getattr(measure, name) for name in (*names, "quality_note")}
        super().__init__(data, actor=actor, initial={**initial, "based_on": measure.revision})
        self.measure = measure
        for name in FIXED:
            del self.fields[name]

    def definition(self) -> Definition:
        """What the service takes, of a valid form."""
        given = {name: self.cleaned_data[name] for name in self.fields if name in _SAID}
        return Definition(
            unit=self.measure.unit,
            period=self.measure.period,
            person_based=self.measure.person_based,
            groups=tuple(self.measure.groups),
            **given,
        )


_SAID = {
    "name", "numerator", "denominator", "direction", "level", "target", "source", "quality_note",
}  # fmt: skip


class ReadingForm(RecordForm):
    """The reading of one period: a number for each group, or one."""

    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        measure: Measure,
        spans: Sequence[Span],
        now: Sequence[Reading] = (),
    ) -> None:
        """`spans` are the periods to choose from; `now` what is corrected, of one."""
        self.measure, self.spans = measure, {each.key: each for each in spans}
        super().__init__(data, actor=actor)
        self.presentation = {}
        if len(spans) > 1:
            self.fields["period"] = forms.ChoiceField(
                label="Which period?",
                choices=[(each.key, each.name) for each in spans],
                error_messages={
                    "required": "Choose a period that is over",
                    "invalid_choice": "Choose a period that is over",
                },
            )
            self.presentation["period"] = Presentation(label_size="s")
        before = {each.group: each for each in now}
        for place, group in enumerate(measure.groups or [WHOLE]):
            self._add(place, group, before.get(group))

    def _add(self, place: int, group: str, before: Reading | None) -> None:
        of = f" ({group})" if group else ""
        if self.measure.is_average:
            self._field(
                f"{place}-value",
                average_field(f"Average{of}"),
                before.value if before else None,
            )
        if not self.measure.is_average or self.measure.person_based:
            self._field(
                f"{place}-number",
                count_field(self.measure, f"{self._number_label()}{of}", "Enter a number, or 0"),
                before.number if before else None,
            )
        if self.measure.unit == Unit.PERCENT:
            label = self.measure.denominator or "Out of how many?"
            self._field(
                f"{place}-base",
                count_field(self.measure, f"{label}{of}", "Enter out of how many, 1 or more"),
                before.base if before else None,
            )

    def _number_label(self) -> str:
        if self.measure.is_average:
            return "Of how many people?"
        return self.measure.numerator or "How many?"

    def _field(self, name: str, field: forms.Field, now: Any) -> None:
        field.initial = now
        self.fields[name] = field
        self.presentation[name] = Presentation(label_size="s", width=5)

    def clean(self) -> None:
        """A part is no more than the whole: told together with whatever else is wrong."""
        super().clean()
        for place in range(len(self.measure.groups or [WHOLE])):
            number = self.cleaned_data.get(f"{place}-number")
            base = self.cleaned_data.get(f"{place}-base")
            if number is not None and base is not None and number > base:
                self.add_error(f"{place}-number", more_than_all(base))

    def entries(self) -> Entries:
        """What the service takes, of a valid form."""
        given = self.cleaned_data
        key = given.get("period") or next(iter(self.spans))
        return Entries(
            self.spans[key],
            [
                Entry(
                    group,
                    number=given.get(f"{place}-number"),
                    base=given.get(f"{place}-base"),
                    value=given.get(f"{place}-value"),
                )
                for place, group in enumerate(self.measure.groups or [WHOLE])
            ],
        )


class HandForm(RecordForm):
    """Whom a measure is handed to."""

    owner = forms.ChoiceField(
        label="Who enters the readings from now on?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a colleague", "invalid_choice": "Choose a colleague"},
    )
    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        colleagues: Sequence[User],
        now: int,
    ) -> None:
        super().__init__(data, actor=actor, initial={"owner": str(now)})
        self.colleagues = {str(each.pk): each for each in colleagues}
        choices = [(key, str(each)) for key, each in self.colleagues.items()]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]


class OpenForm(RecordForm):
    """Why a manager opens what a colleague entered."""

    reason = _text(
        "Why do you need the numbers?",
        "The reason",
        LONGEST_REASON,
        required=True,
        help_text="It stays on record. The numbers are open to you alone, for 30 minutes.",
        messages={"required": "Enter why you need the numbers"},
    )
    presentation = {"reason": Presentation(label_size="s")}
