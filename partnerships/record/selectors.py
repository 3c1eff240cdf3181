"""Reading the record of partnerships, always from the acting organisation's side.

Row security stands underneath; every selector says itself for whom it reads, and ends with
everything its page needs loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from contacts.models import Posting
from organisations.actor import Actor
from organisations.models import Delivery, Organisation, Sector
from partnerships.record.models import (
    ContactFunction,
    Invitation,
    Member,
    MemberState,
    NamedContact,
    Partnership,
)

PAGE = 25
STATE_ORDER = (
    MemberState.ACCEPTED,
    MemberState.INVITED,
    MemberState.RECORDED,
    MemberState.DECLINED,
    MemberState.LEFT,
)


def _ours(actor: Actor) -> int:
    """The acting organisation's id; whoever acts for nobody reads no partnerships here."""
    assert actor.organisation_id is not None
    return actor.organisation_id


def partnership_of(actor: Actor, ref: str) -> Partnership:
    """One partnership with its owner; raises Http404 unless the actor's organisation sees it."""
    found = _seen_by(actor).filter(ref=ref).select_related("owner").first()
    if found is None:
        raise Http404("no such partnership, or not for this organisation")
    return found


def partnership_with_id(actor: Actor, partnership_id: int) -> Partnership:
    """As `partnership_of`, for a partnership that has just become visible."""
    return _seen_by(actor).get(pk=partnership_id)


