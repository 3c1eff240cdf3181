"""Every page that an editor can reach; `test_pages_of_others` has those of everyone else.

`check_page` looks at each on a phone, a small phone and a desk; html-validate reads its HTML.
Every address of the resolver that shows a page has to be in `pages`; of the account's own,
those that can be opened without a link from an e-mail.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.urls import resolve

from tests.access.test_matrix import names
from tests.browser.behind import Superuser
from tests.browser.pages import PAGES, address_of, look_at_pages_of
from tests.browser.person import Person
from tests.browser.stage import set_stage
from tests.cast import Cast

# Addresses that show no page of their own: answers for machines, files, redirects.
NO_PAGE = {
    "healthz",
    "readyz",
    "metrics",
    "touchpoint-calendar",
    "calendar-feed",
    "demo-mail-calendar",
    "neutral-link",
    "notify-delivery",
    "agreement-docx",
    "agreement-file",
    "agreement-pdf",
    "audit-export",
    "download-export",
    "history-template",
    "measure-figures",
    "measures-figures",
    "readings-template",
    "sheet-template",
    "sheet-preview",
}
# Need a grant, a trusted domain, a suspension, a support session, terms not yet accepted, or the
# manager of a member that joined: `test_pages_of_turns` and the journeys have those.
IN_TEST_PAGES_OF_TURNS = {
    "answer-granted-initiative",
    "answer-initiative-review",
    "ask-person-for-review",
    "end-initiative-access",
    "granted-initiative",
    "granted-initiative-arrived",
    "accept-terms",
    "agreement-transfer",
    "change-granted",
    "distrust-domain",
    "end-access",
    "end-own-support",
    "end-support",
    "granted-partnership",
    "hand-over-partnership",
    "leave-partnership",
    "reinstate-organisation",
}
# Needs a file that is made in the background; tests/joining asks it without a browser.
ASKED_WITHOUT_A_BROWSER = {"records-export"}
# JSON for programs.
NO_PAGE |= {name for name in names() if name.startswith("open-referral")}
# Lies in a folder that only the demo has; the demo's own tests open it.
IN_THE_DEMO = {"demo-mail-message"}


def test_pages_of_an_editor(
    cast: Cast, superuser: Superuser, browser_of: Callable[..., Person], tmp_path: Path
) -> None:
    stage = set_stage(cast, superuser)
    problems = look_at_pages_of("school_editor", browser_of("school_editor"), stage, tmp_path)
    assert not problems, "\n".join(problems)


def test_no_page_is_left_out(cast: Cast, superuser: Superuser) -> None:
    stage = set_stage(cast, superuser)
    addresses = [address_of(stage, part, below) for part in PAGES for below in PAGES[part].values()]
    shown = {resolve(a.split("?")[0]).url_name for a in addresses if a != "/nowhere/"}
    pages = {name for name in names() if not name.startswith(("account_", "mfa_"))}
    elsewhere = IN_THE_DEMO | IN_TEST_PAGES_OF_TURNS | ASKED_WITHOUT_A_BROWSER
    assert pages - shown - NO_PAGE - elsewhere == set()
