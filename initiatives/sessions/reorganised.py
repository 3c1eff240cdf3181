"""What this alcove holds of an organisation that ends: sessions that its staff are to run."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="sessions",
            label="Sessions to come",
            follows="Goes along with its partnership",
            about="The organisation that takes its place in the partnership runs them. What was "
            "held stays as it is.",
            order=43,
        )
    )
