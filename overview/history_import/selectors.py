"""Reads of imports of history, for the organisation's managers."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404

from organisations.actor import Actor
from organisations.models import Organisation
from overview.history_import.models import HistoryRow, HistoryRun, Outcome

FIRST = (Outcome.PROBLEM, Outcome.UNKNOWN, Outcome.NEW, Outcome.THERE, Outcome.LEFT_OUT)


def runs_of(actor: Actor) -> QuerySet[HistoryRun]:
    """The organisation's imports, the latest first."""
    own = HistoryRun.objects.filter(organisation=actor.organisation_id)
    return own.select_related("asked_by", "undone_by")


def run_of(actor: Actor, ref: str) -> HistoryRun:
    """One of them; raises Http404 for another organisation's."""
    found = runs_of(actor).filter(ref=ref).first()
    if found is None:
        raise Http404("no such import, or another organisation's")
    return found


def rows_of(run: HistoryRun, outcome: str = "") -> QuerySet[HistoryRow]:
    """Its rows, those with problems first; of one outcome, if given."""
    rows = HistoryRow.objects.filter(run=run)
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    place = Case(
        *(When(outcome=each, then=Value(at)) for at, each in enumerate(FIRST)),
        output_field=IntegerField(),
    )
    return rows.order_by(place, "sheet", "number")


def offered(run: HistoryRun) -> dict[int, Organisation]:
    """The organisations among which a partner is to be chosen, by id."""
    ids = {pk for each in run.offers.values() for pk in each["ids"]}
    return Organisation.objects.in_bulk(ids)
