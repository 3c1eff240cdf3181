"""The services of an organisation's calendar, and for each a way to call it that succeeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from calendars.services import hide_point
from organisations.actor import Actor
from tests.calendars.arranging import MOCKS, ROWS, YEAR, given, own_period, school_of
from tests.cast import Cast
from tests.record.arranging import acting_as

Call = tuple[Actor, dict[str, Any]]


def _terms(cast: Cast, **more: Any) -> Call:
    about = {"organisation": cast.organisation("school"), "year": YEAR, "based_on": 0}
    return cast.school_editor, {**about, **more}


def _given_up(cast: Cast) -> Call:
    row = given(cast.school_editor, cast.organisation("school"))
    return _terms(cast, based_on=row.revision)


def _copied(cast: Cast) -> Call:
    row = given(cast.school_editor, cast.organisation("school"))
    schools = [school_of(cast), school_of(cast, place=1)]
    copied = {"dates": row, "schools": schools, "seen": {}, "with_inset_days": True}
    return cast.school_editor, copied


T, P = "calendars.services.term_dates.", "calendars.services.periods."
CALENDAR: dict[str, Callable[[Cast], Call]] = {
    f"{T}give_term_dates": lambda cast: _terms(cast, half_terms=ROWS),
    f"{T}give_inset_days": lambda cast: _terms(cast, days=[date(2027, 1, 4)]),
    f"{T}inherit_term_dates": _given_up,
    f"{T}copy_term_dates": _copied,
    f"{P}add_period": lambda cast: (cast.school_editor, MOCKS),
    f"{P}change_period": lambda cast: (
        cast.school_editor,
        {"period": own_period(cast), **MOCKS, "severity": "medium", "based_on": 0},
    ),
    f"{P}remove_period": lambda cast: (cast.school_editor, {"period": own_period(cast)}),
    f"{P}change_point": lambda cast: (cast.school_editor, {"key": "sats_2027", **MOCKS}),
    f"{P}hide_point": lambda cast: (
        cast.school_editor,
        {"key": "sats_2027", "every_year": False},
    ),
    f"{P}show_point_again": lambda cast: (cast.school_editor, _hidden(cast)),
}


def _hidden(cast: Cast) -> dict[str, Any]:
    with acting_as(cast.school_editor) as by:
        hide_point(by=by, key="sats_2027", every_year=False)
    return {"key": "sats_2027"}
