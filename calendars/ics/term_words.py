"""What an entry of a school calendar says, going by its name and how long it lasts.

English councils and schools have no common wording. Here the words they use are sorted into a
few meanings; what fits none is None, and a person is told.
"""

from __future__ import annotations

import enum
import re

from calendars.ics.reading import Event

_LONGEST_BREAK = 16
_LONGEST_HOLIDAY = 62
_SHORTEST_HOLIDAY = 3
_TERM = (
    r"(?:half[- ]?terms?|terms?|schools?|academic year|year|autumn|spring|summer|pupils|students|"
    r"children)"
)
_BREAK = r"(?:holidays?|half[- ]?term|break|vacation)"
_BEGINS = r"(?:starts?|begins?|re-?opens?|opens?|returns?|resumes?|commences?|back)"
_ENDS = r"(?:ends?|closes?|close|breaks?[- ]up|finish(?:es)?|concludes?)"

_STAFF_ONLY = re.compile(
    r"\b(insets?|in-service|(?:staff|teacher) (?:training|development)|training days?|"
    r"teacher days?|non-?pupil days?|pd days?|professional development|staff days?|"
    r"closed to (?:pupils|students|children)|occasional days?|disaggregated)\b"
)
_BANK_HOLIDAY = re.compile(
    r"\b(bank holidays?|good friday|easter monday|may day|boxing day|christmas (?:day|eve)|"
    r"new year[’']?s (?:day|eve))\b"
)
_NUMBERED = re.compile(
    r"\b(?:term|autumn|spring|summer) ?[1-6]\b|\b(?:1st|2nd|first|second) half\b"
)
_TERM_BEGINS = re.compile(
    rf"\b{_TERM}\b.*\b{_BEGINS}\b|\b(?:first day|start|beginning|return)\b.*\b{_TERM}\b|"
    rf"\bback to school\b|\bfirst day\b$|^{_BEGINS}$"
)
_TERM_ENDS = re.compile(
    rf"\b{_TERM}\b.*\b{_ENDS}\b|\b(?:last day|end)\b.*\b{_TERM}\b|\blast day\b$|^{_ENDS}$"
)
_BREAK_BEGINS = re.compile(rf"\b{_BREAK}\b.*\b{_BEGINS}\b|\b(?:first day|start)\b.*\b{_BREAK}\b")
_BREAK_ENDS = re.compile(rf"\b{_BREAK}\b.*\b{_ENDS}\b|\b(?:last day|end)\b.*\b{_BREAK}\b")
_HOLIDAY = re.compile(rf"\b{_BREAK}\b|\b(?:schools?|college|academy|academies) closed\b|^closed$")
_SEASON = re.compile(r"\b(christmas|easter|whitsun|whit|october|february|may|summer)\b")
_IN_TERM = re.compile(r"\bterm\b|\b(?:autumn|spring|summer)\b")
# What follows is only why, not what: "ends for half term", "reopens after Christmas".
_WHY = re.compile(r"\b(?:for|after|following|before)\b|\(")


class Meaning(enum.Enum):
    """What an entry means for a school year."""

    TERM = "term or half a term, from its first to its last day"
    TERM_BEGINS = "first day of term"
    TERM_ENDS = "last day of term"
    HOLIDAY = "holiday, from its first to its last day"
    HOLIDAY_BEGINS = "first day of a holiday"
    HOLIDAY_ENDS = "last day of a holiday"
    STAFF_ONLY = "day on which a school is closed to pupils"
    BANK_HOLIDAY = "bank holiday"


def meanings_of(event: Event) -> set[Meaning]:
    """Everything an entry says: "Term starts (INSET day)" says two things."""
    name = _plain(event.name)
    length = (event.last - event.first).days + 1
    found = {Meaning.STAFF_ONLY} if _STAFF_ONLY.search(name) else set()
    if main := _main(_STAFF_ONLY.sub(" ", name) if found else name, length):
        found.add(main)
    if Meaning.STAFF_ONLY in found and length > _SHORTEST_HOLIDAY + 2:
        found.discard(Meaning.STAFF_ONLY)
    return found


def _plain(name: str) -> str:
    name = re.sub(r"[‐‑‒–—−_]", "-", name.casefold())
    name = re.sub(r"\bhalf[ -]*term", "half-term", name)
    return " ".join(re.sub(r"[:;,./]|\s-\s", " ", name).split())


def _main(name: str, length: int) -> Meaning | None:
    if _BANK_HOLIDAY.search(name) and length < _SHORTEST_HOLIDAY:
        return Meaning.BANK_HOLIDAY
    what = _WHY.split(name, maxsplit=1)[0].strip() or name
    if length < _SHORTEST_HOLIDAY and (edge := _edge(what) or _edge(name)):
        return edge
    if length > _LONGEST_HOLIDAY or (length > _LONGEST_BREAK and _is_term(name)):
        return Meaning.TERM if _IN_TERM.search(name) or _NUMBERED.search(name) else None
    if _HOLIDAY.search(name) or (length >= _SHORTEST_HOLIDAY and _SEASON.search(name)):
        return Meaning.HOLIDAY
    return None


def _is_term(name: str) -> bool:
    """Whether something that lasts for weeks is a term, and no holiday."""
    if re.search(r"\b(?:holidays?|break|vacation|closed)\b", name):
        return False
    # "Summer" alone, for some weeks, is the holiday.
    return bool(re.search(r"\bterm\b|\bautumn\b|\bspring\b", name) or _NUMBERED.search(name))


def _edge(name: str) -> Meaning | None:
    """The first or last day of something; an unnumbered half term is the holiday."""
    if not _NUMBERED.search(name):
        if _BREAK_BEGINS.search(name):
            return Meaning.HOLIDAY_BEGINS
        if _BREAK_ENDS.search(name):
            return Meaning.HOLIDAY_ENDS
    if _TERM_ENDS.search(name):
        return Meaning.TERM_ENDS
    if _TERM_BEGINS.search(name):
        return Meaning.TERM_BEGINS
    return None
