"""How calendar feeds are listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from frontend.components import Column, Component, link, table
from frontend.wording import datetime_words, short_date
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.people.presenters import named
from partnerships.diary.models import CalendarFeed

ACTIONS = Column("Change", hidden_label=True, nowrap=True)


def own_table(actor: Actor, feeds: Sequence[CalendarFeed]) -> Component:
    """One's own, with what can be done."""
    return table(
        ["Calendar", Column("Made", nowrap=True), "Last read", ACTIONS],
        [
            [
                each.words,
                short_date(each.created_at),
                last_read(each),
                Markup("{}<br>{}").format(
                    link(
                        "New address",
                        page_of(actor, "calendar-feed-address", ref=each.ref),
                        hidden=f"for {each.words}",
                    ),
                    _end(actor, each, each.words),
                ),
            ]
            for each in feeds
        ],
    )


def colleagues_table(actor: Actor, feeds: Sequence[CalendarFeed]) -> Component:
    """Those of colleagues, which a manager may end."""
    return table(
        ["Whose", "Calendar", Column("Made", nowrap=True), "Last read", ACTIONS],
        [
            [
                named(each.person),
                each.words,
                short_date(each.created_at),
                last_read(each),
                _end(actor, each, f"{each.words} of {each.person}"),
            ]
            for each in feeds
        ],
    )


def last_read(feed: CalendarFeed) -> str:
    """When a program last fetched it; noted once an hour."""
    return datetime_words(feed.read_at) if feed.read_at else "Not yet"


def _end(actor: Actor, feed: CalendarFeed, which: str) -> Any:
    return link("End", page_of(actor, "end-calendar-feed", ref=feed.ref), hidden=which)
