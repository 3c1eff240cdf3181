"""The form of a reflection: what it looks back on, three questions, and a win if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.forms import Presentation
from initiatives.plans.models import PlanLine
from initiatives.reflections.models import LONGEST, Occasion
from initiatives.reflections.terms import TermNow
from organisations.actor import Actor
from organisations.forms import RecordForm
from partnerships.wins.models import LONGEST_LINE

NO_NAMES = "Never about one child or patient."


def _question(label: str, words: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"{words} must be {LONGEST:,} characters or fewer"},
    )


class ReflectionForm(RecordForm):
    """Reflect on an initiative."""

    about = forms.ChoiceField(
        label="What do you look back on?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you look back on",
            "invalid_choice": "Choose what you look back on",
        },
    )
    went_well = _question("What went well?", "What went well", NO_NAMES)
    change = _question("What do we change?", "What you change")
    missing = _question(
        "Who are we missing?", "Who you are missing", "A group that does not come, a partner."
    )
    win = forms.CharField(
        label="Is there a win to celebrate?",
        help_text="One line. It is logged as a win of the partnership, for everyone in it.",
        required=False,
        max_length=LONGEST_LINE,
        error_messages={"max_length": f"The win must be {LONGEST_LINE} characters or fewer"},
    )
    mark_optional = False
    presentation = {
        name: Presentation(label_size="s")
        for name in ("about", "went_well", "change", "missing", "win")
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        term: TermNow,
        milestones: Sequence[PlanLine],
        about: str = "",
    ) -> None:
        """`about` is the choice that is made already."""
        self.milestones = {f"milestone-{each.ref}": each for each in milestones}
        choices = [(Occasion.TERM.value, term.words)]
        choices += [(key, f"Milestone: {each.words}") for key, each in self.milestones.items()]
        choices.append((Occasion.CLOSING.value, "All of it, at its end"))
        offered = [key for key, _ in choices]
        initial = {"about": about if about in offered else Occasion.TERM.value}
        super().__init__(data, actor=actor, initial=initial)
        self.fields["about"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        """One answer of the three is enough."""
        super().clean()
        given = self.cleaned_data
        names = ("went_well", "change", "missing")
        if not any(given.get(name) or name in self.errors for name in names):
            self.add_error("went_well", "Answer at least one of the three questions")

    def values(self) -> dict[str, Any]:
        """What the service takes, of a valid form."""
        given = self.cleaned_data
        milestone = self.milestones.get(given["about"])
        return {
            "occasion": Occasion.MILESTONE if milestone else given["about"],
            "milestone": milestone,
            **{name: given[name] for name in ("went_well", "change", "missing", "win")},
        }
