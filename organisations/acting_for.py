"""Whom a person may act for at an address: asked by every request, and by work done later."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection

from organisations.actor import ActingOrganisation, Actor, Support
from organisations.models import Organisation, Role


def acting_at(person: Actor, slug: str) -> Actor | None:
    """The person acting for the organisation at `slug`, in one statement.

    An operator in a support session acts in no role. None for anyone else who does not belong
    to it, and while it is closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.acting_for(%s, %s)", [person.user_id, slug])
        row = cursor.fetchone()
    if row is None:
        return None
    organisation_id, name, slug, kind, role, support_ref, support_until = row
    organisation = ActingOrganisation(organisation_id, name, slug, kind)
    if support_ref is not None:
        return replace(
            person, organisation=organisation, support=Support(support_ref, support_until)
        )
    return replace(person, organisation=organisation, role=Role(role))


def on_behalf_of(organisation_id: int) -> Actor:
    """Nobody in particular, for an organisation: an e-mail is written as it sees the record."""
    found = Organisation.objects.get(pk=organisation_id)
    return Actor(0, ActingOrganisation(found.pk, found.name, found.slug, found.kind))
