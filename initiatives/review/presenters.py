"""An initiative as a reviewer reads it: everything on one page, by section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.text import capfirst
from markupsafe import Markup

from calendars.clashes import EVERYONE, clashes_on
from calendars.constraints import OrganisationCalendar
from calendars.london import weekday_in_words
from calendars.selectors import calendars_of
from calendars.terms import place_in_years
from frontend.components import Column, Component, link, table, tag
from frontend.lists import Row, summary_list
from frontend.text_changes import text_changes
from frontend.wording import date_words, relative_days
from initiatives.plans.models import Initiative, PlanLine
from initiatives.plans.presenters import line_tag
from initiatives.plans.selectors import plan_of, schools_at
from initiatives.review import parts, selectors
from initiatives.review.models import ReviewComment, ReviewRequest, Section, Verdict, VerdictKind
from initiatives.review.snapshots import (
    DAYS,
    DECISION_DUE,
    FIRST_DAY,
    LAST_DAY,
    Change,
    Facts,
    changes_between,
    facts_of,
    snapshot_of,
)
from organisations.actor import Actor
from organisations.addresses import page_of

# Clashes are told of days so far apart at most, and so many of each day.
REACH = timedelta(days=2 * 366)
MOST_CLASHES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its heading, what stands there, and what was said of it."""

    section: str
    heading: str
    body: Any
    comments: Sequence[ReviewComment]


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a person last saw it."""

    revision: int
    seen_on: str
    table: Component | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything on the page of a review."""

    initiative: Initiative
    parts: Sequence[Part]
    since: Since | None
    state: selectors.ReviewState
    verdicts: Component | None
    snapshot: dict[str, Any]


def compose(actor: Actor, initiative: Initiative) -> Reviewed:
    """Read it all; a fixed number of statements."""
    schools = schools_at(initiative)
    plan = plan_of(actor, initiative)
    lines = [*plan.milestones, *plan.needs, *plan.risks]
    facts = facts_of(initiative, [each.name for each in schools], selectors.leads_of(initiative))
    comments = selectors.comments_of(actor, initiative)
    others = parts.shown(actor, initiative)
    state = selectors.state_of(actor, initiative)
    concerned = [
        *(each.pk for each in schools),
        initiative.organisation_id,
        *(each.organisation_id for each in initiative.leads.all()),
        *(each.to_organisation_id for each in state.requests if each.to_organisation_id),
    ]
    bodies: dict[str, Any] = {
        Section.WHOLE: _facts(facts, Section.WHOLE),
        Section.AIM: Markup('<p class="app-as-typed">{}</p>').format(initiative.aim),
        Section.SITES: _facts(facts, Section.SITES),
        Section.LEADS: _facts(facts, Section.LEADS) or _none("Nobody is named yet."),
        Section.DATES: Markup("{}{}").format(
            _facts(facts, Section.DATES), _days(actor, initiative, plan.milestones, concerned)
        ),
        Section.NEEDS: _lines(plan.needs) or _none("Nothing is listed yet."),
        Section.RISKS: _lines(plan.risks) or _none("None is listed yet."),
        **others,
    }
    snapshot = snapshot_of(facts, lines)
    return Reviewed(
        initiative=initiative,
        parts=[
            Part(section, Section(section).label, bodies.get(section), comments[section])
            for section in Section
            if section in bodies or comments.get(section)
        ],
        since=_since(actor, initiative, snapshot),
        state=state,
        verdicts=verdict_table(state),
        snapshot=snapshot,
    )


def verdict_table(state: selectors.ReviewState) -> Component | None:
    """Who answered what, about which version; None when nobody has."""
    if not state.verdicts:
        return None
    return table(
        ["Who", "Answer", "About", "In their words"],
        [
            [each.given_by, verdict_tag(each), _about(each, state.revision), each.words]
            for each in state.verdicts
        ],
    )


def request_table(actor: Actor, state: selectors.ReviewState, ref: str) -> Component | None:
    """Who is asked and where that stands, for those who asked; None when nobody is."""
    if not state.waiting:
        return None
    rows = []
    for each in state.waiting:
        withdraw = page_of(
            actor,
            "withdraw-review-request",
            ref=ref,
            initiative=each.initiative.ref,
            request_ref=each.ref,
        )
        rows.append(
            [
                each.addressee,
                f"{date_words(each.asked_at)}, by {each.author}",
                due_words(each),
                arrived_words(each),
                link("Take back", withdraw, hidden=f"the request to {each.addressee}"),
            ]
        )
    last = Column("Take back", hidden_label=True)
    return table(["Who is asked", "Asked", "By when", "Arrived", last], rows)


def verdict_tag(verdict: Verdict) -> Component:
    """An answer in words and colour."""
    colour = "green" if verdict.kind == VerdictKind.ENDORSED else "yellow"
    return tag(verdict.get_kind_display(), colour)


def arrived_words(request: ReviewRequest) -> str:
    """Who said that a request has arrived, and when."""
    if request.acknowledged_at is None:
        return "Not acknowledged yet"
    return f"{date_words(request.acknowledged_at)}, {request.acknowledged_by}"


def due_words(request: ReviewRequest) -> Markup:
    """The day by which an answer is asked, and that it is over."""
    words = Markup("{}").format(date_words(request.due_on))
    if request.is_overdue:
        return words + Markup(" {}").format(tag("Overdue", "red"))
    return words


