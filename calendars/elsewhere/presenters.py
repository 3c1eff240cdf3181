"""Calendars elsewhere in words: how each address stands, and what came from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calendars.elsewhere.selectors import waits_to_be_checked
from calendars.models import CalendarFile, OwnPeriod, Purpose, Subscription
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, datetime_words, weekday_date
from organisations.actor import Actor
from organisations.addresses import page_of


def state_of(subscription: Subscription) -> Component:
    """How an address stands, in a word or two."""
    if subscription.ended_at is not None:
        return tag("Stopped", "grey")
    if subscription.problem:
        return tag("Could not be read", "red")
    if subscription.read_at is None:
        return tag("Not read yet", "yellow")
    if waits_to_be_checked(subscription):
        return tag("New term dates found", "orange")
    return tag("Up to date", "green")


def addresses_table(actor: Actor, subscriptions: Iterable[Subscription]) -> Component | None:
    """The addresses that are read; None when there are none."""
    rows = [
        [
            link(each.name, page_of(actor, "calendar-address", ref=each.ref)),
            _holds(each),
            datetime_words(each.read_at) if each.read_at else "Never",
            state_of(each),
        ]
        for each in subscriptions
    ]
    columns: list[Column | str] = [
        "Calendar",
        "Gives",
        Column("Last read", wide_only=True),
        "State",
    ]
    return table(columns, rows) if rows else None


def files_table(actor: Actor, files: Iterable[CalendarFile]) -> Component | None:
    """The files that were brought in; None when there are none."""
    rows = [
        [
            link(each.name, page_of(actor, "calendar-file", ref=each.ref)),
            _holds(each),
            datetime_words(each.created_at),
            _state_of_file(each),
        ]
        for each in files
    ]
    columns: list[Column | str] = [
        "File",
        "Gives",
        Column("Brought in", wide_only=True),
        "State",
    ]
    return table(columns, rows) if rows else None


def _holds(source: Subscription | CalendarFile) -> str:
    if source.purpose == Purpose.TERMS:
        return f"Term dates of {source.subject}"
    return counted(source.there, "busy period")  # type: ignore[union-attr]


def _state_of_file(file: CalendarFile) -> Component:
    if file.purpose == Purpose.TERMS:
        return tag("Read", "blue")
    if file.undone_at is not None:
        return tag("Undone", "grey")
    if file.taken_at is not None:
        return tag("In your calendar", "green")
    return tag("Not taken yet", "yellow")


def periods_table(periods: Sequence[OwnPeriod]) -> Component | None:
    """Busy periods by their days; None when there are none."""
    rows = [
        [each.name, weekday_date(each.starts_on), weekday_date(each.ends_on)] for each in periods
    ]
    return table(["What", "First day", "Last day"], rows) if rows else None
