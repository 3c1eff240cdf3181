"""Links that name no organisation: `/r/p-<partnership>/`, `/r/t-<touchpoint>/`, `/r/a-<item>/`,
`/r/do-<action>/`, `/r/ag-<agreement>/`, `/r/rv-<review>/`,
`/r/aim-<partnership>/`, `/r/in-<initiative>/` and `/r/inr-<initiative>/` (its review).

An e-mail does not know for whom its reader acts. The database says through which of their
organisations they see what it is about; a personal grant is one more way.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Model, Q
from django.urls import reverse

from initiatives.plans.models import Initiative, InitiativeGrant
from organisations.actor import Actor
from organisations.models import Membership
from organisations.tenancy.scope import Scope, acting
from partnerships.actions.models import Action
from partnerships.agenda.models import AgendaItem
from partnerships.agreements.models import Agreement
from partnerships.record.models import Partnership
from partnerships.reviews.models import Review
from partnerships.touchpoints.models import Touchpoint

WAYS = {
    "p": "SELECT slug FROM tandem.ways_to_partnership(%s, %s)",
    "t": "SELECT slug FROM tandem.ways_to_touchpoint(%s, %s)",
    "a": "SELECT slug FROM tandem.ways_to_agenda_item(%s, %s)",
    "do": "SELECT slug FROM tandem.ways_to_action(%s, %s)",
    "ag": "SELECT slug FROM tandem.ways_to_agreement(%s, %s)",
    "rv": "SELECT slug FROM tandem.ways_to_review(%s, %s)",
    "aim": "SELECT slug FROM tandem.ways_to_partnership(%s, %s)",
    "in": "SELECT slug FROM tandem.ways_to_initiative(%s, %s)",
    "inr": "SELECT slug FROM tandem.ways_to_initiative(%s, %s)",
}


# Known by the reference of the partnership itself.
OF_PARTNERSHIP = {"p": "partnership", "aim": "shared-aim"}
# Below a partnership: what it is, its page, and what that page calls it in its address.
BELOW: dict[str, tuple[type[Model], str, str]] = {
    "t": (Touchpoint, "touchpoint", "touchpoint"),
    "a": (AgendaItem, "agenda-item", "item"),
    "do": (Action, "action", "action"),
    "ag": (Agreement, "agreement", "agreement"),
    "rv": (Review, "review", "review"),
    "in": (Initiative, "initiative", "initiative"),
    "inr": (Initiative, "initiative-review", "initiative"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One of the reader's organisations and its page."""

    organisation: str
    href: str


def ways(actor: Actor, kind: str, ref: str) -> list[Way]:
    """The reader's own pages of what a link is about, by organisation; empty for a stranger."""
    if kind not in WAYS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(WAYS[kind], [actor.user_id, ref])
        slugs = [slug for (slug,) in cursor.fetchall()]
    mine = Membership.objects.filter(
        user_id=actor.user_id, ended_at=None, organisation__slug__in=slugs
    ).values_list("organisation__slug", "organisation__name", "organisation_id")
    found = {slug: (name, pk) for slug, name, pk in mine}
    return [
        Way(name, _page(actor, kind, ref, slug, pk))
        for slug, (name, pk) in sorted(found.items(), key=lambda item: item[1][0])
    ] + _in_ones_own_name(actor, kind, ref)


def _in_ones_own_name(actor: Actor, kind: str, ref: str) -> list[Way]:
    """The pages that a personal grant opens: an initiative's own, or the partnership's, of a
    touchpoint too."""
    if BELOW.get(kind, ("",))[0] is Initiative:
        held = InitiativeGrant.objects.filter(user_id=actor.user_id, content_object__ref=ref)
        shown = held.filter(content_object__withdrawn_at=None)
        return [
            Way("Shared with you personally", reverse("granted-initiative", args=[each]))
            for each in shown.values_list("content_object__ref", flat=True)
        ]
    about = {
        "p": Q(ref=ref),
        "t": Q(touchpoints__ref=ref),
        "a": Q(agenda_items__ref=ref),
        "do": Q(actions__ref=ref),
        "ag": Q(agreements__ref=ref),
        # Row security shows none to a personal grant.
        "rv": Q(reviews__ref=ref),
        "aim": Q(ref=ref),
    }[kind]
    found = Partnership.objects.filter(about, acl__overlap=[actor.key]).values_list(
        "ref", flat=True
    )
    return [
        Way("Shared with you personally", reverse("granted-partnership", args=[each]))
        for each in found.values_list("ref", flat=True)
    ]


def _page(actor: Actor, kind: str, ref: str, slug: str, organisation_id: int) -> str:
    if kind in OF_PARTNERSHIP:
        page = OF_PARTNERSHIP[kind]
        return reverse(page, kwargs={"organisation_slug": slug, "ref": ref})
    with acting(Scope(organisation_id=organisation_id, user_id=actor.user_id)):
        below, page, name = BELOW[kind]
        rows = below._default_manager.values_list("partnership__ref", flat=True)
        partnership = rows.get(ref=ref)
    return reverse(page, kwargs={"organisation_slug": slug, "ref": partnership, name: ref})
