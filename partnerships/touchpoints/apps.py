"""App configuration."""

from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    """Touchpoints, their reminders and outcomes."""

    name = "partnerships.touchpoints"
