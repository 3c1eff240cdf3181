"""Filling the demonstration's directory, through the services that its admin uses."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from calendars.london import today
from contacts.directory_services import change_posting, list_posting
from contacts.gateways.services import add_meetings, change_gateway
from contacts.keeping.selectors import place_for
from contacts.keeping.services import report_posting
from contacts.models import CheckedBy, Gateway, Posting, Region, RoleType
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.tenancy.scope import acting
from overview.demo import directory_story as story


def fill(admin: Actor, region: Region, reader: Actor) -> None:
    """Contacts in every state, gateways with their meetings, and what a reader says is wrong."""
    with acting(admin.scope):
        people = {each.name: _listed(admin, region, each) for each in story.PEOPLE}
        for leader, deputy in story.DEPUTIES.items():
            change_posting(by=admin, posting=people[leader], deputy=people[deputy])
        _describe_gateways(admin, region)
    with acting(reader.scope):
        posting = Posting.objects.get(pk=people[story.REPORTED].pk)
        report_posting(
            by=reader, posting=posting, kind="details", note="The number rings out. Illustration."
        )


def _listed(admin: Actor, region: Region, person: story.Listed) -> Posting:
    kind, code = story.ORGANISATIONS[person.organisation]
    organisation = Organisation.objects.get(kind=kind, code=code)
    role = RoleType.objects.get(key=person.role)
    address = re.sub(r"[^a-z]+", "-", person.name.lower()).strip("-")
    posting = list_posting(
        by=admin,
        region=region,
        organisation=organisation,
        name=person.name,
        job_title=role.name,
        email=f"{address}@demo.example",
        role_type=role,
        place=place_for(organisation, region),
        visibility=person.visibility,
        source=story.SOURCE,
    )
    if person.days is not None:
        posting.checked_at = timezone.now() - timedelta(days=person.days)
        posting.checked_by = CheckedBy.PERSON
        posting.save(update_fields=["checked_at", "checked_by"])
    return posting


def _describe_gateways(admin: Actor, region: Region) -> None:
    for place, kinds in story.GATEWAYS.items():
        for kind, (name, how_to_reach, days) in kinds.items():
            gateway = Gateway.objects.select_related("place__council").get(
                place__name=place, type__key=kind
            )
            assert gateway.place is not None
            change_gateway(
                by=admin,
                region=region,
                gateway=gateway,
                name=name,
                host=gateway.place.council,
                how_to_reach=f"{how_to_reach}. {story.SOURCE}.",
                email=f"{kind.replace('_', '-')}-{place.lower()}@demo.example",
                source=story.SOURCE,
            )
            meetings = [today() + timedelta(days=ahead) for ahead in days]
            if meetings:
                early = timedelta(days=story.DAYS_FOR_PAPERS)
                add_meetings(
                    by=admin,
                    region=region,
                    gateway=gateway,
                    meetings=[(day, day - early) for day in meetings],
                )
