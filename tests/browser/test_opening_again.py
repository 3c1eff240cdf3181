"""Going back after opening a partnership, and pressing the button again, makes no second one."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.axe import check_page
from tests.browser.behind import Superuser, rows_in
from tests.browser.person import Person
from tests.cast import Cast


def test_back_and_open_again(
    browser_of: Callable[..., Person], cast: Cast, superuser: Superuser
) -> None:
    editor, partner = browser_of("school_editor"), cast.organisation("icb")
    slug = cast.organisation("school").slug
    form = f"/o/{slug}/partnerships/new/?with={partner.slug}"
    # Given a partnership that has just been opened
    editor.opens(form)
    editor.presses("Open partnership")
    editor.is_told("opened")
    first = editor.path
    # When the browser shows the same form as before, and it is sent again
    editor.page.go_back()
    if editor.page.get_by_role("button", name="Open partnership", exact=True).count():
        editor.presses("Open partnership")
        editor.is_told("This was already saved")
        assert editor.path == first
    # And when the form is opened anew, it says what is there, and asks before it makes another
    editor.opens(form)
    editor.reads(f"You already have 1 partnership with {partner.name}")
    check_page(editor.page)
    editor.presses("Open another partnership")
    editor.is_refused(f"You already have a partnership with {partner.name}")
    assert rows_in(superuser, "record_partnership") == 1
    editor.page.get_by_role("checkbox").check()
    editor.fills({"What is the partnership called?": "Careers in health"})
    editor.presses("Open another partnership")
    editor.is_told("opened")
    assert rows_in(superuser, "record_partnership") == 2
