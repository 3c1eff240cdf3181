"""How initiatives and their plans are put into words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from markupsafe import Markup

from calendars.clashes import Clash
from calendars.london import day_in_words, today
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, date_words
from initiatives.plans.models import (
    Decision,
    Initiative,
    LineKind,
    LineState,
    PlanLine,
    Stage,
)
from initiatives.plans.selectors import Plan
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Organisation, Sector
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Partnership

STAGES = {
    Stage.IDEA: "grey",
    Stage.PLANNED: "yellow",
    Stage.RUNNING: "blue",
    Stage.FINISHED: "green",
}
STATES = {LineState.OPEN: "blue", LineState.DONE: "green", LineState.DROPPED: "grey"}
HEADINGS = {LineKind.MILESTONE: "Milestones", LineKind.NEED: "Needs", LineKind.RISK: "Risks"}
MOST_SCHOOLS = 3


def address(actor: Actor, initiative: Initiative) -> str:
    """Its page."""
    return page_of(actor, "initiative", ref=initiative.partnership.ref, initiative=initiative.ref)


def plan_address(actor: Actor, initiative: Initiative) -> str:
    """Its plan, on its page."""
    return f"{address(actor, initiative)}#plan"


def list_address(actor: Actor, partnership: Partnership) -> str:
    """The initiatives of a partnership."""
    return page_of(actor, "initiatives", ref=partnership.ref)


def stage_tag(initiative: Initiative, day: date | None = None) -> Component:
    """How far it has got; that a pilot waits for its decision, or what was decided."""
    if initiative.withdrawn_at is not None:
        return tag("Withdrawn", "grey")
    if initiative.decision_is_due(day or today()):
        return tag("Decision due", "red")
    stage = Stage(initiative.stage)
    return tag(stage.label, STAGES[stage])


def days_words(initiative: Initiative) -> str:
    """`14 September 2026 to 9 July 2027`; empty without a day."""
    if initiative.starts_on is None:
        return ""
    if initiative.ends_on is None:
        return f"From {day_in_words(initiative.starts_on)}"
    return f"{day_in_words(initiative.starts_on)} to {day_in_words(initiative.ends_on)}"


def decision_words(initiative: Initiative) -> str:
    """What was decided on a pilot, or by when it is decided; empty for one that is no pilot."""
    if not initiative.pilot:
        return ""
    if initiative.decision:
        assert initiative.decided_on is not None
        label = Decision(initiative.decision).label
        return f"{label}, decided on {date_words(initiative.decided_on)}"
    if initiative.decide_on is None:
        return "A pilot. No day set for the decision"
    return f"A pilot. Decide by {date_words(initiative.decide_on)}"


def sites_words(schools: Sequence[Organisation], place: str) -> str:
    """Where it takes place, in words; empty where nothing is said."""
    return "; ".join([*(each.name for each in schools), *([place] if place else [])])


def lead_words(initiative: Initiative, side: str) -> str:
    """Who leads it on a side; empty for nobody yet."""
    return next((each.words for each in initiative.leads.all() if each.side == side), "")


def initiatives_table(actor: Actor, initiatives: Iterable[Initiative]) -> Component:
    """Initiatives of a partnership, one a row."""
    return table(
        ["Initiative", "Strand", Column("When", wide_only=True), "Looked after by", "Stage"],
        [
            [
                link(each.name, address(actor, each)),
                each.get_strand_display(),
                days_words(each) or "No day yet",
                each.organisation.name,
                stage_tag(each),
            ]
            for each in initiatives
        ],
    )


def plan_tables(
    actor: Actor, initiative: Initiative, plan: Plan, *, may_change: bool
) -> list[tuple[str, str, Component | None]]:
    """Each kind of line with its key, its heading and its table; None where there is no line."""
    warned = clashes_by_day(actor, initiative, plan)
    lines: Mapping[LineKind, Sequence[PlanLine]] = {
        LineKind.MILESTONE: plan.milestones,
        LineKind.NEED: plan.needs,
        LineKind.RISK: plan.risks,
    }
    return [
        (
            kind.value,
            HEADINGS[kind],
            _lines(actor, initiative, kind, rows, warned, may_change) if rows else None,
        )
        for kind, rows in lines.items()
    ]


def _lines(
    actor: Actor,
    initiative: Initiative,
    kind: LineKind,
    rows: Sequence[PlanLine],
    warned: Mapping[date, Sequence[Clash]],
    may_change: bool,
) -> Component:
    def what(line: PlanLine) -> Markup | str:
        if not may_change:
            return line.words
        return link(
            line.words,
            page_of(
                actor,
                "change-plan-line",
                ref=initiative.partnership.ref,
                initiative=initiative.ref,
                line=line.ref,
            ),
        )

    second = {LineKind.MILESTONE: "Note", LineKind.NEED: "Who sees to it"}
    return table(
        [kind.label, "By when", second.get(kind, "What we do about it"), "Status"],
        [[what(line), _when(line, warned), line.note, line_tag(line)] for line in rows],
    )


def _when(line: PlanLine, warned: Mapping[date, Sequence[Clash]]) -> Markup | str:
    if line.due_on is None:
        return ""
    clashes = warned.get(line.due_on, ()) if line.state == LineState.OPEN else ()
    if not clashes:
        return date_words(line.due_on)
    # Each once, however many members it keeps away.
    names = list(dict.fromkeys(each.name or each.words for each in clashes))
    return Markup('{}<br>{} <span class="app-muted">{}</span>').format(
        date_words(line.due_on), tag("Clash", "red"), "; ".join(names)
    )


def line_tag(line: PlanLine, day: date | None = None) -> Component:
    """What became of a line; says when it is late."""
    state = LineState(line.state)
    if state == LineState.OPEN and line.due_on is not None and line.due_on < (day or today()):
        return tag("Late", "red")
    return tag(state.label, STATES[state])


def clashes_by_day(actor: Actor, initiative: Initiative, plan: Plan) -> dict[date, list[Clash]]:
    """What keeps people away on the days of its open lines. A fixed number of statements."""
    rows = [*plan.milestones, *plan.needs, *plan.risks]
    days = sorted(
        {
            each.due_on
            for each in rows
            if each.due_on and each.due_on >= today() and each.state == LineState.OPEN
        }
    )
    if not days:
        return {}
    diary = diary_of(actor, initiative.partnership, days[0], days[-1])
    found = {day: [each for each in diary.clashes_on(day) if each.blocks] for day in days}
    return {day: clashes for day, clashes in found.items() if clashes}


def facts(
    initiative: Initiative, schools: Sequence[Organisation], changes: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What an initiative is, as rows: the name of a fact, its words, where it is changed.

    `changes` are the pages of the facts that have one of their own, for whoever may: the leads by
    side, and the decision.
    """
    hours = counted(initiative.hours, "hour") if initiative.hours else ""
    rows = [
        ("Strand", initiative.get_strand_display(), ""),
        ("Aim", initiative.aim, ""),
        ("Who it is for", initiative.audience, ""),
        ("Where", sites_words(schools, initiative.place), ""),
        ("When", days_words(initiative), ""),
        ("Staff time each term", f"Up to {hours}, everybody’s together" if hours else "", ""),
        ("Looked after by", initiative.organisation.name, ""),
    ]
    rows += [
        (f"Leads for {words}", lead_words(initiative, side), changes.get(side, ""))
        for side, words in SIDES.items()
    ]
    if initiative.pilot:
        rows.append(("Pilot", decision_words(initiative), changes.get("decision", "")))
    return rows


SIDES = {Sector.SCHOOL: "schools", Sector.HEALTH: "health and council"}
