"""What this alcove holds of an organisation that ends: agreements it is a party to."""

from __future__ import annotations

from organisations.reorganising.registry import Affected, register


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="agreements",
            label="Agreements",
            follows="Goes along; to be signed anew",
            about="An agreement goes along with its partnership as it is. On its page the "
            "members name the successor in a new version, which everyone signs.",
            order=40,
        )
    )
