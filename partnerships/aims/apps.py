"""App configuration."""

from django.apps import AppConfig


class AimsConfig(AppConfig):
    """Shared priorities and the shared aim of a partnership."""

    name = "partnerships.aims"

    def ready(self) -> None:
        """Register the rules, what aims are called and what is exported."""
        from partnerships.aims import audit_kinds, exported, permissions  # noqa: F401

        audit_kinds.register_kinds()
        exported.register()
