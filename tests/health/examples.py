"""A partnership in good health, from which tests take away one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from organisations.models import Sector
from overview.health.facts import (
    Aim,
    Contact,
    Facts,
    InWriting,
    Measured,
    Meeting,
    Partner,
    Talks,
    Together,
)
from partnerships.record.models import ContactFunction

TODAY = date(2027, 5, 12)
TRUST, HOSPITAL, COUNCIL = 1, 2, 3


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def held(days: int, **more: Any) -> Meeting:
    """A touchpoint that took place, two people of each side there."""
    came = frozenset({(TRUST, 11), (TRUST, 12), (HOSPITAL, 21), (HOSPITAL, 22)})
    given = {"state": "held", "over": True, "came": came, "logged_by": TRUST, **more}
    return Meeting(ago(days), **given)


def planned(days: int) -> Meeting:
    """A touchpoint to come in so many days."""
    return Meeting(ago(-days), "scheduled", over=False, ref="coming")


WELL = Facts(
    today=TODAY,
    opened_on=date(2026, 9, 3),
    term=("Summer", date(2027, 4, 12), date(2027, 7, 21)),
    partners=(
        Partner(TRUST, "Trust", "trust", Sector.SCHOOL),
        Partner(HOSPITAL, "Hospital", "hospital", Sector.HEALTH),
    ),
    contacts=tuple(Contact(o, f) for o in (TRUST, HOSPITAL) for f in ContactFunction),
    meetings=(held(80), held(45), held(10), planned(20)),
    series_running=True,
    talks=(
        Talks(TRUST, 4, ago(30), date(2026, 9, 10)),
        Talks(HOSPITAL, 2, ago(50), None),
    ),
    aim=Aim(2, frozenset({TRUST, HOSPITAL})),
    agreements=(InWriting("abc", "Our agreement", True, ago(-200), ago(-500)),),
    initiatives=(
        Together(
            "abc",
            "Weekly drop-in",
            reflected=True,
            measures=(Measured("Pupils reached", 3, ago(20), ago(200), 31),),
        ),
    ),
)


def but(**changed: Any) -> Facts:
    """The healthy partnership with something changed."""
    return replace(WELL, **changed)
