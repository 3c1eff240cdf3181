"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Regions, places, role types, people and their postings."""

    name = "contacts"

    def ready(self) -> None:
        """Register the rules about postings and regions, e-mails, and the pages of regions."""
        from contacts import audit_kinds, exported, permissions, reorganised  # noqa: F401
        from contacts.directory import admin_section
        from contacts.directory import mail as directory_mail
        from contacts.keeping import mail as keeping_mail
        from contacts.keeping import sections as keeping_sections
        from contacts.official import tasks as official_tasks  # noqa: F401
        from contacts.regions import landing, own_sections
        from contacts.regions import mail as regions_mail
        from contacts.sheets import region_section, tasks  # noqa: F401
        from contacts.verification import mail as verification_mail
        from contacts.verification import replies

        audit_kinds.register_kinds()
        exported.register()
        regions_mail.register()
        keeping_mail.register()
        directory_mail.register()
        admin_section.register_own()
        keeping_sections.register_own()
        verification_mail.register()
        replies.register_own()
        own_sections.register_own()
        landing.register()
        region_section.register_own()
        reorganised.register_own()
