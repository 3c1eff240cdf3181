"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Initiatives of a partnership and how they are planned."""

    name = "initiatives.plans"

    def ready(self) -> None:
        """Register the rules, what initiatives are called, what is exported."""
        from initiatives.plans import audit_kinds, exported, permissions  # noqa: F401

        audit_kinds.register_kinds()
        exported.register()
