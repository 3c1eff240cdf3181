"""App configuration."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Conversations, shared or internal to one organisation."""

    name = "partnerships.conversations"

    def ready(self) -> None:
        """Register the rules about partnerships and conversations."""
        from partnerships.conversations import permissions  # noqa: F401
