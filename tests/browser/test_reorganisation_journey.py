"""An operator has a partnership follow to a successor, in a real browser, without a script."""

from __future__ import annotations

from collections.abc import Callable

from organisations.reorganising import applying
from tests.browser.person import Person
from tests.cast import Cast
from tests.record.arranging import shared
from tests.reorganising.arranging import nhs_trusts


def test_an_operator_has_records_follow(browser_of: Callable[..., Person], cast: Cast) -> None:
    shared(cast)
    health, (later,) = cast.organisation("health"), nhs_trusts(1)
    operator, reader = browser_of("operator"), browser_of("school_editor")
    operator.opens(f"/operator/organisations/{health.slug}/")
    operator.follows("Record who took over")
    operator.fills({"Who took over?": later.code, "Day": "1", "Month": "9", "Year": "2026"})
    operator.chooses("It became part of another organisation, or merged with others")
    operator.presses("Record")
    operator.is_told("Successor recorded")
    operator.follows("Open a reorganisation")
    operator.presses("Open")
    operator.is_told("Reorganisation opened")
    operator.follows("Reorganisation for 1 September 2026")
    operator.reads("Being prepared")
    operator.follows("Approve")
    operator.presses("Approve")
    operator.reads("Waiting for its day")

    assert applying.apply_due() == 1

    reader.opens(f"/o/{cast.organisation('school').slug}/partnerships/")
    reader.follows("Health hub")
    reader.reads(f"{later.name} took its place on 1 September 2026")
