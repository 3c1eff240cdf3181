"""How touchpoints are put into words and tables, and what their e-mails are called there."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from calendars.london import london_day, span_in_words
from calendars.terms import place_in_years, place_of
from frontend.components import Column, Component, link, table, tag
from organisations.actor import Actor
from organisations.addresses import page_of
from partnerships.diary.school_terms import SchoolTerms, school_terms
from partnerships.touchpoints.announcements import (
    CANCELLED,
    DECLINED,
    INVITATION,
    MOVED,
    REMINDER,
    TAKEN_OFF,
)
from partnerships.touchpoints.attending_selectors import turnouts
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.outcome_asking import OUTCOME, RECORDED
from partnerships.touchpoints.proposing import DECLINED as NOT_TAKEN
from partnerships.touchpoints.proposing import PROPOSED
from partnerships.touchpoints.selectors import Listed

MESSAGES = {
    INVITATION: "Invitation",
    REMINDER: "Reminder",
    MOVED: "Change",
    CANCELLED: "Cancellation",
    TAKEN_OFF: "No longer invited",
    DECLINED: "Somebody is not coming",
    OUTCOME: "What became of it?",
    RECORDED: "Outcome",
    PROPOSED: "Another time proposed",
    NOT_TAKEN: "Proposed time not taken",
}
OUTCOME_TAGS = {
    TouchpointState.HELD: ("Held", "green"),
    TouchpointState.MOVED: ("Moved", "purple"),
    TouchpointState.MISSED: ("Missed", "red"),
    TouchpointState.CANCELLED: ("Cancelled", "grey"),
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
    if state in OUTCOME_TAGS:
        return tag(*OUTCOME_TAGS[state])
    if touchpoint.ends_at <= timezone.now():
        return tag("Outcome needed", "yellow")
    return tag("Scheduled", "blue")


def awaits_outcome(touchpoint: Touchpoint) -> bool:
    """Whether it has begun, and nobody has said what became of it."""
    return touchpoint.state == TouchpointState.SCHEDULED and touchpoint.has_begun


def recorded_by(touchpoint: Touchpoint) -> str:
    """Who said what became of it: `School editor, Windsor Academy Trust`."""
    posting = touchpoint.outcome_posting
    if posting is not None:
        return f"{posting.person.name}, {posting.organisation.name}, by the link in an email"
    assert touchpoint.outcome_organisation is not None
    name = touchpoint.outcome_by.name if touchpoint.outcome_by else ""
    return ", ".join(filter(None, [name, touchpoint.outcome_organisation.name]))


def touchpoints_table(
    actor: Actor, rows: Sequence[Listed], *, with_partnership: bool = False
) -> Component:
    """Touchpoints with a link to each; name the partnership where a list has several."""
    terms = terms_for(actor, rows)
    columns: list[Column | str] = ["When", "What", Column("School and NHS year", wide_only=True)]
    columns += ["Partnership"] if with_partnership else ["Where"]
    coming = turnouts(actor, [row.ref for row in rows if row.state == TouchpointState.SCHEDULED])
    return table(
        [*columns, Column("Who comes", wide_only=True), "Status"],
        [
            [
                link(when_words(row), page_of_listed(actor, row)),
                row.kind_words,
                place_words(row, terms),
                row.partnership_name if with_partnership else row.venue,
                coming[row.ref].words if row.ref in coming else "",
                state_tag(row),
            ]
            for row in rows
        ],
    )


def page_of_listed(actor: Actor, row: Listed) -> str:
    """The address of a listed touchpoint."""
    return page_of(actor, "touchpoint", ref=row.partnership_ref, touchpoint=row.ref)
