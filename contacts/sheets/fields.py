"""The columns of a sheet of contacts: ours, what others call them, and guessing which is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Matching = dict[str, int]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a sheet may say of a contact."""

    key: str
    label: str
    # How the person who fills a template is told what goes there.
    about: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    longest: int = 200


FIELDS = (
    Field(
        "ref",
        "Reference",
        "Leave it as it was exported; leave it empty for a new contact",
        ("ref", "tandem reference", "contact reference"),
    ),
    Field(
        "name",
        "Name",
        "First name and surname",
        ("full name", "contact", "contact name", "person", "who", "named contact"),
        required=True,
        longest=120,
    ),
    Field(
        "job_title",
        "Job title",
        "As on their email signature",
        ("title", "job", "post", "position", "designation", "post title"),
        required=True,
        longest=120,
    ),
    Field(
        "organisation",
        "Organisation",
        "Name, ODS code, URN, group UID or DfE number",
        (
            "organization", "org", "organisation name", "employer", "school", "school name",
            "trust", "trust name", "works at", "provider", "service",
        ),
        required=True,
    ),
    Field(
        "organisation_code",
        "Organisation code",
        "ODS code, URN, group UID or DfE number, where the name is not enough",
        ("code", "org code", "ods", "ods code", "urn", "uid", "group uid", "dfe number"),
    ),
    Field(
        "email",
        "Email address",
        "Their work email address",
        ("email", "e mail", "e mail address", "work email", "contact email", "mail"),
        required=True,
        longest=254,
    ),
    Field(
        "telephone",
        "Telephone",
        "Their work telephone number",
        ("telephone number", "phone", "phone number", "tel", "tel no", "mobile", "contact number"),
        longest=30,
    ),
    Field("role_type", "Role type", "One of Tandem’s role types", ("role", "type of role")),
    Field(
        "place",
        "Place",
        "A council area in the region",
        ("area", "council", "local authority", "la", "borough", "district"),
    ),
    Field(
        "visibility",
        "Who can open the details",
        "Organisations in the region, All organisations that have joined, or On request only",
        ("visibility", "who may see the details", "visible to", "sharing"),
    ),
    Field(
        "source",
        "Source",
        "Where you have the details from",
        ("where from", "origin", "source of details"),
    ),
    Field(
        "started_on",
        "Started on",
        "For example, 21/07/2027",
        ("start date", "started", "start", "from", "in post since", "date started"),
    ),
    Field(
        "ended_on",
        "Ended on",
        "Their last day, for someone who has left",
        ("end date", "ended", "end", "until", "last day", "left on", "date left", "leaving date"),
    ),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}


def letter(column: int) -> str:
    """What a spreadsheet calls a column: A for 0, AA for 26."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def plain(heading: str) -> str:
    """A heading without case, marks and doubled spaces, for comparing."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())


def guess(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> Matching:
    """Which column is which field; each column and each field once.

    What the region's admins matched before (`remembered`: heading to field) goes first, then
    our own words, then synonyms.
    """
    found: Matching = {}
    texts = [plain(heading) for heading in headings]
    for key, column in _candidates(texts, remembered or {}):
        if key not in found and column not in found.values():
            found[key] = column
    return found


def _candidates(texts: Sequence[str], remembered: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for column, text in enumerate(texts):
        if remembered.get(text) in BY_KEY:
            yield remembered[text], column
    for words in ([(field.key, plain(field.label))] for field in FIELDS):
        yield from _called(texts, words)
    for words in ([(field.key, each) for each in field.synonyms] for field in FIELDS):
        yield from _called(texts, words)


def _called(texts: Sequence[str], words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    for key, word in words:
        for column, text in enumerate(texts):
            if text == word:
                yield key, column


def lacking(matching: Mapping[str, int]) -> list[Field]:
    """The required fields that have no column; an organisation's code does for its name."""
    return [
        field
        for field in FIELDS
        if field.required
        and field.key not in matching
        and not (field.key == "organisation" and "organisation_code" in matching)
    ]
