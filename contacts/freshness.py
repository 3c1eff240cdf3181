"""How sure it is that a contact is still right, in words: the same ones on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from contacts.models import CheckedBy
from frontend.wording import date_words, relative_days


class Checked(Protocol):
    """A posting, or what a page knows of one."""

    @property
    def checked_at(self) -> datetime | None: ...
    @property
    def checked_by(self) -> str: ...
    @property
    def disputed_at(self) -> datetime | None: ...
    @property
    def bounced_at(self) -> datetime | None: ...
    @property
    def ended_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known, in words; `doubtful` when it is better not relied on."""

    words: str
    doubtful: bool = False


def freshness(posting: Checked) -> Freshness:
    """The first that holds: left, refused, said to be wrong, checked and by whom, never checked."""
    if posting.ended_on is not None:
        over = posting.ended_on < timezone.localdate()
        return Freshness(
            f"{'Left' if over else 'Leaves'} on {date_words(posting.ended_on)}", doubtful=over
        )
    if posting.bounced_at is not None:
        return Freshness(f"Email refused on {date_words(posting.bounced_at)}", doubtful=True)
    if posting.disputed_at is not None:
        return Freshness("Someone says this is wrong", doubtful=True)
    if posting.checked_at is None:
        return Freshness("Never checked")
    words = f"Checked {relative_days(posting.checked_at)}"
    if posting.checked_by:
        words += f" by {CheckedBy(posting.checked_by).label}"
    return Freshness(words)
