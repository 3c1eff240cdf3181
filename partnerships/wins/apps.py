"""App configuration."""

from django.apps import AppConfig


class WinsConfig(AppConfig):
    """Small wins, shared or internal to one organisation."""

    name = "partnerships.wins"

    def ready(self) -> None:
        """Register the rules, what wins are called, what is exported and handed over."""
        from partnerships.wins import audit_kinds, exported, handover, permissions  # noqa: F401

        handover.register()
        audit_kinds.register_kinds()
        exported.register()
