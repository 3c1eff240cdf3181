"""App configuration."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review of initiatives by member organisations and by people asked."""

    name = "initiatives.review"
    label = "initiative_review"

    def ready(self) -> None:
        """Register the rules, the e-mails, what is exported, handed over and ended."""
        from initiatives.review import (  # noqa: F401
            announcements,
            audit_kinds,
            exported,
            handover,
            leaving,
            mail,
            permissions,
        )
        from partnerships.record import followers

        mail.register()
        handover.register()
        leaving.register()
        audit_kinds.register_kinds()
        exported.register()
        followers.register(announcements.bring_up_to_date)
