"""App configuration."""

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    """The demonstration: invented records about public organisations, and its mail folder."""

    name = "overview.demo"

    def ready(self) -> None:
        """Lead to the mail folder from every page of a demo."""
        from frontend import navigation

        if settings.DEMO:
            navigation.register_footer("demo-mail", "Mail of this demo", "demo-mail", order=90)
