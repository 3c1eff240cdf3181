"""What somebody who goes holds in the record: their place as a contact, invitations they sent.

Contacts pass on before anything else does, so that whoever takes over is told what follows.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from contacts.models import Posting
from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from organisations.people.selectors import addresses_of
from organisations.permissions import Permission
from partnerships.record.models import (
    ContactFunction,
    Invitation,
    MemberState,
    NamedContact,
    Partnership,
)
from partnerships.record.services import name_contact
from partnerships.record.services.contacts import end_contact

MOST_NAMED = 5


def places_of(by: Actor, user: User) -> QuerySet[NamedContact]:
    """Where a person is the contact or deputy of the acting organisation, in open partnerships.

    They are known by their account or by an address of theirs.
    """
    assert by.organisation_id is not None
    return (
        NamedContact.objects.alias(address=Lower("posting__details__email"))
        .filter(
            Q(posting__person__user=user) | Q(address__in=addresses_of(user)),
            acl__overlap=[by.organisation_id],
            organisation_id=by.organisation_id,
            ended_at=None,
            partnership__closed_at=None,
            partnership__members__organisation_id=by.organisation_id,
            partnership__members__state=MemberState.ACCEPTED,
        )
        .select_related("partnership", "organisation", "posting__person")
        .order_by("partnership__name", "pk")
    )


def _names_of_places(by: Actor, user: User) -> list[str]:
    return [
        f"{place.partnership.name}: {place.get_function_display().lower()}"
        for place in places_of(by, user)[:MOST_NAMED]
    ]


def _move_places(by: Actor, user: User, to: Successor) -> int:
    places = list(places_of(by, user))
    for place in places:
        if _is_contact_there(place, to.user):
            end_contact(by, place)
            continue
        name_contact(
            by=by,
            partnership=place.partnership,
            organisation=place.organisation,
            function=place.function,
            **_posting_of(by, place, to),
        )
    return len(places)


def _is_contact_there(place: NamedContact, user: User) -> bool:
    """Whether the successor is the named contact already: nobody is their own deputy."""
    return (
        place.function == ContactFunction.DEPUTY
        and NamedContact.objects.filter(
            partnership=place.partnership,
            organisation=place.organisation,
            function=ContactFunction.NAMED,
            ended_at=None,
            posting__details__email__in=addresses_of(user),
        ).exists()
    )


def _posting_of(by: Actor, place: NamedContact, to: Successor) -> dict[str, Any]:
    """The successor as partners will know them: as recorded already, or by name and job title."""
    known = (
        Posting.objects.alias(address=Lower("details__email"))
        .filter(
            acl__overlap=[by.organisation_id],
            organisation=place.organisation,
            ended_on=None,
            address__in=addresses_of(to.user),
        )
        .first()
    )
    if known is not None:
        return {"posting": known}
    return {"name": str(to.user), "job_title": to.job_title, "email": to.user.email}


def invitations_of(by: Actor, user: User) -> QuerySet[Invitation]:
    """The invitations a person sent to partners that wait for an answer, which they would get."""
    return Invitation.objects.filter(
        acl__overlap=[by.organisation_id],
        from_organisation_id=by.organisation_id,
        invited_by=user,
        used_at=None,
        revoked_at=None,
    ).select_related("to_organisation")


def _names_of_invitations(by: Actor, user: User) -> list[str]:
    rows = invitations_of(by, user).order_by("sent_at")[:MOST_NAMED]
    return [f"{row.to_organisation.name}, to {row.partnership_name}" for row in rows]


def _move_invitations(by: Actor, user: User, to: Successor) -> int:
    invitations = list(invitations_of(by, user))
    for invitation in invitations:
        invitation.invited_by = to.user
        invitation.save(update_fields=["invited_by"])
        audit.record(
            "invitation handed over",
            by=by,
            obj=invitation,
            changes={"invited_by": [user.pk, to.user.pk]},
        )
    return len(invitations)


def _opened_by(by: Actor, user: User) -> int:
    return Partnership.objects.filter(
        acl__overlap=[by.organisation_id],
        owner_id=by.organisation_id,
        opened_by=user,
        closed_at=None,
    ).count()


def register() -> None:
    """Make these known to the hand-over."""
    for kind in (
        HandOver(
            name="contacts",
            label="Named contact or deputy on our side",
            count=lambda by, user: places_of(by, user).count(),
            names=_names_of_places,
            move=_move_places,
            stays="Stays until a colleague who may edit names someone else",
            needs=Permission.RECORD_POSTING,
            asks_job_title=True,
            order=10,
        ),
        HandOver(
            name="partner_invitations",
            label="Invitations to partners, not answered yet",
            count=lambda by, user: invitations_of(by, user).count(),
            names=_names_of_invitations,
            move=_move_invitations,
            stays="Stay open for the partner’s answer",
            order=30,
        ),
        HandOver(
            name="partnerships",
            label="Partnerships opened",
            count=_opened_by,
            stays="Belong to the organisation and stay with it",
            order=70,
        ),
    ):
        handover.register(kind)
