"""One entry of a calendar (VEVENT) as it is written, and what of it could not be read, in words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta

from calendars.ics.limits import LONGEST_NAME
from calendars.ics.lines import Component
from calendars.ics.moments import Unreadable, Written, read_length, read_written

WANTED = frozenset(
    "DTSTART DTEND DURATION SUMMARY UID RRULE RDATE EXDATE RECURRENCE-ID STATUS TRANSP CLASS "
    "SEQUENCE METHOD X-WR-CALNAME NAME".split()
)
_ONE_DAY = timedelta(days=1)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_NO_NAME = "Entry without a name"
_NAMES_SHOWN = 3
_LONGEST_UID = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A VEVENT whose dates can be read."""

    source: Component
    uid: str
    name: str
    starts: Written
    length: timedelta
    instead_of: Written | None

    @property
    def cancelled(self) -> bool:
        """Whether it is called off."""
        return self.source.text("STATUS").strip().upper() == "CANCELLED"

    @property
    def sequence(self) -> int:
        """How often it was changed; the highest one counts."""
        text = self.source.text("SEQUENCE").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@dataclass(slots=True)
class Left:
    """Names of what was not read as it stands, by why."""

    unreadable: list[str] = field(default_factory=list)
    too_often: list[str] = field(default_factory=list)
    first_only: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)

    def in_words(self) -> tuple[str, ...]:
        """What a person should know."""
        said = [
            f"Nobody knows the time zone “{name}”. Its times were read as London time."
            for name in dict.fromkeys(self.zones)
        ][:_NAMES_SHOWN]
        for names, words in (
            (self.unreadable, "Left out, because no date could be read"),
            (self.too_often, "Left out, because it repeats too often"),
            (self.first_only, "Repeats in a way Tandem does not read, so only its first date"),
        ):
            if names:
                said.append(f"{words}: {_listed(names)}.")
        return tuple(said)


def read_entry(source: Component, left: Left) -> Entry | None:
    """What a VEVENT says of itself; noted in `left` when its dates cannot be read."""
    name = plain_name(source.text("SUMMARY")) or _NO_NAME
    try:
        begins = source.first("DTSTART")
        if begins is None:
            raise Unreadable("no beginning")
        starts = read_written(begins)
        length = _length(source, starts)
        instead_of = source.first("RECURRENCE-ID")
        replaced = read_written(instead_of) if instead_of else None
    except (Unreadable, OverflowError):
        left.unreadable.append(name)
        return None
    if starts.unknown:
        left.zones.append(plain_name(starts.unknown))
    return Entry(source, _uid(source, name, starts), name, starts, length, replaced)


def _length(source: Component, starts: Written) -> timedelta:
    """How long it lasts; of whole days, at least one (DTEND is the day after the last)."""
    end, duration = source.first("DTEND"), source.first("DURATION")
    if end is not None:
        ends = read_written(end)
        whole = starts.clock is None or ends.clock is None
        length = ends.day - starts.day if whole else ends.moment - starts.moment
        if length < timedelta():
            raise Unreadable("ends before it begins")
    elif duration is not None:
        length = read_length(duration.value)
    else:
        length = timedelta()
    if starts.clock is None:
        return max(_ONE_DAY * length.days, _ONE_DAY)
    return length


def _uid(source: Component, name: str, starts: Written) -> str:
    """Its name among machines; made from what it says when it has none, or an endless one."""
    given = _UNSEEN.sub("", source.text("UID")).strip()
    if given and len(given) <= _LONGEST_UID:
        return given
    said = given or f"{name} {starts.day} {starts.clock}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:40]


def plain_name(text: str) -> str:
    """A name in one line, as people read it."""
    said = re.sub(r"\\(.)", lambda match: " " if match[1] in "nN" else match[1], text)
    return " ".join(_UNSEEN.sub(" ", said).split())[:LONGEST_NAME].strip()


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    shown = [f"“{name}”" for name in unique[:_NAMES_SHOWN]]
    if more := len(unique) - len(shown):
        return f"{', '.join(shown)} and {more} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
