"""`manage.py check_templates`: compile every template and refuse what would not work on a page."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from frontend import template_checks


class Command(BaseCommand):
    help = "Compiles every template; refuses inline code, other hosts and unknown NHS classes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faults = template_checks.check_folders()
        except FileNotFoundError as problem:
            raise CommandError(
                f"{problem.filename} is missing. Run `npm ci`, then `npm run build`."
            ) from problem
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} to put right")
        self.stdout.write("Every template compiles and keeps to the rules")
