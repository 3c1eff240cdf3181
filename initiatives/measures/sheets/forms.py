"""Forms of many readings: the rows that are pasted or in a file, and saving what was checked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict

from frontend.forms import Presentation
from initiatives.measures.models import Measure
from initiatives.measures.services import Entries, Entry
from initiatives.measures.sheets.reading import (
    ABOUT_PEOPLE,
    LARGEST,
    Periods,
    Sheet,
    from_file,
    from_text,
)
from organisations.actor import Actor
from organisations.forms import RecordForm

LONGEST_PASTE = 100_000
SALT = "tandem.checked-readings"
# For so long the page with checked rows can be left open.
GOOD_FOR = 24 * 60 * 60
_ONE_OF_BOTH = "Paste rows or choose a file"
_CHECK_AGAIN = "These rows were checked too long ago, or by someone else. Check them again"
_TOO_LONG = f"Paste {LONGEST_PASTE:,} characters or fewer, or choose a file"


class RowsForm(RecordForm):
    """Rows to check, pasted or in a file."""

    rows = forms.CharField(
        label="Paste rows from your spreadsheet",
        help_text="Copy them with their headings. Or write one reading a line, with commas.",
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"max_length": _TOO_LONG},
    )
    sheet = forms.FileField(
        label="Or choose a CSV file or an Excel workbook (.xlsx)",
        help_text="Up to 2 MB and 1,000 rows.",
        required=False,
        max_length=250,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "empty": "This file is empty. Choose the file with your readings",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )
    # Looked at cell by cell, and whole, when they are read: then they are not shown again either.
    guard_exempt = frozenset({"rows"})
    mark_optional = False
    presentation = {name: Presentation(label_size="s") for name in ("rows", "sheet")}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        measure: Measure,
        periods: Periods,
        files: Any = None,
    ) -> None:
        super().__init__(data, actor=actor, files=files)
        self.measure, self.periods = measure, periods
        self.read: Sheet | None = None

    def clean_sheet(self) -> Any:
        """Refuse what is too large before it is read."""
        sheet = self.cleaned_data["sheet"]
        if sheet and sheet.size > LARGEST:
            raise forms.ValidationError(
                "The file is larger than 2 MB. Keep only the rows of this measure"
            )
        return sheet

    def clean(self) -> None:
        """Read the rows, from one of both."""
        super().clean()
        if self.errors:
            return
        pasted, file = self.cleaned_data["rows"], self.cleaned_data["sheet"]
        if bool(pasted.strip()) == bool(file):
            self.add_error("rows", f"{_ONE_OF_BOTH}{', not both' if file else ''}")
            return
        try:
            if file:
                self.read = from_file(file.read(), self.measure, self.periods)
            else:
                self.read = from_text(pasted, self.measure, self.periods)
        except ValidationError as refusal:
            problems = refusal.error_dict["sheet"]
            self.add_error("sheet" if file else "rows", problems)
            if any(each.code == ABOUT_PEOPLE for each in problems):
                self._forget()

    def _forget(self) -> None:
        posted: Any = self.data
        data = posted.copy()
        data["rows"] = ""
        self.data = data


class SaveForm(RecordForm):
    """Rows that were checked, signed for the person who checked them, on the way to being saved."""

    checked = forms.CharField(widget=forms.HiddenInput, required=False)
    # Our own signed text; what is in it was looked at when it was checked.
    guard_exempt = frozenset({"checked"})

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        measure: Measure,
        periods: Periods,
        readings: Sequence[Entries] = (),
        based_on: int = 0,
    ) -> None:
        """`readings` are carried to the next post; those of a post are in `readings` again."""
        super().__init__(data, actor=actor)
        self.measure, self.spans = measure, {each.key: each for each in periods.over}
        self.readings, self.based_on = list(readings), based_on
        rows = [
            [each.span.key, [[e.group, e.number, e.base, _text(e.value)] for e in each.rows]]
            for each in readings
        ]
        self.fields["checked"].initial = signing.dumps(
            [actor.user_id, measure.pk, based_on, rows], salt=SALT, compress=True
        )

    def clean(self) -> None:
        """Take up what was checked; another's, another measure's or what is too old is refused."""
        super().clean()
        try:
            given = signing.loads(self.cleaned_data["checked"], salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature as problem:
            raise forms.ValidationError(_CHECK_AGAIN) from problem
        user, measure, self.based_on, rows = given
        theirs = (user, measure) == (self.actor.user_id, self.measure.pk)
        if not theirs or any(key not in self.spans for key, _ in rows):
            raise forms.ValidationError(_CHECK_AGAIN)
        self.readings = [
            Entries(
                self.spans[key],
                [Entry(group, number, base, _value(value)) for group, number, base, value in of],
            )
            for key, of in rows
        ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _value(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
