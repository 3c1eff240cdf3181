"""What an address wants of its e-mails, read.

Of whoever acts, by their own verified address; for whoever holds the link in an e-mail, of the
address that it went to. The database's functions decide which address that is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import connection

from organisations.models import Choice
from organisations.outbox.preferences.groups import DIGEST, Group, groups_to_choose
from organisations.outbox.preferences.quiet import Quiet
from organisations.tenancy.scope import NOBODY, acting


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that an address chose. `reminders`: minutes before a touchpoint, or None for
    what its series says. `belongs`: to somebody who gets summaries unless they say no."""

    address: str
    choices: Mapping[str, str]
    quiet: Quiet
    reminders: Sequence[int] | None
    belongs: bool

    def choice(self, group: Group) -> Choice:
        """What holds for a group."""
        return Choice(self.choices.get(group.name, group.usual))

    @property
    def groups(self) -> list[Group]:
        """What there is to choose for this address."""
        return [group for group in groups_to_choose() if self.belongs or group.name != DIGEST]

    def choices_of(self, group: Group) -> list[Choice]:
        """What may be chosen for a group: nothing is told in a summary that does not come."""
        return [each for each in group.choices if self.belongs or each != Choice.DIGEST]


def wishes_of(reference: str = "") -> Wishes | None:
    """What the address behind an e-mail's reference wants, or that of whoever acts; None without
    a verified address, and for an unknown reference."""
    with for_whose(reference), connection.cursor() as cursor:
        cursor.execute(
            "SELECT address, choices, quiet_from, quiet_until, quiet_weekends, reminder_minutes, "
            "belongs FROM tandem.mail_wishes(%s)",
            [reference],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    address, choices, since, until, weekends, reminders, belongs = row
    return Wishes(address, json.loads(choices), Quiet(since, until, weekends), reminders, belongs)


def for_whose(reference: str) -> AbstractContextManager[object]:
    """The scope in which wishes are looked up: whoever holds a link is nobody, signed in or not."""
    return acting(NOBODY) if reference else nullcontext()


def reminder_offsets_of(addresses: Collection[str]) -> dict[str, list[int] | None]:
    """For each address, how many minutes before a touchpoint it is reminded; None: as its series
    says. One statement."""
    known = {address: address.lower() for address in addresses}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address, minutes FROM tandem.reminders_of(%s)", [list(known.values())]
        )
        chosen = dict(cursor.fetchall())
    return {address: chosen.get(lower) for address, lower in known.items()}
