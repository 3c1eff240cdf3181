"""What a request to the API asks for: read, or refused by the name of the parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from contacts.search import Postcode, as_postcode, typed

PER_PAGE, MOST_PER_PAGE, LAST_PAGE = 50, 100, 1_000_000
DAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
Value = TypeVar("Value")


class BadParameter(Exception):
    """A parameter that cannot be read; says which, and what it may be."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(reason)
        self.parameter, self.reason = parameter, reason


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list."""

    number: int
    size: int

    @property
    def first(self) -> int:
        """How many records come before it."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list of services; None where one is not used."""

    words: tuple[str, ...]
    taxonomy_id: UUID | None
    term_id: UUID | None
    organization_id: UUID | None
    postcode: Postcode | None
    modified_after: datetime | None
    full: bool
    # Ages, days and times of opening are held of no gateway, so these find none.
    by_what_is_not_held: bool


def page(request: HttpRequest) -> Page:
    """The page asked for. Raises BadParameter."""
    return Page(
        _whole_number(request, "page", 1, LAST_PAGE),
        _whole_number(request, "per_page", PER_PAGE, MOST_PER_PAGE),
    )


def filters(request: HttpRequest) -> Asked:
    """The filters given. Raises BadParameter."""
    if _given(request, "proximity"):
        raise BadParameter("proximity", "is not supported: no co-ordinates are held")
    not_held = [
        _read(request, "minimum_age", float, "must be a number"),
        _read(request, "maximum_age", float, "must be a number"),
        _read(request, "start_time", _time, "must be a time, such as 09:00"),
        _read(request, "end_time", _time, "must be a time, such as 17:00"),
        _read(request, "day", _day, "must be one of MO, TU, WE, TH, FR, SA, SU"),
    ]
    uuid = "must be a UUID"
    return Asked(
        words=tuple(typed(_given(request, "search")).split()),
        taxonomy_id=_read(request, "taxonomy_id", UUID, uuid),
        term_id=_read(request, "taxonomy_term_id", UUID, uuid),
        organization_id=_read(request, "organization_id", UUID, uuid),
        postcode=_read(request, "postcode", _postcode, "must be a postcode, such as WS1 2AB"),
        modified_after=_read(
            request, "modified_after", _moment, "must be a time, such as 2027-01-31T09:00:00Z"
        ),
        full=full(request),
        by_what_is_not_held=any(value is not None for value in not_held),
    )


def full(request: HttpRequest) -> bool:
    """Whether whole records are asked for, in place of those of a list. Raises BadParameter."""
    return bool(_read(request, "full", _yes_or_no, "must be true or false"))


def _given(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()


def _read(
    request: HttpRequest, name: str, how: Callable[[str], Value], reason: str
) -> Value | None:
    given = _given(request, name)
    if not given:
        return None
    try:
        return how(given)
    except ValueError as fault:
        raise BadParameter(name, reason) from fault


def _whole_number(request: HttpRequest, name: str, otherwise: int, most: int) -> int:
    if name not in request.GET:
        return otherwise
    given = _given(request, name)
    # No more digits than the greatest has: int() of a million digits is work.
    if given.isascii() and given.isdigit() and len(given) <= len(str(most)):
        number = int(given)
        if 1 <= number <= most:
            return number
    raise BadParameter(name, f"must be a whole number from 1 to {most:,}")


def _time(given: str) -> time:
    found = parse_time(given)
    if found is None:
        raise ValueError(given)
    return found


def _day(given: str) -> str:
    if given.upper() not in DAYS:
        raise ValueError(given)
    return given.upper()


def _yes_or_no(given: str) -> bool:
    if given.lower() not in ("true", "false"):
        raise ValueError(given)
    return given.lower() == "true"


def _postcode(given: str) -> Postcode:
    found = as_postcode(given)
    if found is None:
        raise ValueError(given)
    return found


def _moment(given: str) -> datetime:
    day: date | None = parse_date(given)
    if day:
        found: datetime | None = datetime.combine(day, time.min, tzinfo=UTC)
    else:
        # An unescaped plus sign in an address is read as a space.
        found = parse_datetime(given.replace(" ", "+") if "T" in given else given)
    if found is None:
        raise ValueError(given)
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)
