"""Every kind of e-mail, and what may happen between asking for one and sending it.

A row of ROWS says how one is asked for, by the services, and to whom it goes. Each situation is
tried on each of them, unless the row says in words why it does not apply. OTHERS are the kinds
that rest on nothing that could have changed, or that other tests look at, again in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

import psycopg
import time_machine
from django.db import transaction

from calendars.london import today
from contacts.keeping.services import record_leaver
from initiatives.review.models import ReviewRequest
from initiatives.review.services import acknowledge_requests
from organisations.joining import leaving
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import acting
from partnerships.actions.services import close_action
from partnerships.agenda.following import follow_meetings
from partnerships.aims.services import write_aim
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import withdraw_quiet_period
from partnerships.record.handing import hand_partnership
from partnerships.record.models import Member
from partnerships.record.parting import leave_partnership
from partnerships.record.standing import tell_who_recorded
from partnerships.touchpoints import series_announcements
from partnerships.touchpoints.models import Proposal, Touchpoint, TouchpointSeries
from partnerships.touchpoints.outcome_asking import LATER, due_at
from partnerships.touchpoints.services import (
    answer_by_link,
    cancel_touchpoint,
    decline_proposal,
    end_series,
    invite_people,
    move_touchpoint,
    propose_time,
    record_outcome,
    take_off,
)
from tests.actions.arranging import DUE, given
from tests.agenda.arranging import MEETS, PAPERS, admin_acts, change_meeting, meeting, planned
from tests.agreements import arranging as agreements
from tests.contacts import keeping
from tests.diary.arranging import answered, proposed
from tests.initiative_review import arranging as initiative_reviews
from tests.record import arranging as record
from tests.reviews import arranging as reviews
from tests.touchpoints.attending import attendee, somebody
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, contact, deliveries, mark, plan, schedule
from tests.touchpoints.series_scene import plan_series

AUTHOR = "school-editor@tandem.example"
MANAGER = "school-manager@tandem.example"
NURSE = "nurse@health.example"


class Case(Enum):
    """What may have happened."""

    CHANGED = "what it tells of was changed"
    OVER = "what it tells of was cancelled, closed or answered"
    NOT_NAMED = "the reader is no longer the contact, nor invited"
    LEFT_POST = "the reader has left their organisation"
    NEW_ADDRESS = "the reader has another address"
    BOUNCED = "the reader's address refuses mail"
    LEFT_PARTNERSHIP = "the reader's organisation left the partnership"
    READER_SUSPENDED = "the reader's organisation is suspended"
    READER_LEFT = "the reader's organisation left Tandem"
    SENDER_SUSPENDED = "the organisation on whose behalf it goes is suspended"
    SENDER_LEFT = "the organisation on whose behalf it goes left Tandem"
    NO_OFFICE = "the reader no longer holds the office for which they were told"
    SWITCHED_OFF = "the reader has switched it off"


@dataclass
class Stage:
    """What asking for an e-mail needs."""

    scene: Scene
    clock: time_machine.Traveller
    superuser: psycopg.Connection[Any]

    def by(self, part: str) -> Any:
        return self.scene.cast.actors[part]

    def of(self, part: str) -> Organisation:
        return self.scene.cast.organisation(part)

    def latest(self, kind: str, to: str, part: str = "school_editor", **more: Any) -> Delivery:
        return deliveries(self.scene, part, kind=kind, recipient=to, **more)[-1]


Ask = Callable[[Stage], Delivery]
NO_ACCOUNT_POSTING = "It goes to somebody who signs in, whose address is no work address."
LOOKS_AFTER = "Who looks after a partnership leaves it only after handing it to another."
OWNER = "The reader's organisation opened the partnership, and is in it while there is one."
TELLS_SO = "It says just that."
REVIEW_STAYS = "Its questions and its last day do not change; it is closed."
BY_ADDRESS = "It goes to an address that was typed in, of nobody in particular."


@dataclass(frozen=True)
class Row:
    """One kind: how to ask for it, whose it is, and what makes it out of date.

    `side`: the part whose organisation the reader belongs to. `account`: the part of somebody who
    signs in; without, the reader is known by the posting of the delivery. `changed`, `over`,
    `no_office`: SQL.
    """

    ask: Ask
    side: str = "health"
    account: str = ""
    changed: str = ""
    over: str = ""
    no_office: str = ""
    but: Mapping[Case, str] = field(default_factory=dict)

    @property
    def reasons(self) -> dict[Case, str]:
        """The situations that do not apply."""
        found = dict(self.but)
        if not self.no_office:
            found.setdefault(Case.NO_OFFICE, "It goes to them for no office of theirs.")
        if self.account:
            found.setdefault(Case.BOUNCED, NO_ACCOUNT_POSTING)
            found.setdefault(Case.NOT_NAMED, "It goes to them as a person, not as a contact.")
        if self.side == "school":
            found.setdefault(Case.LEFT_PARTNERSHIP, OWNER)
        return found


TOUCHPOINT_CHANGED = "UPDATE touchpoints_touchpoint SET revision = revision + 1"
TOUCHPOINT_OVER = (
    "UPDATE touchpoints_touchpoint SET state = 'cancelled', outcome_at = now(), "
    "outcome_by_id = author_id, outcome_organisation_id = author_organisation_id"
)
SERIES_CHANGED = "UPDATE touchpoints_touchpointseries SET revision = revision + 1"
SERIES_OVER = "UPDATE touchpoints_touchpointseries SET ended_at = now(), ended_by_id = author_id"
ACTION_CHANGED = "UPDATE actions_action SET revision = revision + 1"
ACTION_OVER = (
    "UPDATE actions_action SET state = 'done', closed_at = now(), closed_by_id = author_id, "
    "closed_organisation_id = author_organisation_id"
)
ITEM_CHANGED = "UPDATE agenda_agendaitem SET revision = revision + 1"
ITEM_OVER = (
    "UPDATE agenda_agendaitem SET state = 'withdrawn', withdrawn_on = '2027-01-04', "
    "withdrawn_by_id = author_id, withdrawn_organisation_id = author_organisation_id"
)
AGREEMENT_OVER = "UPDATE agreements_agreement SET stage = 'ended'"
PAPER_CHANGED = "UPDATE agreements_datapaper SET revision = revision + 1"
LATER_VERSION = "UPDATE agreements_agreement SET signed_version_id = NULL, stage = 'drafting'"
AIM_CHANGED = (
    "INSERT INTO aims_aimversion (partnership_id, number, priorities, aim, text, author_id, "
    "author_organisation_id, created_at, acl) SELECT partnership_id, 2, priorities, 'Another', "
    "'Another', author_id, author_organisation_id, now(), acl FROM aims_aimversion"
)
PARTNERSHIP_CLOSED = "UPDATE record_partnership SET closed_at = now()"
REVIEW_OVER = "UPDATE reviews_review SET closes_on = '2026-09-01'"
REQUEST_OVER = (
    "UPDATE initiative_review_reviewrequest SET state = 'withdrawn', withdrawn_at = now()"
)
INITIATIVE_OVER = "UPDATE plans_initiative SET withdrawn_at = now(), withdrawn_by_id = author_id"
QUIET_OVER = "UPDATE diary_quietperiod SET withdrawn_at = now(), withdrawn_by_id = author_id"


def _announced(kind: str) -> Ask:
    def ask(stage: Stage) -> Delivery:
        schedule(stage.scene)
        return stage.latest(kind, HEALTH)

    return ask


def _told(stage: Stage) -> Touchpoint:
    touchpoint = schedule(stage.scene)
    mark(stage.superuser, "sent", kind="touchpoint_invitation")
    return touchpoint


def _moved(stage: Stage) -> Delivery:
    touchpoint, by = _told(stage), stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(venue="The library"))
    return stage.latest("touchpoint_moved", HEALTH)


def _cancelled(stage: Stage) -> Delivery:
    touchpoint, by = _told(stage), stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        cancel_touchpoint(by=by, touchpoint=touchpoint)
    return stage.latest("touchpoint_cancelled", HEALTH)


def _taken_off(stage: Stage) -> Delivery:
    touchpoint, by = schedule(stage.scene), stage.by("school_editor")
    nurse = somebody(stage.scene, "school_editor", NURSE, at="health")
    with acting(by.scope), transaction.atomic():
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])
    mark(stage.superuser, "sent", kind="touchpoint_invitation")
    with acting(by.scope), transaction.atomic():
        take_off(by=by, attendee=attendee(stage.scene, touchpoint, NURSE))
    return stage.latest("touchpoint_taken_off", NURSE)


def _declined(stage: Stage) -> Delivery:
    touchpoint = schedule(stage.scene)
    posting = stage.scene.postings[HEALTH].pk
    answer_by_link(touchpoint=touchpoint, posting_id=posting, answer="declined")
    return stage.latest("touchpoint_declined", AUTHOR)


def _proposal(stage: Stage) -> Proposal:
    touchpoint, by = schedule(stage.scene), stage.by("health_editor")
    later = plan(date=plan()["date"] + timedelta(days=7))
    when = {name: later[name] for name in ("date", "time", "minutes")}
    with acting(by.scope), transaction.atomic():
        return propose_time(by=by, touchpoint=touchpoint, **when)


def _proposed(stage: Stage) -> Delivery:
    _proposal(stage)
    return stage.latest("touchpoint_proposal", AUTHOR)


def _not_taken(stage: Stage) -> Delivery:
    proposal, by = _proposal(stage), stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        found = Proposal.objects.select_related("touchpoint").get(pk=proposal.pk)
        decline_proposal(by=by, proposal=found)
    return stage.latest("touchpoint_proposal_declined", "health-editor@tandem.example")


def _over(stage: Stage) -> Touchpoint:
    touchpoint = schedule(stage.scene)
    stage.clock.move_to(due_at(touchpoint, LATER))
    return touchpoint


def _outcome(stage: Stage) -> Delivery:
    _over(stage)
    return stage.latest("touchpoint_outcome", HEALTH, offset_minutes=LATER)


def _recorded(stage: Stage) -> Delivery:
    touchpoint, by = _over(stage), stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        record_outcome(by=by, touchpoint=touchpoint, outcome="held", notes="Rooms")
    return stage.latest("touchpoint_outcome_recorded", HEALTH)


def _series(stage: Stage) -> TouchpointSeries:
    return plan_series(stage.by("school_editor"), stage.scene.partnership, number=2)


def _series_invitation(stage: Stage) -> Delivery:
    _series(stage)
    return stage.latest("series_invitation", HEALTH)


def _series_changed(stage: Stage) -> Delivery:
    series, by = _series(stage), stage.by("school_editor")
    mark(stage.superuser, "sent", kind="series_invitation")
    with acting(by.scope), transaction.atomic():
        series_announcements.announce_change(by=by, series=series, was={})
    return stage.latest("series_changed", HEALTH)


def _series_cancelled(stage: Stage) -> Delivery:
    series, by = _series(stage), stage.by("school_editor")
    mark(stage.superuser, "sent", kind="series_invitation")
    with acting(by.scope), transaction.atomic():
        end_series(by=by, series=series)
    return stage.latest("series_cancelled", HEALTH)


def _action(kind: str, days_after: int = -30) -> Ask:
    def ask(stage: Stage) -> Delivery:
        given(stage.scene)
        if days_after > 0:
            stage.clock.shift(DUE - today() + timedelta(days=days_after))
        return stage.latest(kind, HEALTH)

    return ask


def _done(stage: Stage) -> Delivery:
    action, by = given(stage.scene), stage.by("health_editor")
    with acting(by.scope), transaction.atomic():
        close_action(by=by, action=action, state="done")
    return stage.latest("action_done", AUTHOR)


def _paper(stage: Stage) -> Delivery:
    admin_acts(stage.scene.cast)
    planned(stage.scene, meeting=meeting(stage.scene.cast, MEETS, PAPERS))
    return stage.latest("agenda_reminder", SCHOOL)


def _meeting_changed(stage: Stage) -> Delivery:
    admin_acts(stage.scene.cast)
    board = meeting(stage.scene.cast, MEETS, PAPERS)
    planned(stage.scene, meeting=board)
    change_meeting(stage.scene.cast, board, meets_on=MEETS + timedelta(days=14))
    follow_meetings()
    return stage.latest("agenda_meeting_changed", SCHOOL)


def _to_sign(stage: Stage) -> Delivery:
    agreements.ready_for_two(stage.scene)
    return stage.latest("agreement_to_sign", "health-editor@tandem.example", "health_editor")


def _agreement_reminder(kind: str) -> Ask:
    def ask(stage: Stage) -> Delivery:
        agreement = agreements.ready_for_two(stage.scene)
        for part in ("school_editor", "health_editor"):
            agreements.signs(stage.scene, agreement, part)
        return stage.latest(kind, HEALTH, "health_editor")

    return ask


def _data_paper(stage: Stage) -> Delivery:
    agreements.papered(stage.scene, agreements.started(stage.scene))
    return stage.latest("data_paper_review", HEALTH, "health_editor")


def _aim(stage: Stage) -> Delivery:
    by = stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        write_aim(
            by=by,
            partnership=stage.scene.partnership,
            priorities=["School attendance"],
            aim="",
            based_on=0,
        )
    return stage.latest("aim_to_agree", HEALTH)


def _review(kind: str) -> Ask:
    def ask(stage: Stage) -> Delivery:
        reviews.opened(stage.scene)
        return stage.latest(kind, HEALTH, "health_editor")

    return ask


def _review_results(stage: Stage) -> Delivery:
    review = reviews.opened(stage.scene)
    for part in ("school_manager", "school_editor", "health_editor"):
        reviews.answered(stage.scene, review, part)
    reviews.closed(stage.scene, review)
    return stage.latest("review_results", HEALTH, "health_editor", revision=1)


def _initiative_review(kind: str) -> Ask:
    def ask(stage: Stage) -> Delivery:
        initiative_reviews.asked(stage.scene, initiative_reviews.planned(stage.scene))
        return stage.latest(f"initiative_review_{kind}", HEALTH, "health_editor")

    return ask


def _initiative_review_arrived(stage: Stage) -> Delivery:
    request = initiative_reviews.asked(stage.scene, initiative_reviews.planned(stage.scene))
    with acting(stage.by("health_editor").scope), transaction.atomic():
        rows = ReviewRequest.objects.select_related("initiative", "partnership")
        acknowledge_requests(by=stage.by("health_editor"), requests=[rows.get(pk=request.pk)])
    return stage.latest("initiative_review_arrived", AUTHOR)


def _initiative_review_answered(stage: Stage) -> Delivery:
    request = initiative_reviews.asked(stage.scene, initiative_reviews.planned(stage.scene))
    initiative_reviews.answered(stage.by("health_editor"), request)
    return stage.latest("initiative_review_answered", AUTHOR)


def _quiet(stage: Stage) -> Delivery:
    proposed(stage.scene)
    return stage.latest("quiet_period_proposed", HEALTH)


def _quiet_answered(stage: Stage) -> Delivery:
    answered(stage.scene, proposed(stage.scene), agreed=True)
    return stage.latest("quiet_period_answered", AUTHOR)


def _quiet_withdrawn(stage: Stage) -> Delivery:
    period, by = proposed(stage.scene), stage.by("school_editor")
    mark(stage.superuser, "sent", kind="quiet_period_proposed")
    with acting(by.scope), transaction.atomic():
        withdraw_quiet_period(by=by, period=QuietPeriod.objects.get(pk=period.pk))
    return stage.latest("quiet_period_withdrawn", HEALTH)


def _invitation(stage: Stage) -> Delivery:
    cast = stage.scene.cast
    record.invited(cast, record.opened(cast, name="Another hub"))
    return stage.latest("partnership_invitation", "door@health.example")


def _answer(stage: Stage) -> Delivery:
    cast = stage.scene.cast
    record.answered(cast, record.invited(cast, record.opened(cast, name="Another hub")))
    return stage.latest("invitation_answered", AUTHOR, "health_editor")


def _partner_joined(stage: Stage) -> Delivery:
    by = stage.by("council_editor")
    stage.superuser.execute(
        "UPDATE organisations_membership SET role = 'manager' WHERE user_id = %s", [by.user_id]
    )
    with acting(by.scope), transaction.atomic():
        tell_who_recorded(stage.of("council"), by)
    return stage.latest("partner_joined", MANAGER)


def _partner_left(stage: Stage) -> Delivery:
    by = stage.by("health_manager")
    with acting(by.scope), transaction.atomic():
        leaving.leave(by=by, name=stage.of("health").name)
    return stage.latest("partner_left", MANAGER)


def _partnership_left(stage: Stage) -> Delivery:
    by = stage.by("health_manager")
    with acting(by.scope), transaction.atomic():
        member = Member.objects.select_related("partnership", "organisation").get(
            partnership=stage.scene.partnership, organisation_id=by.organisation_id
        )
        leave_partnership(by=by, member=member, words="The school nurses carry on.")
    return stage.latest("partnership_left", MANAGER)


def _partnership_handed(stage: Stage) -> Delivery:
    by = stage.by("school_manager")
    with acting(by.scope), transaction.atomic():
        hand_partnership(
            by=by, partnership=stage.scene.partnership, to=stage.of("health"), words="Over to you."
        )
    return stage.latest(
        "partnership_handed", "health-manager@tandem.example", part="health_manager"
    )


def _contact_left(stage: Stage) -> Delivery:
    cast = stage.scene.cast
    by = keeping.admin_of(cast)
    posting = keeping.listed(cast, by)
    keeping.named_in(cast, posting)
    with acting(by.scope), transaction.atomic():
        record_leaver(by=by, posting=posting, on=today(), ask_for_note=False)
    return stage.latest("contact_left", MANAGER)


def _series_taken_off(stage: Stage) -> Delivery:
    _series(stage)
    mark(stage.superuser, "sent", kind="series_invitation")
    by, cast = stage.by("school_editor"), stage.scene.cast
    with acting(by.scope), transaction.atomic():
        contact(by, stage.scene.partnership, cast, part="school", function="named", email=NURSE)
    return stage.latest("series_taken_off", SCHOOL)


GONE_ALL_THE_SAME = (
    "It says that something no longer takes place: whoever holds it in their calendar is to know."
)
REMOVED = {
    Case.NOT_NAMED: TELLS_SO,
    Case.NEW_ADDRESS: "The address that had the invitation is the one to take the entry out.",
    Case.LEFT_PARTNERSHIP: "They hear no more than that they need not come.",
}
AS_TOLD = "They had been told to come: they hear that they need not, whatever becomes of it."
ONE_OFF = "It is about something that happened once."
NEVER_A_PLAN = {Case.CHANGED: ONE_OFF}
NO_MANAGER = "UPDATE organisations_membership SET role = 'editor' WHERE role = 'manager'"
MANAGERS_ROW: dict[str, Any] = {
    "side": "school",
    "account": "school_manager",
    "no_office": NO_MANAGER,
}
EDITORS_ROW: dict[str, Any] = {"side": "school", "account": "school_editor"}
TO_PLAN: dict[str, Any] = {"changed": TOUCHPOINT_CHANGED, "over": TOUCHPOINT_OVER}
THEIRS_TO_DO = {Case.NOT_NAMED: "It was given to them by name, contact or not."}
TO_DO: dict[str, Any] = {"changed": ACTION_CHANGED, "over": ACTION_OVER, "but": THEIRS_TO_DO}
TO_SERIES: dict[str, Any] = {"changed": SERIES_CHANGED, "over": SERIES_OVER}
TO_ITEM: dict[str, Any] = {"side": "school", "changed": ITEM_CHANGED, "over": ITEM_OVER}
TO_REVIEW: dict[str, Any] = {
    "over": REQUEST_OVER,
    "but": {Case.CHANGED: "They are asked about the version that they find."},
}
NO_READER = dict.fromkeys(
    (Case.NOT_NAMED, Case.LEFT_POST, Case.NEW_ADDRESS, Case.BOUNCED), BY_ADDRESS
)

ROWS: dict[str, Row] = {
    "touchpoint_invitation": Row(_announced("touchpoint_invitation"), **TO_PLAN),
    "touchpoint_reminder": Row(_announced("touchpoint_reminder"), **TO_PLAN),
    "touchpoint_moved": Row(_moved, **TO_PLAN),
    "touchpoint_cancelled": Row(
        _cancelled,
        changed=TOUCHPOINT_CHANGED,
        but={
            Case.OVER: TELLS_SO,
            Case.READER_LEFT: GONE_ALL_THE_SAME,
            Case.SENDER_LEFT: GONE_ALL_THE_SAME,
        },
    ),
    "touchpoint_taken_off": Row(
        _taken_off, but={**REMOVED, Case.CHANGED: AS_TOLD, Case.OVER: AS_TOLD}
    ),
    "touchpoint_declined": Row(
        _declined,
        **EDITORS_ROW,
        changed="UPDATE touchpoints_attendee SET answer = 'accepted' WHERE answer = 'declined'",
        over=TOUCHPOINT_OVER,
    ),
    "touchpoint_proposal": Row(
        _proposed,
        **EDITORS_ROW,
        changed="UPDATE touchpoints_proposal SET state = 'overtaken', answered_at = now()",
        over=TOUCHPOINT_OVER,
    ),
    "touchpoint_proposal_declined": Row(
        _not_taken,
        account="health_editor",
        over=TOUCHPOINT_OVER,
        but={Case.CHANGED: "What was declined stays so; another proposal is another e-mail."},
    ),
    "touchpoint_outcome": Row(_outcome, **TO_PLAN),
    "touchpoint_outcome_recorded": Row(
        _recorded,
        changed="UPDATE touchpoints_touchpoint SET outcome_at = outcome_at + interval '1 hour'",
        but={Case.OVER: TELLS_SO},
    ),
    "series_invitation": Row(_series_invitation, **TO_SERIES),
    "series_changed": Row(_series_changed, **TO_SERIES),
    "series_cancelled": Row(
        _series_cancelled,
        changed=SERIES_CHANGED,
        but={
            Case.OVER: TELLS_SO,
            Case.READER_LEFT: GONE_ALL_THE_SAME,
            Case.SENDER_LEFT: GONE_ALL_THE_SAME,
        },
    ),
    "series_taken_off": Row(
        _series_taken_off,
        side="school",
        but={**REMOVED, Case.CHANGED: AS_TOLD, Case.OVER: AS_TOLD},
    ),
    "action_given": Row(_action("action_given"), **TO_DO),
    "action_due": Row(_action("action_due"), **TO_DO),
    "action_overdue": Row(_action("action_overdue", 3), **TO_DO),
    "action_done": Row(
        _done,
        **EDITORS_ROW,
        changed=ACTION_CHANGED,
        over="UPDATE actions_action SET state = 'open', closed_at = NULL, closed_by_id = NULL, "
        "closed_organisation_id = NULL",
    ),
    "agenda_reminder": Row(_paper, **TO_ITEM),
    "agenda_meeting_changed": Row(_meeting_changed, **TO_ITEM),
    "agreement_to_sign": Row(
        _to_sign,
        account="health_editor",
        changed="UPDATE agreements_agreement SET revision = revision + 1",
        over=AGREEMENT_OVER,
    ),
    "agreement_review": Row(
        _agreement_reminder("agreement_review"), changed=LATER_VERSION, over=AGREEMENT_OVER
    ),
    "agreement_expiry": Row(
        _agreement_reminder("agreement_expiry"), changed=LATER_VERSION, over=AGREEMENT_OVER
    ),
    "data_paper_review": Row(_data_paper, changed=PAPER_CHANGED, over=AGREEMENT_OVER),
    "aim_to_agree": Row(_aim, changed=AIM_CHANGED, over=PARTNERSHIP_CLOSED),
    "review_to_answer": Row(
        _review("review_to_answer"), over=REVIEW_OVER, but={Case.CHANGED: REVIEW_STAYS}
    ),
    "review_reminder": Row(
        _review("review_reminder"), over=REVIEW_OVER, but={Case.CHANGED: REVIEW_STAYS}
    ),
    "review_results": Row(
        _review_results, but={Case.CHANGED: "It stays closed.", Case.OVER: TELLS_SO}
    ),
    "initiative_review_asked": Row(_initiative_review("asked"), **TO_REVIEW),
    "initiative_review_reminder": Row(_initiative_review("reminder"), **TO_REVIEW),
    "initiative_review_arrived": Row(
        _initiative_review_arrived,
        **EDITORS_ROW,
        over=REQUEST_OVER,
        but={Case.CHANGED: "That it arrived does not change."},
    ),
    "initiative_review_answered": Row(
        _initiative_review_answered,
        **EDITORS_ROW,
        over=INITIATIVE_OVER,
        but={Case.CHANGED: "An answer never changes; it says about which version it is."},
    ),
    "quiet_period_proposed": Row(
        _quiet, over=QUIET_OVER, but={Case.CHANGED: "Its days do not change; it is withdrawn."}
    ),
    "quiet_period_answered": Row(
        _quiet_answered,
        **EDITORS_ROW,
        changed="UPDATE diary_quietanswer SET agreed = false",
        over=QUIET_OVER,
    ),
    "quiet_period_withdrawn": Row(
        _quiet_withdrawn,
        but={**NEVER_A_PLAN, Case.OVER: TELLS_SO, Case.SENDER_LEFT: GONE_ALL_THE_SAME},
    ),
    "partnership_invitation": Row(
        _invitation,
        changed="UPDATE record_invitation SET sending = sending + 1",
        over="UPDATE record_invitation SET revoked_at = now()",
        but={
            **NO_READER,
            Case.LEFT_PARTNERSHIP: "It is not in the partnership yet.",
            Case.READER_LEFT: "An organisation that has left may be invited to come again.",
        },
    ),
    "invitation_answered": Row(
        _answer,
        **EDITORS_ROW,
        changed="UPDATE record_member SET state = 'left' WHERE state = 'accepted'",
        but={Case.OVER: "An answer ends with what it is about: see what was changed."},
    ),
    "partner_joined": Row(
        _partner_joined,
        **MANAGERS_ROW,
        over="UPDATE record_partnership SET closed_at = now()",
        but=NEVER_A_PLAN,
    ),
    "partner_left": Row(
        _partner_left,
        **MANAGERS_ROW,
        over="UPDATE record_partnership SET closed_at = now()",
        but=NEVER_A_PLAN,
    ),
    "partnership_left": Row(
        _partnership_left,
        **MANAGERS_ROW,
        over="UPDATE record_partnership SET closed_at = now()",
        but=NEVER_A_PLAN,
    ),
    "partnership_handed": Row(
        _partnership_handed,
        account="health_manager",
        no_office=NO_MANAGER,
        over=PARTNERSHIP_CLOSED,
        but={**NEVER_A_PLAN, Case.LEFT_PARTNERSHIP: LOOKS_AFTER},
    ),
    "contact_left": Row(
        _contact_left,
        **MANAGERS_ROW,
        over="UPDATE record_namedcontact SET ended_at = now()",
        but=NEVER_A_PLAN,
    ),
}

FACTS = "Of somebody's own account or rights: it says what was true when it happened, to them."
# Of the kinds that the directory's letters have, `directory_…`.
DIRECTORY = (
    "Its letter is asked for anew by the database, which knows whose it is and whether it is over: "
    "tests/verification."
)
OTHERS: dict[str, str] = {
    **dict.fromkeys(
        (
            "account",
            "grant_given",
            "grant_ended",
            "initiative_access_ended",
            "joining_received",
            "joining_decided",
            "organisation_opened",
            "organisation_suspended",
            "organisation_reinstated",
            "organisation_left",
            "person_invitation",
            "person_role_changed",
            "person_removed",
            "region_given",
            "region_taken",
            "second_step_reset",
        ),
        FACTS,
    ),
    **dict.fromkeys(
        ("report_decided", "hand_over_asked", "details_decided"),
        "It answers one person's own request, with the few facts that travel with it.",
    ),
    "organisation_reorganised": "It says what has happened, and names the partnerships that its "
    "reader’s organisation sees at that moment: tests/reorganising.",
    "digest": "Put together from what its reader sees at that moment: tests/overview.",
}
