"""App configuration."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Partnerships, their members, named contacts and invitations."""

    name = "partnerships.record"

    def ready(self) -> None:
        """Register the rules about partnerships and the e-mails about invitations."""
        from partnerships.record import mail, permissions  # noqa: F401

        mail.register()
