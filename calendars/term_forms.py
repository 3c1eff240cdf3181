"""Forms of term dates: typed row by row, pasted, from a file; staff training days; copying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.london import day_in_words
from calendars.models import GivenBy
from calendars.pasted_terms import LONGEST_TEXT
from calendars.services.term_dates import LONGEST_SOURCE
from calendars.status import Standing
from calendars.term_files import LARGEST
from calendars.term_rows import LONGEST_NAME, MOST_INSET_DAYS, MOST_ROWS, TermRow, problems_of
from calendars.written_days import NoSuchDay, read_day
from calendars.years import AcademicYear
from frontend.forms import Presentation
from frontend.wording import counted
from organisations import submissions
from organisations.actor import Actor
from organisations.forms import RecordForm

USUAL_NAMES = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
SPARE_ROWS = 2
_MOST_PROBLEMS = MOST_INSET_DAYS
_SMALL = Presentation(label_size="s")


def read_day_list(text: str, year: AcademicYear) -> tuple[list[date], list[str]]:
    """Days written one a line, and what is wrong with which line; of many, with the first ones."""
    days: list[date] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(" ,;.\t"):
            continue
        try:
            days.append(read_day(line, year))
        except NoSuchDay as problem:
            problems.append(f"Line {number}: {problem}")
    more = len(problems) - _MOST_PROBLEMS
    if more > 0:
        lines = counted(more, "more line")
        problems = [*problems[:_MOST_PROBLEMS], f"{lines} cannot be read as a date either"]
    return days, problems


def _inset_field() -> forms.CharField:
    return forms.CharField(
        label="Staff training (INSET) days",
        help_text="One day on each line. Pupils are not in on these days.",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )


class TermDatesForm(RecordForm):
    """The half terms of one year, a row each; rows without days are left out."""

    mark_optional = False
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS + 2)
    given_by = forms.ChoiceField(
        choices=[(each.value, each.label) for each in GivenBy], widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        year: AcademicYear,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, actor=actor, initial=dict(initial))
        self.year = year
        self.rows: list[TermRow] = []
        self.training: list[date] = []
        self.how_many = self._how_many(data, initial)
        self.presentation: dict[str, Presentation] = {}
        for place in range(self.how_many):
            self._add_row(place)
        self.fields["inset_days"] = _inset_field()
        self.fields["standing"] = forms.ChoiceField(
            label="How sure are these dates?",
            choices=[
                (Standing.PUBLISHED.value, "Published"),
                (Standing.PROVISIONAL.value, "Provisional"),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose whether the dates are published or provisional"},
        )
        self.fields["source"] = forms.CharField(
            label="Where are they published? (optional)",
            help_text="The address of the web page, or the name of the document.",
            max_length=LONGEST_SOURCE,
            required=False,
            error_messages={
                "max_length": f"Where they are published must be {LONGEST_SOURCE} characters "
                "or fewer"
            },
        )
        hints = {
            Standing.PUBLISHED.value: "Families and staff have been told",
            Standing.PROVISIONAL.value: "Expected, but not confirmed yet",
        }
        self.presentation |= {
            "inset_days": _SMALL,
            "standing": Presentation(hints=hints),
            "source": _SMALL,
        }

    @staticmethod
    def _how_many(data: QueryDict | None, initial: Mapping[str, Any]) -> int:
        text = str(initial["count"] if data is None else data.get("count", ""))
        usable = text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST_ROWS + SPARE_ROWS
        return int(text) if usable else len(USUAL_NAMES) + SPARE_ROWS

    def _add_row(self, place: int) -> None:
        self.fields[f"name_{place}"] = forms.CharField(
            label="Half term or term",
            max_length=LONGEST_NAME,
            required=False,
            error_messages={
                "max_length": f"Row {place + 1}: the name must be {LONGEST_NAME} characters "
                "or fewer"
            },
        )
        for part, label in (("start", "First day"), ("end", "Last day")):
            self.fields[f"{part}_{place}"] = forms.CharField(
                label=label, required=False, max_length=60
            )

    @property
    def places(self) -> range:
        """The rows by number, for the page."""
        return range(self.how_many)

    def clean(self) -> None:
        """Read the rows; each problem stands at its box and names its row."""
        placed: list[tuple[int, TermRow]] = []
        for place in self.places:
            row = self._row(place)
            if row is not None:
                placed.append((place, row))
        self.rows = [row for _, row in placed]
        if not self.errors:
            for problem in problems_of(self.rows, self.year):
                self.add_error(f"{problem.part}_{placed[problem.place][0]}", problem.words)
        if not self.rows and not self.errors:
            self.add_error("start_0", "Enter the first and the last day of at least one half term")
        days, problems = read_day_list(self.cleaned_data.get("inset_days", ""), self.year)
        self.training = days
        for words in problems:
            self.add_error("inset_days", words)

    def _row(self, place: int) -> TermRow | None:
        """A row that is complete; None for a blank one, and for one that has a problem."""
        name, start, end = (
            " ".join(self.cleaned_data.get(f"{part}_{place}", "").split())
            for part in ("name", "start", "end")
        )
        if not start and not end and (not name or name in USUAL_NAMES):
            return None
        called = name or f"Row {place + 1}"
        if not name:
            self.add_error(f"name_{place}", f"Row {place + 1}: enter a name, like Autumn 1")
        days = [
            self._day(place, "start", start, f"{called}: enter its first day"),
            self._day(place, "end", end, f"{called}: enter its last day"),
        ]
        first, last = days
        return TermRow(name, first, last) if name and first and last else None

    def _day(self, place: int, part: str, text: str, missing: str) -> date | None:
        box = f"{part}_{place}"
        if box in self.errors:
            return None
        if not text:
            self.add_error(box, f"{missing}, like 1 September {self.year.starts_in}")
            return None
        try:
            return read_day(text, self.year)
        except NoSuchDay as problem:
            called = self.cleaned_data.get(f"name_{place}") or f"Row {place + 1}"
            self.add_error(box, f"{called}: {problem}")
            return None

    def now_based_on(self, revision: int) -> None:
        """Keep what was typed, to be saved over what is there now."""
        rebase(self, based_on=revision)


def rebase(form: forms.BaseForm, **seen: object) -> None:
    """Keep what was typed into a bound form, to be saved over what is there now."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    for name, value in seen.items():
        data[name] = str(value)
    form.data = data


