"""What the demo's partners want to reach: written by the trust, agreed by the trust and the NHS."""

from __future__ import annotations

from collections.abc import Mapping

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.aims.services import agree_aim, comment_on_aim, write_aim
from partnerships.record.models import Partnership

PRIORITIES = ("Emotional wellbeing", "School attendance", "Quicker help in school")
FIRST = "Pupils who need help with their wellbeing get it in school."
SECOND = (
    "By July, every pupil who needs help with their wellbeing has a first appointment in their own "
    "school within six weeks."
)


def agree_on(people: Mapping[str, Actor], hub: Partnership) -> None:
    """Two versions; the second is agreed by two of the three members."""
    school, lead = people["school trust"], people["nhs lead"]
    with acting(school.scope):
        write_aim(by=school, partnership=hub, priorities=PRIORITIES[:2], aim=FIRST, based_on=0)
    with acting(lead.scope):
        said = "Could we say by when, and how soon a pupil is seen?"
        comment_on_aim(by=lead, partnership=hub, text=said)
    with acting(school.scope):
        write_aim(by=school, partnership=hub, priorities=PRIORITIES, aim=SECOND, based_on=1)
        agree_aim(by=school, partnership=hub, number=2, role="Chief executive")
    with acting(lead.scope):
        agree_aim(by=lead, partnership=hub, number=2, role="Director of partnerships")
