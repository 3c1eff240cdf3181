"""Arranging partnerships for tests, each step through its service in a committed transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record import services
from partnerships.record.models import Invitation, Member, NamedContact, Partnership
from tests.cast import Cast

# The NHS’s own published example; its check digit is right.
NHS_NUMBER = "943 476 5919"
DETAILS = {
    "name": "Community manager",
    "job_title": "Head of children’s services",
    "email": "community@health.example",
    "telephone": "0121 496 0000",
    "source": "their website",
}


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """A committed transaction in someone's scope."""
    with acting(actor.scope), transaction.atomic():
        yield actor


def opened(cast: Cast, partner: str = "health", name: str = "Health hub") -> Partnership:
    """A partnership of the school trust with one partner, not invited yet."""
    with acting_as(cast.school_editor) as by:
        return services.open_partnership(
            by=by, name=name, purpose="A hub", partner=cast.organisation(partner)
        )


def member(cast: Cast, partnership: Partnership, part: str, by: str = "school_editor") -> Member:
    """The place of an organisation, as someone sees it."""
    with acting_as(cast.actors[by]):
        return Member.objects.select_related("partnership", "organisation").get(
            partnership=partnership, organisation=cast.organisation(part)
        )


def invited(cast: Cast, partnership: Partnership, part: str = "health") -> Invitation:
    """The invitation of a partner, just sent."""
    with acting_as(cast.school_editor) as by:
        return services.invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation(part),
            email=f"door@{part}.example",
            message="Join us",
        )


def answered(
    cast: Cast, invitation: Invitation, by: str = "health_editor", *, accept: bool = True
) -> Member:
    """The invited organisation's answer."""
    with acting_as(cast.actors[by]) as actor:
        place = Member.objects.get(
            partnership_id=invitation.partnership_id, organisation_id=actor.organisation_id
        )
        return services.answer_invitation(
            by=actor, member=place, accept=accept, reason="" if accept else "Not this year"
        )


def shared(cast: Cast) -> Partnership:
    """A partnership of the school trust that the NHS trust has accepted."""
    partnership = opened(cast)
    answered(cast, invited(cast, partnership))
    with acting_as(cast.school_editor):
        return Partnership.objects.get(pk=partnership.pk)


def named(
    cast: Cast,
    partnership: Partnership,
    part: str = "health",
    by: str = "school_editor",
    function: str = "named",
    **details: object,
) -> NamedContact:
    """Someone named on one side."""
    given = details if "posting" in details else {**DETAILS, **details}
    with acting_as(cast.actors[by]) as actor:
        return services.name_contact(
            by=actor,
            partnership=partnership,
            organisation=cast.organisation(part),
            function=function,
            **given,  # type: ignore[arg-type]
        )


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What a page asked of the database, but for the session, which may be in the cache or not."""
    said = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in said if "django_session" not in sql]


def once_in(page: str) -> str:
    """The token of the form on a page."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None, "the page holds no form that writes"
    return found[1]


def sent(client: Client, address: str, **values: str) -> HttpResponse:
    """Open a page and send its form, based on what it shows."""
    page = client.get(address).text
    based_on = dict(re.findall(r'name="(based_on)" value="([^"]+)"', page))
    return client.post(address, {"once": once_in(page), **based_on, **values})  # type: ignore[return-value]
