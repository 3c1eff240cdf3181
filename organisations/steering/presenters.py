"""Deliveries and figures in words, for the operators' pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.urls import reverse
from markupsafe import Markup

from frontend.components import Column, Component, link, table, tag
from frontend.lists import Row
from frontend.wording import counted, datetime_words, short_date, time_words
from organisations.models.delivery import State as DeliveryState
from organisations.outbox.inbox.notes import Kept, State
from organisations.outbox.inbox.sorts import label_of as sort_label
from organisations.outbox.kinds import label_of
from organisations.steering.selectors import Depth, Figures, Seen

NO_ORGANISATION = "Tandem itself"
COLOURS = {
    "uncertain": "orange",
    "dead": "red",
    "pending": "blue",
    "taken": "blue",
    "sent": "green",
}
WORDS_GONE = "Its words are gone, so it can only be dropped."


def state_of(seen: Seen) -> Component:
    """The state as a tag."""
    return tag(DeliveryState(seen.state).label, COLOURS.get(seen.state, "grey"))


def line_of(seen: Seen) -> str:
    """One delivery in a line."""
    return f"{seen.label}, for {seen.organisation or NO_ORGANISATION}, to {seen.domain}"


def hint_of(seen: Seen) -> str:
    """Beside it: its state, when it was due, and what is known."""
    said = f"{DeliveryState(seen.state).label}. Due {_when(seen)}. {_sentence(seen.reason)}"
    return f"{said} {WORDS_GONE}" if seen.state == "dead" and not seen.can_retry else said


def deliveries_table(deliveries: Sequence[Seen]) -> Component:
    """A page of deliveries."""
    return table(
        ["Email", "To", "Due or sent", "State", Column("Action", hidden_label=True)],
        [
            [
                _two_lines(each.label, _for_whom(each)),
                each.domain,
                _when(each),
                _two_lines(state_of(each), what_is_known(each)),
                _decide(each),
            ]
            for each in deliveries
        ],
    )


def what_is_known(seen: Seen) -> str:
    """The reason, and how often it was tried."""
    tried = f"Tried {counted(seen.attempt, 'time')}." if seen.attempt else ""
    return " ".join(part for part in (_sentence(seen.reason), tried) if part)


def _sentence(words: str) -> str:
    """A mail server's answer ends as it likes."""
    return words if not words or words.endswith(".") else f"{words}."


def _for_whom(seen: Seen) -> Markup | str:
    if not seen.slug:
        return NO_ORGANISATION
    return link(seen.organisation, reverse("operator-organisation", args=[seen.slug]))


def _when(seen: Seen) -> str:
    moment = seen.sent_at or seen.due_at
    return f"{short_date(moment)}, {time_words(moment)}"


def _two_lines(first: object, second: object) -> Markup:
    return Markup("{}<br>{}").format(first, second) if second else Markup("{}").format(first)


def _decide(seen: Seen) -> Component | str:
    if not seen.can_drop:
        return ""
    words = "Retry or drop" if seen.can_retry else "Drop"
    page = reverse("steer-outbox", query={"delivery": seen.id})
    return link(words, page, hidden=f"{seen.label} to {seen.domain}")


def came_in_table(messages: Sequence[Kept]) -> Component:
    """What came in by e-mail that an operator should look at."""
    return table(
        ["When", "What", "About", "From", "Where it is"],
        [
            [
                f"{short_date(each.handled_at)}, {time_words(each.handled_at)}",
                _two_lines(each.label, _sentence(each.reason)),
                _about(each),
                each.domain or "Not known",
                f"Tandem/{each.folder}",
            ]
            for each in messages
        ],
    )


def _about(kept: Kept) -> Markup | str:
    if kept.kind is None:
        return "Not known"
    return _two_lines(label_of(kept.kind), kept.organisation or NO_ORGANISATION)


def mailbox_rows(state: State, counts: Mapping[tuple[str, str], int]) -> list[Row]:
    """How the mailbox for answers stands, in rows."""
    read = datetime_words(state.read_at) if state.read_at else "Never yet"
    totals: Counter[str] = Counter()
    for (sort, _), number in counts.items():
        totals[sort_label(sort)] += number
    by_sort = [f"{label}: {number:,}" for label, number in sorted(totals.items())]
    failing = f"{_sentence(state.failure)} It is tried every minute." if state.failure else "None"
    return [
        Row("Answers", tag("Behind", "red") if state.is_behind else tag("On time", "green")),
        Row("Last read", read),
        Row("Problem", failing),
        Row("Came in within a day", Markup("<br>").join(by_sort), empty="Nothing"),
    ]


def depth_table(figures: Figures) -> Component:
    """How much of each kind has not ended well, and of all."""
    total = figures.total
    rows = [[each.label, *_numbers(each)] for each in figures.kinds]
    return table(
        [
            "Kind",
            Column("Due", numeric=True),
            Column("To be tried again", numeric=True),
            Column("Later", numeric=True),
            Column("Being sent", numeric=True),
            Column("Perhaps sent", numeric=True),
            Column("Could not be delivered", numeric=True),
        ],
        [*rows, ["All", *_numbers(total)]] if len(rows) > 1 else rows,
        caption="By kind and state",
    )


def _numbers(depth: Depth) -> list[str]:
    parts = (depth.due, depth.retried, depth.later, depth.taken, depth.uncertain, depth.dead)
    return [f"{number:,}" for number in parts]


def summary(figures: Figures, *, behind: bool) -> list[Row]:
    """How the outbox stands, in rows."""
    since = figures.oldest_due
    oldest = datetime_words(since) if since else "Nothing is due"
    return [
        Row("Reminders", tag("Behind", "red") if behind else tag("On time", "green")),
        Row("Due and waiting", f"{figures.total.due:,}"),
        Row("The oldest has been due since", oldest),
        Row("Sent in the last minute", f"{figures.sent_last_minute:,}"),
        Row("Sent in the last hour", f"{figures.sent_last_hour:,}"),
        Row("Sent an hour, on average over the last day", f"{figures.sent_last_day / 24:,.1f}"),
        Row("Perhaps sent", f"{figures.total.uncertain:,}"),
        Row("Could not be delivered", f"{figures.total.dead:,}"),
    ]
