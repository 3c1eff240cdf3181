"""App configuration."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Pages that compose every floor: home, the partnership page, neutral links."""

    name = "overview"
