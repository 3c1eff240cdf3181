"""App configuration."""

from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    """Touchpoints, their reminders and outcomes."""

    name = "partnerships.touchpoints"

    def ready(self) -> None:
        """Register the rules, the e-mails, what follows new contacts, what is handed over."""
        from partnerships.diary import taken
        from partnerships.record import followers
        from partnerships.touchpoints import (  # noqa: F401
            audit_kinds,
            exported,
            handover,
            leaving,
            mail,
            organiser_mail,
            outcome_mail,
            own_reminders,
            permissions,
            replies,
            selectors,
            series_mail,
            services,
        )

        mail.register()
        replies.register_sort()
        outcome_mail.register()
        organiser_mail.register()
        series_mail.register()
        own_reminders.register()
        handover.register()
        audit_kinds.register_kinds()
        exported.register()
        leaving.register()
        followers.register(services.bring_up_to_date)
        taken.register(selectors.taken_days)
