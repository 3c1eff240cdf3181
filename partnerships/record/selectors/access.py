"""Who can see a partnership, and why; and what a person was given in their own name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Hidden, Permission
from partnerships.record.grants import Allows
from partnerships.record.models import (
    Member,
    MemberState,
    NamedContact,
    Partnership,
    PartnershipGrant,
)
from partnerships.record.selectors.partnership import contacts_of, members_of

TOLD = (MemberState.RECORDED, MemberState.INVITED)


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation in the partnership, and how many of its people can act."""

    member: Member
    is_owner: bool
    people: int

    @property
    def sees(self) -> bool:
        """Whether its people see what is shared."""
        return self.is_owner or self.member.state == MemberState.ACCEPTED


@dataclass(frozen=True, slots=True)
class Held:
    """A live personal grant."""

    grant: PartnershipGrant

    @property
    def allows(self) -> Allows:
        """What it is for."""
        return Allows(self.grant.permission.codename)


@dataclass(frozen=True, slots=True)
class Access:
    """Everybody who sees a partnership, or is told of it by e-mail alone."""

    organisations: list[Standing]
    grants: list[Held]
    only_emailed: list[NamedContact]


def access_to(partnership: Partnership) -> Access:
    """Who sees a partnership that the actor's organisation sees; four statements."""
    members = members_of(partnership)
    people = _people_behind(partnership)
    standings = [
        Standing(m, m.organisation_id == partnership.owner_id, people.get(m.organisation_id, 0))
        for m in members
    ]
    told = {m.organisation_id for m in members if m.state in TOLD}
    return Access(
        organisations=sorted(standings, key=lambda s: (not s.is_owner, not s.sees)),
        grants=[Held(grant) for grant in _live().filter(content_object=partnership)],
        only_emailed=[c for c in contacts_of(partnership) if c.organisation_id in told],
    )


def grant_on(partnership: Partnership, grant_id: int) -> PartnershipGrant:
    """A live grant on a partnership; hidden (404, on record) when it is not on this one."""
    grant = _live().filter(content_object=partnership, pk=grant_id).first()
    if grant is None:
        raise Hidden("see a personal grant")
    grant.content_object = partnership
    return grant


def grants_of(actor: Actor) -> list[Held]:
    """What a person was given, by name of the partnership; one statement."""
    own = _live().filter(user_id=actor.user_id).select_related("content_object__owner")
    return [Held(grant) for grant in own.order_by("content_object__name", "pk")]


def granted_partnership(actor: Actor, ref: str) -> Partnership:
    """A partnership that the person holds a grant on; hidden (404, on record) otherwise."""
    found = (
        Partnership.objects.filter(acl__overlap=[actor.key], ref=ref)
        .select_related("owner")
        .first()
    )
    permissions.hide_unless(actor, Permission.SEE_PARTNERSHIP, found)
    assert found is not None
    return found


def _live() -> QuerySet[PartnershipGrant]:
    return (
        PartnershipGrant.objects.exclude(ends_at__lte=timezone.now())
        .select_related("user", "given_by", "permission")
        .order_by("given_at", "pk")
    )


def _people_behind(partnership: Partnership) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.people_behind(%s)", [partnership.pk])
        return dict(cursor.fetchall())
