"""App configuration."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Conversations, shared or internal to one organisation."""

    name = "partnerships.conversations"

    def ready(self) -> None:
        """Register the rules about conversations, and what becomes of them when someone goes."""
        from partnerships.conversations import audit_kinds, exported, handover, permissions  # noqa: F401

        handover.register()
        audit_kinds.register_kinds()
        exported.register()
