"""Changing what an address wants of its e-mails.

`by` is whoever acts, whose own verified address it is; with `reference` it is the address that an
e-mail went to whose link somebody holds, signed in or not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models.mail_wishes import LONGEST_REMINDER, MOST_REMINDERS
from organisations.outbox.preferences.groups import group_named
from organisations.outbox.preferences.quiet import Quiet
from organisations.outbox.preferences.selectors import for_whose

Changed = Callable[[str], object]
_on_reminders_changed: list[Changed] = []


@transaction.atomic
def choose(
    *, by: Actor | None, choices: Mapping[str, str], reference: str = ""
) -> dict[str, list[str]]:
    """Keep what somebody chose for groups; says for each changed one what it was and is.

    Raises ValidationError for a choice that a group does not have.
    """
    for name, choice in choices.items():
        if choice not in group_named(name).choices:
            raise ValidationError({name: "Choose one of these."})
    before = _call("choose_mail(%s, %s)", reference, json.dumps(dict(choices)))
    changed = {
        name: [was or group_named(name).usual.value, choices[name]]
        for name, was in json.loads(before or "{}").items()
        if (was or group_named(name).usual) != choices[name]
    }
    if changed:
        audit.record("emails chosen", by=by, changes=changed)
    return changed


@transaction.atomic
def keep_quiet_hours(*, by: Actor | None, quiet: Quiet, reference: str = "") -> bool:
    """Keep when an address wants no e-mail; says whether that is new.

    Raises ValidationError for hours that begin when they end, or have only one of both.
    """
    if (quiet.since is None) != (quiet.until is None):
        missing = "quiet_from" if quiet.since is None else "quiet_until"
        raise ValidationError({missing: "Enter both times, or neither."})
    if quiet.since is not None and quiet.since == quiet.until:
        raise ValidationError({"quiet_until": "Quiet hours cannot end when they begin."})
    changed = bool(
        _call(
            "set_quiet_hours(%s, %s, %s, %s)", reference, quiet.since, quiet.until, quiet.weekends
        )
    )
    if changed:
        audit.record("quiet hours changed", by=by)
    return changed


@transaction.atomic
def keep_reminders(*, by: Actor | None, minutes: Sequence[int] | None, reference: str = "") -> bool:
    """Keep how long before a touchpoint an address is reminded (None: as its series says).

    What is registered is told of it, in the same transaction, when that is new.
    Raises ValidationError for none, for too many, and for one that is too early.
    """
    if minutes is not None:
        minutes = sorted(set(minutes), reverse=True)
        if not 1 <= len(minutes) <= MOST_REMINDERS:
            raise ValidationError({"reminder_times": f"Choose one to {MOST_REMINDERS} times."})
        if minutes[0] > LONGEST_REMINDER or minutes[-1] < 0:
            raise ValidationError({"reminder_times": "Choose times within sixty days."})
    changed = bool(_call("set_reminders(%s, %s)", reference, minutes))
    if changed:
        audit.record("reminder times changed", by=by, changes={"minutes": [None, minutes]})
        with for_whose(reference):
            for told in _on_reminders_changed:
                told(reference)
    return changed


def on_reminders_changed(told: Changed) -> None:
    """Have `told(reference)` called when somebody changes how long before they are reminded.

    For `AppConfig.ready`. It is called in the transaction of the change, with the reference that
    says whose address it is, as in these services; empty for that of whoever acts.
    """
    if told not in _on_reminders_changed:
        _on_reminders_changed.append(told)


def _call(function: str, reference: str, *values: Any) -> Any:
    with for_whose(reference), connection.cursor() as cursor:
        cursor.execute(f"SELECT tandem.{function}", [reference, *values])
        return cursor.fetchone()[0]
