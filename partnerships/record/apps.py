"""App configuration."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Partnerships, their members, named contacts and invitations."""

    name = "partnerships.record"
