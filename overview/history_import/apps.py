"""App configuration."""

from django.apps import AppConfig


class HistoryImportConfig(AppConfig):
    """History that an organisation brings with it, from a workbook."""

    name = "overview.history_import"

    def ready(self) -> None:
        """Register what imports are called in the audit trail."""
        from overview.history_import import audit_kinds

        audit_kinds.register_kinds()
