"""A manager takes their organisation out of Tandem. What it shared stays with its partners."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, outbox, permissions
from organisations.actor import Actor
from organisations.joining import mail
from organisations.joining.registry import foretold, on_leaving
from organisations.models import Membership, Organisation, PersonInvitation
from organisations.people.services.holding import hold_people
from organisations.permissions import Permission

WITHDRAWN = "The organisation has left Tandem."


@transaction.atomic
def leave(*, by: Actor, name: str) -> None:
    """Close the organisation for all its people at once.

    `name` is its name, typed again. Memberships end, open invitations are revoked, what would
    still go out on its behalf is taken back, and it leaves other organisations' partnerships.
    Raises ValidationError when the name is another one.
    """
    permissions.require(by, Permission.LEAVE_TANDEM)
    assert by.organisation is not None
    if _plain(name) != _plain(by.organisation.name):
        raise ValidationError({"name": f"Type the name exactly: {by.organisation.name}"})
    hold_people(by)
    # First: what the others ask for on its behalf from here on tells of its leaving.
    ended = {"withdrawn": outbox.withdraw_all(organisation_id=by.organisation.id, reason=WITHDRAWN)}
    for end in on_leaving.listeners:
        ended |= end(by)
    now = timezone.now()
    ended["invitations"] = PersonInvitation.objects.filter(
        organisation_id=by.organisation.id, used_at=None, revoked_at=None
    ).update(revoked_at=now)
    belonging = Membership.objects.filter(organisation_id=by.organisation.id, ended_at=None)
    addresses = list(belonging.values_list("user__email", flat=True))
    # The others while the person still is a manager; then the organisation; then oneself, whom
    # the database would otherwise keep as the last manager.
    ended["people"] = belonging.exclude(user_id=by.user_id).update(ended_at=now) + 1
    organisation = Organisation.objects.get(pk=by.organisation.id)
    audit.record("organisation left", by=by, obj=organisation, changes={"ended": ended})
    Organisation.objects.filter(pk=organisation.pk).update(joined_at=None, left_at=TransactionNow())
    belonging.filter(user_id=by.user_id).update(ended_at=now)
    mail.say_left(organisation, addresses)


def what_would_end(actor: Actor) -> list[str]:
    """What leaving would end, in sentences with numbers, for the page that asks."""
    return [words for tell in foretold.listeners for words in tell(actor)]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
