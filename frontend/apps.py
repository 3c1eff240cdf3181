"""Registers the front end with Django; the system check lives in `frontend.finders`."""

from __future__ import annotations

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        from django.core import checks

        from frontend.finders import check_browser_files

        checks.register(check_browser_files, checks.Tags.staticfiles)
