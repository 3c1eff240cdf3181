"""Registers the calendars app."""

from __future__ import annotations

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """The two years, and what organisations say of their own."""

    name = "calendars"
    label = "calendars"
    verbose_name = "Calendars"

    def ready(self) -> None:
        """Register its sections of the calendar's page, the audit trail's words, the export."""
        from calendars import audit_kinds, exported, own_parts, reorganised
        from calendars.elsewhere import audit_kinds as elsewhere_kinds
        from calendars.elsewhere.part import register_part

        own_parts.register_own()
        register_part()
        audit_kinds.register_kinds()
        elsewhere_kinds.register_kinds()
        exported.register()
        reorganised.register_own()
