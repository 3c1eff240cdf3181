"""How far what the directory says can be relied on: contacts as everywhere, and gateways."""

from __future__ import annotations

from datetime import date

from contacts.freshness import Freshness, freshness
from contacts.models import Gateway, Posting
from frontend.wording import relative_days


def of(posting: Posting, today: date | None = None) -> Freshness:
    """When a posting was checked last and by whom, and what speaks against it since."""
    return freshness(posting, today)


def of_gateway(gateway: Gateway, today: date | None = None) -> str:
    """When the facts about a gateway were checked, in words."""
    if gateway.described_at is None:
        return "Waiting for details"
    checked = gateway.checked_at or gateway.described_at
    return f"Checked {relative_days(checked, today)} by the regional admin"
