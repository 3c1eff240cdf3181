"""Registers the kind of e-mail that is sent under torture."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.mail import EmailMessage

KIND = "torture"


class TortureConfig(AppConfig):
    """The kind, in every process that has these settings."""

    name = "torture"

    def ready(self) -> None:
        """Register it."""
        from organisations.models import Delivery
        from organisations.outbox import Kind, groups, register

        def compose(delivery: Delivery) -> EmailMessage:
            text = f"Good morning,\n\nthis is about {delivery.subject}.\n"
            return EmailMessage("A reminder", text, to=[delivery.recipient])

        register(Kind(KIND, "Under torture", compose, group=groups.NEWS))
