"""Every service of the product, and for each one a way to call it that succeeds.

A row is a function from the cast to the person who calls it and what it is given.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from contacts.keeping.selectors import Narrowed
from contacts.models import Region, RegionGrant
from contacts.regions.services import give_region
from contacts.sheets.services import ask_to_apply, ask_to_undo, match_columns
from organisations import outbox
from organisations.actor import Actor
from organisations.audit_trail.selectors import Filters
from organisations.exporting.services import ask_for_export, make_export
from organisations.joining import terms
from organisations.joining.domains import trust
from organisations.joining.suspending import suspend
from organisations.models import (
    Delivery,
    JoiningRequest,
    Membership,
    PersonInvitation,
    RecordsExport,
    User,
)
from organisations.models.standing import SupportSession
from organisations.people import links
from organisations.people.services import invite_person
from organisations.services import ask_to_join
from organisations.support.services import start
from partnerships.actions.owners import possible_owners
from partnerships.actions.services import Line, add_action, close_action
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import plan_item
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import answer_quiet_period, propose_quiet_period
from partnerships.record.models import Partnership, PartnershipGrant
from partnerships.record.selectors import schools_of
from partnerships.record.services.access import give_access
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.series_plans import plan_of
from partnerships.touchpoints.services import record_outcome, schedule_touchpoint
from tests.audit.agreement_services import AGREEMENTS
from tests.audit.aim_services import AIMS
from tests.audit.attending_services import ATTENDING
from tests.audit.calendar_services import CALENDAR
from tests.audit.claim_services import CLAIMS
from tests.audit.directory_services import DIRECTORY
from tests.audit.elsewhere_services import ELSEWHERE
from tests.audit.history_services import HISTORY
from tests.audit.initiative_review_services import REVIEWS_OF_INITIATIVES
from tests.audit.measure_services import MEASURES
from tests.audit.official_services import OFFICIAL
from tests.audit.plan_services import PLANS
from tests.audit.reorganising_services import REORGANISING
from tests.audit.review_services import REVIEWS
from tests.audit.session_services import SESSIONS
from tests.audit.win_services import WINS
from tests.audit.wishes_services import WISHES
from tests.cast import Cast
from tests.contacts.sheets import arranging as sheets
from tests.feeds.arranging import made_feed
from tests.record.arranging import DETAILS, acting_as, invited, member, named, opened, shared
from tests.tenancy.world import walsall_board
from tests.touchpoints.series_scene import plan_series, series_plan, weekly

ROOMS = ("organisations", "contacts", "calendars", "partnerships", "initiatives", "overview")
# Modules that write, each named for what it does.
BY_ANOTHER_NAME = {
    f"organisations.joining.{name}" for name in ("domains", "leaving", "opening", "suspending")
} | {
    "organisations.reorganising.announcing",
    "organisations.reorganising.successions",
    "contacts.directory_services",
    "initiatives.review.access",
    "partnerships.agreements.files",
    "partnerships.agreements.papers",
    "partnerships.record.parting",
    "partnerships.record.handing",
    "partnerships.agreements.renewal",
    "partnerships.agreements.signing",
}
Call = tuple[Actor, dict[str, Any]]


def services() -> dict[str, Callable[..., Any]]:
    """Each public function of a services module that takes `by=` by name alone."""
    found = {}
    for room in ROOMS:
        package = importlib.import_module(room)
        for info in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "services" not in info.name.split(".") and info.name not in BY_ANOTHER_NAME:
                continue
            module = importlib.import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                by = inspect.signature(function).parameters.get("by")
                public = not name.startswith("_") and function.__module__ == info.name
                if public and by is not None and by.kind is by.KEYWORD_ONLY:
                    found[f"{info.name}.{name}"] = function
    return found


def parting(cast: Cast) -> Call:
    partnership = shared(cast)
    return cast.health_manager, {"member": member(cast, partnership, "health", "health_manager")}


def conversation(cast: Cast) -> tuple[Partnership, Conversation]:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return partnership, log_conversation(by=by, partnership=partnership, **SAID)


def touchpoint(cast: Cast) -> tuple[Partnership, Touchpoint]:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return partnership, schedule_touchpoint(by=by, partnership=partnership, **PLAN)


def recorded(cast: Cast) -> Touchpoint:
    """A touchpoint that was, with its outcome."""
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        past = Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=timezone.now() - timedelta(hours=2),
        )
        return record_outcome(by=by, touchpoint=past, outcome="held")


def a_series(cast: Cast) -> TouchpointSeries:
    return plan_series(cast.school_editor, shared(cast), first=a_term_day())


def a_term_day() -> date:
    """A Wednesday of the next spring that suits everyone."""
    first = date(timezone.localdate().year + 1, 2, 25)
    return first + timedelta(days=(2 - first.weekday()) % 7)


def settling(cast: Cast) -> Call:
    """A series with a date in a holiday that came about since."""
    series = a_series(cast)
    with acting_as(cast.school_editor) as by:
        quiet = propose_quiet_period(
            by=by,
            partnership=series.partnership,
            starts_on=series.first_on,
            ends_on=series.first_on,
            reason="Mock exams",
        )
    with acting_as(cast.health_editor) as by:
        answer_quiet_period(by=by, period=QuietPeriod.objects.get(pk=quiet.pk), agreed=True)
    return cast.school_editor, {"series": series, "based_on": 0}


def someone(cast: Cast, part: str) -> Membership:
    with acting_as(cast.school_manager):
        found: Membership = Membership.objects.select_related("user", "organisation").get(
            user_id=cast.actors[part].user_id
        )
        return found


def person_invited(cast: Cast, email: str = "new@school.example") -> PersonInvitation:
    with acting_as(cast.school_manager) as by:
        return invite_person(by=by, email=email, role="viewer")


def item(cast: Cast) -> AgendaItem:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return plan_item(
            by=by, partnership=partnership, gateway=walsall_board(), title="Health visitors"
        )


def adding_action(cast: Cast) -> Call:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        owner = possible_owners(by, partnership)[0]
        return by, {"partnership": partnership, "title": "Send the dates", "owner": owner}


def adding_actions(cast: Cast) -> Call:
    by, given = adding_action(cast)
    line = Line(given["title"], given["owner"])
    return by, {"partnership": given["partnership"], "lines": [line]}


def of_an_action(cast: Cast, **more: Any) -> Call:
    by, given = adding_action(cast)
    with acting_as(by):
        return by, {"action": add_action(by=by, **given), **more}


def changing_action(cast: Cast) -> Call:
    by, given = adding_action(cast)
    with acting_as(by):
        action = add_action(by=by, **given)
    new = {"title": "Other", "owner": given["owner"], "due_on": None, "details": ""}
    return by, {"action": action, **new}


def reopening_action(cast: Cast) -> Call:
    by, given = of_an_action(cast)
    with acting_as(by):
        return by, {"action": close_action(by=by, **given, state="done")}


def quiet_period(cast: Cast) -> QuietPeriod:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return propose_quiet_period(by=by, partnership=partnership, **QUIET)


def answering_quiet(cast: Cast) -> Call:
    proposed = quiet_period(cast)
    with acting_as(cast.health_editor):
        return cast.health_editor, {
            "period": QuietPeriod.objects.get(pk=proposed.pk),
            "agreed": True,
        }


def withdrawing_quiet(cast: Cast) -> Call:
    proposed = quiet_period(cast)
    with acting_as(cast.school_editor):
        return cast.school_editor, {"period": QuietPeriod.objects.get(pk=proposed.pk)}


SAID = {"kind": "call", "held_on": date(2026, 3, 2), "summary": "Agreed a date", "internal": False}
QUIET = {
    "starts_on": timezone.localdate() + timedelta(days=30),
    "ends_on": timezone.localdate() + timedelta(days=40),
    "reason": "Mock exams",
}
PLAN = {
    "kind": "update",
    "date": timezone.localdate() + timedelta(days=30),
    "time": time(15, 30),
    "minutes": 30,
    "venue": "Room 2",
    "agenda": "Referrals",
}


def steering(cast: Cast) -> Call:
    with acting_as(cast.school_editor) as by:
        outbox.enqueue(kind="account", subject="of-nobody", recipient="a@a.example", by=by)
        waiting = Delivery.objects.get(subject="of-nobody")
    return cast.operator, {"deliveries": [waiting.pk], "action": "drop", "reason": "A test"}


def joining(cast: Cast) -> Call:
    with acting_as(cast.nobody) as by:
        request: JoiningRequest = ask_to_join(
            by=by, organisation=cast.organisation("icb"), job_title="Lead", evidence="Ask us"
        )
    return cast.operator, {"request": request, "approve": True, "note": "Rang the office"}


def accepting(cast: Cast) -> Call:
    nobody: User = cast.users["nobody"]
    return cast.nobody, {"token": links.token_of(person_invited(cast, nobody.email))}


def answering(cast: Cast) -> Call:
    place = member(cast, invited(cast, opened(cast)).partnership, "health", by="school_editor")
    return cast.health_editor, {"member": place, "accept": True}


def invitation_of(cast: Cast) -> Call:
    return cast.school_editor, {"invitation": invited(cast, opened(cast))}


def moving(cast: Cast) -> Call:
    _, planned = touchpoint(cast)
    return cast.school_editor, {"touchpoint": planned, **PLAN, "venue": "Room 3"}


def correcting(cast: Cast) -> Call:
    contact = named(cast, opened(cast))
    details = {key: DETAILS[key] for key in ("name", "email", "telephone")}
    return cast.school_editor, {"contact": contact, **details, "job_title": "Lead"}


def deputy_steps_down(cast: Cast) -> Call:
    partnership = opened(cast)
    named(cast, partnership, function="deputy")
    return cast.school_editor, {
        "partnership": partnership,
        "organisation": cast.organisation("health"),
    }


def correcting_posting(cast: Cast) -> Call:
    by, given = correcting(cast)
    posting = given.pop("contact").posting
    return by, {**given, "posting": posting}


N = "partnerships.actions.services."
J, X, R, P, C, T, A, D, F = (
    "organisations.joining.",
    "organisations.exporting.services.",
    "partnerships.record.services.",
    "organisations.people.services.",
    "partnerships.conversations.services.",
    "partnerships.touchpoints.services.",
    "partnerships.agenda.services.",
    "partnerships.diary.services.",
    "partnerships.diary.feeds.services.",
)


def grant(cast: Cast) -> PartnershipGrant:
    partnership = shared(cast)
    with acting_as(cast.school_manager) as by:
        return give_access(by=by, partnership=partnership, **ACCESS)


def support_session(cast: Cast) -> SupportSession:
    with acting_as(cast.operator) as by:
        return start(by=by, organisation=cast.organisation("school"), **SUPPORT)


def export_asked(cast: Cast) -> RecordsExport:
    with acting_as(cast.school_manager) as by:
        return ask_for_export(by=by)


def export_ready(cast: Cast) -> RecordsExport:
    export = export_asked(cast)
    with acting_as(cast.school_manager) as by:
        make_export(by=by, export=export)
    return export


def region(cast: Cast) -> Region:
    found: Region = cast.organisation("icb").region
    return found


def region_grant(cast: Cast) -> RegionGrant:
    with acting_as(cast.operator) as by:
        return give_region(by=by, region=region(cast), email=ACCESS["email"])


def losing_second_step(cast: Cast) -> Call:
    with acting_as(cast.nobody):
        TOTP.activate(cast.users["nobody"], generate_totp_secret())
    return cast.operator, {"email": ACCESS["email"], "how": "Rang them back"}


def sheet_checked(cast: Cast) -> Call:
    admin = sheets.make_admin(cast)
    return admin, {"run": sheets.checked(cast, admin, sheets.csv_of([sheets.WALSALL]))}


def sheet_to_check(cast: Cast) -> Call:
    admin, given = sheet_checked(cast)
    with acting_as(admin):
        match_columns(by=admin, **given, matching=given["run"].matching)
    return admin, given


def sheet_to_apply(cast: Cast) -> Call:
    admin, given = sheet_checked(cast)
    with acting_as(admin):
        ask_to_apply(by=admin, **given)
    return admin, given


def sheet_applied(cast: Cast) -> Call:
    admin, given = sheet_checked(cast)
    sheets.apply(admin, given["run"])
    return admin, given


def sheet_to_undo(cast: Cast) -> Call:
    admin, given = sheet_applied(cast)
    with acting_as(admin):
        ask_to_undo(by=admin, **given)
    return admin, given


def suspended(cast: Cast) -> Call:
    with acting_as(cast.operator) as by:
        suspend(by=by, organisation=cast.organisation("school"), reason="Stolen")
    return cast.operator, {"organisation": cast.organisation("school"), "note": "Settled"}


def trusted(cast: Cast) -> Call:
    with acting_as(cast.operator) as by:
        domain = trust(by=by, organisation=cast.organisation("school"), **DOMAIN)
    return cast.operator, {"trusted": domain}


DOMAIN = {"domain": "school.example", "note": "Their website"}
ACCESS = {
    "email": "nobody@tandem.example",
    "allows": "view_partnership",
    "reason": "Evaluates the hub",
}
SUPPORT = {"reason": "They asked why a page is empty", "minutes": 15}
S = "contacts.sheets.services."
ROWS: dict[str, Callable[[Cast], Call]] = {
    f"{S}uploading.bring_in": lambda cast: (
        sheets.make_admin(cast),
        {"region": region(cast), "name": "a.csv", "content": sheets.csv_of([sheets.WALSALL])},
    ),
    f"{S}uploading.match_columns": lambda cast: (
        admin := sheets.make_admin(cast),
        {
            "run": (run := sheets.brought_in(cast, admin, sheets.csv_of([sheets.WALSALL]))),
            "matching": run.matching,
        },
    ),
    f"{S}uploading.discard": sheet_checked,
    f"{S}checking.check_sheet": sheet_to_check,
    f"{S}checking.decide": lambda cast: (
        (call := sheet_checked(cast))[0],
        {**call[1], "choices": {2: "leave_out"}},
    ),
    f"{S}checking.decide_all": lambda cast: (
        (call := sheet_checked(cast))[0],
        {**call[1], "choice": "add"},
    ),
    f"{S}applying.ask_to_apply": sheet_checked,
    f"{S}applying.apply_sheet": sheet_to_apply,
    f"{S}undoing.ask_to_undo": sheet_applied,
    f"{S}undoing.undo_sheet": sheet_to_undo,
    f"{S}exporting.export_contacts": lambda cast: (
        sheets.make_admin(cast),
        {"region": region(cast), "kind": "csv", "narrowed": Narrowed()},
    ),
    f"{J}domains.trust": lambda cast: (
        cast.operator,
        {"organisation": cast.organisation("school"), **DOMAIN},
    ),
    f"{J}domains.distrust": trusted,
    f"{J}suspending.suspend": lambda cast: (
        cast.operator,
        {"organisation": cast.organisation("school"), "reason": "Stolen"},
    ),
    f"{J}suspending.reinstate": suspended,
    f"{J}opening.accept_terms": lambda cast: (
        cast.school_manager,
        {"organisation": cast.organisation("school"), "version": terms.CURRENT},
    ),
    "partnerships.record.parting.leave_partnership": parting,
    "partnerships.record.handing.hand_partnership": lambda cast: (
        cast.school_manager,
        {"partnership": shared(cast), "to": cast.organisation("health")},
    ),
    f"{J}leaving.leave": lambda cast: (
        cast.school_manager,
        {"name": cast.organisation("school").name},
    ),
    f"{X}export_at_once": lambda cast: (cast.school_manager, {}),
    f"{X}ask_for_export": lambda cast: (cast.school_manager, {}),
    f"{X}make_export": lambda cast: (cast.school_manager, {"export": export_asked(cast)}),
    f"{X}take_export": lambda cast: (cast.school_manager, {"export": export_ready(cast)}),
    "contacts.regions.services.give_region": lambda cast: (
        cast.operator,
        {"region": region(cast), "email": ACCESS["email"]},
    ),
    "contacts.regions.services.take_region": lambda cast: (
        cast.operator,
        {"grant": region_grant(cast)},
    ),
    "organisations.signing_in.reset.services.reset_second_step": losing_second_step,
    "organisations.steering.services.steer": steering,
    "organisations.support.services.start": lambda cast: (
        cast.operator,
        {"organisation": cast.organisation("school"), **SUPPORT},
    ),
    "organisations.support.services.end": lambda cast: (
        cast.operator,
        {"session": support_session(cast)},
    ),
    "partnerships.record.services.access.give_access": lambda cast: (
        cast.school_manager,
        {"partnership": shared(cast), **ACCESS},
    ),
    "partnerships.record.services.access.end_access": lambda cast: (
        cast.school_manager,
        {"grant": grant(cast)},
    ),
    "partnerships.record.services.changing.change_partnership": lambda cast: (
        cast.school_editor,
        {"partnership": shared(cast), "name": "Another name", "purpose": ""},
    ),
    "organisations.services.ask_to_join": lambda cast: (
        cast.nobody,
        {"organisation": cast.organisation("icb"), "job_title": "Lead", "evidence": "Ask us"},
    ),
    "organisations.services.decide_joining": joining,
    f"{P}accepting.accept_invitation": accepting,
    f"{P}changing.change_role": lambda cast: (
        cast.school_manager,
        {"membership": someone(cast, "school_viewer"), "role": "editor"},
    ),
    f"{P}inviting.invite_person": lambda cast: (
        cast.school_manager,
        {"email": "new@school.example", "role": "viewer"},
    ),
    f"{P}inviting.resend_invitation": lambda cast: (
        cast.school_manager,
        {"invitation": person_invited(cast)},
    ),
    f"{P}inviting.withdraw_invitation": lambda cast: (
        cast.school_manager,
        {"invitation": person_invited(cast)},
    ),
    f"{P}leaving.remove_person": lambda cast: (
        cast.school_manager,
        {"membership": someone(cast, "school_viewer"), "successor": None},
    ),
    f"{P}leaving.leave": lambda cast: (cast.school_viewer, {}),
    "contacts.services.record_posting": lambda cast: (
        cast.school_editor,
        {"organisation": cast.organisation("health"), **DETAILS},
    ),
    "contacts.services.correct_posting": correcting_posting,
    **DIRECTORY,
    **AGREEMENTS,
    **REVIEWS,
    **AIMS,
    **WINS,
    **REORGANISING,
    **PLANS,
    **MEASURES,
    **OFFICIAL,
    **CLAIMS,
    **SESSIONS,
    **REVIEWS_OF_INITIATIVES,
    **HISTORY,
    **ATTENDING,
    **CALENDAR,
    **ELSEWHERE,
    **WISHES,
    f"{C}log_conversation": lambda cast: (
        cast.school_editor,
        {"partnership": shared(cast), **SAID},
    ),
    f"{C}change_conversation": lambda cast: (
        cast.school_editor,
        {
            "conversation": (logged := conversation(cast)[1]),
            **SAID,
            "kind": "email",
            "based_on": logged.changed_at,
        },
    ),
    f"{C}withdraw_conversation": lambda cast: (
        cast.school_editor,
        {"conversation": conversation(cast)[1]},
    ),
    f"{A}plan_item": lambda cast: (
        cast.school_editor,
        {"partnership": shared(cast), "gateway": walsall_board(), "title": "Health visitors"},
    ),
    f"{A}change_item": lambda cast: (
        cast.school_editor,
        {"item": item(cast), "title": "Other", "ask": "", "meeting": None, "own_due_on": None},
    ),
    f"{A}record_step": lambda cast: (
        cast.school_editor,
        {"item": item(cast), "step": "sent", "on": timezone.localdate()},
    ),
    f"{A}withdraw_item": lambda cast: (cast.school_editor, {"item": item(cast)}),
    f"{N}add_action": adding_action,
    f"{N}add_actions": adding_actions,
    f"{N}change_action": changing_action,
    f"{N}close_action": lambda cast: of_an_action(cast, state="done"),
    f"{N}reopen_action": reopening_action,
    f"{D}propose_quiet_period": lambda cast: (
        cast.school_editor,
        {"partnership": shared(cast), **QUIET},
    ),
    f"{D}answer_quiet_period": answering_quiet,
    f"{D}withdraw_quiet_period": withdrawing_quiet,
    f"{F}make_feed": lambda cast: (cast.school_viewer, {"kind": "organisation"}),
    f"{F}give_new_address": lambda cast: (cast.school_editor, {"feed": made_feed(cast)}),
    f"{F}end_feed": lambda cast: (cast.school_manager, {"feed": made_feed(cast)}),
    f"{T}planning.schedule_touchpoint": lambda cast: (
        cast.school_editor,
        {"partnership": shared(cast), **PLAN},
    ),
    f"{T}series.schedule_series": lambda cast: (
        cast.school_editor,
        {
            "partnership": shared(cast),
            "plan": series_plan(first_on=PLAN["date"], last_on=PLAN["date"] + timedelta(weeks=2)),
            "dates": weekly(2, PLAN["date"]),
        },
    ),
    f"{T}series_changes.change_series": lambda cast: (
        cast.school_editor,
        {
            "series": (made := a_series(cast)),
            "plan": replace(plan_of(made), venue="Room 3"),
            "based_on": 0,
        },
    ),
    f"{T}series_changes.settle_series": settling,
    f"{T}series_changes.end_series": lambda cast: (
        cast.school_editor,
        {"series": a_series(cast)},
    ),
    f"{T}planning.move_touchpoint": moving,
    f"{T}planning.cancel_touchpoint": lambda cast: (
        cast.school_editor,
        {"touchpoint": touchpoint(cast)[1]},
    ),
    f"{T}outcomes.record_outcome": lambda cast: (
        cast.school_editor,
        {"touchpoint": touchpoint(cast)[1], "outcome": "cancelled"},
    ),
    f"{T}outcomes.correct_outcome": lambda cast: (
        cast.school_editor,
        {"touchpoint": recorded(cast), "outcome": "missed"},
    ),
    f"{R}approaches.share_approaches": lambda cast: (cast.school_manager, {"agreed": True}),
    f"{R}opening.open_partnership": lambda cast: (
        cast.school_editor,
        {"name": "Health hub", "purpose": "A hub", "partner": cast.organisation("health")},
    ),
    f"{R}opening.add_partner": lambda cast: (
        cast.school_editor,
        {"partnership": opened(cast), "partner": cast.organisation("council")},
    ),
    f"{R}describing.choose_schools": lambda cast: (
        cast.school_editor,
        {
            "member": member(cast, opened(cast), "school"),
            "schools": [schools_of(cast.organisation("school"))[0].pk],
        },
    ),
    f"{R}describing.choose_side": lambda cast: (
        cast.school_editor,
        {"member": member(cast, opened(cast, "council"), "council"), "side": "school"},
    ),
    f"{R}contacts.name_contact": lambda cast: (
        cast.school_editor,
        {
            "partnership": opened(cast),
            "organisation": cast.organisation("health"),
            "function": "named",
            **DETAILS,
        },
    ),
    f"{R}contacts.correct_contact": correcting,
    f"{R}contacts.free_deputys_place": deputy_steps_down,
    f"{R}invitations.invite_partner": lambda cast: (
        cast.school_editor,
        {
            "partnership": opened(cast),
            "organisation": cast.organisation("health"),
            "email": "door@health.example",
        },
    ),
    f"{R}invitations.resend_invitation": invitation_of,
    f"{R}invitations.revoke_invitation": invitation_of,
    f"{R}invitations.answer_invitation": answering,
    "organisations.audit_trail.export.export_trail": lambda cast: (
        cast.school_manager,
        {"filters": Filters()},
    ),
}
WITHOUT_EVENT = {
    f"{X}is_large": "asks, and writes nothing",
    f"{R}opening.refuse_partner": "asks, and writes nothing",
    "initiatives.review.services.note_seen": "remembers, for one person alone, what they saw",
    f"{N}bring_up_to_date": "follows naming or correcting a contact, in its transaction",
    f"{T}attendance.bring_up_to_date": "follows naming or correcting a contact, in its transaction",
}
