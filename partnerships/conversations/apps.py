"""App configuration."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Conversations, shared or internal to one organisation."""

    name = "partnerships.conversations"
