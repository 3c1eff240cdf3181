"""Reading initiatives and their plans, from the acting organisation's side. None that was
withdrawn, but for its own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, When
from django.http import Http404

from calendars.london import today
from initiatives.plans.models import Initiative, LineKind, LineState, PlanLine, Stage
from organisations.actor import Actor
from organisations.models import Organisation
from partnerships.record.models import Partnership

PAGE = 25
# With these a permission is asked of each, and leads are named, without another statement.
LEADS = ("leads__organisation", "leads__user", "leads__posting__person")


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a plan by their kind; what is open comes first."""

    milestones: Sequence[PlanLine]
    needs: Sequence[PlanLine]
    risks: Sequence[PlanLine]


def initiatives_of(
    actor: Actor, partnership: Partnership, page: Any = 1, stage: str = ""
) -> Page[Any]:
    """One page of 25 of a partnership's initiatives, the latest first; of one stage if named."""
    rows = _shown(actor).filter(partnership=partnership)
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    return found


def latest_of(actor: Actor, partnership: Partnership, limit: int) -> list[Initiative]:
    """A partnership's initiatives, those under way before the finished, the latest first."""
    over = Case(When(stage=Stage.FINISHED, then=1), default=0)
    rows = _shown(actor).filter(partnership=partnership).order_by(over, "-created_at", "-id")
    return list(rows.prefetch_related(None)[:limit])


def to_decide(actor: Actor, limit: int) -> list[Initiative]:
    """The pilots that the acting organisation looks after and whose day to decide has come, the
    longest waiting first."""
    rows = Initiative.objects.filter(
        acl__overlap=[actor.key],
        organisation=actor.organisation_id,
        withdrawn_at=None,
        decision="",
        decide_on__lte=today(),
        partnership__closed_at=None,
    )
    return list(rows.select_related("partnership").order_by("decide_on", "pk")[:limit])


def initiative_of(actor: Actor, partnership: Partnership, ref: str) -> Initiative:
    """One initiative of a partnership, one that was withdrawn too; raises Http404 unless the actor
    may see it."""
    found = (
        Initiative.objects.filter(ref=ref, partnership=partnership, acl__overlap=[actor.key])
        .select_related("organisation", "author", "copied_from")
        .prefetch_related(*LEADS)
        .first()
    )
    if found is None:
        raise Http404("no such initiative")
    found.partnership = partnership
    return found


def plan_of(actor: Actor, initiative: Initiative) -> Plan:
    """Its milestones by day, its needs and its risks; one statement."""
    rows = list(PlanLine.objects.filter(initiative=initiative, acl__overlap=[actor.key]))
    rows.sort(key=lambda line: line.state != LineState.OPEN)

    def of(kind: LineKind) -> list[PlanLine]:
        return [each for each in rows if each.kind == kind]

    return Plan(of(LineKind.MILESTONE), of(LineKind.NEED), of(LineKind.RISK))


def line_of(actor: Actor, initiative: Initiative, ref: str) -> PlanLine:
    """One line of a plan; raises Http404 unless the actor may see it."""
    rows = PlanLine.objects.filter(ref=ref, initiative=initiative, acl__overlap=[actor.key])
    found = rows.first()
    if found is None:
        raise Http404("no such line")
    found.initiative = initiative
    return found


def schools_at(initiative: Initiative) -> list[Organisation]:
    """The schools where it takes place, by name."""
    if not initiative.schools:
        return []
    return list(Organisation.objects.filter(pk__in=initiative.schools).order_by("name", "pk"))


def _shown(actor: Actor) -> QuerySet[Initiative]:
    return (
        Initiative.objects.filter(acl__overlap=[actor.key], withdrawn_at=None)
        .select_related("organisation", "partnership")
        .prefetch_related(*LEADS)
        .order_by("-created_at", "-id")
    )
