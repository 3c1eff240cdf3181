"""Set the demonstration up, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from overview.demo import seeding


class Command(BaseCommand):
    """Sign-in accounts, partnerships, conversations and touchpoints; nothing the second time."""

    help = "Sets the demonstration up: public organisations, invented records. Only with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside the demo, leave alone what is there."""
        if not settings.DEMO:
            raise CommandError("This is not a demo. Start with DEMO=1 to have one.")
        if seeding.is_there():
            self.stdout.write("The demo is there already.")
            return
        seeding.seed()
        self.stdout.write("The demo is set up.")
