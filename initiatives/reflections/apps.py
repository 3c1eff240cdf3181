"""App configuration."""

from django.apps import AppConfig


class ReflectionsConfig(AppConfig):
    """What is learnt from an initiative."""

    name = "initiatives.reflections"

    def ready(self) -> None:
        """Register the rules, what reflections are called, what is exported and stays."""
        from initiatives.reflections import (  # noqa: F401
            audit_kinds,
            exported,
            handover,
            permissions,
        )

        handover.register()
        audit_kinds.register_kinds()
        exported.register()
