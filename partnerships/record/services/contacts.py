"""Naming the contact and the deputy of each side."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.directory.services import open_details
from contacts.models import Posting, RoleType
from contacts.services import correct_posting, record_posting
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from partnerships.record.followers import contacts_changed
from partnerships.record.models import ContactFunction, Member, NamedContact, Partnership
from partnerships.record.services.members import locked_member, member_in


@transaction.atomic
def name_contact(
    *,
    by: Actor,
    partnership: Partnership,
    organisation: Organisation,
    function: str,
    posting: Posting | None = None,
    name: str = "",
    job_title: str = "",
    email: str = "",
    telephone: str = "",
    role_type: RoleType | None = None,
    source: str = "",
) -> NamedContact:
    """Name the contact or deputy of one organisation, in place of whoever it was until now.

    Give a `posting` of that organisation which the actor sees, or the details of someone
    who is then recorded. A member names its own; the owner does it for an organisation that
    has not accepted yet. A deputy who is named contact leaves the deputy's place free. Raises
    ValidationError, keyed by field, when details are missing or the named contact would be
    their own deputy; PermissionDenied for another's side.
    """
    permissions.require(by, Permission.NAME_CONTACT, member_in(partnership, organisation))
    # Again once it is held: the organisation may have accepted in between.
    member = locked_member(partnership, organisation)
    permissions.require(by, Permission.NAME_CONTACT, member)
    function = ContactFunction(function)
    if posting is None:
        posting = record_posting(
            by=by,
            organisation=organisation,
            name=name,
            job_title=job_title,
            email=email,
            telephone=telephone,
            role_type=role_type,
            source=source or _own_source(by, organisation),
        )
    elif posting.organisation_id != organisation.pk or posting.ended_on is not None:
        raise ValidationError({"who": f"Choose someone who works at {organisation.name} now"})
    elif by.organisation_id not in (*posting.acl, posting.organisation_id):
        # Known from the directory alone: naming them opens how to reach them.
        open_details(by=by, posting=posting)
    return _put_in_place(by, member, function, posting)


def _own_source(by: Actor, organisation: Organisation) -> str:
    return "Recorded by their own organisation" if by.organisation_id == organisation.pk else ""


def _put_in_place(
    by: Actor, member: Member, function: ContactFunction, posting: Posting
) -> NamedContact:
    assert by.organisation_id is not None
    live = {
        contact.function: contact
        for contact in NamedContact.objects.filter(
            partnership=member.partnership, organisation=member.organisation, ended_at=None
        )
    }
    former = live.pop(function, None)
    if former is not None and former.posting_id == posting.pk:
        return former
    elsewhere = next((each for each in live.values() if each.posting_id == posting.pk), None)
    if elsewhere is not None and function == ContactFunction.DEPUTY:
        raise ValidationError(
            {
                "who": f"{posting.person.name} is the named contact. Choose someone else as the "
                "deputy, so that there are two people on this side"
            }
        )
    for ended in filter(None, (former, elsewhere)):
        ended.ended_at = timezone.now()
        ended.save(update_fields=["ended_at"])
    contact = NamedContact.objects.create(
        partnership=member.partnership,
        organisation=member.organisation,
        posting=posting,
        function=function,
        recorded_by_id=by.organisation_id,
    )
    audit.record(
        "contact named",
        by=by,
        obj=contact,
        changes={
            "function": str(function),
            "posting": [former.posting_id if former else None, posting.pk],
        },
    )
    contacts_changed(by=by, partnership=member.partnership)
    return contact


@transaction.atomic
def free_deputys_place(
    *, by: Actor, partnership: Partnership, organisation: Organisation
) -> NamedContact | None:
    """The deputy of one organisation steps down and nobody follows yet; None where nobody was.

    The place of a named contact is never left free: whoever takes over is named in it
    (`name_contact`), so that the other side always has somebody to speak to.
    """
    permissions.require(by, Permission.NAME_CONTACT, member_in(partnership, organisation))
    member = locked_member(partnership, organisation)
    permissions.require(by, Permission.NAME_CONTACT, member)
    place = NamedContact.objects.filter(
        partnership=partnership,
        organisation=organisation,
        function=ContactFunction.DEPUTY,
        ended_at=None,
    ).first()
    if place is None:
        return None
    end_contact(by, place)
    contacts_changed(by=by, partnership=partnership)
    return place


def end_contacts(by: Actor, member: Member) -> int:
    """End the contact and the deputy of a member that leaves: whoever stays reads how to reach
    them no longer. For services that have asked whether the actor may; says how many."""
    places = list(
        NamedContact.objects.filter(
            partnership_id=member.partnership_id,
            organisation_id=member.organisation_id,
            ended_at=None,
        )
    )
    for place in places:
        end_contact(by, place)
    return len(places)


def end_contact(by: Actor, place: NamedContact) -> None:
    """Leave a place free, likewise."""
    place.ended_at = timezone.now()
    place.save(update_fields=["ended_at"])
    audit.record(
        "contact ended",
        by=by,
        obj=place,
        changes={"function": place.function, "posting": [place.posting_id, None]},
    )


@transaction.atomic
def correct_contact(
    *,
    by: Actor,
    contact: NamedContact,
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
    role_type: RoleType | None = None,
    based_on: str | None = None,
) -> NamedContact:
    """Correct the details of a named contact whose posting the actor's organisation recorded.

    Refuses as `correct_posting` does.
    """
    correct_posting(
        by=by,
        posting=contact.posting,
        name=name,
        job_title=job_title,
        email=email,
        telephone=telephone,
        role_type=role_type,
        based_on=based_on,
    )
    contacts_changed(by=by, partnership=contact.partnership)
    return contact
