"""Which organisation, role type or place a cell means, and what it may have meant instead."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from contacts.models import Place, Region, RoleType, Visibility
from contacts.search import SIMILAR
from contacts.selectors import find_organisations
from contacts.sheets.fields import plain
from organisations.models import Kind, Organisation

# How many different names that are not an organisation's own are searched for in one sheet.
MOST_SEARCHES = 300
SUGGESTED = 3


class Unknown(Exception):
    """A cell that names nothing we know; `args[0]` says so in words, with suggestions."""


def key(name: str) -> str:
    """A name as names are compared: without case, marks and doubled spaces, "&" as "and"."""
    return plain(name.replace("&", " and ").replace("’", "").replace("'", ""))


@dataclass(slots=True)
class Organisations:
    """Every organisation by name and code, in one query; what is not among them is searched."""

    names: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    _closed: dict[int, date] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_code: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _searched: dict[str, int | str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Organisations:
        """All of them, open and closed."""
        known = cls()
        rows = Organisation.objects.values_list(
            "pk", "kind", "code", "other_code", "name", "closed_on"
        )
        today = timezone.localdate()
        for pk, kind, code, other, name, closed in rows.iterator(chunk_size=5000):
            known.names[pk], known.codes[pk], known._kinds[pk] = name, code, kind
            if closed is not None and closed <= today:
                known._closed[pk] = closed
            known._by_name[key(name)].append(pk)
            for each in {code.upper(), other.upper()} - {""}:
                known._by_code[each].append(pk)
        return known

    def find(self, name: str, code: str = "") -> int:
        """The organisation of a name, a code, or both. Raises Unknown, with suggestions."""
        found = self.exactly(name, code)
        return self._search(name) if found is None else found

    def exactly(self, name: str, code: str = "") -> int | None:
        """The one of just that name or code; None for a name that nobody has.

        Raises Unknown for a code that nobody has, one that has closed, and several of one name.
        """
        if code:
            found = self._by_code.get(code.upper().replace(" ", ""), [])
            if not found:
                raise Unknown(f"No organisation has the code “{code}”")
            if len(found) > 1 and name:
                found = [pk for pk in found if key(self.names[pk]) == key(name)] or found
            return self._only(found, code)
        found = self._by_name.get(key(name)) or self._by_code.get(name.upper(), [])
        return self._only(found, name) if found else None

    def offers(self, text: str) -> list[int]:
        """Those whose names are like a text, the likeliest first."""
        found = find_organisations(text, limit=SUGGESTED)
        return [each.pk for each in found.organisations if each.pk in self.names]

    def _only(self, found: list[int], text: str) -> int:
        still = [pk for pk in found if pk not in self._closed]
        if not still:
            closed = self._closed[found[0]]
            raise Unknown(f"{self.names[found[0]]} closed in {closed:%B %Y}. Who took over?")
        if len(still) > 1:
            raise Unknown(
                f"{len(still)} organisations are called “{text}”. Add a column with the "
                f"organisation’s code: {self._suggested(still)}"
            )
        return still[0]

    def _search(self, text: str) -> int:
        if text not in self._searched:
            self._searched[text] = (
                self._ask(text)
                if len(self._searched) < MOST_SEARCHES
                else f"No organisation is called “{text}”"
            )
        answer = self._searched[text]
        if isinstance(answer, str):
            raise Unknown(answer)
        return answer

    def _ask(self, text: str) -> int | str:
        found = find_organisations(text, limit=SUGGESTED)
        ids = [each.pk for each in found.organisations if each.pk in self.names]
        at_all = bool(ids) and found.postcode is None
        if at_all and found.total == 1 and found.organisations[0].rank < SIMILAR:  # type: ignore[attr-defined]
            return ids[0]
        said = f"No organisation is called “{text}”"
        return f"{said}. Did you mean {self._suggested(ids)}?" if ids else said

    def _suggested(self, ids: list[int]) -> str:
        named = [f"{self.names[pk]} ({self.codes[pk]})" for pk in ids[:SUGGESTED]]
        return " or ".join(named)

    def kind(self, pk: int) -> str:
        """The kind in words."""
        return Kind(self._kinds[pk]).label


class Choices:
    """A short list of things by name: role types, places."""

    def __init__(self, things: Iterable[tuple[int, str, str]], none: str) -> None:
        self.names: dict[int, str] = {}
        self._by_name: dict[str, int] = {}
        self._none = none
        for pk, name, also in things:
            self.names[pk] = name
            self._by_name.setdefault(key(name), pk)
            if also:
                self._by_name.setdefault(key(also), pk)

    def find(self, text: str) -> int:
        """The one of that name. Raises Unknown, with suggestions."""
        found = self._by_name.get(key(text))
        if found is not None:
            return found
        near = difflib.get_close_matches(key(text), self._by_name, n=SUGGESTED, cutoff=0.5)
        names = list(dict.fromkeys(self.names[self._by_name[each]] for each in near))
        said = self._none.format(text)
        raise Unknown(f"{said}. Did you mean {' or '.join(names)}?" if names else said)


def role_types() -> Choices:
    """All role types, by name or key."""
    things = RoleType.objects.values_list("pk", "name", "key")
    return Choices(things, "There is no role type “{}”")


def places_of(region: Region) -> Choices:
    """The places of a region, by their name or their council's."""
    things = Place.objects.filter(regions=region).values_list("pk", "name", "council__name")
    return Choices(things, f"There is no place “{{}}” in {region.name}")


_VISIBILITY = {plain(label): value for value, label in Visibility.choices} | {
    "region": Visibility.REGION,
    "in the region": Visibility.REGION,
    "joined": Visibility.JOINED,
    "all": Visibility.JOINED,
    "everyone": Visibility.JOINED,
    "request": Visibility.REQUEST,
    "on request": Visibility.REQUEST,
}


def visibility(text: str) -> str:
    """The setting that a cell means. Raises Unknown, naming all there are."""
    found = _VISIBILITY.get(plain(text))
    if found is None:
        labels = " or ".join(f"“{label}”" for label in Visibility.labels)
        raise Unknown(f"Write {labels}")
    return str(found)
