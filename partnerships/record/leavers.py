"""Partnerships follow the directory: who relied on somebody is told that they left.

Which partnerships name a contact of the directory, its admin never learns: the database asks for
the e-mails, each on behalf of the organisation that gets it, and gives back numbers alone.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

from contacts.keeping import followers
from contacts.models import HandOver, Merge, Posting
from organisations import outbox
from organisations.joining import managers
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from partnerships.record.models import NamedContact
from partnerships.record.recipients import is_reachable

LEFT = "contact_left"


class Partnerships(followers.Follower):
    """What becomes of named contacts and deputies."""

    def left(self, posting: Posting) -> None:
        """An e-mail to each organisation, in the partnerships where they are named."""
        _ask("tell_of_leaver", posting.pk)
        outbox.wake_on_commit()

    def number_of_places(self, posting: Posting) -> int:
        """In how many partnerships."""
        return int(_ask("number_of_places", posting.pk))

    def move_places(self, merge: Merge) -> int:
        """Where both were named, the kept one's place is left."""
        return int(_ask("move_places", merge.pk))

    def move_places_back(self, merge: Merge) -> bool:
        """Unless somebody else has been named there meanwhile."""
        return bool(_ask("move_places_back", merge.pk))


def _ask(function: str, key: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tandem.{function}(%s)", [key])
        return cursor.fetchone()[0]


def compose_left(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who left, and in which of the reader's partnerships somebody else is to be named."""
    places = list(
        NamedContact.objects.filter(
            posting__ref=delivery.subject,
            posting__ended_on__isnull=False,
            ended_at=None,
            acl__overlap=[delivery.organisation_id],
        )
        .select_related("partnership", "organisation", "posting__person")
        .order_by("partnership__name", "pk")
    )
    if not places:
        return NotNeeded("Somebody else has been named meanwhile.")
    if not _is_reader(delivery, places):
        return NotNeeded("No longer a contact in these partnerships, or a manager.")
    posting = places[0].posting
    return outbox.letter(
        LEFT,
        subject=f"{posting.person.name} has left {places[0].organisation.name}",
        to=delivery.recipient,
        context={
            "posting": posting,
            "organisation": places[0].organisation,
            "ours": places[0].organisation_id == delivery.organisation_id,
            "places": [
                (each.partnership.name, f"{settings.BASE_URL}/r/p-{each.partnership.ref}/")
                for each in places
            ],
        },
    )


def _is_reader(delivery: Delivery, places: list[NamedContact]) -> bool:
    """Whether it still goes to a contact or deputy of the reader's organisation there, or to one
    of its managers."""
    named = NamedContact.objects.filter(
        ended_at=None,
        partnership__in={each.partnership_id for each in places},
        organisation=delivery.organisation_id,
        posting__details__email__iexact=delivery.recipient,
    ).select_related("posting")
    if any(is_reachable(each) for each in named):
        return True
    return managers.is_one(delivery.recipient, delivery.organisation_id)


def notes_of(postings: list[Posting]) -> dict[int, HandOver]:
    """The latest note that each of several leavers wrote, as far as the reader may see them."""
    found = HandOver.objects.filter(posting__in=postings, written_at__isnull=False)
    return {each.posting_id: each for each in found.order_by("written_at")}


def register() -> None:
    """Follow the directory, and make the e-mail known to the outbox."""
    followers.register(Partnerships())
    outbox.register(
        outbox.Kind(LEFT, "Named contact has left", compose_left, group=outbox.groups.NEWS)
    )
