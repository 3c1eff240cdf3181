"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration: invented records about public organisations, and its mail folder."""

    name = "overview.demo"
