"""How it is put into words who comes to a touchpoint, and which other times are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calendars.london import span_in_words
from frontend.components import Column, Component, link, table, tag
from frontend.wording import date_words
from organisations import permissions
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission
from partnerships.touchpoints.attending_selectors import Comer
from partnerships.touchpoints.models import (
    Answer,
    Proposal,
    ProposalState,
    Touchpoint,
    Way,
)
from partnerships.touchpoints.proposing import name_of_proposer

COLOURS = {
    Answer.ACCEPTED: "green",
    Answer.TENTATIVE: "yellow",
    Answer.DECLINED: "red",
    Answer.NEEDS_ACTION: "grey",
}
STATE_COLOURS = {
    ProposalState.OPEN: "blue",
    ProposalState.ACCEPTED: "green",
    ProposalState.DECLINED: "red",
    ProposalState.WITHDRAWN: "grey",
    ProposalState.OVERTAKEN: "grey",
}


def answer_tag(answer: str) -> Component:
    """What somebody said, in words and a colour."""
    return tag(Answer(answer).label, COLOURS[Answer(answer)])


def comers_table(
    actor: Actor, touchpoint: Touchpoint, comers: Sequence[Comer], *, may_change: bool
) -> Component:
    """Who is invited, what each has said and how."""
    columns: list[Column | str] = ["Who", "Answer", "How we know"]
    rows = [[_who(comer), _standing(comer), how_known(comer)] for comer in comers]
    if may_change:
        columns.append(Column("Change", hidden_label=True, nowrap=True))
        for row, comer in zip(rows, comers, strict=True):
            row.append(_taking_off(actor, touchpoint, comer))
    return table(columns, rows)


def _standing(comer: Comer) -> Component:
    return tag("Has left", "grey") if comer.has_left else answer_tag(comer.row.answer)


def _who(comer: Comer) -> str:
    you = " (you)" if comer.is_oneself else ""
    return f"{comer.name}{you}, {comer.row.organisation.name}"


def _taking_off(actor: Actor, touchpoint: Touchpoint, comer: Comer) -> Any:
    comer.row.touchpoint = touchpoint
    if not permissions.can(actor, Permission.TAKE_OFF_PERSON, comer.row):
        return ""
    address = page_of(
        actor,
        "touchpoint-take-off",
        ref=touchpoint.partnership.ref,
        touchpoint=touchpoint.ref,
        attendee=comer.row.pk,
    )
    return link("Take off", address, hidden=comer.name)


def how_known(comer: Comer) -> str:
    """How an answer came and when, or what they said of another time."""
    row = comer.row
    if comer.has_left:
        return "Their post has ended. Emails no longer go to them"
    if row.answer == Answer.NEEDS_ACTION or row.answered_at is None:
        if row.said_before:
            said = Answer(row.said_before).label
            return f"Answered “{said}” before the time changed"
        return ""
    by = row.answered_by.name if row.answered_by and not comer.is_oneself else ""
    way = Way(row.answered_way).label
    return f"{way}{', by ' + by if by else ''}, {date_words(row.answered_at)}"


def sides_not_coming(comers: Sequence[Comer]) -> list[str]:
    """The organisations of which everyone invited has said that they do not come, or has left."""
    coming: dict[str, bool] = {}
    for comer in comers:
        may_come = not comer.has_left and comer.row.answer != Answer.DECLINED
        name = comer.row.organisation.name
        coming[name] = coming.get(name, False) or may_come
    return [name for name, may_come in coming.items() if not may_come]


def proposed_when(proposal: Proposal) -> str:
    """From when until when it would be, on London clocks."""
    return span_in_words(proposal.starts_at, proposal.ends_at)


def proposer_words(proposal: Proposal) -> str:
    """Who proposes it."""
    name = name_of_proposer(proposal)
    return f"{name}, {proposal.organisation.name}" if name else proposal.organisation.name


def proposal_tag(proposal: Proposal) -> Component:
    """What became of it."""
    state = ProposalState(proposal.state)
    return tag(state.label, STATE_COLOURS[state])
