"""One partnership: its members, their contacts, and the people to choose from."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from contacts.models import Listing, Posting
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Hidden, Permission
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.record.selectors.schools import with_schools

STATE_ORDER = (
    MemberState.ACCEPTED,
    MemberState.INVITED,
    MemberState.RECORDED,
    MemberState.DECLINED,
    MemberState.LEFT,
    MemberState.SUCCEEDED,
)


def ours(actor: Actor) -> int:
    """The acting organisation's id; whoever acts for nobody reads no partnerships here."""
    assert actor.organisation_id is not None
    return actor.organisation_id


def seen_by(actor: Actor) -> QuerySet[Partnership]:
    """The partnerships that the actor's organisation sees."""
    return Partnership.objects.filter(acl__overlap=[ours(actor)])


def partnership_of(actor: Actor, ref: str) -> Partnership:
    """One partnership with its owner; raises Hidden unless the actor's organisation sees it."""
    found = seen_by(actor).filter(ref=ref).select_related("owner").first()
    if found is None:
        raise Hidden(Permission.SEE_PARTNERSHIP.value)
    return found


def partnership_with_id(actor: Actor, partnership_id: int) -> Partnership:
    """As `partnership_of`, for a partnership that has just become visible."""
    return seen_by(actor).get(pk=partnership_id)


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
    """Every organisation in a partnership by side: its owner, then the members, then others.

    Each with how many schools it brings (`with_schools`).
    """
    rows = with_schools(Member.objects.filter(partnership=partnership))
    members = list(rows.select_related("organisation", "succeeded_by"))
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
        .select_related("posting__person", "posting__details", "organisation")
        .order_by("-function", "pk")
    )


def contacts_at(member: Member) -> dict[str, NamedContact]:
    """Who is the contact and who the deputy of an organisation now, by function."""
    found = NamedContact.objects.filter(
        partnership_id=member.partnership_id,
        organisation_id=member.organisation_id,
        ended_at=None,
    ).select_related("posting__person", "posting__details")
    return {contact.function: contact for contact in found}


def people_at(actor: Actor, organisation: Organisation) -> list[Posting]:
    """Who works at an organisation now and how to reach them, as far as the actor's may know.

    Those of its own record, and those in the directory whose details are open to it.
    """
    in_the_directory = Q(listing=Listing.LISTED, details__isnull=False)
    return list(
        Posting.objects.filter(Q(acl__overlap=[ours(actor)]) | in_the_directory)
        .filter(organisation=organisation, ended_on=None)
        .select_related("person", "details")
        .order_by("person__name", "pk")
    )
