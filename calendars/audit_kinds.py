"""What term dates and pressure points are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calendars import asked_year
from calendars.models import HiddenPoint, OwnPeriod, TermDates
from calendars.points import point_with_key
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("calendars_termdates", "Term dates", _terms)
    register("calendars_ownperiod", "Own pressure point", _periods)
    register("calendars_hiddenpoint", "Hidden pressure point", _hidden)


def _terms(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = TermDates.objects.filter(pk__in=ids).select_related("organisation")
    return {row.pk: Shown(_words(row), _page(actor, row)) for row in found}


def _words(row: TermDates) -> str:
    return f"{row.organisation.name}, {AcademicYear(row.starts_in)}"


def _page(actor: Actor, row: TermDates) -> str:
    year = f"?year={asked_year.in_address(AcademicYear(row.starts_in))}"
    if row.organisation_id == actor.organisation_id:
        return page_of(actor, "calendar") + year
    return page_of(actor, "school-calendar", school=row.organisation.slug) + year


def _periods(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = OwnPeriod.objects.filter(pk__in=ids, organisation_id=actor.key)
    return {
        row.pk: Shown(
            row.name,
            page_of(actor, "change-period", period=row.ref)
            if row.removed_at is None and row.subscription_id is None and not row.replaces
            else "",
        )
        for row in found
    }


def _hidden(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = HiddenPoint.objects.filter(pk__in=ids, organisation_id=actor.key)
    return {row.pk: _hidden_shown(actor, row.key) for row in found}


def _hidden_shown(actor: Actor, key: str) -> Shown:
    """The point of one year by name; of all years there is no page."""
    point = point_with_key(key)
    if point is None:
        return Shown(f"{key}, every year")
    return Shown(point.name, page_of(actor, "pressure-point", key=point.key))
