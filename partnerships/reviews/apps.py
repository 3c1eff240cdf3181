"""App configuration."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews that both sides of a partnership answer."""

    name = "partnerships.reviews"

    def ready(self) -> None:
        """Register the rules, the e-mails, what reviews are called and what is exported."""
        from partnerships.record import followers
        from partnerships.reviews import (  # noqa: F401
            announcements,
            audit_kinds,
            exported,
            mail,
            permissions,
        )

        mail.register()
        audit_kinds.register_kinds()
        exported.register()
        followers.register(announcements.bring_up_to_date)
