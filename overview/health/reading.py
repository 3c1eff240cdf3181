"""Reading the facts of one partnership: a fixed number of statements, whatever it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from calendars.london import london_day, today
from calendars.terms import TermSource, half_terms_between
from calendars.years import AcademicYear
from contacts.freshness import freshness
from initiatives.measures import selectors as measures
from initiatives.measures.models import Period
from initiatives.plans.models import Initiative, Stage
from initiatives.reflections import selectors as reflections
from organisations.actor import Actor
from organisations.models import Sector
from organisations.reorganising.selectors import changes_ahead
from organisations.reorganising.words import sentence
from overview.health.facts import (
    A_YEAR,
    Aim,
    Asked,
    Contact,
    Facts,
    Governed,
    InWriting,
    Measured,
    Meeting,
    Partner,
    Talks,
    Together,
    last_days,
)
from partnerships.actions.selectors import OpenActions
from partnerships.agreements.models import AgreementVersion, Type
from partnerships.aims.models import AimVersion
from partnerships.conversations.models import Conversation, ConversationKind
from partnerships.diary.agreement import Agreement
from partnerships.diary.agreement import agreements as with_answers
from partnerships.diary.models import QuietPeriod
from partnerships.diary.school_terms import school_terms
from partnerships.record.models import (
    ContactFunction,
    Member,
    MemberState,
    NamedContact,
    Partnership,
)
from partnerships.record.recipients import TAKING_PART
from partnerships.reviews import selectors as reviews
from partnerships.reviews.models import Kind, Review
from partnerships.touchpoints.models import (
    Answer,
    Attendee,
    Touchpoint,
    TouchpointSeries,
    TouchpointState,
)
from partnerships.touchpoints.selectors import last_of, latest_of, next_of

# So far back a record is read; nobody's health hangs on a meeting before that.
MOST_TOUCHPOINTS = 250
MOST_QUIET = 100
# What a review takes one person who answers it. The full one is as long as the reviews that
# schools know from careers work; a pulse asks a third of its questions.
REVIEW_MINUTES = {Kind.PULSE: 10, Kind.FULL: 30}
# How long the periods of measures are, at most.
PERIOD_DAYS = {
    Period.MONTH: 31,
    Period.HALF_TERM: 56,
    Period.TERM: 125,
    Period.QUARTER: 92,
    Period.ACADEMIC_YEAR: 366,
    Period.FINANCIAL_YEAR: 366,
}
MET = (ConversationKind.MEETING, ConversationKind.VISIT)
SPOKEN = (*MET, ConversationKind.CALL)


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that the page of a partnership reads anyway."""

    members: Sequence[Member]
    contacts: Sequence[NamedContact]
    aim: tuple[AimVersion, set[int]] | None
    agreements: Sequence[AgreementVersion]
    actions: OpenActions
    reviews: Sequence[Review]
    initiatives: Sequence[Initiative]


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts, and what they were taken from: the touchpoints in order of time, the quiet periods
    that were not withdrawn, and the terms of the school side."""

    facts: Facts
    terms: TermSource
    touchpoints: Sequence[Touchpoint]
    quiet: Sequence[Agreement]


def read(actor: Actor, partnership: Partnership, known: Known) -> Reading:
    """The facts of one partnership today."""
    day = today()
    opened_on = london_day(partnership.opened_at)
    touchpoints = latest_of(actor, partnership, MOST_TOUCHPOINTS)
    came = _came(actor, touchpoints)
    shown = filter(None, (next_of(touchpoints), last_of(touchpoints)))
    meetings = tuple(_meeting(each, came[each.pk]) for each in touchpoints)
    talks = _talks(actor, partnership, day)
    # What was said before it was opened here counts too.
    since = min([opened_on, *last_days(meetings, talks)])
    days = {since, day, *(london_day(each.starts_at) for each in shown)}
    terms = school_terms(actor, {partnership.ref}, days).of(partnership.ref)
    quiet = _quiet(actor, partnership)
    facts = Facts(
        today=day,
        opened_on=opened_on,
        partners=_partners(known.members),
        term=_term(terms, day),
        rests_on=_rests_on(quiet, terms, (since, day)),
        contacts=_contacts(known.contacts, day),
        meetings=meetings,
        series_running=any(_is_running(each.series, day) for each in touchpoints),
        talks=talks,
        aim=_aim(known.aim),
        agreements=_agreements(known.agreements),
        papers=_papers(known.agreements),
        actions_open=known.actions.number,
        actions_overdue=known.actions.overdue,
        reviews=_reviews(known.reviews),
        initiatives=_initiatives(actor, known.initiatives),
    )
    return Reading(facts, terms, touchpoints, quiet)


def _partners(members: Sequence[Member]) -> tuple[Partner, ...]:
    ahead = changes_ahead(each.organisation_id for each in members)
    announced = {
        each.organisation_id: sentence(ahead[each.organisation_id], each.organisation.name)
        for each in members
        if each.organisation_id in ahead
    }
    return tuple(
        Partner(
            member.organisation_id,
            member.organisation.name,
            member.organisation.slug,
            Sector(member.side),
            joined=member.state == MemberState.ACCEPTED and member.organisation.left_at is None,
            closing_on=member.organisation.closed_on,
            announced=announced.get(member.organisation_id, ""),
        )
        for member in members
        if member.state in TAKING_PART
    )


def _contacts(contacts: Sequence[NamedContact], day: date) -> tuple[Contact, ...]:
    found = []
    for each in contacts:
        fresh = freshness(each.posting, day)
        doubt = "" if fresh.current else fresh.warning
        found.append(Contact(each.organisation_id, ContactFunction(each.function), doubt))
    return tuple(found)


def _is_running(series: TouchpointSeries | None, day: date) -> bool:
    return series is not None and series.ended_at is None and series.last_on >= day


def _meeting(row: Touchpoint, came: frozenset[tuple[int, int]]) -> Meeting:
    replaced_by: Any = getattr(row, "replaced_by", None)
    cancelled = row.state == TouchpointState.CANCELLED and row.outcome_at is not None
    return Meeting(
        day=london_day(row.starts_at),
        state=row.state,
        over=row.has_begun,
        ref=row.ref,
        minutes=row.minutes,
        called_off_on=london_day(row.outcome_at) if cancelled and row.outcome_at else None,
        moved_to=london_day(replaced_by.starts_at) if replaced_by else None,
        came=came,
        logged_by=row.outcome_organisation_id,
    )


def _came(actor: Actor, rows: Sequence[Touchpoint]) -> dict[int, frozenset[tuple[int, int]]]:
    """Who was invited to each and did not stay away, by organisation and posting."""
    stayed_away = Q(came=False) | Q(came=None, answer=Answer.DECLINED)
    invited = (
        Attendee.objects.filter(touchpoint__in=rows, acl__overlap=[actor.key], removed_at=None)
        .exclude(stayed_away)
        .order_by()
        .values_list("touchpoint_id", "organisation_id", "posting_id")
    )
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for touchpoint_id, organisation_id, posting_id in invited:
        found[touchpoint_id].add((organisation_id, posting_id))
    return {each.pk: frozenset(found[each.pk]) for each in rows}


def _talks(actor: Actor, partnership: Partnership, day: date) -> tuple[Talks, ...]:
    """What each organisation has logged for all members; one statement."""
    rows = (
        Conversation.objects.filter(
            partnership=partnership,
            acl__overlap=[actor.key],
            internal=False,
            withdrawn_at=None,
            held_on__lte=day,
        )
        .order_by()
        .values(organisation_id=F("author_organisation_id"))
        .annotate(
            logged=Count("pk", filter=Q(held_on__gt=day - A_YEAR)),
            last_spoken=Max("held_on", filter=Q(kind__in=SPOKEN)),
            first_met=Min("held_on", filter=Q(kind__in=MET)),
        )
    )
    return tuple(Talks(**row) for row in rows)


def _aim(found: tuple[AimVersion, set[int]] | None) -> Aim | None:
    if found is None:
        return None
    version, agreed_by = found
    return Aim(len(version.priorities), frozenset(agreed_by))


def _agreements(versions: Sequence[AgreementVersion]) -> tuple[InWriting, ...]:
    found = []
    for each in versions:
        signed = each.agreement.signed_version
        if not each.agreement.is_over:
            found.append(
                InWriting(
                    each.agreement.ref,
                    each.title,
                    signed=signed is not None,
                    review_on=signed.review_on if signed else None,
                    expires_on=signed.expires_on if signed else None,
                )
            )
    return tuple(found)


def _papers(versions: Sequence[Any]) -> tuple[Governed, ...]:
    """What is kept elsewhere and what was agreed here, as long as it is not over."""
    found = []
    for each in versions:
        signed = each.agreement.signed_version
        if each.agreement.is_over:
            continue
        found += [
            Governed(paper["reference"], date.fromisoformat(paper["review_on"]))
            for paper in each.papers
        ]
        if each.agreement.kind == Type.DSA and signed is not None and signed.review_on is not None:
            found.append(Governed(each.title, signed.review_on))
    return tuple(found)


def _reviews(rows: Sequence[Review]) -> tuple[Asked, ...]:
    """The latest first; how many answered is read of those that are closed."""
    turnout = reviews.turnout_of([each for each in rows if not each.is_open]) if rows else {}
    return tuple(
        Asked(
            each.title,
            REVIEW_MINUTES[Kind(each.kind)],
            london_day(each.opened_at),
            turnout[each.pk].people if each.pk in turnout else None,
        )
        for each in rows
    )


def _initiatives(actor: Actor, rows: Sequence[Initiative]) -> tuple[Together, ...]:
    """What is done together; two statements, and none where there is nothing."""
    if not rows:
        return ()
    ids = [each.pk for each in rows]
    reflected = reflections.reflected_on(actor, ids)
    of: dict[int, list[Measured]] = defaultdict(list)
    for each in measures.read_so_far(actor, ids):
        of[each.initiative_id].append(
            Measured(
                each.name,
                each.periods_read,
                each.read_until,
                london_day(each.created_at),
                PERIOD_DAYS[Period(each.period)],
            )
        )
    return tuple(
        Together(
            each.ref,
            each.name,
            each.pk in reflected,
            each.stage == Stage.RUNNING,
            tuple(of[each.pk]),
        )
        for each in rows
    )


def _term(terms: TermSource, day: date) -> tuple[str, date, date]:
    """The term that `day` is in, or the one before it in the holidays."""
    year = AcademicYear.of(day)
    found = [
        each for each in (*terms(year.previous).terms, *terms(year).terms) if each.start <= day
    ]
    return found[-1].name, found[-1].start, found[-1].end


def _quiet(actor: Actor, partnership: Partnership) -> list[Agreement]:
    """The quiet periods of a partnership with who has agreed; three statements at most."""
    periods = QuietPeriod.objects.filter(
        partnership=partnership, acl__overlap=[actor.key], withdrawn_at=None
    )
    found = list(periods.order_by("-starts_on", "-pk")[:MOST_QUIET])
    return with_answers(found[::-1]) if found else []


def _rests_on(
    quiet: Sequence[Agreement], terms: TermSource, span: tuple[date, date]
) -> Callable[[date], bool]:
    """Whether a day of `span` is in the school holidays, or in a quiet period that holds."""
    agreed = [(each.period.starts_on, each.period.ends_on) for each in quiet if each.holds]
    in_term = [(each.start, each.end) for each in half_terms_between(*span, terms)]

    def rests(day: date) -> bool:
        return _within(day, agreed) or not _within(day, in_term)

    return rests


def _within(day: date, spans: Sequence[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)
