"""Static files that come from npm: a short list of named files, never a whole package.

The list is closed, so nothing else of `node_modules` can be served by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

PACKAGE = Path("node_modules/nhsuk-frontend/dist/nhsuk")
# The map is served too: hashed storage follows `sourceMappingURL` and fails without it.
FILES = {
    "nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend.min.js",
    "nhsuk/nhsuk-frontend.min.js.map": "nhsuk-frontend.min.js.map",
}


class NodeModulesFinder(BaseFinder):
    """Finds the named npm files under the prefix `nhsuk/`."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BASE_DIR / PACKAGE)
        self.storage.prefix = "nhsuk"  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    # Django renames `all` to `find_all` over several releases; both are taken.
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = FILES.get(path)
        found = settings.BASE_DIR / PACKAGE / name if name else None
        every = find_all or kwargs.get("all", False)
        if found is None or not found.is_file():
            return []
        return [str(found)] if every else str(found)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name in FILES.values():
            if self.storage.exists(name):
                yield name, self.storage


def check_browser_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say what to run where the npm files or the built style sheet are missing."""
    if not (settings.BASE_DIR / PACKAGE).is_dir():
        return [
            Error(
                "The NHS components' browser files are not installed.",
                hint="Run `npm ci`, then `npm run build`.",
                id="frontend.E001",
            )
        ]
    return []
