"""A partnership with people on every side, arranged through the services.

school   opened it; a named contact and a deputy
health   accepted; a named contact and a deputy
council  recorded only, so it sees nothing; a deputy and no named contact
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from contacts.models import Posting
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.tenancy.scope import acting
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.services.contacts import name_contact
from partnerships.record.services.opening import add_partner, open_partnership
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import schedule_touchpoint
from tests.cast import Cast
from tests.tenancy.world import accept

SCHOOL, SCHOOL_DEPUTY = "school-contact@school.example", "school-deputy@school.example"
HEALTH, HEALTH_DEPUTY = "health-contact@health.example", "health-deputy@health.example"
COUNCIL_DEPUTY = "council-deputy@council.example"
TOLD = {SCHOOL, HEALTH, COUNCIL_DEPUTY}
# A Thursday in term, no holiday near it; its reminder is due the day before.
DAY, CLOCK = date(2027, 1, 14), time(15, 30)
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@dataclass
class Scene:
    """The partnership and who is in it."""

    cast: Cast
    partnership: Partnership
    postings: dict[str, Posting]


def arrange(cast: Cast) -> Scene:
    """Arrange it in committed transactions, each side in its own name."""
    school, health = cast.school_editor, cast.health_editor
    postings: dict[str, Posting] = {}
    with acting(school.scope), transaction.atomic():
        partnership = open_partnership(
            by=school,
            name="Health hub",
            purpose="A health hub on the school site",
            partner=cast.organisation("health"),
        )
        add_partner(by=school, partnership=partnership, partner=cast.organisation("council"))
        for part, function, email in (
            ("school", "named", SCHOOL),
            ("school", "deputy", SCHOOL_DEPUTY),
            ("health", "named", HEALTH),
            ("health", "deputy", HEALTH_DEPUTY),
            ("council", "deputy", COUNCIL_DEPUTY),
        ):
            postings[email] = contact(
                school, partnership, cast, part=part, function=function, email=email
            )
        Member.objects.filter(
            partnership=partnership, organisation=cast.organisation("health")
        ).update(state=MemberState.INVITED)
    with acting(health.scope), transaction.atomic():
        accept(
            Member.objects.get(partnership_id=partnership.pk, organisation=health.organisation_id),
            by=health,
        )
    with acting(school.scope), transaction.atomic():
        partnership.refresh_from_db()
    return Scene(cast, partnership, postings)


def contact(
    by: Actor, partnership: Partnership, cast: Cast, *, part: str, function: str, email: str
) -> Posting:
    """Name a contact or deputy, known by the part they play."""
    return name_contact(
        by=by,
        partnership=partnership,
        organisation=cast.organisation(part),
        function=function,
        name=f"{part} {function}".capitalize(),
        job_title="Lead",
        email=email,
        source="Its website",
    ).posting


def plan(**more: Any) -> dict[str, Any]:
    """A plan that nothing is wrong with, but for what the test changes."""
    return {
        "kind": "update",
        "date": DAY,
        "time": CLOCK,
        "minutes": 30,
        "venue": "Goldsmith Primary Academy",
        "agenda": "Rooms\nDates",
        **more,
    }


def schedule(scene: Scene, part: str = "school_editor", **more: Any) -> Touchpoint:
    """Schedule a touchpoint in a committed transaction."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return schedule_touchpoint(by=by, partnership=scene.partnership, **plan(**more))


def gone_by(
    scene: Scene, part: str = "school_editor", *, hours: int = 2, **more: Any
) -> Touchpoint:
    """A touchpoint that began some hours ago: nobody may schedule it, so it is put there."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        assert by.organisation_id is not None
        return Touchpoint.objects.create(
            partnership=scene.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=datetime.now(UTC) - timedelta(hours=hours),
            **more,
        )


def deliveries(scene: Scene, part: str = "school_editor", **filters: Any) -> list[Delivery]:
    """What the outbox holds, as a member sees it; what asks for the outcome, only by its kind."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        found = Delivery.objects.filter(**filters).order_by("id")
        return list(found if "kind" in filters else found.exclude(kind="touchpoint_outcome"))


def mark(superuser: Any, state: str, **where: Any) -> None:
    """Let deliveries have come to a state, as the worker would."""
    condition = " AND ".join(f"{name} = %({name})s" for name in where) or "true"
    phase = 2 if state == "sent" else 0
    superuser.execute(
        f"UPDATE organisations_delivery SET state = %(state)s::text, phase = {phase}, "
        f"sent_at = CASE WHEN %(state)s::text = 'sent' THEN now() END, "
        f"payload = CASE WHEN %(state)s::text = 'sent' THEN '{{}}' ELSE payload END "
        f"WHERE {condition}",
        {"state": state, **where},
    )


def refuse_mail(superuser: Any, address: str) -> None:
    """Let the addresses like this one have come back."""
    superuser.execute(
        "UPDATE contacts_posting SET bounced_at = now() WHERE id IN "
        "(SELECT posting_id FROM contacts_workdetails WHERE email LIKE %s)",
        [address],
    )
