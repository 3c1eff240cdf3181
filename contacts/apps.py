"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Regions, places, role types, people and their postings."""

    name = "contacts"
