"""What the demo's partners do together: a drop-in that runs as a pilot, and an idea."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from calendars.london import today
from initiatives.measures.library import measures
from initiatives.measures.services import (
    Definition,
    Entries,
    Entry,
    add_measure,
    periods_of,
    record_reading,
)
from initiatives.plans.library import templates
from initiatives.plans.models import Initiative
from initiatives.plans.services import (
    Outline,
    add_line,
    move_to_stage,
    name_lead,
    possible_leads,
    start_initiative,
)
from initiatives.reflections.services import reflect
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from overview.demo.sessions import hold_sessions
from partnerships.record.models import MemberState, Partnership
from partnerships.record.selectors import members_of, schools_in

# How many families came in the last months, the earliest first, by the age of their child.
FAMILIES = ((14, 11), (19, 12), (26, 17))


def _measure(by: Actor, initiative: Initiative) -> None:
    """Families who came, month by month, by the age of their child."""
    known = measures()["parental_engagement"]
    with acting(by.scope):
        reached = add_measure(
            by=by,
            initiative=initiative,
            library=known.key,
            definition=Definition(
                name=known.name,
                unit=known.unit,
                direction=known.direction,
                level=known.level,
                period=known.period,
                numerator="Families who came at least once in the month",
                groups=("Child under 2", "Child of 2 to 4"),
                target=Decimal(50),
                source="The register at the hub’s door",
            ),
        )
        reached.initiative = initiative
        spans = periods_of(by, reached)[: len(FAMILIES)]
        for span, numbers in zip(reversed(spans), FAMILIES, strict=True):
            rows = [
                Entry(group, number) for group, number in zip(reached.groups, numbers, strict=True)
            ]
            record_reading(by=by, measure=reached, entries=Entries(span, rows))


def do_together(people: Mapping[str, Actor], hub: Partnership) -> None:
    """A hub that the trust runs as a pilot, with its plan; an idea of the NHS lead."""
    school, lead = people["school trust"], people["nhs lead"]
    began = today() - timedelta(days=70)
    early = templates()["early_years_hub"]
    with acting(school.scope):
        members = [each for each in members_of(hub) if each.state == MemberState.ACCEPTED]
        sites = [each for brought in schools_in(members) for each in brought.schools][:2]
        made = start_initiative(
            by=school,
            partnership=hub,
            outline=Outline(
                name="Early years hub, Tuesdays and Thursdays",
                strand=early.strand,
                aim=early.aim,
                audience="Families with children under five",
                schools=tuple(each.pk for each in sites),
                starts_on=began,
                ends_on=began + timedelta(days=280),
                hours=60,
                pilot=True,
                decide_on=began + timedelta(days=250),
            ),
            template=early.key,
        )
        for side in ("school", "health"):
            offered = possible_leads(school, hub, side)
            person = next((each for each in offered if each.posting or each.user), None)
            name_lead(by=school, initiative=made, side=side, owner=person or offered[0])
        add_line(
            by=school,
            initiative=made,
            kind="milestone",
            words="Ten families have come more than once",
            due_on=today() + timedelta(days=40),
        )
        add_line(
            by=school,
            initiative=made,
            kind="risk",
            words="The health visitor’s post is not filled in spring",
            note="The 0 to 19 service sends a colleague every other week.",
        )
        move_to_stage(by=school, initiative=made, stage="running")
        reflect(
            by=school,
            initiative=made,
            occasion="term",
            went_well="Families stay for a second session, and bring others.",
            change="Start half an hour later, after the school run.",
            missing="Fathers, and families who live further than a bus ride away.",
        )
    _measure(school, made)
    hold_sessions(school, made)
    brushing = templates()["oral_health"]
    with acting(lead.scope):
        start_initiative(
            by=lead,
            partnership=hub,
            outline=Outline(
                name=brushing.name,
                strand=brushing.strand,
                aim=brushing.aim,
                audience="Nursery and reception",
            ),
            template=brushing.key,
        )
