"""How far a contact can be relied on, in words: the same ones on every page.

When it was checked and by whom, and what speaks against it since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from contacts.models import CheckedBy
from frontend.components import Component, tag
from frontend.wording import date_words, relative_days


class Checked(Protocol):
    """A posting, or what a page knows of one."""

    @property
    def checked_at(self) -> datetime | None: ...
    @property
    def checked_by(self) -> str: ...
    @property
    def check_due_on(self) -> date | None: ...
    @property
    def disputed_at(self) -> datetime | None: ...
    @property
    def bounced_at(self) -> datetime | None: ...
    @property
    def ended_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Freshness:
    """What to say of a contact, and whether it is in date.

    `doubtful` when something speaks against it, and not only time.
    """

    words: str
    current: bool
    warning: str = ""
    doubtful: bool = False

    @property
    def tag(self) -> Component | None:
        """The warning as a tag; None when there is nothing to warn of."""
        if not self.warning:
            return None
        return tag(self.warning, "red" if self.doubtful else "orange")


def freshness(posting: Checked, today: date | None = None) -> Freshness:
    """The first that holds: left, refused, said to be wrong, never checked, due, checked."""
    today = today or timezone.localdate()
    checked = checked_words(posting, today)
    if posting.ended_on is not None:
        over = posting.ended_on <= today
        words = f"{'Left' if over else 'Leaves'} on {date_words(posting.ended_on)}"
        return Freshness(words, current=False, warning="Left" if over else "Leaving", doubtful=over)
    if posting.bounced_at is not None:
        return Freshness(
            f"{checked}. Email refused on {date_words(posting.bounced_at)}",
            current=False,
            warning="Email refused",
            doubtful=True,
        )
    if posting.disputed_at is not None:
        return Freshness(
            f"{checked}. Someone says this is wrong, on {date_words(posting.disputed_at)}",
            current=False,
            warning="Said to be wrong",
            doubtful=True,
        )
    if posting.checked_at is None:
        return Freshness(checked, current=False, warning="Never checked")
    if posting.check_due_on is not None and posting.check_due_on <= today:
        return Freshness(
            f"{checked}. A new check has been due since {date_words(posting.check_due_on)}",
            current=False,
            warning="Due for a check",
        )
    return Freshness(checked, current=True)


def checked_words(posting: Checked, today: date | None = None) -> str:
    """ "Checked 12 days ago by the person", or "Never checked"."""
    if posting.checked_at is None:
        return "Never checked"
    by = f" by {CheckedBy(posting.checked_by).label}" if posting.checked_by else ""
    return f"Checked {relative_days(posting.checked_at, today)}{by}"
