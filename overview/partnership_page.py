"""What the partnership page shows, composed from the record and its alcoves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from contacts.freshness import Freshness, freshness
from contacts.models import Listing
from frontend.components import Component, link
from frontend.lists import Row, summary_list
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Delivery, Sector
from organisations.permissions import Permission, can
from partnerships.actions import selectors as actions
from partnerships.actions.presenters import actions_table
from partnerships.agenda import selectors as agenda
from partnerships.agenda.presenters import items_table
from partnerships.agreements import selectors as agreements
from partnerships.agreements.presenters import agreements_table
from partnerships.aims import selectors as aims
from partnerships.aims.models import AimVersion
from partnerships.conversations import selectors as conversations
from partnerships.diary import quiet_selectors as quiet
from partnerships.diary.quiet_words import periods_table
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
from partnerships.reviews import selectors as reviews
from partnerships.reviews.presenters import short_table as reviews_table
from partnerships.touchpoints import selectors as touchpoints
from partnerships.touchpoints.presenters import page_of_listed, touchpoints_table, when_words
from partnerships.touchpoints.selectors import Listed as ListedTouchpoint
from partnerships.touchpoints.selectors import Programme
from partnerships.wins import selectors as wins
from partnerships.wins.models import Win

MOST_CONVERSATIONS = 10
MOST_TOUCHPOINTS = 8
MOST_REVIEWS = 2
MOST_WINS = 3
# With more organisations on a side, the two columns would be of very unequal length.
MOST_BESIDE = 2


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
    facts: Component
    aim: AimVersion | None
    aim_standing: str
    may_change_aim: bool
    wins: list[Win]
    may_log_win: bool
    touchpoints: Component | None
    more_touchpoints: bool
    actions: Component | None
    may_add_action: bool
    agenda_items: Component | None
    may_bring: bool
    agreements: Component | None
    may_start_agreement: bool
    reviews: Component | None
    may_open_review: bool
    quiet_periods: Component | None
    may_propose_quiet: bool
    conversations: list[Any]
    more_conversations: bool
    may_log: bool
    may_schedule: bool
    may_feed: bool
    may_change: bool
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
    programme = touchpoints.of_partnership(actor, partnership)
    brought = agenda.open_of(actor, partnership)
    to_do = actions.open_of(actor, partnership)
    agreed = agreements.agreements_of(actor, partnership)
    reviewed = reviews.reviews_of(actor, partnership)[:MOST_REVIEWS]
    won = wins.latest_of(actor, partnership, MOST_WINS)
    aim, aim_agreed_by = aims.newest_with_agreed(actor, partnership) or (None, set())
    quiet_periods = quiet.coming_periods(actor, partnership)
    by_organisation = {each.to_organisation_id: each for each in invitations}
    cards = [
        _card(actor, member, contacts, by_organisation.get(member.organisation_id), mails, notes)
        for member in members
    ]
    shown = _around_now(programme)
    sides = _sides(cards)
    return Page(
        sides=sides,
        side_by_side=all(len(side.cards) <= MOST_BESIDE for side in sides),
        notices=presenters.news_of(members, actor.organisation_id),
        next_actions=_next_actions(actor, cards),
        facts=_facts(actor, programme),
        aim=aim,
        aim_standing=_aim_standing(members, aim_agreed_by) if aim else "",
        wins=won,
        may_log_win=can(actor, Permission.LOG_WIN, partnership),
        may_change_aim=can(actor, Permission.CHANGE_AIM, partnership),
        touchpoints=touchpoints_table(actor, shown) if shown else None,
        more_touchpoints=len(programme.all) > len(shown),
        actions=actions_table(to_do, actor) if to_do else None,
        may_add_action=can(actor, Permission.ADD_ACTION, partnership),
        agenda_items=items_table(actor, brought) if brought else None,
        may_bring=can(actor, Permission.PLAN_AGENDA_ITEM, partnership),
        agreements=agreements_table(actor, agreed) if agreed else None,
        may_start_agreement=can(actor, Permission.START_AGREEMENT, partnership),
        reviews=reviews_table(actor, reviewed) if reviewed else None,
        may_open_review=can(actor, Permission.OPEN_REVIEW, partnership),
        quiet_periods=periods_table(actor, quiet_periods) if quiet_periods else None,
        may_propose_quiet=can(actor, Permission.PROPOSE_QUIET_PERIOD, partnership),
        conversations=logged[:MOST_CONVERSATIONS],
        more_conversations=len(logged) > MOST_CONVERSATIONS,
        may_log=can(actor, Permission.LOG_CONVERSATION, partnership),
        may_schedule=can(actor, Permission.SCHEDULE_TOUCHPOINT, partnership),
        may_feed=can(actor, Permission.FEED_CALENDAR),
        may_change=can(actor, Permission.CHANGE_PARTNERSHIP, partnership),
        seen_by=[m.organisation.name for m in members if m.state == MemberState.ACCEPTED],
        not_seen_by=[m.organisation.name for m in members if m.state != MemberState.ACCEPTED],
    )


def _aim_standing(members: list[Member], agreed_by: set[int]) -> str:
    """Who has agreed the version that counts."""
    joined = [
        each.organisation
        for each in members
        if each.state == MemberState.ACCEPTED and each.organisation.left_at is None
    ]
    agreed = [each.name for each in joined if each.pk in agreed_by]
    missing = [each.name for each in joined if each.pk not in agreed_by]
    if not agreed:
        return "Nobody has agreed it yet."
    if not missing:
        return "Every member has agreed it." if len(joined) > 1 else f"Agreed by {agreed[0]}."
    return f"Agreed by {', '.join(agreed)}. Not yet by {', '.join(missing)}."


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
        tag=presenters.state_tag(member.state, owner=owner),
        sentence=presenters.state_sentence(member, invitation, mail),
        contacts=[_contact(actor, member, each, own.get(each), notes) for each in ContactFunction],
        invite_href=page_of(
            actor, "invite-partner", ref=member.partnership.ref, member=member.organisation.slug
        )
        if words
        else "",
        invite_words=words,
    )


def _invite_words(member: Member, invitation: Invitation | None) -> str:
    if member.state == MemberState.ACCEPTED:
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


def _next_actions(actor: Actor, cards: list[MemberCard]) -> list[Action]:
    """What the partnership lacks and this person can do: at most one of each kind."""
    actions: dict[str, Action] = {}
    for card in sorted(cards, key=lambda c: c.member.organisation_id != actor.organisation_id):
        ours = card.member.organisation_id == actor.organisation_id
        for contact in card.contacts:
            if contact.contact is None and contact.name_href and "name" not in actions:
                whose, name = ("our", "") if ours else ("their", card.member.organisation.name)
                words = f"Name {whose} {contact.label.lower()}"
                actions["name"] = Action(words, name and f"at {name}", contact.name_href)
        if card.invite_words.startswith("Invite") and "invite" not in actions:
            words = card.invite_words.replace("Invite", "Invite partner")
            actions["invite"] = Action(words, card.member.organisation.name, card.invite_href)
    return list(actions.values())


def _around_now(programme: Programme) -> list[ListedTouchpoint]:
    """The touchpoints nearest to today: what comes, and a few that have been."""
    if programme.next is None:
        return programme.all[-MOST_TOUCHPOINTS:]
    at = programme.all.index(programme.next)
    first = max(0, min(at - MOST_TOUCHPOINTS // 2, len(programme.all) - MOST_TOUCHPOINTS))
    return programme.all[first : first + MOST_TOUCHPOINTS]


def _facts(actor: Actor, programme: Programme) -> Component:
    return summary_list(
        [
            Row("Next touchpoint", _when(actor, programme.next), empty="None planned"),
            Row("Last touchpoint", _when(actor, programme.last), empty="None yet"),
        ]
    )


def _when(actor: Actor, row: ListedTouchpoint | None) -> Markup | None:
    if row is None:
        return None
    return Markup("{}<br>{}").format(
        link(when_words(row), page_of_listed(actor, row)), row.kind_words
    )
