"""From bytes to the components of a calendar, each a list of its properties.

Here: what a file is by its first bytes, how its text is written, folded lines, BEGIN and END.
Nothing here knows what a property means. Values are kept as they stand; only the properties that
are asked for are kept at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from calendars.ics.limits import LARGEST, MOST_COMPONENTS

_NO_CALENDAR = (
    "This is not a calendar: it does not begin with BEGIN:VCALENDAR. Choose a file that ends in "
    ".ics."
)
_BROKEN_OFF = "This calendar breaks off before its end. Download it again."
_OTHERS = (
    (
        b"PK\x03\x04",
        (
            "This is a ZIP file. Google puts calendars into one: open it, and choose the file "
            "inside that ends in .ics."
        ),
    ),
    (b"\x1f\x8b", "This file is compressed. Unpack it, and choose the file inside (.ics)."),
    (b"%PDF", "This is a PDF, not a calendar. Choose a file that ends in .ics."),
    (b"\xd0\xcf\x11\xe0", "This is an Office file, not a calendar. Choose one that ends in .ics."),
    (b"{", "This is data for programs (JSON), not a calendar. Choose a file that ends in .ics."),
)
_WEB_PAGE = (
    "This is a web page, not a calendar. Look on that page for a link to subscribe or to "
    "download (iCal, .ics), and use that."
)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|\?xml|!--|script)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_LONGEST_LINE = 20_000
_DEEPEST = 10


class CalendarError(ValueError):
    """What cannot be read as a calendar; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its parameters in capitals, and its value as it stands."""

    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    inside: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        found = self.properties.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The value of the first property of that name, or nothing."""
        found = self.first(name)
        return found.value if found else ""

    def walk(self, name: str) -> Iterator[Component]:
        """Every component of a name, at any depth, in order."""
        waiting = [self]
        while waiting:
            at = waiting.pop()
            if at.name == name:
                yield at
            waiting.extend(reversed(at.inside))


def components(content: bytes, wanted: Collection[str]) -> Component:
    """The calendar in `content`, with the `wanted` properties of each component.

    Several calendars in a file are read as one. Raises CalendarError for anything else.
    """
    tree = _Tree()
    for line in _unfolded(_text(content)):
        match = _NAME.match(line)
        name = match[0].upper() if match else ""
        if name == "BEGIN":
            tree.begin(_word(line))
        elif name == "END":
            tree.end(_word(line))
        elif name in wanted and tree.open and len(line) <= _LONGEST_LINE:
            tree.hold(name, line)
    if tree.open:
        raise CalendarError(_BROKEN_OFF)
    if not any(each.name == "VCALENDAR" for each in tree.root.inside):
        raise CalendarError(_NO_CALENDAR)
    return tree.root


class _Tree:
    """The components read so far, and which of them are still open."""

    def __init__(self) -> None:
        self.root = Component("")
        self.open: list[Component] = []
        self.count = 0

    def begin(self, name: str) -> None:
        self.count += 1
        if self.count > MOST_COMPONENTS:
            raise CalendarError(
                f"This calendar has more than {MOST_COMPONENTS:,} entries. Choose one with fewer, "
                "or export a shorter time."
            )
        if len(self.open) == _DEEPEST:
            raise CalendarError("This is not a calendar that Tandem can read.")
        inner = Component(name)
        (self.open[-1] if self.open else self.root).inside.append(inner)
        self.open.append(inner)

    def end(self, name: str) -> None:
        """End the innermost open component of that name, and what was left open inside it."""
        if any(each.name == name for each in self.open):
            while self.open.pop().name != name:
                pass

    def hold(self, name: str, line: str) -> None:
        if found := _property(line):
            self.open[-1].properties.setdefault(name, []).append(found)


def _word(line: str) -> str:
    return line.partition(":")[2].strip().upper()[:40]


def _property(line: str) -> Property | None:
    try:
        _, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]
    except (ValueError, UnicodeError):
        return None
    plain = {
        str(key).upper(): given if isinstance(given, str) else ",".join(map(str, given))
        for key, given in parameters.items()
    }
    return Property(plain, str(value))


def _text(content: bytes) -> str:
    """The text of a file; raises CalendarError for what is plainly something else."""
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise CalendarError("This calendar is empty. Choose a file that ends in .ics.")
    if len(content) > LARGEST:
        raise CalendarError("This calendar is larger than 2 MB. Export a shorter time.")
    for beginning, said in _OTHERS:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(beginning):
            raise CalendarError(said)
    text = _decoded(content)
    if "BEGIN:VCALENDAR" not in text[:2000].upper() and _MARKUP.search(
        text[:2000].encode("utf-8", "replace")
    ):
        raise CalendarError(_WEB_PAGE)
    return text


def _decoded(content: bytes) -> str:
    """UTF-8 as the standard asks; else by byte order mark, UTF-16, or as Windows wrote it."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    if b"\x00" in content[:200]:
        little = content[1:2] == b"\x00"
        return content.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: one that begins with a space or a tab goes on with the line before."""
    # Not splitlines(): a name may hold the line ends that only Unicode knows.
    parts: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    if parts:
        yield "".join(parts)
