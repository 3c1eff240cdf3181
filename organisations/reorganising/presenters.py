"""A reorganisation in tables and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from frontend.components import Column, Component, link, table, tag
from frontend.wording import number_words
from organisations.models import Proposal, Reorganisation, ReorganisationRow, ReorganisationState
from organisations.reorganising.registry import Affected
from organisations.reorganising.selectors import Counted, described

OUTCOMES = {
    "followed": "Followed",
    "stayed": "Stayed as it was",
    "invited": "Invited to the successor",
    "admitted": "Belongs to the successor",
    "belonged": "Belonged to the successor already",
    "copied": "Copied",
    "withdrawn": "Withdrawn",
    "to_sign": "To be signed anew by the members",
}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row as its page lists it. `open` while it may still be decided."""

    pk: int
    words: str
    more: str
    becomes: str
    undecided: bool
    open: bool


def state_tag(it: Reorganisation) -> Component:
    """Where it stands, with its colour."""
    colour = {
        ReorganisationState.OPEN: "yellow",
        ReorganisationState.APPROVED: "blue",
        ReorganisationState.APPLIED: "green",
        ReorganisationState.CALLED_OFF: "grey",
    }[ReorganisationState(it.state)]
    return tag(it.get_state_display(), colour)


def kinds_table(it: Reorganisation, counted: Sequence[Counted]) -> Component:
    """How many records of each kind are affected, with a link to them."""
    columns: list[Column | str] = [
        "What",
        Column("Affected", numeric=True),
        Column("Undecided", numeric=True),
        Column("Done", numeric=True),
        "What becomes of it",
    ]
    return table(
        columns,
        [
            [
                link(each.kind.label, reverse("reorganisation-rows", args=[it.ref, each.kind.name]))
                if each.number
                else each.kind.label,
                number_words(each.number),
                number_words(each.undecided),
                number_words(each.done),
                _becomes(each),
            ]
            for each in counted
        ],
    )


def _becomes(each: Counted) -> str:
    if not each.number:
        return "–"
    staying = f" ({each.staying:,} stay as they are)" if each.staying else ""
    return f"{each.kind.follows}{staying}"


def rows_with_words(kind: Affected, rows: Iterable[ReorganisationRow]) -> list[ListedRow]:
    """Rows with what their records are called; one statement for all."""
    listed = list(rows)
    words = described(kind, listed) if listed else {}
    return [
        _listed(kind, row, *words.get(row.object_id, ("No longer there", ""))) for row in listed
    ]


def _listed(kind: Affected, row: ReorganisationRow, words: str, more: str) -> ListedRow:
    if row.done_at is not None:
        becomes = OUTCOMES.get(row.outcome, row.outcome)
    elif row.proposal == Proposal.STAY:
        becomes = "Stays as it is"
    elif row.successor is not None:
        becomes = f"Follows to {row.successor.name}"
    elif row.goes_along:
        becomes = kind.follows
    else:
        becomes = "To be decided"
    return ListedRow(row.pk, words, more, becomes, row.is_undecided, row.done_at is None)
