"""App configuration."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Items brought to gateways, and reminders of their papers."""

    name = "partnerships.agenda"

    def ready(self) -> None:
        """Register the rules, the e-mails, what is handed over, exported and settled."""
        from partnerships.agenda import (  # noqa: F401
            audit_kinds,
            exported,
            gateway_part,
            handover,
            leaving,
            mail,
            permissions,
        )

        mail.register()
        handover.register()
        audit_kinds.register_kinds()
        exported.register()
        leaving.register()
        gateway_part.register()
