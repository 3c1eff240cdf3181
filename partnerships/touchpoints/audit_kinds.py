"""What touchpoints are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Links, Shown, register
from partnerships.touchpoints.models import (
    Attendee,
    Paper,
    Proposal,
    Touchpoint,
    TouchpointSeries,
)


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("touchpoints_touchpoint", "Touchpoint", _touchpoints)
    register("touchpoints_attendee", "Answer to a touchpoint", _below(Attendee))
    register("touchpoints_touchpointseries", "Series of touchpoints", _series)
    register("touchpoints_proposal", "Proposed time", _below(Proposal))
    register("touchpoints_paper", "Paper", _below(Paper))


def _below(model: type[Attendee | Proposal | Paper]) -> Links:
    """How rows of a touchpoint are shown: as the touchpoint they belong to."""

    def describe(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
        found = model.objects.filter(
            pk__in=ids, acl__overlap=[actor.organisation_id]
        ).select_related("touchpoint__partnership")
        return {each.pk: _shown(actor, each.touchpoint) for each in found}

    return describe


def _touchpoints(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Touchpoint.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {each.pk: _shown(actor, each) for each in found}


def _shown(actor: Actor, touchpoint: Touchpoint) -> Shown:
    return Shown(
        f"{touchpoint.get_kind_display()} on {date_words(touchpoint.starts_at)}",
        page_of(actor, "touchpoint", ref=touchpoint.partnership.ref, touchpoint=touchpoint.ref),
    )


def _series(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = TouchpointSeries.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {
        each.pk: Shown(
            f"{each.get_kind_display()}, series from {date_words(each.first_on)}",
            page_of(actor, "one-touchpoint-series", ref=each.partnership.ref, series=each.ref),
        )
        for each in found
    }