def member_of(partnership: Partnership, slug: str) -> Member:
    """The place of the organisation at `slug` in a partnership; raises Http404 without one."""
    found = (
        Member.objects.filter(partnership=partnership, organisation__slug=slug)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404("no such organisation in this partnership")
    found.partnership = partnership
    return found


def members_of(partnership: Partnership) -> list[Member]:
    """Every organisation in a partnership by side: its owner, then the members, then others."""
    members = list(Member.objects.filter(partnership=partnership).select_related("organisation"))
    for member in members:
        member.partnership = partnership
    return sorted(
        members,
        key=lambda m: (
            m.side,
            m.organisation_id != partnership.owner_id,
            STATE_ORDER.index(MemberState(m.state)),
            m.organisation.name,
        ),
    )


def contacts_of(partnership: Partnership) -> list[NamedContact]:
    """The named contacts and deputies of every side, with their postings and people."""
    return list(
        NamedContact.objects.filter(partnership=partnership, ended_at=None)
        .select_related("posting__person", "organisation")
        .order_by("-function", "pk")
    )


def contacts_at(member: Member) -> dict[str, NamedContact]:
    """Who is the contact and who the deputy of an organisation now, by function."""
    found = NamedContact.objects.filter(
        partnership_id=member.partnership_id,
        organisation_id=member.organisation_id,
        ended_at=None,
    ).select_related("posting__person")
    return {contact.function: contact for contact in found}


def people_at(actor: Actor, organisation: Organisation) -> list[Posting]:
    """Who works at an organisation now, as far as the actor's organisation may know."""
    return list(
        Posting.objects.filter(
            acl__overlap=[_ours(actor)], organisation=organisation, ended_on=None
        )
        .select_related("person")
        .order_by("person__name", "pk")
    )


# ------------------------------------------------------------------ lists


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of partnerships is narrowed to; empty means all."""

    words: str = ""
    state: str = ""
    side: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.state or self.side)


@dataclass(frozen=True, slots=True)
class Partner:
    """Another organisation in a listed partnership."""

    name: str
    side: str
    state: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A partnership as a list shows it, with everyone in it but the acting organisation."""

    id: int
    ref: str
    name: str
    opened_at: datetime
    closed_at: datetime | None
    owner_id: int
    partners: list[Partner]


# How partners stand, as people choose it: the value in the address, and its words.
STATES = {
    "shared": "Shared with a partner",
    "waiting": "Invited, waiting for an answer",
    "alone": "Nobody invited yet",
    "declined": "Declined",
    "unnamed": "No contact or deputy on our side",
}


def page_of_partnerships(actor: Actor, filters: Filters, page: Any = 1) -> Page[Any]:
    """One page of 25 of the actor's partnerships, the latest first; two statements."""
    found: Page[Any] = Paginator(_listed(actor, filters), PAGE).get_page(page)
    found.object_list = [_as_listed(row) for row in found.object_list]
    return found


def recent_partnerships(actor: Actor, limit: int = 10) -> list[Listed]:
    """The actor's partnerships that were opened last."""
    return [_as_listed(row) for row in _listed(actor, Filters())[:limit]]


def partnerships_with(actor: Actor, organisation: Organisation, limit: int = 5) -> list[Listed]:
    """The open partnerships of the actor in which an organisation is already."""
    there = Member.objects.filter(partnership=OuterRef("pk"), organisation=organisation)
    rows = _listed(actor, Filters()).filter(Exists(there), closed_at=None)[:limit]
    return [_as_listed(row) for row in rows]


def partnerships_to_join(actor: Actor, organisation: Organisation, limit: int = 10) -> list[Listed]:
    """The actor's own open partnerships to which an organisation could be added."""
    there = Member.objects.filter(partnership=OuterRef("pk"), organisation=organisation)
    rows = _listed(actor, Filters()).filter(~Exists(there), closed_at=None, owner_id=_ours(actor))
    return [_as_listed(row) for row in rows[:limit]]


def _seen_by(actor: Actor) -> QuerySet[Partnership]:
    return Partnership.objects.filter(acl__overlap=[_ours(actor)])


def _listed(actor: Actor, filters: Filters) -> QuerySet[Partnership, Any]:
    others = Member.objects.filter(partnership=OuterRef("pk")).exclude(organisation_id=_ours(actor))
    found = _narrowed(_seen_by(actor), actor, filters, others)
    return found.order_by("-opened_at", "-id").values(
        "id",
        "ref",
        "name",
        "opened_at",
        "closed_at",
        "owner_id",
        partners=ArraySubquery(
            others.order_by("organisation__name").values(
                json=JSONObject(name="organisation__name", side="side", state="state")
            )
        ),
    )


def _narrowed(
    found: QuerySet[Partnership], actor: Actor, filters: Filters, others: QuerySet[Member]
) -> QuerySet[Partnership]:
    for word in filters.words.split():
        found = found.filter(
            Q(name__icontains=word) | Exists(others.filter(organisation__name__icontains=word))
        )
    if filters.side in Sector.values:
        found = found.filter(Exists(others.filter(side=filters.side)))
    if filters.state == "shared":
        found = found.filter(Exists(others.filter(state=MemberState.ACCEPTED)))
    elif filters.state == "waiting":
        found = found.filter(Exists(others.filter(state=MemberState.INVITED)))
    elif filters.state == "declined":
        found = found.filter(Exists(others.filter(state=MemberState.DECLINED)))
    elif filters.state == "alone":
        answered = (MemberState.ACCEPTED, MemberState.INVITED)
        found = found.exclude(Exists(others.filter(state__in=answered)))
    elif filters.state == "unnamed":
        found = found.filter(Exists(_lacking_contact(actor).filter(partnership=OuterRef("pk"))))
    return found


def _as_listed(row: Any) -> Listed:
    partners = [Partner(**partner) for partner in row.pop("partners")]
    return Listed(partners=partners, **row)


# ------------------------------------------------------------------ what needs someone


def _lacking_contact(actor: Actor) -> QuerySet[Member]:
    """The actor's own places in open partnerships that lack a contact or a deputy."""
    live = NamedContact.objects.filter(
        partnership=OuterRef("partnership"),
        organisation_id=_ours(actor),
        ended_at=None,
    )
    return (
        Member.objects.filter(
            organisation_id=_ours(actor),
            state=MemberState.ACCEPTED,
            partnership__closed_at=None,
        )
        .annotate(
            has_named=Exists(live.filter(function=ContactFunction.NAMED)),
            has_deputy=Exists(live.filter(function=ContactFunction.DEPUTY)),
        )
        .filter(Q(has_named=False) | Q(has_deputy=False))
    )


def lacking_contact(actor: Actor, limit: int = 5) -> list[Member]:
    """Where our side has no contact or no deputy: `has_named`, `has_deputy` say which."""
    return list(
        _lacking_contact(actor).select_related("partnership").order_by("-partnership_id")[:limit]
    )


def bounced_contacts(actor: Actor, limit: int = 5) -> list[NamedContact]:
    """Contacts whose address refuses mail and whom the actor's organisation can correct."""
    return list(
        NamedContact.objects.filter(
            Q(organisation_id=_ours(actor)) | Q(posting__recorded_by_id=_ours(actor)),
            acl__overlap=[_ours(actor)],
            ended_at=None,
            posting__bounced_at__isnull=False,
        )
        .select_related("posting__person", "organisation", "partnership")
        .order_by("-posting__bounced_at", "pk")[:limit]
    )


def invitations_to_answer(actor: Actor) -> list[Invitation]:
    """Invitations to the actor's organisation that can still be answered, the latest first."""
    return list(
        Invitation.objects.filter(
            to_organisation_id=_ours(actor),
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("from_organisation")
        .order_by("-sent_at")
    )


# ------------------------------------------------------------------ invitations


def invitation_to(actor: Actor, ref: str) -> tuple[Invitation, Member | None]:
    """An invitation to the actor's organisation with its place in the partnership.

    The partnership itself stays unread: it is not for the invited organisation yet. The
    place is None once the invitation was withdrawn. Raises Http404 for any other invitation.
    """
    invitation = (
        Invitation.objects.filter(ref=ref, to_organisation_id=_ours(actor))
        .select_related("from_organisation", "to_organisation", "invited_by")
        .first()
    )
    if invitation is None:
        raise Http404("no such invitation, or not for this organisation")
    place = Member.objects.filter(
        partnership_id=invitation.partnership_id, organisation_id=_ours(actor)
    ).first()
    return invitation, place


def open_invitation_to(actor: Actor, member: Member) -> Invitation | None:
    """The unanswered invitation that the actor's organisation sent to a member."""
    return (
        Invitation.objects.filter(
            partnership_id=member.partnership_id,
            to_organisation_id=member.organisation_id,
            from_organisation_id=_ours(actor),
            used_at=None,
            revoked_at=None,
        )
        .select_related("partnership", "to_organisation", "invited_by")
        .first()
    )


def open_invitations(actor: Actor, partnership: Partnership) -> list[Invitation]:
    """The unanswered invitations of a partnership that the actor's organisation sent."""
    return list(
        Invitation.objects.filter(
            partnership=partnership,
            from_organisation_id=_ours(actor),
            used_at=None,
            revoked_at=None,
        )
    )


def mail_of(actor: Actor, invitations: list[Invitation]) -> dict[str, Delivery]:
    """What became of the latest e-mail of each invitation, by the invitation's reference."""
    if not invitations:
        return {}
    deliveries = Delivery.objects.filter(
        organisation_id=_ours(actor),
        kind="partnership_invitation",
        subject__in=[invitation.ref for invitation in invitations],
    ).order_by("revision")
    return {delivery.subject: delivery for delivery in deliveries}
