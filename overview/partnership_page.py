"""What the partnership page shows, composed from the record and its alcoves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from contacts.freshness import Freshness, freshness
from contacts.models import Listing
from frontend.components import Component
from initiatives.plans import selectors as initiatives
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Delivery, Sector
from organisations.permissions import Permission, can
from overview.health.presenters import (
    SignalLine,
    StepLine,
    ToDo,
    Where,
    signal_lines,
    step_lines,
)
from overview.health.reading import Known, read
from overview.health.signals import signals_of
from overview.health.steps import next_of, steps_of
from overview.partnership_glance import Glance
from partnerships.actions import selectors as actions
from partnerships.actions.presenters import actions_table
from partnerships.agenda import selectors as agenda
from partnerships.agreements import selectors as agreements
from partnerships.aims import selectors as aims
from partnerships.conversations import selectors as conversations
from partnerships.record import presenters
from partnerships.record import selectors as record
from partnerships.record.leavers import notes_of
from partnerships.record.models import (
    ContactFunction,
    Invitation,
    Member,
    MemberState,
    NamedContact,
    Partnership,
)
from partnerships.record.services import ON_EITHER_SIDE
from partnerships.reviews import selectors as reviews
from partnerships.wins import selectors as wins
from partnerships.wins.models import Win

MOST_CONVERSATIONS = 3
# Enough for those of a term and the last that is closed.
MOST_REVIEWS = 4
MOST_WINS = 3
# Enough for the fifth step: nobody runs more at once.
MOST_INITIATIVES = 50
# With more organisations on a side, the two columns would be of very unequal length.
MOST_BESIDE = 3


@dataclass(frozen=True, slots=True)
class ContactCard:
    """The contact or deputy of one organisation, or that there is none; what can be done."""

    function: str
    label: str
    contact: NamedContact | None
    address: Markup | None
    freshness: Freshness | None
    note: str
    name_href: str
    correct_href: str
    directory: str
    offer_href: str


@dataclass(frozen=True, slots=True)
class MemberCard:
    """One organisation of the partnership, as its side shows it."""

    member: Member
    tag: Component
    sentence: str
    contacts: list[ContactCard]
    invite_href: str
    invite_words: str
    schools: str
    side_href: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side with its organisations."""

    label: str
    cards: list[MemberCard]


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its few words, and the organisation, for those who hear it by itself."""

    words: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    sides: list[Side]
    side_by_side: bool
    notices: list[str]
    next_actions: list[Action]
    following: ToDo | None
    steps: list[StepLine]
    signals: list[SignalLine]
    facts: Component
    wins: list[Win]
    may_log_win: bool
    actions: Component | None
    may_add_action: bool
    conversations: list[Any]
    more_conversations: bool
    may_log: bool
    may_schedule: bool
    may_feed: bool
    may_change: bool
    may_leave: bool
    may_hand_over: bool
    seen_by: list[str]
    not_seen_by: list[str]


def compose(actor: Actor, partnership: Partnership) -> Page:
    """Read it all; a fixed number of statements, whatever the partnership holds."""
    members = record.members_of(partnership)
    contacts = record.contacts_of(partnership)
    gone = [each.posting for each in contacts if each.posting.ended_on is not None]
    notes = {key: each.text for key, each in notes_of(gone).items()} if gone else {}
    invitations = record.open_invitations(actor, partnership)
    mails = record.mail_of(actor, invitations)
    logged = conversations.recent(actor, partnership, MOST_CONVERSATIONS + 1)
    to_do = actions.open_of(actor, partnership)
    known = Known(
        members,
        contacts,
        aims.newest_with_agreed(actor, partnership),
        agreements.agreements_of(actor, partnership),
        to_do,
        reviews.reviews_of(actor, partnership, MOST_REVIEWS),
        initiatives.latest_of(actor, partnership, MOST_INITIATIVES),
    )
    reading = read(actor, partnership, known)
    steps = steps_of(reading.facts)
    brought = agenda.open_of(actor, partnership)
    by_organisation = {each.to_organisation_id: each for each in invitations}
    cards = [
        _card(actor, member, contacts, by_organisation.get(member.organisation_id), mails, notes)
        for member in members
    ]
    sides = _sides(cards)
    where = Where(actor, partnership, _contact_pages(cards), _invite_pages(cards))
    return Page(
        sides=sides,
        side_by_side=all(len(side.cards) <= MOST_BESIDE for side in sides),
        notices=presenters.news_of(members, actor.organisation_id),
        next_actions=_next_actions(cards),
        following=where.todo(next_of(steps)),
        steps=step_lines(steps, where),
        signals=signal_lines(signals_of(reading.facts)),
        facts=Glance(actor, partnership, known, reading, brought).rows(),
        wins=wins.latest_of(actor, partnership, MOST_WINS),
        may_log_win=can(actor, Permission.LOG_WIN, partnership),
        actions=actions_table(to_do.first, actor) if to_do.first else None,
        may_add_action=can(actor, Permission.ADD_ACTION, partnership),
        conversations=logged[:MOST_CONVERSATIONS],
        more_conversations=len(logged) > MOST_CONVERSATIONS,
        may_log=can(actor, Permission.LOG_CONVERSATION, partnership),
        may_schedule=can(actor, Permission.SCHEDULE_TOUCHPOINT, partnership),
        may_feed=can(actor, Permission.FEED_CALENDAR),
        may_change=can(actor, Permission.CHANGE_PARTNERSHIP, partnership),
        may_leave=any(can(actor, Permission.LEAVE_PARTNERSHIP, member) for member in members),
        may_hand_over=can(actor, Permission.HAND_PARTNERSHIP, partnership),
        seen_by=[m.organisation.name for m in members if m.state == MemberState.ACCEPTED],
        not_seen_by=[m.organisation.name for m in members if m.state != MemberState.ACCEPTED],
    )


def _card(
    actor: Actor,
    member: Member,
    contacts: list[NamedContact],
    invitation: Invitation | None,
    mails: dict[str, Delivery],
    notes: dict[int, str],
) -> MemberCard:
    owner = member.organisation_id == member.partnership.owner_id
    mail = mails.get(invitation.ref) if invitation else None
    own = {c.function: c for c in contacts if c.organisation_id == member.organisation_id}
    invites = can(actor, Permission.INVITE_PARTNER, member.partnership) and not owner
    words = _invite_words(member, invitation) if invites else ""
    return MemberCard(
        member=member,
        tag=presenters.member_tag(member),
        sentence=presenters.state_sentence(member, invitation, mail),
        contacts=[_contact(actor, member, each, own.get(each), notes) for each in ContactFunction],
        invite_href=page_of(
            actor, "invite-partner", ref=member.partnership.ref, member=member.organisation.slug
        )
        if words
        else "",
        invite_words=words,
        schools=_schools(member),
        side_href=_side_page(actor, member),
    )


def _schools(member: Member) -> str:
    """Which schools a trust brings, in words; empty for whoever has none."""
    of = member.schools_in_all
    if not of or member.state in (MemberState.DECLINED, MemberState.LEFT, MemberState.SUCCEEDED):
        return ""
    return presenters.schools_words(member, member.schools_chosen, of)


def _side_page(actor: Actor, member: Member) -> str:
    """Where the side is chosen, for one that has a choice."""
    if member.organisation.kind not in ON_EITHER_SIDE:
        return ""
    if not can(actor, Permission.DESCRIBE_MEMBER, member):
        return ""
    return page_of(
        actor, "choose-side", ref=member.partnership.ref, member=member.organisation.slug
    )


def _invite_words(member: Member, invitation: Invitation | None) -> str:
    if member.state in (MemberState.ACCEPTED, MemberState.SUCCEEDED):
        return ""
    if invitation is not None:
        return "Send again or withdraw"
    return "Invite" if member.state == MemberState.RECORDED else "Invite again"


def _contact(
    actor: Actor,
    member: Member,
    function: ContactFunction,
    contact: NamedContact | None,
    notes: dict[int, str],
) -> ContactCard:
    may_name = can(actor, Permission.NAME_CONTACT, member)
    place = {
        "ref": member.partnership.ref,
        "member": member.organisation.slug,
        "function": function.value,
    }
    may_correct = contact is not None and can(actor, Permission.CORRECT_POSTING, contact.posting)
    return ContactCard(
        function=function.value,
        label=function.label,
        contact=contact,
        address=presenters.mailto(contact.posting.details.email) if contact else None,
        freshness=freshness(contact.posting) if contact else None,
        note=notes.get(contact.posting_id, "") if contact else "",
        name_href=page_of(actor, "name-contact", **place) if may_name else "",
        correct_href=page_of(actor, "correct-contact", **place) if may_correct else "",
        directory=_directory_words(contact),
        offer_href=page_of(actor, "offer-contact", **place) if _may_offer(actor, contact) else "",
    )


def _directory_words(contact: NamedContact | None) -> str:
    """Where a contact stands towards the directory, when that is worth a word."""
    if contact is None or contact.posting.listing not in (Listing.OFFERED, Listing.LISTED):
        return ""
    return contact.posting.get_listing_display()


def _may_offer(actor: Actor, contact: NamedContact | None) -> bool:
    """Whether the contact can be offered, or the offer taken back."""
    return (
        contact is not None
        and contact.posting.ended_on is None
        and contact.posting.listing != Listing.LISTED
        and can(actor, Permission.OFFER_POSTING, contact.posting)
    )


def _sides(cards: list[MemberCard]) -> list[Side]:
    """Both sides, schools first; one without an organisation says so."""
    return [
        Side(str(sector.label), [card for card in cards if card.member.side == sector])
        for sector in (Sector.SCHOOL, Sector.HEALTH)
    ]


def _next_actions(cards: list[MemberCard]) -> list[Action]:
    """Whom this person can invite: at most one button, the rest stands with the organisations."""
    return [
        Action(
            card.invite_words.replace("Invite", "Invite partner"),
            card.member.organisation.name,
            card.invite_href,
        )
        for card in cards
        if card.invite_words.startswith("Invite")
    ][:1]


def _contact_pages(cards: list[MemberCard]) -> dict[tuple[int, str], str]:
    """Where something is done about each contact, for whoever may."""
    return {
        (card.member.organisation_id, each.function): each.correct_href or each.name_href
        for card in cards
        for each in card.contacts
    }


def _invite_pages(cards: list[MemberCard]) -> dict[int, str]:
    return {card.member.organisation_id: card.invite_href for card in cards}
