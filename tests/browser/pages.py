"""Every page for each of those who can reach it, and looking at all of somebody's in turn."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.axe import page_problems
from tests.browser.markup import faults_in
from tests.browser.person import Person
from tests.browser.stage import Stage

# Each part with its pages: a name, and an address below the organisation's own (or from /).
P = "partnerships/{p}/"
SHEETS = "/regions/{region}/sheets/"
PAGES: dict[str | None, dict[str, str]] = {
    None: {
        "start": "/",
        "sign-in": "/account/login/",
        "create-account": "/account/signup/",
        "forgotten-password": "/account/password/reset/",
        "forgotten-password-sent": "/account/password/reset/done/",
        "check-email": "/account/confirm-email/",
        "confirm-broken-link": "/account/confirm-email/nothing/",
        "about": "/about/",
        "privacy": "/privacy/",
        "accessibility": "/accessibility/",
        "demo-mail": "/demo/mail/",
        "invitation-signed-out": "/invitation/{token}/",
        "hand-over": "/hand-over/{note}/",
        "hand-over-done": "/hand-over/",
        "invited-as-a-person": "/join/{newcomer_token}/",
        "check-asked": "/check/{check}/",
        "check-right": "/check/{check}/right/",
        "check-changed": "/check/{check}/changed/",
        "check-left": "/check/{check}/left/",
        "confirm-address": "/new-address/{new_address}/",
        "details-link": "/your-details/",
        "details-link-sent": "/your-details/sent/",
        "your-details": "/your-details/{check}/",
        "correct-your-details": "/your-details/{check}/{listed}/correct/",
        "remove-your-details": "/your-details/{check}/{listed}/remove/",
        "calendar-entry-over": "/calendar-entry/{entry_over}/",
        "not-found": "/nowhere/",
    },
    "school_editor": {
        "home": "",
        "partnerships": "partnerships/",
        "planner": "planner/",
        "planner-nhs-year": "planner/?frame=financial&year=2027/28",
        "planner-term": "planner/?view=term",
        "planner-quarter": "planner/?view=quarter",
        "planner-month": "planner/?view=month",
        "planner-nothing": "planner/?kind=own",
        "partnership-planner": P + "planner/",
        "partnerships-none-found": "partnerships/?words=nothing+of+it",
        "find": "find/",
        "find-found": "find/?q=walsall",
        "find-none": "find/?q=qqqq+zzzz",
        "directory": "directory/",
        "directory-found": "directory/?q=walsall",
        "directory-none": "directory/?q=qqqq+zzzz",
        "directory-filtered": "directory/?kind=people&region=black-country&fresh=due",
        "directory-region": "directory/regions/black-country/",
        "directory-place": "directory/places/{council}/",
        "directory-gateway": "directory/gateways/{gateway}/",
        "directory-person": "directory/people/{listed}/",
        "who": "directory/who/",
        "who-errors": "directory/who/?where=ZZ99+9ZZ",
        "who-answer": "directory/who/?where=Walsall&need=neurodevelopmental",
        "who-choose": "directory/who/?where=st+joseph&need=careers",
        "who-not-here": "directory/who/?need=safeguarding",
        "report-contact": "directory/people/{listed}/wrong/",
        "directory-person-asked": "directory/people/{asked}/",
        "open-details": "directory/people/{listed}/details/",
        "ask-for-details": "directory/people/{asked}/ask/",
        "organisation-council": "organisations/{council}/",
        "organisation-trust": "organisations/{other}/",
        "open": "partnerships/new/?with={icb}",
        "open-with-itself": "partnerships/new/?with={school}",
        "partnership": P,
        "add-organisation": P + "organisations/add/?with={icb}",
        "name-contact": P + "contacts/{school}/named/",
        "name-deputy": P + "contacts/{council}/named/",
        "correct-contact": P + "contacts/{health}/deputy/details/",
        "offer-contact": P + "contacts/{health}/deputy/offer/",
        "invited-already": P + "invite/{council}/",
        "invite-again": P + "invite/{council}/again/",
        "invite-withdraw": P + "invite/{council}/withdraw/",
        "conversations": P + "conversations/",
        "log-conversation": P + "conversations/new/",
        "change-conversation": P + "conversations/{conversation}/",
        "withdraw-conversation": P + "conversations/{conversation}/withdraw/",
        "touchpoints": P + "touchpoints/",
        "schedule-touchpoint": P + "touchpoints/new/",
        "touchpoint-series": P + "touchpoints/series/",
        "touchpoint-to-come": P + "touchpoints/{coming}/",
        "touchpoint-past": P + "touchpoints/{past}/",
        "move-touchpoint": P + "touchpoints/{coming}/move/",
        "cancel-touchpoint": P + "touchpoints/{coming}/cancel/",
        "outcome": P + "touchpoints/{past}/outcome/",
        "calendar-feeds": "calendar/feeds/",
        "make-calendar-feed": "calendar/feeds/new/",
        "make-calendar-feed-of-one": "calendar/feeds/new/?partnership={p}",
        "calendar-feed-address": "calendar/feeds/{feed_of_school_editor}/address/",
        "end-calendar-feed": "calendar/feeds/{feed_of_school_editor}/end/",
        "quiet-periods": P + "quiet/",
        "propose-quiet-period": P + "quiet/new/",
        "withdraw-quiet-period": P + "quiet/{quiet}/withdraw/",
        "answer-quiet-period": P + "quiet/{quiet_of_health}/answer/",
        "agenda-items": P + "agenda/",
        "choose-gateway": P + "agenda/new/",
        "plan-item": P + "agenda/new/{board}/",
        "agenda-item": P + "agenda/{item}/",
        "change-item": P + "agenda/{item}/change/",
        "withdraw-item": P + "agenda/{item}/withdraw/",
        "item-sent": P + "agenda/{item}/sent/",
        "item-heard": P + "agenda/{item}/heard/",
        "item-decided": P + "agenda/{item}/decided/",
        "bring-item": "gateways/{board}/bring-an-item/",
        "calendar": "calendar/",
        "my-organisations": "/organisations/",
        "account": "/account/",
        "account-name": "/account/name/",
        "account-email": "/account/email/",
        "account-sessions": "/account/sessions/",
        "account-password": "/account/password/change/",
        "sign-out": "/account/logout/",
    },
    "school_manager": {
        "people": "people/",
        "audit": "audit/",
        "audit-nothing": "audit/?action=neverdone",
        "partnership-history": P + "history/",
        "invite-person": "people/invite/",
        "invite-person-again": "people/invitations/{newcomer}/again/",
        "invite-person-withdraw": "people/invitations/{newcomer}/withdraw/",
        "change-role": "people/{colleague}/role/",
        "remove-person": "people/{colleague}/remove/",
        "leave": "people/leave/",
        "partnership-access": P + "access/",
        "give-access": P + "access/give/",
        "change-partnership": P + "change/",
        "own-organisation": "organisation/",
        "welcome": "organisation/welcome/",
        "terms": "organisation/terms/",
        "take-records": "organisation/records/",
        "leave-tandem": "organisation/leave/",
        "share-approaches": "organisation/approaches/",
        "calendar-feeds-of-colleagues": "calendar/feeds/",
        "end-feed-of-colleague": "calendar/feeds/{feed_of_school_viewer}/end/",
        "support-sessions": "support/",
        "granted-nothing": "/granted/",
    },
    "school_viewer": {"home": "", "partnership": P, "may-not": P + "conversations/new/"},
    "health_editor": {"home": "", "partnership": P, "touchpoint": P + "touchpoints/{past}/"},
    "council_editor": {
        "home-invited": "",
        "invitation-joined": "/invitation/{token}/",
        "answer-invitation": "invitations/{invitation}/",
    },
    "stranger": {
        "ask-for-details": "directory/people/{asked}/ask/",
        "home-empty": "",
        "no-calendar-feeds": "calendar/feeds/",
        "partnerships-empty": "partnerships/",
        "not-theirs": P,
        "no-regions": "/regions/",
    },
    "nobody": {
        "my-organisations-waiting": "/organisations/",
        "find-my-organisation": "/organisations/find/?q=black+country",
        "asked-already": "/organisations/{icb}/speak-for/",
        "ask-to-join": "/organisations/{other}/speak-for/",
        "invitation-of-others": "/invitation/{token}/",
        "my-regions": "/regions/",
        "region": "/regions/{region}/",
        "region-replies": "/regions/{region}/replies/",
        "ask-again": "/regions/{region}/replies/ask/",
        "settle-reply": "/regions/{region}/replies/{reply}/",
        "sheets": SHEETS,
        "bring-in-sheet": SHEETS + "new/",
        "export-contacts": SHEETS + "export/",
        "export-contacts-narrowed": SHEETS + "export/?words=nurse",
        "sheet": SHEETS + "{sheet_checked}/",
        "sheet-problems": SHEETS + "{sheet_checked}/?result=problem",
        "sheet-none-like-this": SHEETS + "{sheet_checked}/?result=unchanged",
        "sheet-columns": SHEETS + "{sheet_checked}/columns/",
        "sheet-duplicates": SHEETS + "{sheet_checked}/duplicates/",
        "sheet-duplicates-all": SHEETS + "{sheet_checked}/duplicates/all/?choice=add",
        "sheet-check-again": SHEETS + "{sheet_checked}/check/",
        "sheet-apply": SHEETS + "{sheet_checked}/apply/",
        "sheet-discard": SHEETS + "{sheet_checked}/discard/",
        "sheet-applied": SHEETS + "{sheet_applied}/",
        "sheet-undo": SHEETS + "{sheet_applied}/undo/",
        "sheet-undone": SHEETS + "{sheet_undone}/",
        "sheet-at-work": SHEETS + "{sheet_checking}/",
        "region-contacts": "/regions/{region}/contacts/",
        "region-contacts-none": "/regions/{region}/contacts/?words=nothing+of+it",
        "find-for-contact": "/regions/{region}/contacts/new/?q=walsall",
        "record-region-contact": "/regions/{region}/contacts/new/?organisation={council}",
        "check-region-contacts": "/regions/{region}/contacts/check/?all=1",
        "details-requests": "/regions/{region}/requests/",
        "details-request": "/regions/{region}/requests/{details_request}/",
        "region-contact": "/regions/{region}/contacts/{listed}/",
        "change-region-contact": "/regions/{region}/contacts/{listed}/change/",
        "confirm-region-contact": "/regions/{region}/contacts/{listed}/right/",
        "decide-region-contact": "/regions/{region}/contacts/{offered}/decide/",
        "end-region-contact": "/regions/{region}/contacts/{listed}/left/",
        "pass-on-region-contact": "/regions/{region}/contacts/{listed}/pass-on/",
        "merge-region-contacts": "/regions/{region}/contacts/{listed}/merge/{alike}/",
        "region-duplicates": "/regions/{region}/duplicates/",
        "undo-region-merge": "/regions/{region}/merges/{merge}/undo/",
        "region-gateways": "/regions/{region}/gateways/",
        "add-region-gateway": "/regions/{region}/gateways/new/",
        "region-gateway": "/regions/{region}/gateways/{gateway}/",
        "change-region-gateway": "/regions/{region}/gateways/{gateway}/change/",
        "end-region-gateway": "/regions/{region}/gateways/{gateway}/end/",
        "gateway-meetings": "/regions/{region}/gateways/{gateway}/meetings/",
        "cancel-gateway-meeting": "/regions/{region}/gateways/{gateway}/meetings/{meeting}/cancel/",
        "region-reports": "/regions/{region}/reports/",
        "region-report": "/regions/{region}/reports/{report}/",
        "region-transfers": "/regions/{region}/transfers/",
        "region-transfer": "/regions/{region}/transfers/{transferred}/",
    },
    "operator": {
        "operator": "/operator/",
        "decide-joining": "/operator/joining/{request}/",
        "operator-organisations": "/operator/organisations/",
        "operator-organisation": "/operator/organisations/{school}/",
        "trust-domain": "/operator/organisations/{school}/domains/new/",
        "suspend-organisation": "/operator/organisations/{school}/suspend/",
        "start-support": "/operator/organisations/{school}/support/",
        "operator-regions": "/operator/regions/",
        "operator-needs": "/operator/needs/",
        "change-need": "/operator/needs/careers/",
        "reset-second-step": "/operator/second-step/",
        "operator-outbox": "/operator/outbox/",
        "operator-outbox-waiting": "/operator/outbox/?show=pending",
        "operator-outbox-none-found": "/operator/outbox/?show=taken&organisation=qqqq",
        "steer-outbox": "/operator/outbox/steer/?show=pending",
        "steer-outbox-nothing": "/operator/outbox/steer/?show=sent",
        "operator-region": "/operator/regions/{region}/",
        "operator-region-of-nobody": "/operator/regions/devon/",
        "give-region": "/operator/regions/{region}/give/",
        "take-region": "/operator/regions/{region}/admins/{region_grant}/take-away/",
    },
}


def look_at_pages_of(part: str | None, person: Person, stage: Stage, folder: Path) -> list[str]:
    """What is wrong with the pages of one part, as the browser shows them and as they were sent.

    Pictures of them go to the folder that TANDEM_PICTURES names, for a person's eyes.
    """
    sent: dict[str, str] = {}
    problems: list[str] = []
    for name, below in PAGES[part].items():
        response = person.page.goto(address_of(stage, part, below))
        assert response is not None
        sent[name] = response.text()
        problems += [f"{name}: {problem}" for problem in _look(person.page, f"{part}-{name}")]
    return problems + faults_in(sent, folder)


def address_of(stage: Stage, part: str | None, below: str) -> str:
    if below.startswith("/"):
        return stage.filled(below)
    assert part is not None
    own = next(p for p in ("school", "health", "council", "other") if _plays(part, p))
    return stage.address(own, below)


def _plays(part: str, organisation: str) -> bool:
    return part.startswith(organisation) or (part, organisation) == ("stranger", "other")


def _look(page: Page, name: str) -> list[str]:
    folder = os.environ.get("TANDEM_PICTURES")
    return page_problems(page, picture=Path(folder) / name if folder else None)
