"""How the record is put in words: states of members, contacts, invitations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from markupsafe import Markup

from frontend.components import Component, tag
from frontend.wording import date_words
from organisations.models import Delivery, Organisation
from organisations.models.delivery import State
from partnerships.record.models import Invitation, Member, MemberState
from partnerships.record.services.opening import LONGEST_NAME

# For so long a partnership's page says that somebody has come.
NEWS_FOR = timedelta(days=30)


def suggested_name(ours: str, partner: Organisation) -> str:
    """A name to begin with: both organisations, or the other one where that is too long."""
    both = f"{ours} and {partner.name}"
    return both if len(both) <= LONGEST_NAME else partner.name[:LONGEST_NAME]


def member_tag(member: Member) -> Component:
    """Where an organisation stands in its partnership, in words and a colour."""
    if member.organisation_id == member.partnership.owner_id:
        return tag("Looks after it" if member.partnership.handed_at else "Opened it", "blue")
    return state_tag(member.state)


def state_tag(state: str) -> Component:
    """What a state is called, with its colour."""
    words, colour = {
        MemberState.RECORDED: ("Not invited", "grey"),
        MemberState.INVITED: ("Invited", "yellow"),
        MemberState.ACCEPTED: ("Member", "green"),
        MemberState.DECLINED: ("Declined", "orange"),
        MemberState.LEFT: ("Left", "grey"),
        MemberState.SUCCEEDED: ("Succeeded", "grey"),
    }[MemberState(state)]
    return tag(words, colour)


def schools_words(member: Member, chosen: int, of: int) -> str:
    """Which of a trust's schools it brings: how many are `chosen` and its own still, `of` all."""
    if member.all_schools:
        return "Its one school" if of == 1 else f"All of its {of} schools"
    if not chosen:
        return "No school: those it chose are its own no more"
    return f"{chosen} of its {of} schools" if of > 1 else "Its one school"


def state_sentence(
    member: Member, invitation: Invitation | None = None, mail: Delivery | None = None
) -> str:
    """What the state means: who sees what, since when, and what the e-mail did."""
    answered = date_words(member.answered_at)
    if member.organisation_id == member.partnership.owner_id:
        if member.partnership.handed_at is not None:
            return f"Looks after the partnership since {date_words(member.partnership.handed_at)}"
        return f"Opened the partnership on {date_words(member.partnership.opened_at)}"
    if member.state == MemberState.ACCEPTED:
        return f"Sees what is shared since {answered}"
    if member.state == MemberState.DECLINED:
        return f"Declined on {answered}: {member.decline_reason}"
    if member.state == MemberState.LEFT:
        said = f": {member.decline_reason}" if member.decline_reason else ""
        return f"Left on {answered}{said}. Sees nothing any more"
    if member.state == MemberState.SUCCEEDED:
        return _succeeded(member)
    if invitation is not None:
        return f"{_invited(invitation)}. {mail_sentence(mail)}".rstrip(". ")
    if member.state == MemberState.INVITED:
        return "Invited, has not answered yet. Sees nothing until it accepts"
    return "Sees nothing of this partnership yet"


def _succeeded(member: Member) -> str:
    assert member.succeeded_by is not None
    return (
        f"{member.succeeded_by.name} took its place on {date_words(member.succeeded_on)}. "
        "What it wrote here stays under its name"
    )


def news_of(members: Sequence[Member], own: int | None) -> list[str]:
    """Which of the others have left Tandem, or joined it lately, and what that means here."""
    said = [_news(member) for member in members if member.organisation_id != own]
    return [words for words in said if words]


def _news(member: Member) -> str:
    organisation = member.organisation
    lately = timezone.now() - NEWS_FOR
    if member.state == MemberState.SUCCEEDED:
        assert member.succeeded_by is not None
        return (
            f"{member.succeeded_by.name} took the place of {organisation.name} on "
            f"{date_words(member.succeeded_on)}."
        )
    if organisation.left_at is not None:
        gone = f"{organisation.name} left {settings.EMAIL_FROM_NAME} on "
        gone += date_words(organisation.left_at)
        if member.organisation_id == member.partnership.owner_id:
            return f"{gone}. It opened this partnership; its members go on with what is here."
        return f"{gone}. It sees nothing here any more."
    if organisation.joined_at is None or organisation.suspended_at is not None:
        return ""
    if member.state == MemberState.ACCEPTED:
        if member.answered_at is None or member.answered_at < lately:
            return ""
        return f"{organisation.name} has joined, and sees what you shared here."
    if organisation.joined_at > lately and member.state in (
        MemberState.RECORDED,
        MemberState.INVITED,
    ):
        return (
            f"{organisation.name} has joined {settings.EMAIL_FROM_NAME}. It sees nothing here "
            "until it has been invited and has accepted."
        )
    return ""


def _invited(invitation: Invitation) -> str:
    sent = f"Invited by email to {invitation.email} on {date_words(invitation.sent_at)}"
    if invitation.is_open:
        return f"{sent}; can answer until {date_words(invitation.expires_at)}"
    return f"{sent}; expired on {date_words(invitation.expires_at)}, send it again"


def mail_sentence(mail: Delivery | None) -> str:
    """What became of an e-mail, where that is worth a word."""
    if mail is None or mail.state == State.SENT:
        return ""
    return {
        State.PENDING.value: "The email is on its way",
        State.TAKEN.value: "The email is on its way",
        State.DEAD.value: "The email could not be delivered: check the address and send it again",
        State.UNCERTAIN.value: "We do not know whether the email arrived",
        State.CANCELLED.value: "The email was not sent",
    }.get(mail.state, "")


def mailto(address: str) -> Markup:
    """An e-mail address as a link that may break where a phone is narrow."""
    shown = Markup("<wbr>@").join(address.split("@", 1))
    return Markup('<a class="nhsuk-link app-address" href="mailto:{}">{}</a>').format(
        address, shown
    )
