"""App configuration."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """Actions of a partnership, and reminders of them."""

    name = "partnerships.actions"

    def ready(self) -> None:
        """Register the rules, the e-mails, what is handed over, exported and settled."""
        from partnerships.actions import (  # noqa: F401
            audit_kinds,
            exported,
            handover,
            leaving,
            mail,
            permissions,
            services,
        )
        from partnerships.record import followers

        mail.register()
        handover.register()
        audit_kinds.register_kinds()
        exported.register()
        leaving.register()
        followers.register(services.bring_up_to_date)
