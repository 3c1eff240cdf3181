"""A stage on which every page has something to show, arranged through the services.

To the scene of the touchpoints it adds conversations of both kinds, an invitation that waits
for the council, touchpoints to come and gone by, an address that came back, and somebody who
asks to speak for the integrated care board, and manages its region, with a person in its
directory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.db import transaction

from calendars.clashes import clashes_on
from calendars.constraints import ALL, OrganisationCalendar, constraints_for
from calendars.london import today
from calendars.models import OwnPeriod
from calendars.services import hide_point
from calendars.slots import next_clear_slots
from calendars.terms import typical_terms
from contacts.keeping import hand_over_links
from contacts.keeping.services import record_leaver
from contacts.models import (
    Claim,
    DetailsRequest,
    Gateway,
    GatewayMeeting,
    HandOver,
    ImportRun,
    Merge,
    OfficialConflict,
    OfficialImport,
    Posting,
    RegionGrant,
    Report,
    RunState,
)
from contacts.regions.services import give_region
from contacts.verification import clock
from contacts.verification import links as letter_links
from initiatives.measures.models import Measure
from initiatives.plans.models import Initiative, PlanLine
from initiatives.plans.services import add_line, start_initiative
from initiatives.reflections.models import Reflection
from initiatives.reflections.services import reflect
from initiatives.review.models import ReviewRequest
from initiatives.review.services import ask_organisation
from initiatives.sessions.models import Session
from initiatives.sessions.services import plan_session, record_attendance
from organisations import outbox
from organisations.actor import Actor
from organisations.models import (
    AnnouncedChange,
    Delivery,
    JoiningRequest,
    Kind,
    Membership,
    Organisation,
    PersonInvitation,
    Reorganisation,
    Sector,
    Succession,
)
from organisations.outbox.preferences.links import SALT as STOP
from organisations.people import links
from organisations.people.services import invite_person
from organisations.reorganising.services import open_reorganisation
from organisations.services import ask_to_join
from organisations.tenancy.scope import acting
from overview.history_import.models import HistoryRun
from partnerships.actions.done_links import SALT as DONE_SALT
from partnerships.actions.models import Action
from partnerships.actions.owners import possible_owners
from partnerships.actions.services import add_action, close_action
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import plan_item
from partnerships.agreements.files import add_file
from partnerships.agreements.models import Agreement, AgreementFile, DataPaper
from partnerships.agreements.papers import add_data_paper
from partnerships.aims.services import write_aim
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.diary.models import CalendarFeed, QuietPeriod
from partnerships.diary.services import propose_quiet_period
from partnerships.record.invitation_links import token_of
from partnerships.record.models import Invitation
from partnerships.record.services import invite_partner
from partnerships.reviews.models import Review
from partnerships.reviews.services import open_review
from partnerships.touchpoints import entry_links, series_entries
from partnerships.touchpoints.answer_links import SALT as ANSWER_SALT
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.outcome_asking import LATER, OUTCOME
from partnerships.touchpoints.outcome_links import SALT as QUESTION_SALT
from partnerships.touchpoints.services import (
    add_paper,
    answer,
    propose_by_link,
    propose_time,
    record_outcome,
)
from partnerships.wins.models import Win
from partnerships.wins.services import log_win
from tests.agreements.arranging import a_copy, a_paper, half_written
from tests.browser.behind import Superuser
from tests.calendars.arranging import given, own_period, school_of
from tests.calendars.elsewhere_arranging import Elsewhere, everything
from tests.cast import Cast
from tests.contacts.claims.arranging import sent as claimed
from tests.contacts.keeping import listed, meeting, offered, whole_directory
from tests.contacts.official.arranging import brought_in, looked_at
from tests.contacts.sheets.standing import standing
from tests.directory.arranging import asked_for
from tests.feeds.arranging import made_feed
from tests.history_import import arranging as history
from tests.initiative_sessions.arranging import PLAN as SESSION
from tests.measures.arranging import last_month, with_a_reading
from tests.plans.arranging import OUTLINE
from tests.reorganising.arranging import followed, nhs_trusts
from tests.tenancy.world import walsall_board
from tests.touchpoints.attending import somebody
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    HEALTH_DEPUTY,
    SCHOOL,
    Scene,
    arrange,
    gone_by,
    refuse_mail,
    schedule,
)
from tests.touchpoints.series_scene import dates_of, plan_series

SAID = (
    "They can send two nurses in the spring term.\n\n"
    "We look for rooms, and for parents who can help. https://www.example.org/a-long-address/"
    "that-a-phone-has-to-break-somewhere-or-scroll-sideways"
)
HISTORY = ("checked", "applied", "undone", "discarded")


@dataclass
class Stage:
    """What the addresses of the pages are made of."""

    scene: Scene
    conversation: Conversation
    coming: Touchpoint
    past: Touchpoint
    recorded: Touchpoint
    series: list[Touchpoint]
    item: AgendaItem
    actions: dict[str, Action]
    agreement: Agreement
    agreement_file: AgreementFile
    data_paper: DataPaper
    review: Review
    win: Win
    initiative: Initiative
    line: PlanLine
    reflection: Reflection
    measure: Measure
    sessions: list[Session]
    review_request: ReviewRequest
    quiet: list[QuietPeriod]
    invitation: Invitation
    request: JoiningRequest
    colleague: Membership
    newcomer: PersonInvitation
    region_grant: RegionGrant
    reorganisation: Reorganisation
    official_import: OfficialImport
    official_waiting: OfficialImport
    claim: Claim
    listed: Posting
    offered: Posting
    gateway: Gateway
    sheets: dict[str, ImportRun]
    history: dict[str, HistoryRun]
    check_token: str
    address_token: str
    alike: Posting
    report: Report
    transferred: Posting
    merge: Merge
    note: str
    details_request: DetailsRequest
    meeting: GatewayMeeting
    reply: int
    feeds: dict[str, CalendarFeed]
    entry_over: str
    stop: str
    entries_over: str
    site: Organisation
    period: OwnPeriod
    elsewhere: Elsewhere
    attending: dict[str, object]

    @property
    def question_token(self) -> str:
        """What a link holds with which somebody invited says what became of a touchpoint."""
        by = self.scene.cast.school_editor
        posting = self.scene.postings[HEALTH_DEPUTY]
        with acting(by.scope), transaction.atomic():
            outbox.enqueue(
                kind=OUTCOME,
                subject=self.past.ref,
                recipient=HEALTH_DEPUTY,
                by=by,
                offset_minutes=LATER,
                posting_id=posting.pk,
            )
            asked = Delivery.objects.get(subject=self.past.ref, kind=OUTCOME)
        return outbox.token_for(asked, salt=QUESTION_SALT)

    @property
    def action_token(self) -> str:
        """What the link holds with which an owner who does not sign in says that it is done."""
        with acting(self.scene.cast.school_editor.scope), transaction.atomic():
            given = Delivery.objects.get(subject=self.actions["linked"].ref, kind="action_given")
        return outbox.token_for(given, salt=DONE_SALT)

    def address(self, part: str, below: str = "") -> str:
        """An address of the organisation that plays a part; `below` names records by words."""
        slug = self.scene.cast.organisation(part).slug
        return f"/o/{slug}/{self.filled(below)}"

    def filled(self, address: str) -> str:
        """An address with the records it names put in."""
        return address.format(
            p=self.scene.partnership.ref,
            conversation=self.conversation.ref,
            coming=self.coming.ref,
            past=self.past.ref,
            recorded=self.recorded.ref,
            item=self.item.ref,
            **{f"action_{each}": found.ref for each, found in self.actions.items()},
            agreement=self.agreement.ref,
            agreement_file=self.agreement_file.ref,
            data_paper=self.data_paper.ref,
            review=self.review.ref,
            win=self.win.ref,
            initiative=self.initiative.ref,
            line=self.line.ref,
            reflection=self.reflection.ref,
            measure=self.measure.ref,
            month=last_month(),
            session=self.sessions[0].ref,
            waiting_session=self.sessions[1].ref,
            review_request=self.review_request.ref,
            quiet=self.quiet[0].ref,
            quiet_of_health=self.quiet[1].ref,
            board=self.item.gateway.ref,
            invitation=self.invitation.ref,
            token=token_of(self.invitation),
            request=self.request.ref,
            colleague=self.colleague.ref,
            newcomer=self.newcomer.ref,
            region=self.region_grant.content_object.slug,
            region_grant=self.region_grant.pk,
            reorganisation=self.reorganisation.ref,
            former=self.reorganisation.predecessor.slug,
            succession=Succession.objects.get(predecessor=self.reorganisation.predecessor).pk,
            change=AnnouncedChange.objects.get(
                organisation=self.scene.cast.organisation("icb")
            ).ref,
            official_import=self.official_import.ref,
            official_waiting=self.official_waiting.ref,
            claim=self.claim.ref,
            difference=OfficialConflict.objects.using("owner").get().pk,
            listed=self.listed.ref,
            alike=self.alike.ref,
            report=self.report.ref,
            transferred=self.transferred.ref,
            merge=self.merge.ref,
            note=self.note,
            meeting=self.meeting.ref,
            offered=self.offered.ref,
            gateway=self.gateway.ref,
            **{f"history_{state}": each.ref for state, each in self.history.items()},
            **{f"sheet_{state}": each.ref for state, each in self.sheets.items()},
            check=self.check_token,
            new_address=self.address_token,
            asked=self.details_request.posting.ref,
            details_request=self.details_request.ref,
            reply=self.reply,
            **{f"feed_of_{part}": each.ref for part, each in self.feeds.items()},
            entry_over=self.entry_over,
            action_token=self.action_token,
            question_token=self.question_token,
            stop=self.stop,
            entries_over=self.entries_over,
            series=self.series[0].series.ref if self.series[0].series else "",
            of_series=self.series[1].ref,
            site=self.site.slug,
            period=self.period.ref,
            **self.elsewhere.refs,
            **self.attending,
            newcomer_token=links.token_of(self.newcomer),
            **{part: each.slug for part, each in self.scene.cast.organisations.items()},
        )


def a_good_day() -> date:
    """A day two weeks ahead or more of which nobody thinks twice: in term, no pressure point."""
    first, last = today() + timedelta(days=14), today() + timedelta(days=365)
    calendars = [
        OrganisationCalendar(
            organisation_id=number,
            name=kind.label,
            sector=kind.sector,
            kind=kind,
            terms=typical_terms if kind.sector == Sector.SCHOOL else None,
            constraints=constraints_for(
                kind=kind, phase=ALL, first=first, last=last, own=[], hidden=frozenset()
            ),
        )
        for number, kind in enumerate((Kind.SCHOOL_TRUST, Kind.NHS_TRUST, Kind.COUNCIL))
    ]
    return next(
        slot.day
        for slot in next_clear_slots(first, calendars, count=100, until=last)
        if not any(each.phase != ALL for each in clashes_on(slot.day, calendars))
    )


def set_stage(cast: Cast, superuser: Superuser) -> Stage:
    """Arrange it in committed transactions."""
    scene = arrange(cast)
    school, nobody = cast.school_editor, cast.nobody
    coming = schedule(scene, date=a_good_day())
    past = gone_by(scene, hours=24)
    recorded = missed_and_rearranged(scene)
    with acting(school.scope), transaction.atomic():
        said = [
            log_conversation(
                by=school,
                partnership=scene.partnership,
                kind="call",
                held_on=today() - timedelta(days=3),
                summary=summary,
                internal=internal,
            )
            for summary, internal in ((SAID, False), ("Ask the board about cover.", True))
        ]
        item = plan_item(
            by=school,
            partnership=scene.partnership,
            gateway=walsall_board(),
            title="Health visitors in nurseries",
            ask="A standing education seat, and a termly item.",
            own_due_on=today() + timedelta(days=7),
        )
        owners = possible_owners(school, scene.partnership)
        actions = {
            name: add_action(
                by=school,
                partnership=scene.partnership,
                title=title,
                owner=owner,
                due_on=today() + timedelta(days=1),
                details="Both halls, with the times.",
            )
            for name, title, owner in (
                ("open", "Send the dates of the drop-in sessions", owners[0]),
                ("linked", "Name who answers for public health", owners[-1]),
                ("closed", "Ask for a room at the health centre", owners[-1]),
            )
        }
        close_action(by=school, action=actions["closed"], state="dropped", note="There is one.")
        agreed = half_written(school, scene.partnership)
        write_aim(
            by=school,
            partnership=scene.partnership,
            priorities=["School attendance"],
            aim="A school nurse within a half term",
            based_on=0,
        )
        copy = add_file(by=school, agreement=agreed, upload=a_copy())
        assessment = add_data_paper(
            by=school, agreement=agreed, **a_paper(cast.organisation("school"))
        )
        review = open_review(
            by=school,
            partnership=scene.partnership,
            kind="pulse",
            closes_on=today() + timedelta(days=21),
        )
        win = log_win(
            by=school,
            partnership=scene.partnership,
            line="The first drop-in was full",
            happened_on=today(),
            internal=True,
            quote="Pupils asked when it is on again.",
            quoted="A head of year",
        )
        initiative = start_initiative(
            by=school,
            partnership=scene.partnership,
            outline=replace(OUTLINE, pilot=True, decide_on=today()),
            template="mhst_dropin",
        )
        line = add_line(
            by=school,
            initiative=initiative,
            kind="milestone",
            words="Half of the sessions are held",
            due_on=today() + timedelta(days=60),
        )
        measure = with_a_reading(school, initiative)
        reflection = reflect(
            by=school,
            initiative=initiative,
            occasion="term",
            went_well="Pupils came back.",
            missing="Year 9",
        )
        initiative.refresh_from_db()
        review_request = ask_organisation(
            by=school,
            initiative=initiative,
            organisation=cast.organisation("health"),
            due_on=today() + timedelta(days=20),
            message="Can your nurses come on Tuesdays?",
        )
        sessions = [
            plan_session(
                by=school,
                initiative=initiative,
                plan=replace(SESSION, date=today() - timedelta(days=days)),
            )
            for days in (8, 1)
        ]
        record_attendance(
            by=school,
            session=sessions[0],
            numbers={"pupils": 6, "staff": 12},
            note="Pupils asked for more",
            based_on=1,
        )
        invitation = invite_partner(
            by=school,
            partnership=scene.partnership,
            organisation=cast.organisation("council"),
            email="public-health@council.example",
            message="As we said by telephone.",
        )
    with acting(nobody.scope), transaction.atomic():
        request = ask_to_join(
            by=nobody,
            organisation=cast.organisation("icb"),
            job_title="Programme lead",
            evidence="Ask the board’s office for me.",
        )
    manager = cast.school_manager
    with acting(manager.scope), transaction.atomic():
        colleague = Membership.objects.get(user_id=cast.school_viewer.user_id)
        newcomer = invite_person(by=manager, email="newcomer@school.example", role="viewer")
    operator = cast.operator
    with acting(operator.scope), transaction.atomic():
        region_grant = give_region(
            by=operator,
            region=cast.organisation("icb").region,
            email=cast.users["nobody"].email,
        )
    refuse_mail(superuser, HEALTH_DEPUTY)
    admin = nobody_alone(cast)
    directory = whole_directory(cast, nobody_alone(cast))
    posting = directory[0]
    states = [RunState.CHECKED, RunState.APPLIED, RunState.UNDONE, RunState.CHECKING]
    area = region_grant.content_object
    sheets = {str(state): standing(admin, area, state, posting) for state in states}
    clock.run()
    return Stage(
        scene,
        said[0],
        coming,
        past,
        recorded,
        dates_of(
            school, plan_series(school, scene.partnership, first=a_good_day() + timedelta(days=1))
        ),
        item,
        actions,
        agreed,
        copy,
        assessment,
        review,
        win,
        initiative,
        line,
        reflection,
        measure,
        sessions,
        review_request,
        [
            quiet(scene, "school_editor", 40, "Mock exams"),
            quiet(scene, "health_editor", 70, "New record system goes live"),
        ],
        invitation,
        request,
        colleague,
        newcomer,
        region_grant,
        to_be_reorganised(cast),
        brought_in(),
        looked_at(),
        claimed(cast),
        posting,
        offered(cast),
        Gateway.objects.get(type__key="hwb", place__name="Walsall"),
        sheets,
        {each: history.standing(cast.school_manager, each) for each in HISTORY},
        token_of_check(superuser, posting),
        token_of_new_address(superuser, posting),
        *directory[1:],
        note_asked_for(cast),
        asked_for(cast, nobody_alone(cast)),
        meeting(cast, nobody_alone(cast)),
        replied(superuser, posting),
        {part: made_feed(cast, part) for part in ("school_editor", "school_viewer")},
        entry_of(scene, past),
        stop_token(scene, coming),
        entry_of(scene, past, series_entries.SALT),
        *a_calendar(cast),
        everything(cast.school_editor),
        attended(scene, coming),
    )


def to_be_reorganised(cast: Cast) -> Reorganisation:
    """The NHS trust of the scene is to be followed by another one in two months."""
    health = cast.organisation("health")
    followed(cast, health, nhs_trusts(1)[0], day=today() + timedelta(days=60))
    with acting(cast.operator.scope), transaction.atomic():
        return open_reorganisation(by=cast.operator, predecessor=health)


def stop_token(scene: Scene, touchpoint: Touchpoint) -> str:
    """The link in an invitation that stops such e-mails."""
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        invitation = Delivery.objects.filter(
            subject=touchpoint.ref, kind="touchpoint_invitation"
        ).earliest("pk")
        return outbox.token_for(invitation, salt=STOP)


def a_calendar(cast: Cast) -> tuple[Organisation, OwnPeriod]:
    """Term dates of the trust and of its first school, mock exams, a hidden pressure point."""
    by, school = cast.school_editor, school_of(cast)
    given(by, cast.organisation("school"), inset_days=[date(2027, 1, 4)], source="www.example.org")
    given(by, school, standing="provisional", source="https://www.example.org/term-dates")
    with acting(by.scope), transaction.atomic():
        hide_point(by=by, key="phonics_2027", every_year=False)
    return school, own_period(cast)


def quiet(scene: Scene, part: str, ahead: int, reason: str) -> QuietPeriod:
    """A quiet period of a week that waits for the other side."""
    by, first = scene.cast.actors[part], today() + timedelta(days=ahead)
    with acting(by.scope), transaction.atomic():
        return propose_quiet_period(
            by=by,
            partnership=scene.partnership,
            starts_on=first,
            ends_on=first + timedelta(days=6),
            reason=reason,
        )


def token_of_check(superuser: Superuser, posting: Posting) -> str:
    """The link that asks whether a posting is right."""
    row = superuser.execute(
        "SELECT ref FROM contacts_letter WHERE posting_id = %s AND kind = 'check'", [posting.pk]
    ).fetchone()
    assert row is not None
    return letter_links.token_of(row[0])


def token_of_new_address(superuser: Superuser, posting: Posting) -> str:
    """The link that confirms a new address of a posting."""
    superuser.execute(
        "INSERT INTO contacts_letter (ref, kind, posting_id, recipient, made_at, expires_at) "
        "VALUES ('bcdfghjkmnpq', 'confirm_address', %s, 'new@health.example', now(), "
        "now() + interval '7 days')",
        [posting.pk],
    )
    return letter_links.token_of("bcdfghjkmnpq")


def note_asked_for(cast: Cast) -> str:
    """The token with which somebody who left writes a note."""
    by = nobody_alone(cast)
    leaver = listed(cast, by, name="Programme manager", email="programme@health.example")
    with acting(by.scope), transaction.atomic():
        record_leaver(by=by, posting=leaver, on=today(), ask_for_note=True)
        asked = HandOver.objects.get()
    return hand_over_links.link_of(asked.ref).rsplit("/", 2)[1]


def replied(superuser: Superuser, posting: Posting) -> int:
    """An answer that waits for the admin, after a correction and a silence."""
    superuser.execute("UPDATE contacts_check SET step = 4 WHERE posting_id = %s", [posting.pk])
    rows = [
        superuser.execute(
            "INSERT INTO contacts_postingchange "
            "(posting_id, region_id, kind, by, at, changes, note) "
            "VALUES (%s, %s, %s, 'person', now(), %s, %s) RETURNING id",
            [posting.pk, posting.region_id, kind, changes, note],
        ).fetchone()
        for kind, changes, note in (
            ("changed", '{"job_title": ["Head of strategy", "Director of strategy"]}', ""),
            ("left", "{}", "My deputy takes over.\nAsk the trust’s office."),
        )
    ]
    assert rows[-1] is not None
    return int(rows[-1][0])


def missed_and_rearranged(scene: Scene) -> Touchpoint:
    """A touchpoint that was moved after its time, with notes and its new day."""
    moved = gone_by(scene, hours=48)
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        return record_outcome(
            by=scene.cast.school_editor,
            touchpoint=moved,
            outcome="moved",
            notes="The room was taken.",
            next_date=a_good_day() + timedelta(days=7),
            next_time=time(8, 45),
        )


def entry_of(scene: Scene, past: Touchpoint, salt: str = entry_links.SALT) -> str:
    """The token of a calendar entry's link, in an e-mail about a meeting that is over."""
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        outbox.enqueue(
            kind="touchpoint_invitation", subject=past.ref, recipient=HEALTH_DEPUTY, by=by
        )
        delivery = Delivery.objects.get(subject=past.ref, kind="touchpoint_invitation")
    return outbox.token_for(delivery, salt=salt)


