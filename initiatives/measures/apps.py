"""App configuration."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """What initiatives are judged by, and what may be told of it."""

    name = "initiatives.measures"

    def ready(self) -> None:
        """Register the rules, what measures are called, what is exported and handed over."""
        from initiatives.measures import (  # noqa: F401
            audit_kinds,
            exported,
            handover,
            permissions,
            reorganised,
        )

        handover.register()
        audit_kinds.register_kinds()
        exported.register()
        reorganised.register_own()
