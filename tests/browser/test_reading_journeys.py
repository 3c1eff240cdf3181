"""The owner of a measure brings many readings in, puts a row right and saves them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from initiatives.measures import services
from organisations.addresses import page_of
from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.cast import Cast
from tests.measures.arranging import measured, raw
from tests.plans.arranging import started
from tests.record.arranging import acting_as, shared

PASTE = "Paste rows from your spreadsheet"


@pytest.mark.parametrize("javascript", [True, False])
def test_rows_are_checked_put_right_and_saved(
    cast: Cast, browser_of: Callable[..., Person], javascript: bool
) -> None:
    by = cast.school_editor
    initiative = started(by, shared(cast))
    measure = measured(by, initiative)
    with acting_as(by):
        latest, before = (each.name for each in services.periods_of(by, measure)[:2])
    place = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    owner = browser_of("school_editor", java_script_enabled=javascript)
    owner.opens(page_of(by, "measure", measure=measure.ref, **place))
    owner.follows("Enter many readings from a spreadsheet")

    owner.page.get_by_label(PASTE).fill(f"Period,Number\n{latest},0.4\n{before},42")
    owner.presses("Check the rows")
    owner.reads("1 row with a problem, 1 new row", "Nothing is saved.", "Enter a whole number")
    if javascript:
        check_page(owner.page)
    owner.page.get_by_label(PASTE).fill(f"Period,Number\n{latest},4\n{before},42")
    owner.presses("Check the rows")
    owner.reads("2 new rows", "Nothing is saved yet.", "A small number: others are not told it.")
    assert raw(by) == []
    if javascript:
        check_page(owner.page)

    owner.presses("Save these readings")
    owner.reads("2 readings saved", "Masked: 1 to 7", "Download these figures")
    assert raw(by) == [42, 4]