def initial_rows(rows: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """Rows of texts as the typed form begins with them, with two to spare."""
    found: dict[str, Any] = {}
    place = -1
    for place, (name, start, end) in enumerate(rows):
        found |= {f"name_{place}": name, f"start_{place}": start, f"end_{place}": end}
    return {**found, "count": min(place + 1 + SPARE_ROWS, MOST_ROWS + SPARE_ROWS)}


def as_texts(rows: Iterable[TermRow | Any]) -> list[tuple[str, str, str]]:
    """Half terms as texts for the boxes."""
    return [(row.name, day_in_words(row.start), day_in_words(row.end)) for row in rows]


def preview(actor: Actor, year: AcademicYear, found: Mapping[str, Any]) -> TermDatesForm:
    """The typed form filled with what was read, its problems shown already."""
    data = QueryDict(mutable=True)
    for name, value in found.items():
        data[name] = str(value)
    data["once"] = submissions.new_token(actor.user_id)
    form = TermDatesForm(data, actor=actor, year=year, initial=found)
    form.is_valid()
    return form


class PasteForm(RecordForm):
    """Term dates copied from a web page or a spreadsheet."""

    text = forms.CharField(
        label="Paste the dates here",
        help_text="Copy the table or the list from the web page, or the cells from the "
        "spreadsheet. You check what was read before anything is saved.",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Paste the dates",
            "max_length": "Paste only the part of the page with the dates: this is too long",
        },
    )
    presentation = {"text": _SMALL}


class TermFileForm(RecordForm):
    """Term dates in a CSV file."""

    sheet = forms.FileField(
        label="Choose a CSV file",
        help_text="Three columns: name, start and end, like Autumn 1, 01/09/2026, 23/10/2026. "
        "You check what was read before anything is saved.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"}),
        max_length=250,
        error_messages={
            "required": "Choose the file with your term dates",
            "missing": "Choose the file with your term dates",
            "empty": "This file is empty. Choose the file with your term dates",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )
    presentation = {"sheet": _SMALL}

    def clean_sheet(self) -> Any:
        """Refuse what is too large before it is read."""
        sheet = self.cleaned_data["sheet"]
        if sheet.size > LARGEST:
            raise forms.ValidationError(
                "The file is larger than 200 KB. Leave only the rows with your term dates in it"
            )
        return sheet


class InsetForm(RecordForm):
    """The staff training days of one year."""

    mark_optional = False
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    inset_days = _inset_field()
    presentation = {"inset_days": _SMALL}

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, year: AcademicYear, **kwargs: Any
    ) -> None:
        super().__init__(data, actor=actor, **kwargs)
        self.year = year
        self.days: list[date] = []

    def clean_inset_days(self) -> str:
        """Read the lines; each problem names its line."""
        text: str = self.cleaned_data["inset_days"]
        self.days, problems = read_day_list(text, self.year)
        if problems:
            raise forms.ValidationError(problems)
        return text


class InheritForm(RecordForm):
    """Go back to the dates that are inherited."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CopyForm(RecordForm):
    """To which schools of the trust dates are copied."""

    EVERY, SOME = "every", "some"
    which = forms.ChoiceField(
        label="Which schools get these dates?",
        choices=[(EVERY, "Every school below"), (SOME, "Only those I tick below")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which schools get these dates"},
    )
    schools = forms.TypedMultipleChoiceField(
        label="Schools", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    with_inset_days = forms.BooleanField(
        label="Copy the staff training (INSET) days too", required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    mark_optional = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        actor: Actor,
        schools: Sequence[tuple[int, str]],
        hints: Mapping[int, str],
        seen: Mapping[int, int],
    ) -> None:
        super().__init__(data, actor=actor, initial={"seen": self.kept(seen)})
        self.fields["schools"].choices = list(schools)  # type: ignore[attr-defined]
        self.presentation = {"schools": Presentation(hints=hints, small=True)}

    def clean(self) -> None:
        """Somebody who chooses some ticks at least one."""
        chosen = self.cleaned_data.get("schools")
        if self.cleaned_data.get("which") == self.SOME and chosen == []:
            self.add_error("schools", "Tick at least one school")

    @staticmethod
    def kept(seen: Mapping[int, int]) -> str:
        """Revisions as the hidden box holds them."""
        return ",".join(f"{pk}:{revision}" for pk, revision in seen.items())

    def clean_seen(self) -> dict[int, int]:
        """The revisions that the page showed, by school."""
        pairs = [pair.split(":") for pair in self.cleaned_data["seen"].split(",") if pair]
        try:
            return {int(pk): int(revision) for pk, revision in pairs}
        except ValueError:
            raise forms.ValidationError("Reload the page and try again") from None
