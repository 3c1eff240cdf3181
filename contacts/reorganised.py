"""What this floor holds of an organisation that ends: people in roles there, and gateways."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="postings",
            label="People in roles there",
            follows="The same role at the successor",
            about="Each has the same role at the successor from that day on. What was "
            "before says still where they were. You see job titles, not names.",
            order=20,
        )
    )
    register(
        Affected(
            name="gateways",
            label="Gateways that it hosts",
            follows="Hosted by the successor",
            about="The successor hosts them from that day on.",
            order=22,
        )
    )
