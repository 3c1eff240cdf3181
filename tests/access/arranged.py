"""What the addresses of the register need in the database: the world of the isolation tests, and
a little besides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from calendars.models import OwnPeriod
from contacts.models import (
    Claim,
    DetailsRequest,
    Gateway,
    GatewayMeeting,
    ImportRun,
    Merge,
    OfficialImport,
    Posting,
    RegionGrant,
    Report,
    RunState,
)
from contacts.regions.services import give_region
from initiatives.measures.models import Measure
from initiatives.plans.models import Initiative, InitiativeGrant, PlanLine
from initiatives.plans.services import name_lead, possible_leads, start_initiative
from initiatives.reflections.models import Reflection
from initiatives.reflections.services import reflect
from initiatives.review.models import ReviewRequest
from initiatives.review.services import ask_organisation, ask_person
from initiatives.sessions.models import Session
from initiatives.sessions.services import plan_session
from organisations.actor import Actor
from organisations.exporting.services import ask_for_export, make_export
from organisations.joining.domains import trust
from organisations.models import (
    Membership,
    Organisation,
    PersonInvitation,
    RecordsExport,
    Reorganisation,
    Succession,
    SupportSession,
    TrustedDomain,
)
from organisations.people.services import invite_person
from organisations.support.services import end, start
from organisations.tenancy.scope import acting
from overview.history_import.models import HistoryRun
from partnerships.actions.models import Action
from partnerships.actions.services import close_action
from partnerships.agreements.files import add_file
from partnerships.agreements.models import AgreementFile, DataPaper
from partnerships.agreements.papers import add_data_paper
from partnerships.diary.models import CalendarFeed, QuietPeriod
from partnerships.diary.services import propose_quiet_period
from partnerships.record.models import Invitation, Member, PartnershipGrant
from partnerships.record.services import give_access, invite_partner
from partnerships.reviews.models import Review
from partnerships.reviews.services import open_review
from partnerships.touchpoints.models import (
    Attendee,
    Paper,
    Proposal,
    Touchpoint,
    TouchpointSeries,
)
from partnerships.touchpoints.services import add_paper, propose_time, record_outcome
from partnerships.wins.models import Win
from partnerships.wins.services import log_win
from tests.agreements.arranging import a_copy, a_paper
from tests.calendars.arranging import own_period, school_of
from tests.calendars.elsewhere_arranging import Elsewhere, everything
from tests.cast import Cast
from tests.contacts import keeping
from tests.contacts.claims.arranging import sent as claimed
from tests.contacts.official.arranging import brought_in, looked_at
from tests.contacts.sheets.standing import standing
from tests.directory.arranging import asked_for
from tests.feeds.arranging import made_feed
from tests.history_import import arranging as history
from tests.initiative_sessions.arranging import PLAN as SESSION
from tests.measures.arranging import with_a_reading
from tests.plans.arranging import OUTLINE
from tests.record.arranging import named
from tests.reorganising.arranging import being_reorganised
from tests.reorganising.arranging import recorded as followed_by_hand
from tests.tenancy.world import World, arrange
from tests.touchpoints.series_scene import plan_series


@dataclass
class Arranged:
    """The world of the isolation tests, and what some addresses need besides it: an invitation
    that waits for the council, a touchpoint that is over and one whose outcome is recorded, a
    dropped action, a series, a quiet period, a membership, a person invited, a region that
    somebody manages, a contact and a gateway in its directory, sheets brought in for it, a request
    for contact details, calendars kept elsewhere, an import of history and a saved one, an
    initiative that is a pilot, of which the NHS trust and a person are asked for a review, and a
    session of it."""

    world: World
    invitation: Invitation
    past_touchpoint: Touchpoint
    recorded_touchpoint: Touchpoint
    closed_action: Action
    agreement_file: AgreementFile
    data_paper: DataPaper
    review: Review
    win: Win
    initiative: Initiative
    line: PlanLine
    reflection: Reflection
    measure: Measure
    session: Session
    review_request: ReviewRequest
    initiative_grant: InitiativeGrant
    series: TouchpointSeries
    quiet_period: QuietPeriod
    somebody: Membership
    person_invitation: PersonInvitation
    grant: PartnershipGrant
    support: SupportSession
    trusted: TrustedDomain
    succession: Succession
    reorganisation: Reorganisation
    export: RecordsExport
    region_grant: RegionGrant
    official_import: OfficialImport
    official_waiting: OfficialImport
    claim: Claim
    listed: Posting
    alike: Posting
    report: Report
    transferred: Posting
    merge: Merge
    gateway: Gateway
    checked_sheet: ImportRun
    applied_sheet: ImportRun
    details_request: DetailsRequest
    meeting: GatewayMeeting
    feed: CalendarFeed
    site: Organisation
    period: OwnPeriod
    elsewhere: Elsewhere
    attending: Attending
    history: HistoryRun
    saved_history: HistoryRun


@dataclass
class Attending:
    """Somebody of the school invited to the touchpoint, a time that the NHS trust proposes for
    it, and a paper of the school."""

    attendee: Attendee
    proposal: Proposal
    paper: Paper


def attending(cast: Cast, world: World) -> Attending:
    """Somebody of the school is invited, another time proposed, a paper added."""
    named(cast, world.partnership, "school", "school_editor", email="comes@school.example")
    with acting(cast.health_editor.scope), transaction.atomic():
        touchpoint = Touchpoint.objects.get(pk=world.touchpoint.pk)
        day = timezone.localdate() + timedelta(days=12)
        proposal = propose_time(
            by=cast.health_editor, touchpoint=touchpoint, date=day, time=time(14), minutes=30
        )
    with acting(cast.school_editor.scope), transaction.atomic():
        paper = add_paper(
            by=cast.school_editor,
            touchpoint=touchpoint,
            title="Figures",
            url="https://papers.example/figures.pdf",
        )
        row = Attendee.objects.get(
            touchpoint=touchpoint, organisation=cast.organisation("school"), removed_at=None
        )
    return Attending(row, proposal, paper)


def arrange_for_addresses(cast: Cast) -> Arranged:
    world = arrange(cast)
    owner = cast.school_editor
    with acting(owner.scope), transaction.atomic():
        world.partnership.refresh_from_db()
        Member.objects.create(
            partnership=world.partnership, organisation=cast.organisation("council"), side="health"
        )
        invitation = invite_partner(
            by=owner,
            partnership=world.partnership,
            organisation=cast.organisation("council"),
            email="public-health@council.example",
        )
        past = Touchpoint.objects.create(
            partnership=world.partnership,
            author_organisation_id=owner.organisation_id,
            author_id=owner.user_id,
            kind="update",
            starts_at=timezone.now() - timedelta(days=2),
        )
        recorded = Touchpoint.objects.create(
            partnership=world.partnership,
            author_organisation_id=owner.organisation_id,
            author_id=owner.user_id,
            kind="update",
            starts_at=timezone.now() - timedelta(days=3),
        )
        record_outcome(by=owner, touchpoint=recorded, outcome="held")
        dropped = Action.objects.create(
            partnership=world.partnership,
            author_organisation_id=owner.organisation_id,
            author_id=owner.user_id,
            owner_organisation=cast.organisation("health"),
            title="Ask for a room",
        )
        close_action(by=owner, action=dropped, state="dropped", note="There is one.")
        copy = add_file(by=owner, agreement=world.agreement, upload=a_copy())
        assessment = add_data_paper(
            by=owner, agreement=world.agreement, **a_paper(world.cast.organisation("school"))
        )
        review = open_review(
            by=owner,
            partnership=world.partnership,
            kind="pulse",
            closes_on=timezone.localdate() + timedelta(days=20),
        )
        initiative = start_initiative(
            by=owner,
            partnership=world.partnership,
            outline=replace(OUTLINE, pilot=True),
            template="mhst_dropin",
        )
        line = initiative.lines.first()
        assert line is not None
        reflection = reflect(
            by=owner, initiative=initiative, occasion="term", went_well="Pupils came back."
        )
        measure = with_a_reading(owner, initiative)
        name_lead(
            by=owner,
            initiative=initiative,
            side="school",
            owner=possible_leads(owner, world.partnership, "school")[0],
        )
        session = plan_session(
            by=owner,
            initiative=initiative,
            plan=replace(SESSION, date=timezone.localdate() - timedelta(days=1)),
        )
        win = log_win(
            by=owner,
            partnership=world.partnership,
            line="The first drop-in was full",
            happened_on=timezone.localdate(),
            internal=False,
        )
        quiet = propose_quiet_period(
            by=owner,
            partnership=world.partnership,
            starts_on=timezone.localdate() + timedelta(days=20),
            ends_on=timezone.localdate() + timedelta(days=24),
            reason="Mock exams",
        )
        review_request = ask_organisation(
            by=owner,
            initiative=initiative,
            organisation=cast.organisation("health"),
            due_on=timezone.localdate() + timedelta(days=20),
            message="",
        )
    manager = cast.school_manager
    with acting(manager.scope), transaction.atomic():
        ask_person(
            by=manager,
            initiative=initiative,
            email=cast.users["nobody"].email,
            due_on=timezone.localdate() + timedelta(days=20),
            last_day=timezone.localdate() + timedelta(days=40),
            message="",
        )
        initiative_grant = InitiativeGrant.objects.get(content_object=initiative)
        somebody = Membership.objects.get(user_id=cast.school_viewer.user_id)
        person_invitation = invite_person(by=manager, email="new@school.example", role="viewer")
        grant = give_access(
            by=manager,
            partnership=world.partnership,
            email=cast.users["nobody"].email,
            allows="change_partnership",
            reason="Advises both sides.",
        )
        export = ask_for_export(by=manager)
        make_export(by=manager, export=export)
    operator = cast.operator
    with acting(operator.scope), transaction.atomic():
        # Over already, so that operators stay strangers to every row here.
        support = start(
            by=operator, organisation=cast.organisation("school"), reason="A fault.", minutes=15
        )
        end(by=operator, session=support)
        trusted = trust(
            by=operator, organisation=cast.organisation("school"), domain="school.example", note="-"
        )
        region_grant = give_region(
            by=operator,
            region=cast.organisation("icb").region,
            email=cast.users["nobody"].email,
        )
    admin = Actor(cast.users["nobody"].pk)
    directory = keeping.whole_directory(cast, admin)
    area = region_grant.content_object
    return Arranged(
        world,
        invitation,
        past,
        recorded,
        dropped,
        copy,
        assessment,
        review,
        win,
        initiative,
        line,
        reflection,
        measure,
        session,
        review_request,
        initiative_grant,
        plan_series(owner, world.partnership, first=timezone.localdate() + timedelta(days=30)),
        quiet,
        somebody,
        person_invitation,
        grant,
        support,
        trusted,
        followed_by_hand(cast),
        being_reorganised(cast),
        export,
        region_grant,
        brought_in(),
        looked_at(),
        claimed(cast),
        *directory,
        Gateway.objects.get(type__key="hwb", place__name="Walsall"),
        standing(admin, area, RunState.CHECKED, directory[0]),
        standing(admin, area, RunState.APPLIED, directory[0]),
        asked_for(cast, Actor(cast.users["nobody"].pk)),
        keeping.meeting(cast, admin),
        made_feed(cast, "school_viewer"),
        school_of(cast),
        own_period(cast),
        everything(cast.school_editor),
        attending(cast, world),
        history.standing(cast.school_manager, "checked"),
        history.standing(cast.school_manager, "applied"),
    )
