"""What went well in the demo's partnership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from calendars.london import today
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.wins.services import log_win


def celebrate(people: Mapping[str, Actor], hub: Partnership) -> None:
    """One win of each side, shared; one that the trust keeps to itself for now."""
    school, lead = people["school trust"], people["nhs lead"]
    with acting(school.scope):
        log_win(
            by=school,
            partnership=hub,
            line="The waiting area opened, with a bench made in design and technology",
            happened_on=today() - timedelta(days=12),
            internal=False,
            quote="Families stay for a chat now.",
            quoted="A nursery teacher",
        )
        log_win(
            by=school,
            partnership=hub,
            line="The council’s newsletter wants to write about the hub",
            happened_on=today() - timedelta(days=2),
            internal=True,
        )
    with acting(lead.scope):
        log_win(
            by=lead,
            partnership=hub,
            line="Health visitors and nursery staff share one timetable for the first time",
            happened_on=today() - timedelta(days=20),
            internal=False,
        )
