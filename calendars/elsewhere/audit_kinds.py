"""What calendars elsewhere are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calendars.models import CalendarFile, Subscription
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from organisations.audit_trail.selectors import ours


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("calendars_subscription", "Calendar at an address", _addresses)
    register("calendars_calendarfile", "Calendar file", _files)


def _addresses(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Subscription.objects.filter(pk__in=ids, organisation_id=ours(actor))
    return {
        each.pk: Shown(each.name, page_of(actor, "calendar-address", ref=each.ref))
        for each in found
    }


def _files(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = CalendarFile.objects.filter(pk__in=ids, organisation_id=ours(actor))
    return {
        each.pk: Shown(each.name, page_of(actor, "calendar-file", ref=each.ref)) for each in found
    }
