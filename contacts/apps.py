"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Regions, places, role types, people and their postings."""

    name = "contacts"

    def ready(self) -> None:
        """Register the rules about postings."""
        from contacts import audit_kinds, exported, permissions  # noqa: F401

        audit_kinds.register_kinds()
        exported.register()
