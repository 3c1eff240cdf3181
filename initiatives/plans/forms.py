"""Forms of initiatives: what one is, how far it has got, a pilot's decision, leads, the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import DateField, Presentation, WholeNumberField
from initiatives.plans.library import Template
from initiatives.plans.models import (
    LONGEST_AIM,
    LONGEST_AUDIENCE,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_PLACE,
    Decision,
    Initiative,
    LineKind,
    LineState,
    PlanLine,
    Stage,
    Strand,
)
from initiatives.plans.services import MOST_HOURS, Outline
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation
from partnerships.actions.owners import Owner
from partnerships.diary.day_forms import DayForm

NOBODY = "nobody"
# More choices than this are shorter to choose from as a list.
MOST_RADIOS = 12


def _text(label: str, longest: int, *, empty: str = "", rows: int = 0, **more: Any) -> Any:
    """A text with its messages; `empty` is what to do where it must be filled in."""
    words = more.pop("words", label)
    messages = {"max_length": f"{words} must be {longest:,} characters or fewer"}
    if empty:
        messages["required"] = empty
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(empty),
        widget=widget,
        error_messages=messages,
        **more,
    )


class OutlineForm(DayForm):
    """What an initiative is. The first day is checked against both calendars."""

    day_field = "starts_on"
    name = _text("Name", LONGEST_NAME, empty="Enter a name", words="The name")
    strand = forms.ChoiceField(
        label="Which strand is it?",
        choices=Strand.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a strand"},
    )
    aim = _text(
        "What do you want to achieve?",
        LONGEST_AIM,
        empty="Enter what you want to achieve",
        words="The aim",
        rows=3,
    )
    audience = _text(
        "Who is it for?", LONGEST_AUDIENCE, help_text="Like Years 7 to 9. No names.", words="It"
    )
    schools = forms.TypedMultipleChoiceField(
        label="At which schools?",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose schools that a member brings"},
    )
    place = _text("Anywhere else?", LONGEST_PLACE, help_text="Like The family hub", words="It")
    starts_on = DateField(label="First day", required=False, help_text="For example, 14 9 2027")
    ends_on = DateField(label="Last day", required=False, help_text="For example, 16 7 2028")
    hours = WholeNumberField(
        label="How many hours of staff time may it take each term?",
        help_text="Everybody’s together, on both sides.",
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        error_messages={
            "invalid": "Enter hours as a whole number, like 40",
            "min_value": f"Hours must be between 1 and {MOST_HOURS:,}",
            "max_value": f"Hours must be between 1 and {MOST_HOURS:,}",
        },
    )
    pilot = forms.TypedChoiceField(
        label="Is it a pilot?",
        coerce=lambda value: value == "yes",
        choices=[("yes", "Yes, we will decide whether to go on"), ("no", "No")],
        initial="no",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is a pilot"},
    )
    decide_on = DateField(
        label="Decide by", required=False, help_text="Stop, adapt or grow. For example, 2 6 2028"
    )
    presentation = {
        name: Presentation(label_size="s")
        for name in ("name", "strand", "aim", "audience", "place", "starts_on", "ends_on")
    } | {
        "hours": Presentation(label_size="s", width=4, suffix="hours"),
        "pilot": Presentation(label_size="s", reveals={"yes": "decide_on"}),
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[Organisation],
        template: Template | None = None,
        **more: Any,
    ) -> None:
        """`schools` are those that the members bring."""
        initial = more.pop("initial", {})
        if template is not None:
            start = {"name": template.name, "strand": template.strand.value, "aim": template.aim}
            initial = {**start, **initial}
        super().__init__(data, actor=actor, initial=initial, **more)
        field = self.fields["schools"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.pk, each.name) for each in schools]
        hints = {str(each.pk): each.town for each in schools if each.town}
        self.presentation = {
            **self.presentation,
            "schools": Presentation(label_size="s", hints=hints, small=True),
        }
        if not schools:
            del self.fields["schools"]
            self.fields["place"].label = "Where is it?"

    def outline(self) -> Outline:
        """What the services take, of a valid form."""
        given = self.cleaned_data
        return Outline(
            name=given["name"],
            strand=given["strand"],
            aim=given["aim"],
            audience=given["audience"],
            schools=tuple(given.get("schools", ())),
            place=given["place"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            hours=given["hours"],
            pilot=given["pilot"],
            decide_on=given["decide_on"],
        )


class BasedOn:
    """A form that says which revision the person saw."""

    data: Any

    def now_based_on(self, revision: int) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(revision)
        self.data = data


class ChangeForm(BasedOn, OutlineForm):
    """Change what an initiative is."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[Organisation],
        initiative: Initiative,
    ) -> None:
        initial = {**outline_of(initiative), "based_on": initiative.revision}
        if initiative.starts_on is not None:
            # Nobody is asked again about the day that was chosen before.
            initial["heeded"] = initiative.starts_on.isoformat()
        super().__init__(data, actor=actor, schools=schools, initial=initial)


