"""How series and their dates are put into words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from calendars.clashes import Clash
from calendars.london import span_in_words, weekday_in_words
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, plural
from organisations.actor import Actor
from organisations.addresses import page_of
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import OnClash, TouchpointState
from partnerships.touchpoints.plans import checked_plan
from partnerships.touchpoints.presenters import state_tag, when_words
from partnerships.touchpoints.series_announcements import CHANGED, ENDED, INVITED, TAKEN_OFF
from partnerships.touchpoints.series_changes import Kept, SeriesChange
from partnerships.touchpoints.series_plans import Dated
from partnerships.touchpoints.series_selectors import LeftOut, SeriesDate

APART = "Changed by itself."

MESSAGES = {
    INVITED: "All dates",
    CHANGED: "Changed dates",
    ENDED: "End of the series",
    TAKEN_OFF: "No longer invited",
}
ON_CLASH = {
    OnClash.MOVE: "Moved to the nearest clear day",
    OnClash.SKIP: "Left out",
    OnClash.SKIP_BUSY: "Left out, in typically busy times too",
    OnClash.KEEP: "Kept all the same",
}


def dates_table(actor: Actor, partnership: Partnership, dates: Sequence[SeriesDate]) -> Component:
    """The dates of a series, each with a link and what there is to know."""
    return table(
        ["When", Column("Note"), "Status"],
        [
            [
                link(
                    when_words(each.touchpoint),
                    page_of(
                        actor, "touchpoint", ref=partnership.ref, touchpoint=each.touchpoint.ref
                    ),
                ),
                note_on(each),
                state_tag(each.touchpoint),
            ]
            for each in dates
        ],
    )


def note_on(date: SeriesDate) -> str:
    """Why a date is not on the rule's day, or what speaks against its day."""
    notes = []
    ideal = date.touchpoint.ideal_on
    if date.moved and ideal is not None and date.touchpoint.state != TouchpointState.CANCELLED:
        instead = f"Instead of {weekday_in_words(ideal)}"
        why = reasons(date.against_ideal) if not date.touchpoint.detached else ""
        notes.append(f"{instead}: {why}." if why else f"{instead}.")
    if date.touchpoint.detached:
        notes.append(APART)
    if date.clashes:
        notes.append(f"Clashes: {reasons(date.against_day)}.")
    if date.is_coming and date.busy:
        notes.append(busy_words(date.busy))
    return " ".join(notes)


def left_out_lines(days: Iterable[LeftOut]) -> list[str]:
    """The days that were left out, each with why."""
    return [
        f"{weekday_in_words(each.day)}: {reasons(each.against) or 'by choice'}" for each in days
    ]


def reasons(clashes: Sequence[Clash]) -> str:
    """What speaks against a day, in a few words."""
    return "; ".join(dict.fromkeys(f"{each.who}: {each.name}" for each in clashes))


def busy_words(clashes: Sequence[Clash]) -> str:
    """What is merely typical of the time in which a date lies; empty for nothing."""
    names = dict.fromkeys(each.name for each in clashes)
    return f"In a typically busy time: {', '.join(names)}." if names else ""


def change_table(change: SeriesChange) -> Component | None:
    """What becomes of each date, in order of time; None when there is none."""
    lines = [
        *((each.touchpoint.starts_at, *_of_kept(change, each)) for each in change.kept),
        *((_new(change, each), *_of_added(change, each)) for each in change.added),
        *(
            (each.starts_at, when_words(each), "", tag("Cancelled", "grey"), "")
            for each in change.cancelled
        ),
        *(
            (each.starts_at, when_words(each), "", tag("Stays as it is"), APART)
            for each in change.apart
        ),
    ]
    if not lines:
        return None
    return table(
        ["Now", "Then", "What happens", "Note"],
        [list(line[1:]) for line in sorted(lines, key=lambda line: line[0])],
    )


def change_in_words(change: SeriesChange) -> str:
    """How many dates move, are new and are cancelled."""
    moved = sum(each.moves for each in change.kept)
    stay = len(change.kept) - moved
    parts = [
        f"{counted(stay, 'date')} {plural(stay, 'stays', 'stay')}" if stay else "",
        f"{counted(moved, 'date')} {plural(moved, 'moves', 'move')}" if moved else "",
        f"{counted(len(change.added), 'date')} {plural(len(change.added), 'is', 'are')} new"
        if change.added
        else "",
        f"{counted(len(change.cancelled), 'date')} "
        f"{plural(len(change.cancelled), 'is', 'are')} cancelled"
        if change.cancelled
        else "",
    ]
    return ", ".join(filter(None, parts))


def _of_kept(change: SeriesChange, kept: Kept) -> tuple[str, str, Component, str]:
    now = when_words(kept.touchpoint)
    then = span_in_words(kept.plan.starts_at, kept.plan.ends_at)
    label = tag("Moves", "blue") if kept.moves else tag("Stays", "green")
    return now, then, label, _clash(change, kept.day)


def _of_added(change: SeriesChange, dated: Dated) -> tuple[str, str, Component, str]:
    plan = checked_plan(date=dated.day, **change.plan.of_each())
    then = span_in_words(plan.starts_at, plan.ends_at)
    return "Not planned yet", then, tag("New", "blue"), _clash(change, dated.day)


def _new(change: SeriesChange, dated: Dated) -> datetime:
    return checked_plan(date=dated.day, **change.plan.of_each()).starts_at


def _clash(change: SeriesChange, day: date) -> str:
    said = change.against(day)
    against = reasons([each for each in said if change.counts(each)])
    busy = busy_words([each for each in said if not change.counts(each)])
    return " ".join(filter(None, [f"Clashes: {against}." if against else "", busy]))
