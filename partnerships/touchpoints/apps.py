"""App configuration."""

from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    """Touchpoints, their reminders and outcomes."""

    name = "partnerships.touchpoints"

    def ready(self) -> None:
        """Register the rules about touchpoints and the e-mails they send."""
        from partnerships.touchpoints import (
            mail,
            permissions,  # noqa: F401
        )

        mail.register()