def outline_of(initiative: Initiative) -> dict[str, Any]:
    """What a form about an initiative begins with."""
    return {
        "name": initiative.name,
        "strand": initiative.strand,
        "aim": initiative.aim,
        "audience": initiative.audience,
        "schools": initiative.schools,
        "place": initiative.place,
        "starts_on": initiative.starts_on,
        "ends_on": initiative.ends_on,
        "hours": initiative.hours,
        "pilot": "yes" if initiative.pilot else "no",
        "decide_on": initiative.decide_on,
    }


class StageForm(RecordForm):
    """How far an initiative has got."""

    stage = forms.ChoiceField(
        label="How far has it got?",
        choices=Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far it has got"},
    )
    mark_optional = False


class DecisionForm(RecordForm):
    """What was decided at the end of a pilot, and why."""

    decision = forms.ChoiceField(
        label="What have you decided?",
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose stop, adapt or grow"},
    )
    note = _text(
        "Why?",
        LONGEST_NOTE,
        empty="Enter why this was decided",
        words="Why this was decided",
        rows=3,
        help_text="Everyone in the partnership can read it.",
    )
    presentation = {
        "decision": Presentation(
            label_size="s",
            hints={
                Decision.STOP: "It ends here, with what was learnt",
                Decision.ADAPT: "It goes on, changed",
                Decision.GROW: "It goes on, at more schools or for more people",
            },
        ),
        "note": Presentation(label_size="s"),
    }


class LeadForm(RecordForm):
    """Who leads an initiative on one side."""

    lead = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who leads it",
            "invalid_choice": "Choose who leads it",
        },
    )
    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        side: str,
        owners: Sequence[Owner],
        now: str,
    ) -> None:
        """`now` is the key of whoever leads it now, or of nobody."""
        super().__init__(data, actor=actor, initial={"lead": now})
        self.owners = {each.key: each for each in owners}
        field = self.fields["lead"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(key, str(each)) for key, each in self.owners.items()]
        choices.append((NOBODY, "Nobody yet"))
        if len(choices) > MOST_RADIOS:
            field.widget = forms.Select()
        field.choices = choices
        field.label = f"Who leads it for {side}?"

    @property
    def owner(self) -> Owner | None:
        """Who was chosen, of a valid form."""
        return self.owners.get(self.cleaned_data["lead"])


WORDS_OF = {
    LineKind.MILESTONE: ("What will be reached?", "Like Half of the sessions are held"),
    LineKind.NEED: ("What is needed?", "Like A room, checks on staff, a licence to occupy"),
    LineKind.RISK: ("What could go wrong?", "Like The nurse’s post is not filled"),
}
NOTE_OF = {
    LineKind.MILESTONE: "Anything to add?",
    LineKind.NEED: "Who sees to it, and how?",
    LineKind.RISK: "What do you do about it?",
}


class LineForm(DayForm):
    """A milestone, a need or a risk. Its day is checked against both calendars."""

    day_field = "due_on"
    words = _text("What", LONGEST_LINE, empty="Enter what it is", words="What it is")
    due_on = DateField(label="By when?", required=False, help_text="For example, 27 3 2028")
    note = _text("Note", LONGEST_NOTE, words="It", rows=3)
    presentation = {
        name: Presentation(label_size="s") for name in ("words", "due_on", "note", "state")
    }

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, kind: str, **more: Any
    ) -> None:
        super().__init__(data, actor=actor, **more)
        kind = LineKind(kind)
        words, note = self.fields["words"], self.fields["note"]
        words.label, words.help_text = WORDS_OF[kind]
        note.label = NOTE_OF[kind]
        if kind == LineKind.MILESTONE:
            day = self.fields["due_on"]
            day.required = True
            day.error_messages["required"] = "Enter the day of this milestone, like 27 3 2028"

    def values(self) -> dict[str, Any]:
        """What the services take, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("words", "due_on", "note")}


class ChangeLineForm(BasedOn, LineForm):
    """Change a line, or say what became of it."""

    state = forms.ChoiceField(
        label="What became of it?", choices=LineState.choices, widget=forms.RadioSelect
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor, line: PlanLine) -> None:
        initial = {
            "words": line.words,
            "due_on": line.due_on,
            "note": line.note,
            "state": line.state,
            "based_on": line.revision,
            "heeded": line.due_on.isoformat() if line.due_on else "",
        }
        super().__init__(data, actor=actor, kind=line.kind, initial=initial)

    def values(self) -> dict[str, Any]:
        """What the service takes, of a valid form."""
        given = self.cleaned_data
        return {**super().values(), "state": given["state"], "based_on": given["based_on"]}


class WhereForm(forms.Form):
    """Into which partnership an initiative is copied."""

    to = forms.ChoiceField(label="Into which partnership?", required=False)
    mark_optional = False

    def __init__(self, data: QueryDict, *, choices: Sequence[tuple[str, str]], now: str) -> None:
        super().__init__(data or None, initial={"to": now})
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
