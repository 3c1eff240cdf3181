"""How touchpoints and their e-mails are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from calendars.london import london_day, moment_in_words, span_in_words
from calendars.terms import place_in_years, place_of
from frontend.components import Column, Component, link, table, tag
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Delivery
from organisations.models.delivery import State
from partnerships.diary.school_terms import SchoolTerms, school_terms
from partnerships.touchpoints.announcements import CANCELLED, INVITATION, MOVED, REMINDER
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.selectors import Listed, Told

MESSAGES = {
    INVITATION: "Invitation",
    REMINDER: "Reminder",
    MOVED: "Change",
    CANCELLED: "Cancellation",
}
OUTCOME_COLOURS = {
    TouchpointState.HELD: "green",
    TouchpointState.MISSED: "red",
    TouchpointState.CANCELLED: "grey",
}
DELIVERY_TAGS = {
    State.PENDING: ("Waiting", "blue"),
    State.TAKEN: ("Being sent", "blue"),
    State.SENT: ("Sent", "green"),
    State.CANCELLED: ("Not needed", "grey"),
    State.DEAD: ("Not delivered", "red"),
    State.UNCERTAIN: ("Perhaps sent", "yellow"),
}


def when_words(touchpoint: Touchpoint | Listed) -> str:
    """From when until when, on London clocks."""
    return span_in_words(touchpoint.starts_at, touchpoint.ends_at)


def terms_for(actor: Actor, rows: Sequence[Listed]) -> SchoolTerms:
    """By whose terms the days of listed touchpoints are named; two statements."""
    days = {london_day(row.starts_at) for row in rows}
    return school_terms(actor, {row.partnership_ref for row in rows}, days)


def place_words(row: Listed, terms: SchoolTerms) -> str:
    """Where its day stands in the year of the partnership's school side and in the NHS year."""
    return place_in_years(london_day(row.starts_at), terms.of(row.partnership_ref))


def place_with_caution(actor: Actor, touchpoint: Touchpoint) -> str:
    """The same of one, saying when its school dates are only what most schools do."""
    day, ref = london_day(touchpoint.starts_at), touchpoint.partnership.ref
    place = place_of(day, school_terms(actor, {ref}, {day}).of(ref))
    return str(place) if place.standing.is_certain else f"{place} (typical school dates)"


def state_tag(touchpoint: Touchpoint | Listed) -> Component:
    """What became of it; asks for an outcome once its time is over."""
    state = TouchpointState(touchpoint.state)
    if state in OUTCOME_COLOURS:
        return tag(state.label, OUTCOME_COLOURS[state])
    if touchpoint.ends_at <= timezone.now():
        return tag("Outcome needed", "yellow")
    return tag("Scheduled", "blue")


def touchpoints_table(
    actor: Actor, rows: Sequence[Listed], *, with_partnership: bool = False
) -> Component:
    """Touchpoints with a link to each; name the partnership where a list has several."""
    terms = terms_for(actor, rows)
    columns: list[Column | str] = ["When", "What", Column("School and NHS year", wide_only=True)]
    columns += ["Partnership"] if with_partnership else ["Where"]
    return table(
        [*columns, "Status"],
        [
            [
                link(when_words(row), page_of_listed(actor, row)),
                row.kind_words,
                place_words(row, terms),
                row.partnership_name if with_partnership else row.venue,
                state_tag(row),
            ]
            for row in rows
        ],
    )


def page_of_listed(actor: Actor, row: Listed) -> str:
    """The address of a listed touchpoint."""
    return page_of(actor, "touchpoint", ref=row.partnership_ref, touchpoint=row.ref)


def told_table(told: Sequence[Told]) -> Component:
    """Who was told what, and how far it got."""
    return table(
        ["Who", "Message", "Status", "What happened"],
        [
            [_who(row), MESSAGES[row.delivery.kind], _delivery_tag(row.delivery), progress(row)]
            for row in told
        ],
    )


def _who(row: Told) -> str:
    return f"{row.name}, {row.organisation}" if row.name else row.delivery.recipient


def _delivery_tag(delivery: Delivery) -> Component:
    text, colour = DELIVERY_TAGS[State(delivery.state)]
    return tag(text, colour)


def progress(row: Told) -> str:
    """Where an e-mail stands, as a sentence."""
    delivery = row.delivery
    state = State(delivery.state)
    if state == State.SENT and delivery.sent_at is not None:
        return f"Delivered to the mail server on {moment_in_words(delivery.sent_at)}"
    if state == State.PENDING:
        return _waiting(delivery)
    if state == State.DEAD:
        return f"Could not be delivered to {delivery.recipient}. {delivery.reason}"
    if state == State.CANCELLED:
        return f"Not needed any more. {delivery.reason}"
    if state == State.UNCERTAIN:
        return f"The connection broke while it was handed over. {delivery.reason}"
    return "Being handed to the mail server"


def _waiting(delivery: Delivery) -> str:
    if delivery.attempt:
        return f"Tried and held up. {delivery.reason} Next try on {_moment(delivery.due_at)}"
    if delivery.due_at > timezone.now():
        return f"Will be sent on {_moment(delivery.due_at)}"
    return "Waiting to be sent"


def _moment(moment: datetime) -> str:
    return moment_in_words(moment)
