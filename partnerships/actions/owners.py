"""Who may be given an action: each organisation taking part, and the people known there."""

from __future__ import annotations

from dataclasses import dataclass

from contacts.models import Posting
from organisations.actor import Actor
from organisations.models import Organisation, User
from partnerships.actions.models import Action
from partnerships.record.models import Member, NamedContact, Partnership
from partnerships.record.recipients import TAKING_PART, is_reachable, live_contacts

ME, COLLEAGUE, PERSON, ANYONE = "me", "colleague", "person", "anyone"


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation, and where one is chosen a person there: by posting, or by account."""

    organisation: Organisation
    posting: Posting | None = None
    user: User | None = None
    # What the person does in the partnership, in words: "named contact".
    function: str = ""
    is_me: bool = False

    @property
    def key(self) -> str:
        """How a form names this choice. Only one colleague is ever offered: who owns it now."""
        if self.user is not None:
            return ME if self.is_me else COLLEAGUE
        if self.posting is not None:
            return f"{PERSON}-{self.posting.ref}"
        return f"{ANYONE}-{self.organisation.slug}"

    @property
    def ids(self) -> dict[str, int | None]:
        """The columns of an action that it fills."""
        return {
            "owner_organisation_id": self.organisation.pk,
            "owner_posting_id": self.posting.pk if self.posting else None,
            "owner_user_id": self.user.pk if self.user else None,
        }

    def __str__(self) -> str:
        if self.user is not None:
            name = f"Me, {self.user}" if self.is_me else str(self.user)
            return f"{name}, {self.organisation}"
        if self.posting is not None:
            function = f" ({self.function})" if self.function else ""
            return f"{self.posting.person.name}, {self.organisation}{function}"
        return f"Someone at {self.organisation}"


def owner_of(actor: Actor, action: Action) -> Owner:
    """Who owns an action now."""
    mine = action.owner_user_id is not None and action.owner_user_id == actor.user_id
    return Owner(action.owner_organisation, action.owner_posting, action.owner_user, is_me=mine)


def possible_owners(actor: Actor, partnership: Partnership) -> list[Owner]:
    """The choices, one's own side first: oneself, the contacts of each organisation that e-mail
    reaches, and somebody there who is not named. A fixed number of statements."""
    members = Member.objects.filter(
        partnership=partnership, state__in=TAKING_PART, organisation__left_at=None
    ).select_related("organisation")
    contacts: dict[int, list[NamedContact]] = {}
    for contact in live_contacts(partnership):
        if is_reachable(contact):
            contacts.setdefault(contact.organisation_id, []).append(contact)
    me = User.objects.filter(pk=actor.user_id).first()
    found: list[Owner] = []
    for member in sorted(members, key=lambda m: (_not_ours(actor, m), m.organisation.name)):
        organisation = member.organisation
        if me is not None and not _not_ours(actor, member):
            found.append(Owner(organisation, user=me, is_me=True))
        found += [
            Owner(organisation, each.posting, function=each.get_function_display().lower())
            for each in contacts.get(organisation.pk, [])
        ]
        found.append(Owner(organisation))
    return found


def _not_ours(actor: Actor, member: Member) -> bool:
    return member.organisation_id != actor.organisation_id
