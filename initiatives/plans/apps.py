"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Initiatives of a partnership and how they are planned."""

    name = "initiatives.plans"

    def ready(self) -> None:
        """Register the rules, what initiatives are called, what is exported, passed on, settled."""
        from initiatives.plans import (  # noqa: F401
            audit_kinds,
            exported,
            handover,
            leaving,
            permissions,
            reorganised,
        )

        handover.register()
        audit_kinds.register_kinds()
        exported.register()
        leaving.register()
        reorganised.register_own()