def waited_words(request: ReviewRequest) -> str:
    """Since when a request waits."""
    return capfirst(relative_days(request.asked_at))


def _about(verdict: Verdict, revision: int) -> str:
    changed = ", changed since" if verdict.revision != revision else ""
    return f"Version {verdict.revision}{changed}"


def _facts(facts: Facts, section: Section) -> Component | None:
    said = [(what, words) for of, what, words in facts if of == section and what not in DAYS]
    rows = [Row(what, words) for what, words in said if words]
    return summary_list(rows) if rows else None


def _none(words: str) -> Markup:
    return Markup('<p class="app-muted">{}</p>').format(words)


def _lines(lines: Sequence[PlanLine]) -> Component | None:
    if not lines:
        return None
    return table(
        ["What", "What is done about it", "By when", "Status"],
        [[each.words, each.note, date_words(each.due_on) or "", line_tag(each)] for each in lines],
    )


def _days(
    actor: Actor,
    initiative: Initiative,
    milestones: Iterable[PlanLine],
    organisation_ids: Sequence[int],
) -> Component | str:
    """Each day of it, with its place in both years and what it clashes with: at its schools, and
    at whoever looks after it, leads it or is asked to review it."""
    days: list[tuple[str, date, Any]] = [
        (what, day, "")
        for what, day in (
            (FIRST_DAY, initiative.starts_on),
            (LAST_DAY, initiative.ends_on),
            (DECISION_DUE, initiative.decide_on),
        )
        if day is not None
    ]
    days += [(each.words, each.due_on, line_tag(each)) for each in milestones if each.due_on]
    if not days:
        return _none("No day is set yet.")
    days.sort(key=lambda each: each[1])
    first = days[0][1]
    last = min(days[-1][1], first + REACH)
    ids = list(dict.fromkeys(organisation_ids))
    calendars = list(calendars_of(actor, ids, first, last).values())
    return table(
        ["Day", "What", "School year and financial year", "To keep in mind", "Status"],
        [
            [
                weekday_in_words(day),
                what,
                place_in_years(day),
                _clashes(day, calendars) if day <= last else "",
                status,
            ]
            for what, day, status in days
        ],
    )


def _clashes(day: date, calendars: Sequence[OrganisationCalendar]) -> Markup:
    """The heaviest reasons for and against a day, in short, each once with whom it is about."""
    found: dict[str, list[str]] = {}
    for each in clashes_on(day, calendars):
        found.setdefault(each.name or each.words, []).append(each.who)
    return Markup("<br>").join(
        what if EVERYONE in who else f"{what} ({', '.join(dict.fromkeys(who))})"
        for what, who in list(found.items())[:MOST_CLASHES]
    )


def _since(actor: Actor, initiative: Initiative, snapshot: dict[str, Any]) -> Since | None:
    """None for somebody who sees it for the first time, or as it was when they saw it first."""
    seen = selectors.seen_before(actor, initiative)
    if seen is None:
        return None
    changes = changes_between(seen.snapshot, snapshot)
    return Since(seen.revision, date_words(seen.seen_at), _change_table(changes))


def _change_table(changes: Sequence[Change]) -> Component | None:
    if not changes:
        return None
    return table(
        ["What", "Before", "Now"],
        [[each.what, each.before or "Not there", _now(each)] for each in changes],
    )


def _now(change: Change) -> Any:
    if not change.now:
        return "Taken out"
    return text_changes(change.before, change.now) if change.before else change.now


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A request as the queue lists it."""

    ref: str
    name: str
    href: str
    partnership: str
    strand: str
    stage: str
    asked_by: str
    waits: str
    due: Markup
    arrived: str
    ticked: bool


def queue_rows(
    actor: Actor, requests: Iterable[ReviewRequest], chosen: Sequence[str] = ()
) -> list[QueueRow]:
    """The rows of the queue, with those that somebody had ticked."""
    return [
        QueueRow(
            ref=each.ref,
            name=each.initiative.name,
            href=address(actor, each.initiative),
            partnership=each.initiative.partnership.name,
            strand=each.initiative.get_strand_display(),
            stage=each.initiative.get_stage_display(),
            asked_by=each.author_organisation.name,
            waits=waited_words(each),
            due=due_words(each),
            arrived=date_words(each.acknowledged_at) or "",
            ticked=each.ref in chosen,
        )
        for each in requests
    ]


def state_words(state: selectors.ReviewState) -> list[str]:
    """Where the reviews of an initiative stand, a sentence each without its full stop: for its own
    page and for lists."""
    words = []
    for each in state.endorsed:
        changed = "" if each.revision == state.revision else ", and changed since"
        words.append(f"Endorsed at version {each.revision} by {each.given_by}{changed}")
    words += [f"Changes requested by {each.given_by}" for each in state.changes_requested]
    return words + [
        f"Waiting for {each.addressee}, asked for an answer by {date_words(each.due_on)}"
        for each in state.waiting
    ]


def address(actor: Actor, initiative: Initiative) -> str:
    """The page of its review."""
    return page_of(
        actor, "initiative-review", ref=initiative.partnership.ref, initiative=initiative.ref
    )
