"""How far a posting can be relied on, in words: when it was checked, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from contacts.models import CheckedBy, Gateway, Posting
from frontend.components import Component, tag
from frontend.wording import date_words, relative_days


@dataclass(frozen=True, slots=True)
class Freshness:
    """What to say of a posting, and whether it is in date."""

    words: str
    current: bool
    warning: str = ""

    @property
    def tag(self) -> Component | None:
        """The warning as a tag; None when there is nothing to warn of."""
        return tag(self.warning, "orange") if self.warning else None


def of(posting: Posting, today: date | None = None) -> Freshness:
    """When a posting was checked last and by whom, and what speaks against it since."""
    today = today or timezone.localdate()
    checked = _checked(posting, today)
    if posting.bounced_at is not None:
        return Freshness(
            f"{checked}. Email to them came back on {date_words(posting.bounced_at)}",
            current=False,
            warning="Email came back",
        )
    if posting.disputed_at is not None:
        return Freshness(
            f"{checked}. On {date_words(posting.disputed_at)} somebody said that this is wrong",
            current=False,
            warning="Said to be wrong",
        )
    if posting.checked_at is None:
        return Freshness(checked, current=False, warning="Not checked yet")
    if posting.check_due_on is not None and posting.check_due_on <= today:
        return Freshness(
            f"{checked}. A new check has been due since {date_words(posting.check_due_on)}",
            current=False,
            warning="Due for a check",
        )
    return Freshness(checked, current=True)


def _checked(posting: Posting, today: date) -> str:
    if posting.checked_at is None:
        return "Nobody has checked this yet"
    by = f" by {CheckedBy(posting.checked_by).label}" if posting.checked_by else ""
    return f"Checked {relative_days(posting.checked_at, today)}{by}"


def of_gateway(gateway: Gateway, today: date | None = None) -> str:
    """When the facts about a gateway were checked, in words."""
    if gateway.described_at is None:
        return "Waiting for details"
    checked = gateway.checked_at or gateway.described_at
    return f"Checked {relative_days(checked, today)} by the regional admin"
