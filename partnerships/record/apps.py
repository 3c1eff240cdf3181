"""App configuration."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Partnerships, their members, named contacts and invitations."""

    name = "partnerships.record"

    def ready(self) -> None:
        """Register the rules about partnerships, e-mails about invitations, what is handed over."""
        from partnerships.record import audit_kinds, handover, mail, permissions  # noqa: F401

        mail.register()
        handover.register()
        audit_kinds.register_kinds()
