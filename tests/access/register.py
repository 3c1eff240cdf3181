"""Every address of the product and what each of the cast gets there.

One row for each; `test_matrix.py` fails when the resolver knows an address without one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contacts.models import OfficialConflict
from organisations.models import AnnouncedChange, JoiningRequest
from tests.access.arranged import Arranged
from tests.measures.arranging import last_month

OK, FORBIDDEN, MISSING, NO_SUCH_METHOD = 200, 403, 404, 405
SCHOOL, HEALTH, COUNCIL = "school", "health", "council"
PARTS = {
    "school_manager": SCHOOL,
    "school_editor": SCHOOL,
    "school_viewer": SCHOOL,
    "health_manager": HEALTH,
    "health_editor": HEALTH,
    "council_editor": COUNCIL,
    "stranger": "other",
}
OUTSIDERS = {"council_editor": MISSING, "stranger": MISSING}
MEMBERS = {"school_manager": OK, "school_editor": OK, "health_manager": OK, "health_editor": OK}

# What each of the cast gets under the address of their own organisation.
EVERYONE = dict.fromkeys(PARTS, OK)
EDITORS = EVERYONE | {"school_viewer": FORBIDDEN}
READ = MEMBERS | OUTSIDERS | {"school_viewer": OK}
MEMBERS_WRITE = MEMBERS | OUTSIDERS | {"school_viewer": FORBIDDEN}
# Whoever may write it finds that there is nothing to write.
MEMBERS_MISS = MEMBERS_WRITE | dict.fromkeys(MEMBERS, MISSING)
MANAGERS = dict.fromkeys(PARTS, FORBIDDEN) | {
    "school_manager": OK,
    "health_manager": OK,
    "stranger": OK,
}
# Somebody of the school trust, or whom it invited: the managers of others find nobody.
SCHOOL_MANAGES = MANAGERS | {"health_manager": MISSING, "stranger": MISSING}
SCHOOL_WRITES = MEMBERS_WRITE | {"health_manager": FORBIDDEN, "health_editor": FORBIDDEN}
HEALTH_WRITES = MEMBERS_WRITE | {"school_manager": FORBIDDEN, "school_editor": FORBIDDEN}
# The manager alone of the organisation that opened the partnership.
SCHOOL_GIVES = OUTSIDERS | {
    "school_manager": OK,
    "school_editor": FORBIDDEN,
    "school_viewer": FORBIDDEN,
    "health_manager": FORBIDDEN,
    "health_editor": FORBIDDEN,
}
# The one person who owns it, and works for the organisation that opened the partnership.
OWNER_READS = SCHOOL_GIVES | {"school_manager": FORBIDDEN, "school_editor": OK}
# What the organisation that measures may know, and no other member.
OWN_FIGURES = READ | {"health_manager": MISSING, "health_editor": MISSING}
# The manager alone of a member that joined it.
HEALTH_LEAVES = OUTSIDERS | {
    "school_manager": FORBIDDEN,
    "school_editor": FORBIDDEN,
    "school_viewer": FORBIDDEN,
    "health_manager": OK,
    "health_editor": FORBIDDEN,
}
# School trusts and councils have term dates; only school trusts have schools.
KEEPERS_OF_TERMS = EDITORS | {"health_manager": MISSING, "health_editor": MISSING}
TRUSTS = EVERYONE | {
    "health_manager": MISSING,
    "health_editor": MISSING,
    "council_editor": MISSING,
}
OF_ITS_TRUST = TRUSTS | {"stranger": MISSING}
OF_ITS_TRUST_WRITES = OF_ITS_TRUST | {"school_viewer": FORBIDDEN}
# What the school trust alone keeps, and its editors change.
SCHOOL_EDITS = dict.fromkeys(PARTS, MISSING) | {
    "school_manager": OK,
    "school_editor": OK,
    "school_viewer": FORBIDDEN,
}
INVITED_ANSWERS = dict.fromkeys(PARTS, MISSING) | {"council_editor": OK}


Kwargs = Callable[[Arranged], dict[str, Any]]


def of_partnership(a: Arranged) -> dict[str, Any]:
    return {"ref": a.world.partnership.ref}


def of_member(part: str, **more: str) -> Kwargs:
    return lambda a: {**of_partnership(a), "member": a.world.cast.organisation(part).slug, **more}


def of_conversation(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "conversation": a.world.shared.ref}


def of_touchpoint(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "touchpoint": a.world.touchpoint.ref}


def of_win(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "win": a.win.ref}


def of_series(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "series": a.series.ref}


def of_attendee(a: Arranged) -> dict[str, Any]:
    return {**of_touchpoint(a), "attendee": a.attending.attendee.pk}


def of_proposal(a: Arranged) -> dict[str, Any]:
    return {**of_touchpoint(a), "proposal": a.attending.proposal.ref}


def of_paper(a: Arranged) -> dict[str, Any]:
    return {**of_touchpoint(a), "paper": a.attending.paper.pk}


def of_item(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "item": a.world.item.ref}


def of_action(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "action": a.world.action.ref}


def of_closed_action(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "action": a.closed_action.ref}


def of_agreement(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "agreement": a.world.agreement.ref}


def of_data_paper(a: Arranged) -> dict[str, Any]:
    return {**of_agreement(a), "paper": a.data_paper.ref}


def of_agreement_file(a: Arranged) -> dict[str, Any]:
    return {**of_agreement(a), "file": a.agreement_file.ref}


def of_review(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "review": a.review.ref}


def of_quiet_period(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "period": a.quiet_period.ref}


def of_gateway(a: Arranged) -> dict[str, Any]:
    return {"gateway": a.world.item.gateway.ref}


def of_recorded_touchpoint(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "touchpoint": a.recorded_touchpoint.ref}


def of_past_touchpoint(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "touchpoint": a.past_touchpoint.ref}


def nothing(a: Arranged) -> dict[str, Any]:
    return {}


def school(a: Arranged) -> dict[str, Any]:
    return {"slug": a.world.cast.organisation(SCHOOL).slug}


def of_reorganisation(a: Arranged) -> dict[str, Any]:
    return {"ref": a.reorganisation.ref}


def of_change(a: Arranged) -> dict[str, Any]:
    board = a.world.cast.organisation("icb")
    return {"ref": AnnouncedChange.objects.get(organisation=board).ref}


def of_succession(a: Arranged) -> dict[str, Any]:
    return {"slug": a.succession.predecessor.slug, "pk": a.succession.pk}


def a_year(a: Arranged) -> dict[str, Any]:
    return {"year": "2026-27"}


def of_school(a: Arranged) -> dict[str, Any]:
    return {"school": a.site.slug}


def of_schools_year(a: Arranged) -> dict[str, Any]:
    return {**of_school(a), **a_year(a)}


def a_point(a: Arranged) -> dict[str, Any]:
    return {"key": "sats_2027"}


def a_period(a: Arranged) -> dict[str, Any]:
    return {"period": a.period.ref}


def region(a: Arranged) -> dict[str, Any]:
    return {"slug": a.region_grant.content_object.slug}


def region_gateway(a: Arranged) -> dict[str, Any]:
    return {**region(a), "ref": a.gateway.ref}


def region_contact(a: Arranged) -> dict[str, Any]:
    return {**region(a), "ref": a.listed.ref}


def checked_sheet(a: Arranged) -> dict[str, Any]:
    return {**region(a), "ref": a.checked_sheet.ref}


def of_initiative(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "initiative": a.initiative.ref}


def of_measure(a: Arranged) -> dict[str, Any]:
    return {**of_initiative(a), "measure": a.measure.ref}


def of_session(a: Arranged) -> dict[str, Any]:
    return {**of_initiative(a), "session": a.session.ref}


def of_history(a: Arranged) -> dict[str, Any]:
    return {"ref": a.history.ref}


def of_saved_history(a: Arranged) -> dict[str, Any]:
    return {"ref": a.saved_history.ref}


ROWS: dict[str, tuple[Kwargs, dict[str, int]]] = {
    "home": (nothing, EVERYONE),
    "find-organisation": (nothing, EVERYONE),
    "search": (nothing, EVERYONE),
    "directory": (nothing, EVERYONE),
    "directory-region": (lambda a: {"region": "black-country"}, EVERYONE),
    "directory-place": (lambda a: {"council": a.world.cast.organisation("council").slug}, EVERYONE),
    "directory-gateway": (lambda a: {"ref": a.gateway.ref}, EVERYONE),
    "directory-person": (lambda a: {"ref": a.listed.ref}, EVERYONE),
    "report-contact": (lambda a: {"ref": a.listed.ref}, EVERYONE),
    "share-approaches": (nothing, MANAGERS),
    "who-to-contact": (nothing, EVERYONE),
    "open-details": (lambda a: {"ref": a.listed.ref}, EVERYONE),
    "ask-for-details": (lambda a: {"ref": a.details_request.posting.ref}, EDITORS),
    "organisation": (lambda a: {"target": a.world.cast.organisation("icb").slug}, EVERYONE),
    "partnerships": (nothing, EVERYONE),
    "open-partnership": (nothing, EDITORS),
    "partnership": (of_partnership, READ),
    "add-partner": (of_partnership, SCHOOL_WRITES),
    "partnership-schools": (of_partnership, READ),
    "choose-schools": (of_member(SCHOOL), SCHOOL_WRITES),
    "choose-side": (of_member(COUNCIL), SCHOOL_WRITES),
    "name-contact": (of_member(HEALTH, function="deputy"), HEALTH_WRITES),
    "correct-contact": (
        of_member(HEALTH, function="named"),
        # The posting was recorded by the school trust: only there can it be corrected.
        SCHOOL_WRITES,
    ),
    "offer-contact": (of_member(HEALTH, function="named"), SCHOOL_WRITES),
    "invite-partner": (of_member(COUNCIL), SCHOOL_WRITES),
    "resend-invitation": (of_member(COUNCIL), SCHOOL_WRITES),
    "withdraw-invitation": (of_member(COUNCIL), SCHOOL_WRITES),
    "answer-invitation": (lambda a: {"ref": a.invitation.ref}, INVITED_ANSWERS),
    "change-partnership": (of_partnership, SCHOOL_WRITES),
    "hand-over-partnership": (of_partnership, SCHOOL_GIVES),
    "leave-partnership": (of_partnership, HEALTH_LEAVES),
    "partnership-access": (of_partnership, READ),
    "give-access": (of_partnership, SCHOOL_GIVES),
    "end-access": (lambda a: {**of_partnership(a), "grant": a.grant.pk}, SCHOOL_WRITES),
    "conversations": (of_partnership, READ),
    "log-conversation": (of_partnership, MEMBERS_WRITE),
    "conversation-change": (of_conversation, SCHOOL_WRITES),
    "conversation-withdraw": (of_conversation, SCHOOL_WRITES),
    "touchpoints": (of_partnership, READ),
    "schedule-touchpoint": (of_partnership, MEMBERS_WRITE),
    "touchpoint-series": (of_partnership, MEMBERS_WRITE),
    "one-touchpoint-series": (of_series, READ),
    "change-touchpoint-series": (of_series, SCHOOL_WRITES),
    "settle-touchpoint-series": (of_series, SCHOOL_WRITES),
    "end-touchpoint-series": (of_series, SCHOOL_WRITES),
    "touchpoint": (of_touchpoint, READ),
    "touchpoint-calendar": (of_touchpoint, READ),
    "touchpoint-move": (of_touchpoint, SCHOOL_WRITES),
    "touchpoint-answer": (of_touchpoint, MEMBERS_WRITE),
    "touchpoint-invite": (of_touchpoint, MEMBERS_WRITE),
    "touchpoint-take-off": (of_attendee, SCHOOL_WRITES),
    "touchpoint-propose": (of_touchpoint, HEALTH_WRITES),
    "touchpoint-proposal": (of_proposal, SCHOOL_WRITES),
    "touchpoint-proposal-withdraw": (of_proposal, HEALTH_WRITES),
    "touchpoint-paper": (of_touchpoint, MEMBERS_WRITE),
    "touchpoint-paper-remove": (of_paper, SCHOOL_WRITES),
    "touchpoint-cancel": (of_touchpoint, SCHOOL_WRITES),
    "touchpoint-outcome": (of_past_touchpoint, MEMBERS_WRITE),
    "touchpoint-correct-outcome": (of_recorded_touchpoint, SCHOOL_WRITES),
    "quiet-periods": (of_partnership, READ),
    "propose-quiet-period": (of_partnership, MEMBERS_WRITE),
    "quiet-period-answer": (of_quiet_period, HEALTH_WRITES),
    "quiet-period-withdraw": (of_quiet_period, SCHOOL_WRITES),
    "bring-item": (of_gateway, EVERYONE),
    "agenda-items": (of_partnership, READ),
    "choose-gateway": (of_partnership, MEMBERS_WRITE),
    "plan-item": (lambda a: {**of_partnership(a), **of_gateway(a)}, MEMBERS_WRITE),
    "agenda-item": (of_item, READ),
    "agenda-item-change": (of_item, SCHOOL_WRITES),
    "agenda-item-withdraw": (of_item, SCHOOL_WRITES),
    "agenda-item-sent": (of_item, MEMBERS_WRITE),
    "agenda-item-heard": (of_item, MEMBERS_WRITE),
    "agenda-item-decided": (of_item, MEMBERS_WRITE),
    "actions": (of_partnership, READ),
    "add-action": (of_partnership, MEMBERS_WRITE),
    "action": (of_action, READ),
    "action-change": (of_action, MEMBERS_WRITE),
    "action-done": (of_action, MEMBERS_WRITE),
    "action-drop": (of_action, MEMBERS_WRITE),
    "action-reopen": (of_closed_action, MEMBERS_WRITE),
    "shared-aim": (of_partnership, READ),
    "shared-aim-change": (of_partnership, MEMBERS_WRITE),
    "shared-aim-compare": (of_partnership, READ),
    "shared-aim-agree": (of_partnership, MEMBERS_WRITE),
    "shared-aim-comment": (of_partnership, MEMBERS_WRITE),
    "history-imports": (nothing, MANAGERS),
    "own-schools": (nothing, TRUSTS),
    "claim-schools": (nothing, MANAGERS | {"health_manager": MISSING}),
    "claim": (lambda a: {"ref": a.claim.ref}, SCHOOL_MANAGES),
    "withdraw-claim": (lambda a: {"ref": a.claim.ref}, SCHOOL_MANAGES),
    "history-template": (nothing, MANAGERS),
    "bring-in-history": (nothing, MANAGERS),
    "history-import": (of_history, SCHOOL_MANAGES),
    "save-history": (of_history, SCHOOL_MANAGES),
    "undo-history": (of_saved_history, SCHOOL_MANAGES),
    "discard-history": (of_history, SCHOOL_MANAGES),
    "initiatives": (of_partnership, READ),
    "choose-template": (of_partnership, MEMBERS_WRITE),
    "start-initiative": (lambda a: {**of_partnership(a), "template": "blank"}, MEMBERS_WRITE),
    "initiative": (of_initiative, READ),
    "initiative-report": (of_initiative, READ),
    "change-initiative": (of_initiative, SCHOOL_WRITES),
    "move-initiative": (of_initiative, SCHOOL_WRITES),
    "decide-on-pilot": (of_initiative, SCHOOL_WRITES),
    "name-lead": (lambda a: {**of_initiative(a), "side": "health"}, SCHOOL_WRITES),
    "copy-initiative": (of_initiative, MEMBERS_WRITE),
    "withdraw-initiative": (of_initiative, SCHOOL_WRITES),
    "add-plan-line": (lambda a: {**of_initiative(a), "kind": "risk"}, SCHOOL_WRITES),
    "initiative-review": (of_initiative, READ),
    "answer-initiative-review": (of_initiative, HEALTH_WRITES),
    "ask-for-review": (of_initiative, SCHOOL_WRITES),
    "ask-person-for-review": (of_initiative, SCHOOL_GIVES),
    "withdraw-review-request": (
        lambda a: {**of_initiative(a), "request_ref": a.review_request.ref},
        SCHOOL_WRITES,
    ),
    "end-initiative-access": (
        lambda a: {**of_initiative(a), "grant": a.initiative_grant.pk},
        SCHOOL_GIVES,
    ),
    "initiatives-to-review": (nothing, EVERYONE),
    "change-plan-line": (lambda a: {**of_initiative(a), "line": a.line.ref}, SCHOOL_WRITES),
    "small-numbers": (of_partnership, READ),
    "measures": (of_initiative, READ),
    "choose-measure": (of_initiative, MEMBERS_WRITE),
    "add-measure": (lambda a: {**of_initiative(a), "key": "local"}, MEMBERS_WRITE),
    "measure": (of_measure, READ),
    # Without a data sharing agreement there is no file for other members.
    "measure-figures": (lambda a: {**of_measure(a), "kind": "csv"}, OWN_FIGURES),
    "measures-figures": (lambda a: {**of_initiative(a), "kind": "xlsx"}, OWN_FIGURES),
    "record-readings": (of_measure, OWNER_READS),
    "readings-template": (of_measure, OWNER_READS),
    "change-measure": (of_measure, SCHOOL_WRITES),
    "record-reading": (of_measure, OWNER_READS),
    "correct-reading": (
        lambda a: {**of_measure(a), "period": last_month()},
        OWNER_READS,
    ),
    "hand-measure": (of_measure, SCHOOL_WRITES),
    "open-readings": (of_measure, SCHOOL_GIVES),
    "withdraw-measure": (of_measure, SCHOOL_WRITES),
    "reflections": (of_initiative, READ),
    "reflect": (of_initiative, MEMBERS_WRITE),
    "take-reflection-back": (
        lambda a: {**of_initiative(a), "reflection": a.reflection.ref},
        SCHOOL_WRITES,
    ),
    "initiative-sessions": (of_initiative, READ),
    "plan-session": (of_initiative, MEMBERS_WRITE),
    "session": (of_session, READ),
    "record-session": (of_session, SCHOOL_WRITES),
    "add-up-terms": (of_session, SCHOOL_WRITES),
    "change-session": (of_session, SCHOOL_WRITES),
    "cancel-session": (of_session, SCHOOL_WRITES),
    "open-attendance": (of_session, SCHOOL_WRITES | {"school_editor": FORBIDDEN}),
    "wins": (of_partnership, READ),
    "log-win": (of_partnership, MEMBERS_WRITE),
    "share-win": (of_win, SCHOOL_WRITES),
    "take-win-back": (of_win, SCHOOL_WRITES),
    "agreements": (of_partnership, READ),
    "start-agreement": (of_partnership, MEMBERS_WRITE),
    "agreement": (of_agreement, READ),
    "agreement-details": (of_agreement, MEMBERS_WRITE),
    "agreement-clause": (lambda a: {**of_agreement(a), "clause": "purpose"}, MEMBERS_WRITE),
    "agreement-text": (of_agreement, READ),
    "agreement-compare": (of_agreement, READ),
    "agreement-docx": (of_agreement, READ),
    "agreement-pdf": (of_agreement, READ),
    "agreement-stage": (of_agreement, MEMBERS_WRITE),
    "agreement-file-add": (of_agreement, MEMBERS_WRITE),
    "agreement-file": (of_agreement_file, READ),
    "agreement-file-remove": (of_agreement_file, SCHOOL_WRITES),
    "agreement-paper-add": (of_agreement, MEMBERS_WRITE),
    "agreement-paper": (of_data_paper, MEMBERS_WRITE),
    "agreement-paper-end": (of_data_paper, MEMBERS_WRITE),
    "agreement-end": (of_agreement, MEMBERS_WRITE),
    "agreement-renew": (of_agreement, MEMBERS_WRITE),
    # No party of it has closed: nothing is to be transferred, whoever asks.
    "agreement-transfer": (of_agreement, MEMBERS_MISS),
    "agreement-signatory": (of_agreement, MEMBERS_WRITE),
    "agreement-sign": (of_agreement, READ),
    "reviews": (of_partnership, READ),
    "open-review": (of_partnership, MEMBERS_WRITE),
    "review": (of_review, READ),
    "review-answer": (of_review, READ),
    "review-close": (of_review, MEMBERS_WRITE),
    "partnership-history": (of_partnership, READ),
    "calendar-feeds": (nothing, EVERYONE),
    "make-calendar-feed": (nothing, EVERYONE),
    # A viewer's own, which the school trust's manager may end.
    "calendar-feed-address": (
        lambda a: {"ref": a.feed.ref},
        dict.fromkeys(PARTS, MISSING) | {"school_viewer": OK},
    ),
    "end-calendar-feed": (
        lambda a: {"ref": a.feed.ref},
        dict.fromkeys(PARTS, MISSING) | {"school_viewer": OK, "school_manager": OK},
    ),
    "planner": (nothing, EVERYONE),
    "partnership-planner": (of_partnership, READ),
    "calendars-elsewhere": (nothing, EVERYONE),
    "bring-calendar-file": (lambda a: {"purpose": "busy"}, EDITORS),
    "add-calendar-address": (lambda a: {"purpose": "busy"}, EDITORS),
    "calendar-file": (lambda a: {"ref": a.elsewhere.waiting.ref}, SCHOOL_EDITS),
    "undo-calendar-file": (lambda a: {"ref": a.elsewhere.taken.ref}, SCHOOL_EDITS),
    "calendar-file-terms": (
        lambda a: {"ref": a.elsewhere.terms_file.ref, "year": a.elsewhere.year},
        SCHOOL_EDITS,
    ),
    "calendar-address-terms": (
        lambda a: {"ref": a.elsewhere.terms.ref, "year": a.elsewhere.year},
        SCHOOL_EDITS,
    ),
    "calendar-address": (
        lambda a: {"ref": a.elsewhere.read.ref},
        SCHOOL_EDITS | {"school_viewer": OK},
    ),
    "read-calendar-now": (lambda a: {"ref": a.elsewhere.read.ref}, SCHOOL_EDITS),
    "stop-calendar-address": (lambda a: {"ref": a.elsewhere.read.ref}, SCHOOL_EDITS),
    "leave-found-terms": (lambda a: {"ref": a.elsewhere.terms.ref}, SCHOOL_EDITS),
    "audit": (nothing, MANAGERS),
    "audit-export": (nothing, MANAGERS),
    "own-organisation": (nothing, EVERYONE),
    "calendar": (nothing, EVERYONE),
    "term-dates": (a_year, KEEPERS_OF_TERMS),
    "paste-term-dates": (a_year, KEEPERS_OF_TERMS),
    "term-dates-file": (a_year, KEEPERS_OF_TERMS),
    "inherit-term-dates": (a_year, KEEPERS_OF_TERMS),
    "copy-term-dates": (a_year, TRUSTS | {"school_viewer": FORBIDDEN}),
    "inset-days": (a_year, KEEPERS_OF_TERMS),
    "calendar-schools": (nothing, TRUSTS),
    "school-calendar": (of_school, OF_ITS_TRUST),
    "school-term-dates": (of_schools_year, OF_ITS_TRUST_WRITES),
    "school-paste-term-dates": (of_schools_year, OF_ITS_TRUST_WRITES),
    "school-term-dates-file": (of_schools_year, OF_ITS_TRUST_WRITES),
    "school-inherit-term-dates": (of_schools_year, OF_ITS_TRUST_WRITES),
    "school-copy-term-dates": (of_schools_year, OF_ITS_TRUST_WRITES),
    "school-inset-days": (of_schools_year, OF_ITS_TRUST_WRITES),
    "pressure-point": (a_point, EVERYONE),
    "hide-point": (a_point, EDITORS),
    "show-point": (a_point, EDITORS),
    "change-point": (a_point, EDITORS),
    "official-point": (a_point, EDITORS),
    "add-period": (nothing, EDITORS),
    "change-period": (a_period, OF_ITS_TRUST_WRITES),
    "remove-period": (a_period, OF_ITS_TRUST_WRITES),
    "welcome": (nothing, EVERYONE),
    "succession": (lambda a: {"former": a.succession.predecessor.slug}, EVERYONE),
    "terms": (nothing, EVERYONE),
    "take-records": (nothing, MANAGERS),
    "records-export": (lambda a: {"ref": a.export.ref}, SCHOOL_MANAGES),
    "download-export": (lambda a: {"ref": a.export.ref}, SCHOOL_MANAGES),
    "leave-tandem": (nothing, MANAGERS),
    "support-sessions": (nothing, EVERYONE),
    "end-support": (lambda a: {"ref": a.support.ref}, SCHOOL_MANAGES),
    "people": (nothing, EVERYONE),
    "leave": (nothing, EVERYONE),
    "invite-person": (nothing, MANAGERS),
    "change-role": (lambda a: {"person": a.somebody.ref}, SCHOOL_MANAGES),
    "remove-person": (lambda a: {"person": a.somebody.ref}, SCHOOL_MANAGES),
    "resend-person-invitation": (lambda a: {"ref": a.person_invitation.ref}, SCHOOL_MANAGES),
    "withdraw-person-invitation": (lambda a: {"ref": a.person_invitation.ref}, SCHOOL_MANAGES),
}
# Pages about an organisation that their address asks for.
WITH_PARTNER = {"open-partnership", "add-partner"}
# Addresses that name no acting organisation: (kwargs, who gets a page, what the others get).
ANYBODY = {
    "details-link",
    "details-link-sent",
    "hand-over-done",
    "healthz",
    "readyz",
    "about",
    "privacy",
    "accessibility",
    "start",
    "demo-mail",
    "open-referral",
    "open-referral-services",
    "open-referral-organizations",
    "open-referral-taxonomies",
    "open-referral-terms",
    "open-referral-at-locations",
}
SIGNED_IN: dict[str, Kwargs] = {
    "my-organisations": nothing,
    "granted": nothing,
    "my-regions": nothing,
    "find-my-organisation": nothing,
    "ask-to-join": lambda a: {"slug": a.world.cast.organisation("icb").slug},
}
OPERATORS: dict[str, Kwargs] = {
    "operator": nothing,
    "decide-joining": lambda a: {"ref": JoiningRequest.objects.get().ref},
    "operator-organisations": nothing,
    "operator-organisation": school,
    "trust-domain": school,
    "distrust-domain": lambda a: {**school(a), "ref": a.trusted.ref},
    "announced-changes": nothing,
    "reorganisations": nothing,
    "open-reorganisation": school,
    "reorganisation": of_reorganisation,
    "reorganisation-rows": lambda a: {**of_reorganisation(a), "kind": "partnerships"},
    "approve-reorganisation": of_reorganisation,
    "call-off-reorganisation": of_reorganisation,
    "announce-change": school,
    "correct-change": of_change,
    "confirm-change": of_change,
    "drop-change": of_change,
    "record-succession": school,
    "correct-succession": of_succession,
    "remove-succession": of_succession,
    "suspend-organisation": school,
    "reinstate-organisation": school,
    "start-support": school,
    "end-own-support": lambda a: {"ref": a.support.ref},
    "operator-regions": nothing,
    "operator-needs": nothing,
    "operator-official": nothing,
    "operator-official-import": lambda a: {"ref": a.official_import.ref},
    "bring-in-official": nothing,
    "official-conflict": lambda a: {"pk": OfficialConflict.objects.using("owner").get().pk},
    "decide-claim": lambda a: {"ref": a.claim.ref},
    "apply-official": lambda a: {"ref": a.official_waiting.ref},
    "discard-official": lambda a: {"ref": a.official_waiting.ref},
    "undo-official": lambda a: {"ref": a.official_import.ref},
    "change-need": lambda a: {"key": "careers"},
    "reset-second-step": nothing,
    "operator-outbox": nothing,
    "steer-outbox": nothing,
    "operator-region": region,
    "give-region": region,
    "take-region": lambda a: {**region(a), "grant": a.region_grant.pk},
}
# Addresses that a personal grant opens, which "nobody" of the cast holds.
GRANTED: dict[str, Kwargs] = {
    "region-replies": region,
    "ask-again": region,
    "granted-partnership": of_partnership,
    "change-granted": of_partnership,
    "granted-initiative": lambda a: {"ref": a.initiative.ref},
    "answer-granted-initiative": lambda a: {"ref": a.initiative.ref},
    "granted-initiative-arrived": lambda a: {"ref": a.initiative.ref},
    "region": region,
    "sheets": region,
    "bring-in-sheet": region,
    "sheet-template": lambda a: {**region(a), "kind": "xlsx"},
    "export-contacts": region,
    "sheet": checked_sheet,
    "sheet-columns": checked_sheet,
    "sheet-duplicates": checked_sheet,
    "sheet-duplicates-all": checked_sheet,
    "sheet-preview": checked_sheet,
    "sheet-check-again": checked_sheet,
    "sheet-apply": checked_sheet,
    "sheet-undo": lambda a: {**region(a), "ref": a.applied_sheet.ref},
    "sheet-discard": checked_sheet,
    "details-requests": region,
    "details-request": lambda a: {**region(a), "ref": a.details_request.ref},
    "region-contacts": region,
    "record-region-contact": region,
    "check-region-contacts": region,
    "region-contact": region_contact,
    "change-region-contact": region_contact,
    "confirm-region-contact": region_contact,
    "decide-region-contact": region_contact,
    "end-region-contact": region_contact,
    "pass-on-region-contact": region_contact,
    "merge-region-contacts": lambda a: {**region_contact(a), "other": a.alike.ref},
    "region-reports": region,
    "region-report": lambda a: {**region(a), "ref": a.report.ref},
    "region-transfers": region,
    "region-transfer": lambda a: {**region(a), "ref": a.transferred.ref},
    "region-duplicates": region,
    "region-gateways": region,
    "add-region-gateway": region,
    "region-gateway": region_gateway,
    "change-region-gateway": region_gateway,
    "end-region-gateway": region_gateway,
    "gateway-meetings": region_gateway,
    "cancel-gateway-meeting": lambda a: {**region_gateway(a), "meeting": a.meeting.ref},
    "undo-region-merge": lambda a: {**region(a), "ref": a.merge.ref},
}
# Shown by tests of their own: what they lead to depends on the link, not on the reader's role.
ELSEWHERE = {
    "action-by-link",
    "metrics",
    "accept-terms",
    "check-changed",
    "check-left",
    "check-posting",
    "check-right",
    "confirm-address",
    "correct-your-details",
    "settle-reply",
    "remove-your-details",
    "your-details",
    "invitation",
    "person-invitation",
    "hand-over",
    "neutral-link",
    "notify-delivery",
    "stop-emails",
    "email-choices",
    "touchpoint-entry",
    "touchpoint-outcome-link",
    "touchpoint-series-entries",
    "touchpoint-by-link",
    "touchpoint-another-time",
    "demo-mail-message",
    "demo-mail-calendar",
    "calendar-feed",
    "open-referral-service",
    "open-referral-organization",
    "open-referral-taxonomy",
    "open-referral-term",
    "open-referral-at-location",
}
