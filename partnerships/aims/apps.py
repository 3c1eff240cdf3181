"""App configuration."""

from django.apps import AppConfig


class AimsConfig(AppConfig):
    """Shared priorities and the shared aim of a partnership."""

    name = "partnerships.aims"

    def ready(self) -> None:
        """Register the rules and what is exported."""
        from partnerships.aims import exported, permissions  # noqa: F401

        exported.register()
