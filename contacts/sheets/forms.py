"""Forms of sheets: the file, its columns, possible duplicates, applying, taking one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict

from contacts.keeping.filters import ContactFilters
from contacts.keeping.selectors import Narrowed
from contacts.models import Choice, ImportRow, ImportRun, Region
from contacts.sheets import files, files_out
from contacts.sheets.fields import FIELDS, letter
from contacts.sheets.selectors import Names
from organisations.actor import Actor
from organisations.forms import RecordForm

NOT_THERE = "The sheet does not have this"


class SheetForm(RecordForm):
    """The file to bring in."""

    sheet = forms.FileField(
        label="Choose a CSV file or an Excel workbook (.xlsx)",
        help_text="Up to 10 MB and 10,000 rows. The first row must be headings.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        max_length=250,
        error_messages={
            "required": "Choose the file with your contacts",
            "empty": "This file is empty. Choose the file with your contacts",
            "missing": "Choose the file with your contacts",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )

    def clean_sheet(self) -> Any:
        """Refuse what is too large before it is read."""
        sheet = self.cleaned_data["sheet"]
        if sheet.size > files.LARGEST:
            raise forms.ValidationError("The file is larger than 10 MB. Split it into smaller ones")
        return sheet


class ColumnsForm(RecordForm):
    """Which column of a sheet is which field."""

    mark_optional = False

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, run: ImportRun, examples: list[ImportRow]
    ) -> None:
        super().__init__(data, actor=actor)
        columns = [
            (str(at), _column_words(at, heading, examples))
            for at, heading in enumerate(run.headings)
        ]
        for field in FIELDS:
            self.fields[field.key] = forms.TypedChoiceField(
                label=field.label,
                choices=[("", NOT_THERE), *columns],
                required=False,
                coerce=int,
                empty_value=None,
                initial=run.matching.get(field.key, ""),
                help_text=field.about,
            )

    @property
    def matching(self) -> dict[str, int | None]:
        """What was chosen."""
        return {field.key: self.cleaned_data[field.key] for field in FIELDS}


def _column_words(at: int, heading: str, examples: list[ImportRow]) -> str:
    """A column as a person tells them apart: its letter, heading and first text."""
    seen = (row.cells[at] for row in examples if at < len(row.cells) and row.cells[at])
    example = next(seen, "")
    words = f"{letter(at)}: {heading or 'no heading'}"
    return f"{words} ({example[:30]})" if example else words


class DuplicatesForm(RecordForm):
    """What to do with each possible duplicate on one page."""

    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None,
        *,
        actor: Actor,
        rows: Sequence[tuple[ImportRow, str]],
        names: Names,
    ) -> None:
        super().__init__(data, actor=actor)
        for row, words in rows:
            there = [
                (f"{Choice.UPDATE}:{pk}", f"Update {names.contacts.get(pk, 'the contact there')}")
                for pk in row.candidates
            ]
            self.fields[f"row_{row.number}"] = forms.ChoiceField(
                label=f"Row {row.number}: {words}",
                choices=[
                    *there,
                    (Choice.ADD, Choice.ADD.label),
                    (Choice.LEAVE_OUT, Choice.LEAVE_OUT.label),
                ],
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def choices(self) -> dict[int, str]:
        """The answers given, by row."""
        given = self.cleaned_data.items()
        return {
            int(name.removeprefix("row_")): answer
            for name, answer in given
            if name.startswith("row_") and answer
        }


class ApplyForm(RecordForm):
    """Applying; with rows that are wrong, only if the person says so."""

    only_good = forms.BooleanField(label="", required=False)

    def __init__(self, data: QueryDict | None, *, actor: Actor, wrong: int) -> None:
        super().__init__(data, actor=actor)
        if wrong:
            rows = "1 row" if wrong == 1 else f"{wrong:,} rows"
            self.fields["only_good"].label = f"Apply the others, and leave out {rows} with problems"
        else:
            del self.fields["only_good"]


class ExportForm(RecordForm):
    """Which contacts to take out, narrowed as in their list, and as what."""

    kind = forms.ChoiceField(
        label="Which kind of file?",
        choices=[(files_out.XLSX, "Excel workbook (.xlsx)"), (files_out.CSV, "CSV")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which kind of file you want"},
    )

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, region: Region, given: QueryDict
    ) -> None:
        filters = ContactFilters(given, region=region)
        super().__init__(data, actor=actor, initial=asdict(filters.narrowed))
        # The list's own questions come first.
        self.fields = {**filters.fields, **self.fields}

    @property
    def narrowed(self) -> Narrowed:
        """What was chosen."""
        given = self.cleaned_data
        return Narrowed(**{name: given.get(name, "") for name in Narrowed.__dataclass_fields__})
