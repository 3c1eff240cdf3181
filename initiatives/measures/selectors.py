"""Reading measures and what is told of their readings, from the acting organisation's side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.db.models.functions import Now
from django.http import Http404

from initiatives.measures.models import (
    Measure,
    PublishedReading,
    Reading,
    ReadingOpening,
)
from initiatives.plans.models import Initiative
from organisations.actor import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """A measure with what is told of it: the whole of each period in order, and the groups."""

    measure: Measure
    wholes: Sequence[PublishedReading]
    groups: Sequence[PublishedReading]

    @property
    def latest(self) -> PublishedReading | None:
        """The reading of the last period."""
        return self.wholes[-1] if self.wholes else None

    @property
    def baseline(self) -> PublishedReading | None:
        """The reading of the first period, which later ones are compared with."""
        return self.wholes[0] if self.wholes else None


def measures_of(actor: Actor, initiative: Initiative) -> list[Told]:
    """The measures of an initiative with what this reader may know of each; two statements."""
    rows = list(_shown(actor).filter(initiative=initiative, withdrawn_at=None))
    return _with_readings(actor, rows)


def measure_of(actor: Actor, initiative: Initiative, ref: str) -> Measure:
    """One measure, one that was withdrawn too; raises Http404 unless the actor may see it."""
    found = _shown(actor).filter(initiative=initiative, ref=ref).first()
    if found is None:
        raise Http404("no such measure")
    found.initiative, found.partnership = initiative, initiative.partnership
    return found


def told_of(actor: Actor, measure: Measure) -> Told:
    """What this reader may know of one measure: of other organisations' only while data may be
    shared."""
    return _with_readings(actor, [measure])[0]


def raw_of(actor: Actor, measure: Measure) -> list[Reading]:
    """The readings as they were entered, the latest period first: for the measure's owner, and a
    manager who has opened them; nobody else."""
    if measure.organisation_id != actor.organisation_id:
        return []
    rows = Reading.objects.filter(measure=measure, superseded_at=None)
    return list(rows.order_by("-starts_on", "-ends_on", "pk"))


def latest_reading(measure: Measure) -> int:
    """The id of the reading that was entered last, 0 before the first: for the measure's owner."""
    rows = Reading.objects.filter(measure=measure, superseded_at=None)
    return rows.aggregate(latest=Max("pk"))["latest"] or 0


def is_open_to(actor: Actor, measure: Measure) -> bool:
    """Whether the person has opened a colleague's readings, and the opening lasts."""
    return ReadingOpening.objects.filter(
        measure=measure, opened_by_id=actor.user_id, ends_at__gt=Now()
    ).exists()


def read_so_far(actor: Actor, initiative_ids: Collection[int]) -> list[Measure]:
    """The measures of some initiatives, for how far each has been read; one statement."""
    rows = Measure.objects.filter(
        initiative__in=initiative_ids, acl__overlap=[actor.key], withdrawn_at=None
    )
    return list(rows.order_by("initiative", "pk"))


def definitions_of(actor: Actor, initiative: Initiative) -> list[Measure]:
    """The measures of an initiative, what they are alone: for somebody who sees the initiative and
    nothing else of its partnership too."""
    rows = Measure.objects.filter(
        initiative=initiative, acl__overlap=[actor.key], withdrawn_at=None
    )
    return list(rows.select_related("organisation").order_by("pk"))


def owned_by(actor: Actor, user_id: int) -> QuerySet[Measure]:
    """The measures of the acting organisation that one person owns."""
    return _shown(actor).filter(
        organisation=actor.organisation_id, owner=user_id, withdrawn_at=None
    )


def _with_readings(actor: Actor, rows: Sequence[Measure]) -> list[Told]:
    wholes: dict[int, list[PublishedReading]] = defaultdict(list)
    groups: dict[int, list[PublishedReading]] = defaultdict(list)
    published = PublishedReading.objects.filter(
        measure__in=[each.pk for each in rows], acl__overlap=[actor.key]
    )
    for each in published if rows else ():
        (groups if each.group else wholes)[each.measure_id].append(each)
    return [Told(each, wholes[each.pk], groups[each.pk]) for each in rows]


def _shown(actor: Actor) -> QuerySet[Measure]:
    rows = Measure.objects.filter(acl__overlap=[actor.key]).select_related("organisation")
    if actor.organisation is None:
        # Somebody with a personal grant reads neither the partnership nor who works where.
        return rows
    return rows.select_related("owner", "initiative__partnership")
