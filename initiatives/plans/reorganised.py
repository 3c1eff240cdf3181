"""What this alcove holds of an organisation that ends: initiatives it looks after or leads."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="initiatives",
            label="Initiatives",
            follows="Goes along with its partnership",
            about="The organisation that takes its place in the partnership looks after and "
            "leads them.",
            order=42,
        )
    )
