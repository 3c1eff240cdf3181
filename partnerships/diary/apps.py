"""App configuration."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Quiet periods agreed in a partnership, and addresses of calendar feeds."""

    name = "partnerships.diary"

    def ready(self) -> None:
        """Register the rules and the words of the audit trail."""
        from partnerships.diary import audit_kinds, permissions  # noqa: F401

        audit_kinds.register_kinds()
