"""Whom an action's e-mails go to: its owner, and whoever added it."""

from __future__ import annotations

from dataclasses import dataclass

from contacts.models import Posting
from organisations.models import Organisation, User
from organisations.selectors import works_at
from partnerships.actions.models import Action
from partnerships.record.models import Member, MemberState, NamedContact
from partnerships.record.recipients import TAKING_PART, is_reachable, live_contacts


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, and as what. Without a posting it is somebody who signs in."""

    email: str
    name: str
    organisation: Organisation
    why: str
    posting: Posting | None = None

    @property
    def posting_id(self) -> int | None:
        """By which posting they are known."""
        return self.posting.pk if self.posting else None


def owner_to_tell(action: Action) -> Recipient | None:
    """The person who owns it, while they work there and their address takes mail; else the named
    contact, or the deputy, of the organisation that owns it."""
    organisation = action.owner_organisation
    if not _takes_part(action, organisation):
        return None
    why = f"because {organisation.name} is to do this"
    if action.owner_user is not None and works_at(action.owner_user, organisation.pk):
        return _signed_in(action.owner_user, organisation, "because this is yours to do")
    posting = action.owner_posting
    if posting is not None and _reaches(posting):
        return _known(posting, organisation, "because this is yours to do")
    return _contact(action, organisation, why)


def author_to_tell(action: Action) -> Recipient | None:
    """Whoever added it, while they work there; else the contact of their organisation."""
    organisation = action.author_organisation
    if not _takes_part(action, organisation):
        return None
    why = f"because {organisation.name} added this action"
    if action.author is not None and works_at(action.author, organisation.pk):
        return _signed_in(action.author, organisation, "because you added this action")
    posting = action.author_posting
    if posting is not None and _reaches(posting):
        return _known(posting, posting.organisation, "because you added this action")
    return _contact(action, organisation, why)


def signs_in(action: Action, organisation: Organisation) -> bool:
    """Whether the people of an organisation see the action when they sign in."""
    return organisation.pk in action.acl


def _takes_part(action: Action, organisation: Organisation) -> bool:
    if organisation.left_at is not None or organisation.suspended_at is not None:
        return False
    return Member.objects.filter(
        partnership=action.partnership_id, organisation=organisation, state__in=TAKING_PART
    ).exists()


def _contact(action: Action, organisation: Organisation, why: str) -> Recipient | None:
    contacts = live_contacts(action.partnership).filter(organisation=organisation)
    for contact in contacts:
        if is_reachable(contact):
            return _known(contact.posting, organisation, why)
    return None


def _reaches(posting: Posting) -> bool:
    return is_reachable(NamedContact(posting=posting)) and hasattr(posting, "details")


def _known(posting: Posting, organisation: Organisation, why: str) -> Recipient:
    return Recipient(posting.details.email, posting.person.name, organisation, why, posting)


def _signed_in(user: User, organisation: Organisation, why: str) -> Recipient:
    return Recipient(user.email, str(user), organisation, why)


def accepted(action: Action) -> list[int]:
    """The organisations that see the action, whoever opened the partnership first."""
    members = Member.objects.filter(
        partnership=action.partnership_id,
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
        organisation__suspended_at=None,
    )
    rows = members.order_by("added_at", "pk").values_list("organisation_id", flat=True)
    return list(rows)
