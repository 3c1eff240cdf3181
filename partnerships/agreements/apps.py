"""App configuration."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements between the members of a partnership."""

    name = "partnerships.agreements"

    def ready(self) -> None:
        """Register the rules, what agreements are called, and what is exported."""
        from partnerships.agreements import audit_kinds, exported, permissions  # noqa: F401

        audit_kinds.register_kinds()
        exported.register()
