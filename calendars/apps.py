"""Registers the calendars app; it has no models of its own."""

from __future__ import annotations

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Pure functions about days that every other room may use."""

    name = "calendars"
    label = "calendars"
    verbose_name = "Calendars"
