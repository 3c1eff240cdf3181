"""Forms of imports of history: the workbook, and which organisations names mean."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from contacts.sheets.forms import SheetForm
from organisations.actor import Actor
from organisations.forms import RecordForm
from organisations.models import Organisation
from overview.history_import.columns import MOST_IN_ALL
from overview.history_import.judging import LEAVE_OUT
from overview.history_import.models import HistoryRun

CHOOSE = "Choose the workbook with your history"


class WorkbookForm(SheetForm):
    """The workbook to import."""

    sheet = forms.FileField(
        label="Choose an Excel workbook (.xlsx)",
        help_text=f"Up to 10 MB and {MOST_IN_ALL:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        max_length=250,
        error_messages={
            "required": CHOOSE,
            "empty": f"This file is empty. {CHOOSE}",
            "missing": CHOOSE,
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )


class PartnersForm(RecordForm):
    """Which organisation each name means that none has."""

    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        run: HistoryRun,
        organisations: Mapping[int, Organisation],
    ) -> None:
        super().__init__(data, actor=actor)
        self._keys: dict[str, str] = {}
        for at, (unknown, offer) in enumerate(sorted(run.offers.items())):
            field = f"partner_{at}"
            self._keys[field] = unknown
            found = [organisations[pk] for pk in offer["ids"] if pk in organisations]
            self.fields[field] = forms.ChoiceField(
                label=f"Which organisation is “{offer['name']}”?",
                choices=[
                    *((str(each.pk), f"{each.name} ({each.code})") for each in found),
                    (str(LEAVE_OUT), "None of these: leave its rows out"),
                ],
                initial=str(run.choices.get(unknown, "")),
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def choices(self) -> dict[str, int]:
        """The answers given, by the name's key."""
        return {
            self._keys[name]: int(answer)
            for name, answer in self.cleaned_data.items()
            if name in self._keys and answer
        }
