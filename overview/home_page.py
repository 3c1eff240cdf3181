"""What home shows: what needs someone today, the latest partnerships, the next six weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from calendars.london import day_starts, today
from calendars.terms import TYPICAL_NOTE, PlaceInYears, place_of
from frontend.components import tag
from frontend.wording import date_words, datetime_words, relative_days
from initiatives.plans import selectors as initiatives
from initiatives.plans.models import Initiative
from initiatives.plans.presenters import address as initiative_page
from initiatives.reflections import selectors as reflections
from initiatives.reflections.terms import TermNow
from initiatives.review import queue as review_queue
from initiatives.review.models import ReviewRequest
from initiatives.review.presenters import address as initiative_review_page
from initiatives.sessions import selectors as sessions
from initiatives.sessions.models import Session
from initiatives.sessions.presenters import address as session_page
from initiatives.sessions.presenters import when_words as session_when
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from overview.partnership_list import Line, partnership_lines
from partnerships.actions import selectors as actions
from partnerships.actions.models import Action
from partnerships.actions.presenters import address as action_page
from partnerships.actions.presenters import lateness, owner_words
from partnerships.actions.presenters import state_tag as action_tag
from partnerships.agenda import selectors as agenda
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.presenters import address as agenda_item_page
from partnerships.agreements import selectors as agreements
from partnerships.agreements.models import AgreementVersion
from partnerships.agreements.presenters import address as agreement_page
from partnerships.aims import selectors as aims
from partnerships.aims.models import AimVersion
from partnerships.diary import quiet_selectors as quiet
from partnerships.diary.models import QuietPeriod
from partnerships.diary.quiet_words import days_words
from partnerships.record import selectors as record
from partnerships.record.models import ContactFunction, Invitation, Member, NamedContact
from partnerships.reviews import selectors as reviews
from partnerships.reviews.models import Review
from partnerships.reviews.presenters import address as review_page
from partnerships.touchpoints import selectors as touchpoints
from partnerships.touchpoints.attending_selectors import proposals_to_answer
from partnerships.touchpoints.models import Proposal
from partnerships.touchpoints.outcome_forms import CHOICES
from partnerships.touchpoints.presenters import (
    page_of_listed,
    place_words,
    terms_for,
    when_words,
)
from partnerships.touchpoints.selectors import Listed as ListedTouchpoint
from partnerships.wins import selectors as wins
from partnerships.wins.models import Win

MOST_PARTNERSHIPS = 10
MOST_OF_A_KIND = 5
MOST_UNNAMED = 3
AHEAD = timedelta(weeks=6)
PAPERS_AHEAD = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Soon:
    """A touchpoint to come, and where its day stands in both years."""

    when: str
    place: str
    what: str
    partnership: str
    href: str


@dataclass(frozen=True)
class Home:
    """Everything on the page."""

    actor: Actor
    day: date
    place: PlaceInYears
    tasks: list[Line]
    more_unnamed: bool
    partnerships: list[Line]
    soon: list[Soon]
    wins: list[Win]

    @property
    def place_note(self) -> str:
        """How sure the school dates are, when they are not certain."""
        return "" if self.place.standing.is_certain else TYPICAL_NOTE

    @property
    def may_open(self) -> bool:
        """Whether this person may open a partnership."""
        return can(self.actor, Permission.OPEN_PARTNERSHIP)


def home_page(actor: Actor) -> Home:
    """Read it all; a fixed number of statements."""
    day = today()
    unnamed = record.lacking_contact(actor, MOST_UNNAMED + 1)
    return Home(
        actor=actor,
        day=day,
        place=place_of(day),
        tasks=[*tasks_of(actor), *(_unnamed(actor, member) for member in unnamed[:MOST_UNNAMED])],
        more_unnamed=len(unnamed) > MOST_UNNAMED,
        partnerships=partnership_lines(actor, record.recent_partnerships(actor, MOST_PARTNERSHIPS)),
        soon=coming(actor, AHEAD),
        wins=wins.new_ones(actor, MOST_OF_A_KIND),
    )


def tasks_of(actor: Actor) -> list[Line]:
    """What waits for somebody, the most pressing first; a fixed number of statements."""
    return [
        *(_answer(actor, invitation) for invitation in record.invitations_to_answer(actor)),
        *(_quiet(actor, period) for period in quiet.waiting_for_us(actor, MOST_OF_A_KIND)),
        *(_sign(actor, each) for each in agreements.to_sign(actor, MOST_OF_A_KIND)),
        *(_aim(actor, each) for each in aims.to_agree(actor, MOST_OF_A_KIND)),
        *(_review(actor, each) for each in reviews.to_answer(actor, MOST_OF_A_KIND)),
        *(_to_review(actor, each) for each in review_queue.waiting_for_me(actor, MOST_OF_A_KIND)),
        *(_count(actor, each) for each in sessions.lacking_numbers(actor, MOST_OF_A_KIND)),
        *(_proposal(actor, each) for each in proposals_to_answer(actor, MOST_OF_A_KIND)),
        *(_outcome(actor, row) for row in touchpoints.needing_outcome(actor, MOST_OF_A_KIND)),
        *(_to_do(actor, action) for action in actions.waiting_for(actor, MOST_OF_A_KIND)),
        *(_undone(actor, action) for action in actions.overdue_elsewhere(actor, MOST_OF_A_KIND)),
        *(_decide(actor, each) for each in initiatives.to_decide(actor, MOST_OF_A_KIND)),
        *(_reflect(actor, *each) for each in reflections.to_reflect_on(actor, MOST_OF_A_KIND)),
        *(_paper(actor, item) for item in agenda.papers_due(actor, today() + PAPERS_AHEAD)),
        *(_bounced(actor, contact) for contact in record.bounced_contacts(actor, MOST_OF_A_KIND)),
        *(_left(actor, contact) for contact in record.left_contacts(actor, MOST_OF_A_KIND)),
    ]


def coming(actor: Actor, ahead: timedelta) -> list[Soon]:
    """The touchpoints from now on until so many days from today."""
    until = day_starts(today() + ahead + timedelta(days=1))
    return _soon(actor, touchpoints.coming(actor, until))


def _answer(actor: Actor, invitation: Invitation) -> Line:
    return Line(
        f"Answer {invitation.from_organisation.name}’s invitation",
        page_of(actor, "answer-invitation", ref=invitation.ref),
        f"{invitation.partnership_name}. Answer by {date_words(invitation.expires_at)}",
        tag("To answer", "blue"),
    )


def _to_review(actor: Actor, asked: ReviewRequest) -> Line:
    may_answer = can(actor, Permission.REVIEW_INITIATIVE, asked)
    return Line(
        f"Review {asked.initiative.name}" if may_answer else f"Review of {asked.initiative.name}",
        initiative_review_page(actor, asked.initiative),
        f"Asked by {asked.author_organisation}. Answer by {date_words(asked.due_on)}",
        tag("To review", "blue"),
    )


def _count(actor: Actor, session: Session) -> Line:
    may_record = can(actor, Permission.RECORD_ATTENDANCE, session)
    return Line(
        f"Record who came: {session}" if may_record else f"Who came is not recorded: {session}",
        session_page(actor, session, "record-session" if may_record else "session"),
        f"{session.initiative.name}, {session_when(session)}",
        tag("Numbers needed", "yellow"),
    )


def _quiet(actor: Actor, period: QuietPeriod) -> Line:
    may_answer = can(actor, Permission.ANSWER_QUIET_PERIOD, period)
    place = {"ref": period.partnership.ref}
    href = (
        page_of(actor, "quiet-period-answer", period=period.ref, **place)
        if may_answer
        else page_of(actor, "quiet-periods", **place)
    )
    return Line(
        f"Answer about a quiet period: {period.reason}",
        href,
        f"{period.author_organisation.name}, {period.partnership.name}. {days_words(period)}",
        tag("To answer", "blue"),
    )


def _sign(actor: Actor, version: AgreementVersion) -> Line:
    return Line(
        f"Sign: {version.title}",
        agreement_page(actor, version.agreement, "agreement-sign"),
        f"{version.agreement.partnership.name}. Version {version.number}",
        tag("To sign", "blue"),
    )


def _aim(actor: Actor, version: AimVersion) -> Line:
    may_agree = can(actor, Permission.AGREE_AIM, version.partnership)
    page = "shared-aim-agree" if may_agree else "shared-aim"
    return Line(
        f"Agree the shared aim of {version.partnership.name}",
        page_of(actor, page, ref=version.partnership.ref),
        f"Written by {version.author_organisation.name} on {date_words(version.created_at)}",
        tag("To agree", "blue"),
    )


def _review(actor: Actor, review: Review) -> Line:
    page = "review-answer" if can(actor, Permission.ANSWER_REVIEW, review) else "review"
    return Line(
        f"Answer: {review.title}",
        review_page(actor, review, page),
        f"{review.partnership.name}. Until {date_words(review.closes_on)}",
        tag("To answer", "blue"),
    )


def _proposal(actor: Actor, proposal: Proposal) -> Line:
    place = {"ref": proposal.partnership.ref, "touchpoint": proposal.touchpoint.ref}
    href = (
        page_of(actor, "touchpoint-proposal", proposal=proposal.ref, **place)
        if can(actor, Permission.CHANGE_TOUCHPOINT, proposal.touchpoint)
        else page_of(actor, "touchpoint", **place)
    )
    return Line(
        f"Answer about another time: {datetime_words(proposal.starts_at)}",
        href,
        f"{proposal.organisation.name}, {proposal.partnership.name}. "
        f"Planned for {datetime_words(proposal.touchpoint.starts_at)}",
        tag("To answer", "blue"),
    )


def _outcome(actor: Actor, row: ListedTouchpoint) -> Line:
    page = page_of(actor, "touchpoint-outcome", ref=row.partnership_ref, touchpoint=row.ref)
    return Line(
        f"Say what became of the {row.kind_words.lower()}",
        page,
        f"{row.partnership_name}, {datetime_words(row.starts_at)}",
        tag("Outcome needed", "yellow"),
        [(words, f"{page}?outcome={choice}") for choice, words in CHOICES.items()],
    )


def _to_do(actor: Actor, action: Action) -> Line:
    """Something that our organisation is to do, overdue or due within a week."""
    return Line(
        action.title,
        action_page(actor, action),
        f"{owner_words(action)}. {action.partnership.name}. {_due(action)}",
        action_tag(action),
    )


def _undone(actor: Actor, action: Action) -> Line:
    """Something that we gave to others and that is overdue."""
    return Line(
        f"Ask about: {action.title}",
        action_page(actor, action),
        f"{owner_words(action)}. {action.partnership.name}. {_due(action)}",
        action_tag(action),
    )


def _due(action: Action) -> str:
    """`Due on 22 January 2027`, or since when it is overdue."""
    late = lateness(action)
    return f"Due on {date_words(action.due_on)}{f', {late}' if late else ''}"


def _decide(actor: Actor, initiative: Initiative) -> Line:
    """A pilot that we look after and whose day to decide has come."""
    return Line(
        f"Decide on the pilot: {initiative.name}",
        initiative_page(actor, initiative),
        f"{initiative.partnership.name}. By {date_words(initiative.decide_on)}",
        tag("Decision due", "red"),
    )


def _reflect(actor: Actor, initiative: Initiative, term: TermNow) -> Line:
    place = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return Line(
        f"Reflect on {initiative.name}",
        page_of(actor, "reflect", **place),
        f"{initiative.partnership.name}. {term.words}",
        tag("To reflect on", "blue"),
    )


def _paper(actor: Actor, item: AgendaItem) -> Line:
    assert item.due_on is not None
    overdue = item.due_on < today()
    return Line(
        f"Send the paper: {item.title}",
        agenda_item_page(actor, item),
        f"{item.gateway}, {item.partnership.name}. Due on {date_words(item.due_on)}",
        tag("Overdue", "red") if overdue else tag("Paper due", "yellow"),
    )


def _bounced(actor: Actor, contact: NamedContact) -> Line:
    place = {
        "ref": contact.partnership.ref,
        "member": contact.organisation.slug,
        "function": contact.function,
    }
    ours = can(actor, Permission.CORRECT_POSTING, contact.posting)
    return Line(
        f"Correct {contact.posting.person.name}’s email address",
        page_of(actor, "correct-contact" if ours else "name-contact", **place),
        f"{contact.organisation.name}, {contact.partnership.name}. "
        f"Email came back {relative_days(contact.posting.bounced_at)}",
        tag("Email refused", "red"),
    )


def _left(actor: Actor, contact: NamedContact) -> Line:
    """Somebody who is named has left: name who follows, or ask the other side."""
    assert contact.posting.ended_on is not None
    person, ours = contact.posting.person.name, contact.organisation_id == actor.organisation_id
    place = {"ref": contact.partnership.ref}
    if ours:
        place |= {"member": contact.organisation.slug, "function": contact.function}
    return Line(
        f"Name who follows {person}" if ours else f"Ask who follows {person}",
        page_of(actor, "name-contact" if ours else "partnership", **place),
        f"{contact.organisation.name}, {contact.partnership.name}. "
        f"Last day: {date_words(contact.posting.ended_on)}",
        tag("Has left" if contact.posting.ended_on <= today() else "Leaves", "red"),
    )


def _unnamed(actor: Actor, member: Member) -> Line:
    assert actor.organisation is not None
    named: bool = member.has_named  # type: ignore[attr-defined]
    deputy: bool = member.has_deputy  # type: ignore[attr-defined]
    missing = "a contact and a deputy" if not (named or deputy) else "a deputy"
    function = ContactFunction.DEPUTY if named else ContactFunction.NAMED
    if deputy and not named:
        missing = "a contact"
    return Line(
        f"Name {missing} on our side",
        page_of(
            actor,
            "name-contact",
            ref=member.partnership.ref,
            member=actor.organisation.slug,
            function=function,
        ),
        member.partnership.name,
        tag("Missing", "grey"),
    )


def _soon(actor: Actor, rows: list[ListedTouchpoint]) -> list[Soon]:
    terms = terms_for(actor, rows)
    return [
        Soon(
            when_words(row),
            place_words(row, terms),
            row.kind_words,
            row.partnership_name,
            page_of_listed(actor, row),
        )
        for row in rows
    ]
