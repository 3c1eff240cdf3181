"""App configuration."""

from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    """Touchpoints, their reminders and outcomes."""

    name = "partnerships.touchpoints"

    def ready(self) -> None:
        """Register the rules about touchpoints, their e-mails, and who follows new contacts."""
        from partnerships.record import followers
        from partnerships.touchpoints import mail, permissions, services  # noqa: F401

        mail.register()
        followers.register(services.bring_up_to_date)
