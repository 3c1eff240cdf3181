"""Partnerships in a table and, shorter, on home: with whom, when next, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils import timezone
from markupsafe import Markup

from frontend.components import Component, link, table, tag
from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.reorganising.words import soon_tag
from partnerships.record.models import MemberState
from partnerships.record.presenters import state_tag
from partnerships.record.recipients import TAKING_PART
from partnerships.record.selectors import Listed
from partnerships.touchpoints.models import Touchpoint, TouchpointState

MOST_NAMES = 3


def partnership_table(actor: Actor, rows: Sequence[Listed]) -> Component:
    """The rows as a table; one statement for all their next touchpoints."""
    upcoming = next_touchpoints(actor, [row.id for row in rows])
    columns = ["Partnership", "With", "Next touchpoint", "Status"]
    return table(
        columns,
        [
            [
                link(row.name, page_of(actor, "partnership", ref=row.ref)),
                _with(row),
                date_words(upcoming.get(row.id)) or "None planned",
                _status_and_change(row),
            ]
            for row in rows
        ],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A partnership in two lines and a tag."""

    name: str
    href: str
    hint: str
    status: Component
    # Words and addresses of what can be done at once.
    choices: Sequence[tuple[str, str]] = ()


def partnership_lines(actor: Actor, rows: Sequence[Listed]) -> list[Line]:
    """The rows in short, for home; one statement for all their next touchpoints."""
    upcoming = next_touchpoints(actor, [row.id for row in rows])
    return [
        Line(
            row.name,
            page_of(actor, "partnership", ref=row.ref),
            ". ".join(filter(None, [", ".join(_names(row)), _next_words(upcoming.get(row.id))])),
            _status(row),
        )
        for row in rows
    ]


def _next_words(moment: datetime | None) -> str:
    return f"Next touchpoint {date_words(moment)}" if moment else ""


def next_touchpoints(actor: Actor, partnership_ids: list[int]) -> dict[int, datetime]:
    """When each partnership meets next, by its id; those without a date are left out."""
    if not partnership_ids:
        return {}
    return dict(
        Touchpoint.objects.filter(
            acl__overlap=[actor.organisation_id],
            partnership_id__in=partnership_ids,
            state=TouchpointState.SCHEDULED,
            starts_at__gt=timezone.now(),
        )
        .order_by()
        .values_list("partnership_id")
        .annotate(starts=Min("starts_at"))
    )


def _with(row: Listed) -> Markup:
    return Markup("<br>").join(_names(row)) or Markup("Nobody yet")


def _names(row: Listed) -> list[str]:
    """The other organisations; of many the first few and how many more."""
    names = [partner.name for partner in row.partners]
    if len(names) <= MOST_NAMES:
        return names
    return [*names[:MOST_NAMES], f"and {len(names) - MOST_NAMES} more"]


def _status_and_change(row: Listed) -> Markup | Component:
    """The status, and beneath it that a change of an organisation in it is announced."""
    if row.closed_at is not None or not any(
        each.changing and each.state in TAKING_PART for each in row.partners
    ):
        return _status(row)
    return Markup("{}<br>{}").format(_status(row), soon_tag())


def _status(row: Listed) -> Component:
    """The furthest any partner has come."""
    if row.closed_at is not None:
        return tag("Closed", "grey")
    states = {partner.state for partner in row.partners}
    if MemberState.ACCEPTED in states:
        return tag("Shared", "green")
    for state in (
        MemberState.INVITED,
        MemberState.DECLINED,
        MemberState.LEFT,
        MemberState.SUCCEEDED,
    ):
        if state in states:
            return state_tag(state)
    return state_tag(MemberState.RECORDED)
