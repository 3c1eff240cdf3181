"""A planner composed: the strip or the month, the agenda beneath, and the ways onwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from calendars.clashes import Clash
from calendars.london import today
from calendars.selectors import calendars_of
from calendars.terms import TermSource, place_in_years
from organisations.actor import Actor
from organisations.models import Sector
from overview.planner import agenda, nation
from overview.planner.clashing import Clashes, clashes_of, members_of
from overview.planner.gathering import Gathered, gather
from overview.planner.items import Item, shortened
from overview.planner.months import Table, table_of
from overview.planner.quiet import QUIET, quiet_by_partnership, quiet_items, quiet_periods
from overview.planner.rows import strip_of
from overview.planner.sides import Sides, inset_days, sides_of
from overview.planner.sources import Asked, sources
from overview.planner.strip import Strip
from overview.planner.windows import Frame, View, Window, window_of
from partnerships.record.models import Partnership


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the planner's own controls."""

    words: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """The planner's own controls: closer and wider, the other frame, before and after."""

    views: list[Way]
    frames: list[Way]
    before: Way | None
    after: Way | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the agenda."""

    item: Item
    place: str
    # What speaks against its day, and what is to keep in mind on it, by name.
    clashes: list[Clash]
    cautions: str


@dataclass(frozen=True, slots=True)
class EntryMonth:
    """The lines of one month."""

    first: date
    entries: list[Entry]


@dataclass(frozen=True)
class Page:
    """Everything on the page."""

    window: Window
    day: date
    ways: Ways
    strip: Strip | None
    table: Table | None
    months: list[EntryMonth]
    under_way: list[Item]
    begin: date
    total: int
    first_shown: int
    last_shown: int
    earlier: str
    later: str
    terms_note: str
    clear: str
    filtered: bool
    keep: dict[str, str]

    @property
    def shown_all(self) -> bool:
        """Whether the agenda holds every entry of the window."""
        return self.last_shown - self.first_shown + 1 == self.total

    @property
    def from_today(self) -> bool:
        """Whether the agenda begins today, and something lies before."""
        return bool(self.earlier) and self.begin == self.day


@dataclass(frozen=True)
class Addresses:
    """The addresses of a planner's other windows, with its filters kept."""

    path: str
    chosen: Mapping[str, str]
    frame: Frame

    def __call__(self, *, view: View, at: date, begin: agenda.Begin | None = None) -> str:
        """Another window, or another page of the agenda."""
        asked = {**self.chosen, "frame": self.frame.value}
        if view is not View.YEAR:
            asked["view"] = view.value
        asked["at"] = at.isoformat()
        if begin is not None:
            asked["from"] = str(begin)
        return f"{self.path}?{urlencode(asked)}"

    def agenda(self, window: Window, begin: agenda.Begin | None) -> str:
        """Another page of a window's agenda; empty where there is none."""
        if begin is None:
            return ""
        return f"{self(view=window.view, at=window.first, begin=begin)}#agenda"

    def year(self, frame: Frame, at: date) -> str:
        """A whole year of a frame."""
        year = frame.year_of(at).label
        return f"{self.path}?{urlencode({**self.chosen, 'frame': frame.value, 'year': year})}"


def compose(
    actor: Actor,
    asked_for: Mapping[str, str],
    *,
    path: str,
    chosen: Mapping[str, str],
    partnership: Partnership | None,
    school_id: int | None,
) -> Page:
    """Read a planner; a fixed number of statements, whatever it holds."""
    day = today()
    assert actor.organisation is not None
    frame = Frame.ACADEMIC if actor.organisation.sector == Sector.SCHOOL else Frame.FINANCIAL
    window = _window(actor, asked_for, frame, day, school_id)
    address = Addresses(path, chosen, window.frame)
    asked = Asked(actor, window, day, partnership.pk if partnership else None)
    begin = agenda.begin_of(window, asked_for.get("from", ""), day)
    kind = chosen.get("kind", "")
    gathered = [gather(asked, each) for each in sources() if kind in ("", each.kind)]
    planned = [item for each in gathered for item in each.from_on(asked, begin)]
    members = {} if partnership else members_of(planned)
    sides = sides_of(asked, partnership, school_id, members)
    quiet = quiet_periods(asked) if kind in ("", QUIET) or planned else []
    held = [*sides.items, *quiet_items(asked, quiet), *_of_the_nation(window, sides)]
    held = [item for item in held if kind in ("", item.kind)]
    ordered = agenda.in_order(window, held)
    counts = [_counted(ordered), *(each.days for each in gathered)]
    turns = agenda.turns(counts, begin)
    shown = agenda.page_of(ordered, planned, begin)
    clashes = clashes_of(
        shown, lambda each: sides.of(members.get(each)), quiet_by_partnership(quiet)
    )
    calendar = _calendar(asked, sides, held, gathered, address)
    return Page(
        window=window,
        day=day,
        ways=_ways(window, address, day),
        strip=calendar if isinstance(calendar, Strip) else None,
        table=calendar if isinstance(calendar, Table) else None,
        months=_entries(shown, sides.school_terms, clashes),
        under_way=agenda.under_way(held, begin.day) if not begin.skip else [],
        begin=begin.day,
        total=turns.total,
        first_shown=turns.passed + 1,
        last_shown=turns.passed + len(shown),
        earlier=address.agenda(window, turns.before),
        later=address.agenda(window, turns.after),
        terms_note=_terms_note(sides),
        clear=f"{path}?{urlencode(_kept(window))}",
        filtered=bool(chosen),
        keep=_kept(window),
    )