def attended(scene: Scene, touchpoint: Touchpoint) -> dict[str, object]:
    """People who answer, other times that they propose, a paper; and the links of invitations."""
    school, health = scene.cast.school_editor, scene.cast.health_editor
    somebody(scene, "school_editor", "colleague@school.example")
    day, clock = today() + timedelta(days=40), time(9, 30)
    by_link = propose_by_link(
        touchpoint=touchpoint,
        posting_id=scene.postings[COUNCIL_DEPUTY].pk,
        date=day,
        time=clock,
        minutes=45,
        words="We sit in committee that day.",
    )
    with acting(health.scope), transaction.atomic():
        rows = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None)
        answer(by=health, attendee=rows.get(posting=scene.postings[HEALTH]), answer="declined")
        mine = propose_time(by=health, touchpoint=touchpoint, date=day, time=clock, minutes=30)
    with acting(school.scope), transaction.atomic():
        row = rows.get(posting=scene.postings[SCHOOL])
        answer(by=school, attendee=row, answer="accepted")
        paper = add_paper(
            by=school,
            touchpoint=touchpoint,
            title="Attendance and health: the autumn term",
            url="https://papers.school.example/attendance-and-health.pdf",
        )
        invited = Delivery.objects.get(
            subject=touchpoint.ref, recipient=COUNCIL_DEPUTY, kind="touchpoint_invitation"
        )
    return {
        "attendee": row.pk,
        "proposal": by_link.ref,
        "proposal_of_health": mine.ref,
        "paper": paper.pk,
        "answer_token": outbox.token_for(invited, salt=ANSWER_SALT),
    }


def nobody_alone(cast: Cast) -> Actor:
    """Who manages the region, acting as themselves."""
    return Actor(cast.users["nobody"].pk)
