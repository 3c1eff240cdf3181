"""The forms of an action: what, who and by when; closing it, signed in or by a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from frontend.fields import DateField
from frontend.forms import Presentation
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.guarded_forms import GuardedForm
from partnerships.actions.models import Action, ActionState
from partnerships.actions.owners import Owner, owner_of
from partnerships.actions.services import LONGEST_DETAILS, LONGEST_NOTE, LONGEST_TITLE

# More choices than this are shorter to choose from as a list.
MOST_RADIOS = 12


class ActionForm(RecordForm):
    """Add an action."""

    title = forms.CharField(
        label="What is to be done?",
        help_text="Like Send the dates of the drop-in sessions to parents",
        max_length=LONGEST_TITLE,
        error_messages={
            "required": "Enter what is to be done",
            "max_length": f"What is to be done must be {LONGEST_TITLE} characters or fewer",
        },
    )
    owner = forms.ChoiceField(
        label="Who will do it?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who will do it",
            "invalid_choice": "Choose who will do it",
        },
    )
    due_on = DateField(
        label="By when?",
        help_text="They are reminded 2 days before, and once it is overdue. For example, 27 3 2027",
        required=False,
    )
    details = forms.CharField(
        label="More about it",
        max_length=LONGEST_DETAILS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": f"More about it must be {LONGEST_DETAILS:,} characters or fewer"
        },
    )
    presentation = {
        name: Presentation(label_size="s") for name in ("title", "owner", "due_on", "details")
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        owners: Sequence[Owner],
        **more: Any,
    ) -> None:
        super().__init__(data, actor=actor, **more)
        self.owners = {each.key: each for each in owners}
        field = self.fields["owner"]
        choices = [(key, str(each)) for key, each in self.owners.items()]
        if len(choices) > MOST_RADIOS:
            field.widget = forms.Select()
            choices = [("", "Choose who"), *choices]
        field.choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "owner": self.owners[given["owner"]],
            "due_on": given["due_on"],
            "details": given["details"],
        }


class ChangeForm(ActionForm):
    """Change an action; whoever owns it now may keep it, whether or not they would be offered."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        owners: Sequence[Owner],
        action: Action,
    ) -> None:
        now = owner_of(actor, action)
        others = [each for each in owners if each.ids != now.ids]
        kept = next((each for each in owners if each.ids == now.ids), now)
        initial = {
            "title": action.title,
            "owner": kept.key,
            "due_on": action.due_on,
            "details": action.details,
            "based_on": action.revision,
        }
        super().__init__(data, actor=actor, owners=[kept, *others], initial=initial)

    def now_based_on(self, action: Action) -> None:
        """Keep what was typed, to be saved over what is there now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["based_on"] = str(action.revision)
        self.data = data


def _note(**more: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        **{
            "error_messages": {
                "required": "Enter why nobody will do it",
                "max_length": f"The note must be {LONGEST_NOTE:,} characters or fewer",
            },
            **more,
        },
    )


class DoneForm(RecordForm):
    """It is done, with a word about it."""

    note = _note(
        label="Anything the others should know?",
        help_text="Everyone in the partnership can read it.",
        required=False,
    )
    presentation = {"note": Presentation(label_size="s")}
    state = ActionState.DONE


class DropForm(RecordForm):
    """Nobody will do it, and why."""

    note = _note(
        label="Why will nobody do it?",
        help_text="Everyone in the partnership can read it.",
    )
    presentation = {"note": Presentation(label_size="s")}
    state = ActionState.DROPPED


class LinkForm(GuardedForm, forms.Form):
    """The same as done, for whoever holds the link in an e-mail."""

    note = _note(
        label="Anything the others should know?",
        help_text="Everyone in the partnership can read it. Leave it empty if there is nothing.",
        required=False,
    )
    presentation = {"note": Presentation(label_size="s")}
