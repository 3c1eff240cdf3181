"""What this alcove holds of an organisation that ends: what it measures."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register it; for `AppConfig.ready`."""
    register(
        Affected(
            name="measures",
            label="Measures",
            follows="Measured on by the successor",
            about="The organisation that takes its place in the partnership measures the same from "
            "then on, as a measure of its own. The readings until then stay with the former one.",
            order=44,
        )
    )
