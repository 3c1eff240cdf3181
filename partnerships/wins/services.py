"""Logging, sharing and taking back wins: every write to them, and no reading."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.record.models import Partnership
from partnerships.record.services.members import hold_partnership
from partnerships.wins.models import LONGEST_LINE, LONGEST_QUOTE, LONGEST_ROLE, Win

EARLIEST = date(2000, 1, 1)
NO_ROLE = "Enter the role of whoever said it, like A head teacher"


@transaction.atomic
def log_win(
    *,
    by: Actor,
    partnership: Partnership,
    line: str,
    happened_on: date,
    internal: bool,
    quote: str = "",
    quoted: str = "",
) -> Win:
    """Log what went well, in the name of the acting organisation.

    An `internal` one is seen by that organisation alone. Raises ValidationError, keyed by field,
    for an empty or too long text, a quote without the role of whoever said it, and a day to come or
    one before 2000. The same line of the same day again does nothing.
    """
    permissions.require(by, Permission.LOG_WIN, partnership)
    assert by.organisation_id is not None
    said = {
        "line": " ".join(line.split()),
        "quote": " ".join(quote.split()),
        "quoted": " ".join(quoted.split()),
    }
    _check(happened_on=happened_on, **said)
    hold_partnership(partnership.pk)
    before = Win.objects.filter(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        happened_on=happened_on,
        withdrawn_at=None,
        **said,
    ).first()
    if before is not None:
        return before
    win = Win.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        happened_on=happened_on,
        internal=internal,
        **said,
    )
    audit.record("win logged", by=by, obj=win, changes={"internal": [None, internal]})
    return win


@transaction.atomic
def share_win(*, by: Actor, win: Win) -> Win:
    """Show an internal one to every member, from now on and for good. Twice is once.

    Raises ValidationError for one that was taken back.
    """
    current = _locked(by, win)
    if not current.internal:
        return current
    current.internal, current.shared_at = False, timezone.now()
    current.save(update_fields=["internal", "shared_at"])
    audit.record("win shared", by=by, obj=current, changes={"internal": [True, False]})
    return current


@transaction.atomic
def take_win_back(*, by: Actor, win: Win) -> Win:
    """Show its text no longer; that there was one stays in the record.

    Raises ValidationError when that has been done already.
    """
    current = _locked(by, win)
    current.withdrawn_at, current.withdrawn_by_id = timezone.now(), by.user_id
    current.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("win taken back", by=by, obj=current)
    return current


def _locked(by: Actor, win: Win) -> Win:
    """The win as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, Permission.CHANGE_WIN, win)
    hold_partnership(win.partnership_id)
    current = Win.objects.select_for_update().get(pk=win.pk)
    if current.withdrawn_at is not None:
        raise ValidationError("This win has been taken back already.")
    return current


def _check(*, line: str, quote: str, quoted: str, happened_on: date) -> None:
    problems: dict[str, str] = {}
    if not says_something(line):
        problems["line"] = "Enter what went well, in one line"
    elif len(line) > LONGEST_LINE:
        problems["line"] = f"What went well must be {LONGEST_LINE} characters or fewer"
    if len(quote) > LONGEST_QUOTE:
        problems["quote"] = f"What somebody said must be {LONGEST_QUOTE} characters or fewer"
    elif quoted and not says_something(quote):
        problems["quote"] = "Enter what they said, or leave out who said it"
    if quote and not says_something(quoted):
        problems["quoted"] = NO_ROLE
    elif len(quoted) > LONGEST_ROLE:
        problems["quoted"] = f"The role must be {LONGEST_ROLE} characters or fewer"
    if happened_on > today():
        problems["happened_on"] = "The day must be today or in the past"
    elif happened_on < EARLIEST:
        problems["happened_on"] = "The day must be in 2000 or later"
    if problems:
        raise ValidationError(problems)