def _window(
    actor: Actor, asked_for: Mapping[str, str], frame: Frame, day: date, school_id: int | None
) -> Window:
    """The window asked for; a term is one of the school's, or the organisation's own dates."""
    window = window_of(asked_for, frame=frame, today=day)
    if window.view is not View.TERM:
        return window
    whose = school_id or actor.organisation_id
    assert whose is not None
    own = calendars_of(actor, [whose], window.first, window.last)[whose].terms
    return window_of(asked_for, frame=frame, today=day, terms=own)


def _of_the_nation(window: Window, sides: Sides) -> list[Item]:
    """Holidays and closed days."""
    holidays = nation.school_holidays(window, sides.school_terms)
    return [*holidays, *nation.closed_days(window, inset_days(sides.calendars))]


def _counted(items: Sequence[Item]) -> dict[date, int]:
    found: dict[date, int] = {}
    for item in items:
        found[item.first] = found.get(item.first, 0) + 1
    return found


def _calendar(
    asked: Asked,
    sides: Sides,
    held: Sequence[Item],
    gathered: Sequence[Gathered],
    address: Addresses,
) -> Strip | Table:
    """The strip, or for a month its table."""
    window = asked.window
    if window.view is not View.MONTH:
        return strip_of(window, sides, held, gathered, address, asked.today)

    def agenda_at(day: date) -> str:
        return address.agenda(window, agenda.Begin(day))

    return table_of(window, sides.school_terms, held, gathered, agenda_at, asked.today)


def _entries(items: Sequence[Item], terms: TermSource, clashes: Clashes) -> list[EntryMonth]:
    place = lru_cache(lambda day: place_in_years(day, terms))
    return [
        EntryMonth(
            month.first,
            [
                _entry(item, place(item.first), clashes.get((item.partnership_id, item.first), ()))
                for item in month.items
            ],
        )
        for month in agenda.by_month(items)
    ]


def _entry(item: Item, place: str, said: Sequence[Clash]) -> Entry:
    named = (shortened(each.name) for each in said if not each.blocks)
    return Entry(
        item, place, [each for each in said if each.blocks], ", ".join(dict.fromkeys(named))
    )


def _ways(window: Window, address: Addresses, day: date) -> Ways:
    at = day if window.contains(day) else window.first
    year = window.view is View.YEAR
    views = [
        Way(
            view.value.capitalize(),
            address.year(window.frame, at) if view is View.YEAR else address(view=view, at=at),
            view is window.view,
        )
        for view in View
    ]
    frames = [Way(each.label, address.year(each, at), each is window.frame) for each in Frame]

    def turn(words: str, to: date | None) -> Way | None:
        if to is None:
            return None
        href = address.year(window.frame, to) if year else address(view=window.view, at=to)
        return Way(f"{words} {window.view.value}", href)

    return Ways(
        views,
        frames if year else [],
        turn("Previous", window.before),
        turn("Next", window.after),
    )


def _terms_note(sides: Sides) -> str:
    """Whose term dates these are, as a sentence."""
    notes = dict.fromkeys(each.note.removesuffix(".") for each in sides.terms)
    return f"{'; '.join(notes)}."


def _kept(window: Window) -> dict[str, str]:
    """What the filters send along, so that filtering keeps the window."""
    kept = {"frame": window.frame.value}
    if window.view is View.YEAR:
        return kept | {"year": window.year}
    return kept | {"view": window.view.value, "at": window.first.isoformat()}
