"""App configuration."""

from django.apps import AppConfig


class AimsConfig(AppConfig):
    """Shared priorities and the shared aim of a partnership."""

    name = "partnerships.aims"

    def ready(self) -> None:
        """Register the rules, the e-mail, what aims are called and what is exported."""
        from partnerships.aims import (  # noqa: F401
            announcements,
            audit_kinds,
            exported,
            mail,
            permissions,
        )
        from partnerships.record import followers

        mail.register()
        audit_kinds.register_kinds()
        exported.register()
        followers.register(announcements.bring_up_to_date)
