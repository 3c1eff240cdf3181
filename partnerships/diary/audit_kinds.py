"""What quiet periods and feeds are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from organisations.audit_trail.selectors import ours
from partnerships.diary.models import CalendarFeed, FeedKind, QuietPeriod


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("diary_quietperiod", "Quiet period", _periods)
    register("diary_calendarfeed", "Calendar feed", _feeds)


def _periods(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = QuietPeriod.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {
        each.pk: Shown(each.reason, page_of(actor, "quiet-periods", ref=each.partnership.ref))
        for each in found
    }


def _feeds(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = CalendarFeed.objects.filter(pk__in=ids, organisation_id=ours(actor))
    page = page_of(actor, "calendar-feeds")
    return {pk: Shown(FeedKind(kind).label, page) for pk, kind in found.values_list("pk", "kind")}
