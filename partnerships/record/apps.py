"""App configuration."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Partnerships, their members, named contacts and invitations."""

    name = "partnerships.record"

    def ready(self) -> None:
        """Register the rules about partnerships, its e-mails, and what is handed over."""
        from partnerships.record import (  # noqa: F401
            access_mail,
            audit_kinds,
            directory_part,
            exported,
            handing,
            handover,
            leavers,
            mail,
            parting,
            permissions,
            reorganised,
            standing,
        )

        mail.register()
        access_mail.register()
        handover.register()
        leavers.register()
        audit_kinds.register_kinds()
        standing.register()
        parting.register()
        handing.register()
        reorganised.register_own()
        exported.register()
        directory_part.register()
