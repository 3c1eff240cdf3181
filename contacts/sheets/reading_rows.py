"""One row: its cells as the directory understands them, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contacts.models import Region
from contacts.sheets import cells
from contacts.sheets.fields import BY_KEY
from contacts.sheets.naming import (
    Choices,
    Organisations,
    Unknown,
    places_of,
    role_types,
    visibility,
)
from organisations.guard_rail import find_identifiers

Problem = dict[str, Any]
ENTER = {
    "name": "Enter their name",
    "job_title": "Enter their job title",
    "organisation": "Enter the organisation that they work at",
    "email": "Enter their work email address",
}


@dataclass(slots=True)
class Meaning:
    """What a row says: `values` of the fields it fills, and problems by column."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Reader:
    """Reads rows of one sheet, whose columns are matched, for one region."""

    def __init__(self, region: Region, matching: Mapping[str, int]) -> None:
        self.matching = matching
        self._field_of = {column: name for name, column in matching.items()}
        self.organisations = Organisations.load()
        self.roles: Choices = role_types()
        self.places: Choices = places_of(region)
        self._readers: dict[str, Callable[[str], Any]] = {
            "email": _email,
            "role_type": self.roles.find,
            "place": self.places.find,
            "visibility": visibility,
            "started_on": lambda text: cells.read_date(text).isoformat(),
            "ended_on": lambda text: cells.read_date(text).isoformat(),
        }

    def read(self, texts: Sequence[str], withheld: Sequence[Sequence[Any]]) -> Meaning:
        """The values of a row; a cell that is wrong has a problem and no value."""
        row = Meaning()
        for column, said in withheld:
            self._note(row, column, said)
        given = self._given(row, texts)
        faulty = {each["field"] for each in row.problems}
        for name, text in given.items():
            if name in self._readers:
                self._take(row, name, text)
            elif name not in ("organisation", "organisation_code"):
                row.values[name] = text
        self._organisation(row, given, faulty)
        for name, said in ENTER.items():
            missing = name not in given and name not in faulty
            if missing and not (name == "organisation" and "organisation_code" in given):
                self._note(row, self.matching.get(name), said, name)
        self._dates(row)
        return row

    def _given(self, row: Meaning, texts: Sequence[str]) -> dict[str, str]:
        """The texts of matched columns that hold something fit to be read."""
        given = {}
        for column, text in enumerate(texts):
            name = self._field_of.get(column, "")
            if cells.is_formula(text):
                said = "This begins like a formula, so it is refused. Write it as plain words"
                self._note(row, column, said)
            elif not text or not name:
                continue
            elif cells.is_fault(text):
                self._note(row, column, f"The spreadsheet could not work this out: {text}")
            else:
                plain = cells.unmarked(text)
                if said := _unfit(name, plain):
                    self._note(row, column, said)
                else:
                    given[name] = plain
        return given

    def _take(self, row: Meaning, name: str, text: str) -> None:
        try:
            row.values[name] = self._readers[name](text)
        except (Unknown, ValueError) as problem:
            self._note(row, self.matching[name], str(problem), name)

    def _organisation(self, row: Meaning, given: dict[str, str], faulty: set[str]) -> None:
        name, code = given.get("organisation", ""), given.get("organisation_code", "")
        if faulty & {"organisation", "organisation_code"} or not (name or code):
            return
        try:
            row.values["organisation"] = self.organisations.find(name, code)
        except Unknown as problem:
            named = "organisation_code" if code else "organisation"
            self._note(row, self.matching[named], str(problem), named)

    def _dates(self, row: Meaning) -> None:
        started, ended = row.values.get("started_on"), row.values.get("ended_on")
        if started and ended and ended < started:
            said = "The last day must be on or after the first"
            self._note(row, self.matching["ended_on"], said, "ended_on")

    def _note(self, row: Meaning, column: int | None, said: str, name: str = "") -> None:
        known = self._field_of.get(column, "") if column is not None else ""
        row.problems.append({"column": column, "field": name or known, "message": said})


def _unfit(name: str, text: str) -> str:
    """Why a text cannot stand in a field; empty when it can.

    The guard-rail looks once more: what a column's heading excused (a telephone number, in one
    called so) is not excused in another field.
    """
    longest = BY_KEY[name].longest
    if len(text) > longest:
        return f"Write {longest} characters or fewer"
    if name not in ("ref", "email") and (found := find_identifiers(text, label=name)):
        return f"This looks like it contains {found[0].kind.in_words}. Take it out of your file"
    return ""


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(
            "Enter an email address in the correct format, like name@example.nhs.uk"
        ) from None
    return text
