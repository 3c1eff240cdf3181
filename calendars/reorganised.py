"""What this floor holds of an organisation that ends: its term dates."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="term_dates",
            label="Term dates",
            follows="Copied, where the successor has none of that year",
            about="The successor’s own dates stand. Where it has none of a year, it gets a copy.",
            order=24,
        )
    )
