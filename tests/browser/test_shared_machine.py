"""A machine that several people use: what one leaves behind, the next does not see."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.behind import Superuser
from tests.browser.person import Person
from tests.browser.stage import SAID, set_stage
from tests.cast import Cast


def test_after_signing_out_going_back_shows_nothing(
    cast: Cast, superuser: Superuser, browser_of: Callable[..., Person]
) -> None:
    # Given somebody who has read a partnership and signed out
    stage = set_stage(cast, superuser)
    editor = browser_of("school_editor")
    words = SAID.split("\n")[0]
    editor.opens(stage.address("school", "partnerships/{p}/"))
    editor.reads(words)
    editor.presses("Sign out")
    # When somebody else goes back in the same browser
    editor.page.go_back()
    # Then they are asked to sign in
    editor.reads("Sign in")
    editor.finds_nothing_of(words, "Health hub")
