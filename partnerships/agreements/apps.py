"""App configuration."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements between the members of a partnership."""

    name = "partnerships.agreements"

    def ready(self) -> None:
        """Register the rules, the e-mails, what agreements are called and what is exported."""
        from partnerships.agreements import (  # noqa: F401
            announcements,
            audit_kinds,
            exported,
            handover,
            leaving,
            mail,
            paper_mail,
            permissions,
            reorganised,
        )
        from partnerships.record import followers

        mail.register()
        paper_mail.register()
        audit_kinds.register_kinds()
        exported.register()
        handover.register()
        leaving.register()
        reorganised.register_own()
        followers.register(announcements.bring_up_to_date)
        followers.register(paper_mail.bring_up_to_date)
