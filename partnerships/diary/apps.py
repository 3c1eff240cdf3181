"""App configuration."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Quiet periods agreed in a partnership, and addresses of calendar feeds."""

    name = "partnerships.diary"

    def ready(self) -> None:
        """Register the rules, the e-mails, what is handed over, exported and settled."""
        from partnerships.diary import (  # noqa: F401
            audit_kinds,
            exported,
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
