"""Whether a partnership keeps its rhythm: its latest touchpoints, each held or rearranged soon.

Framework, step 3: the last three were held, or rearranged within fourteen days. What was moved
counts once, with the days that took its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from calendars.london import london_day
from organisations.actor import Actor
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Touchpoint, TouchpointState

REARRANGED_WITHIN = timedelta(days=14)
LATEST = 3
# Enough for three, each moved a few times.
READ = 24


@dataclass(frozen=True, slots=True)
class Occasion:
    """A touchpoint as first planned, with what took its place.

    `kept`: held on its day, or planned again or held within fourteen days; None while nobody has
    said what became of it. `rearranged`: not on the day first planned.
    """

    ref: str
    planned_for: datetime
    kept: bool | None
    rearranged: bool


def kept_rhythm(actor: Actor, partnership: Partnership) -> list[Occasion]:
    """The last three occasions whose time has come, the latest first; one statement.

    Step 3 holds when there are three, and each was kept.
    """
    rows = Touchpoint.objects.filter(
        acl__overlap=[actor.key], partnership=partnership, starts_at__lte=timezone.now()
    )
    latest = list(rows.select_related("replaced_by").order_by("-starts_at", "-pk")[:READ])
    replacing = {each.replaces_id: each for each in latest if each.replaces_id is not None}
    known = {each.pk for each in latest}
    firsts = [each for each in latest if each.replaces_id not in known]
    return [_occasion(first, replacing) for first in firsts[:LATEST]]


def _occasion(first: Touchpoint, replacing: dict[int, Touchpoint]) -> Occasion:
    last = first
    while last.pk in replacing:
        last = replacing[last.pk]
    coming = getattr(last, "replaced_by", None)
    last = coming or last
    soon = london_day(last.starts_at) - london_day(first.starts_at) <= REARRANGED_WITHIN
    return Occasion(first.ref, first.starts_at, _kept(last, soon=soon), last is not first)


def _kept(last: Touchpoint, *, soon: bool) -> bool | None:
    if last.state == TouchpointState.HELD:
        return soon
    if last.state != TouchpointState.SCHEDULED:
        return False
    if last.starts_at > timezone.now():
        return soon
    return None if soon else False
