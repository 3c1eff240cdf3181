"""Brings the data of one copy up to date: roles, migrations, England, demo, static files.

Every step may be repeated: it does nothing where nothing has changed. One process runs
them all, since loading the application takes longer than most of them.
"""

from __future__ import annotations

import os
import sys
from io import StringIO
from pathlib import Path

from ops.home import CHECKOUT
from ops.install import digest
from ops.say import explain, say, step


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError

    try:
        with step("Application"):
            django.setup()
        with step("Database roles"):
            call_command("create_roles", stdout=StringIO())
        with step("Database tables"):
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            call_command("make_audit_partitions", verbosity=0)
        with step("England's reference data", with_bar=True):
            call_command("load_england", stdout=StringIO())
        if os.environ.get("DEMO") == "1":
            with step("Demo"):
                call_command("seed_demo", stdout=StringIO())
        collect_static_files()
    except CommandError as problem:
        say(f"\n{problem}")
        return 1
    except (DatabaseError, OSError) as problem:
        if "No space left on device" not in str(problem):
            raise
        say(explain(f"\n{problem}"))
        return 1
    return 0


def collect_static_files() -> None:
    """Copy and compress what pages load, when any of it has changed."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    stamp = target / ".tandem-made"
    made_from = static_digest()
    if stamp.is_file() and stamp.read_text() == made_from:
        return
    with step("Static files"):
        stamp.unlink(missing_ok=True)
        call_command(
            "collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=["*.scss"]
        )
        stamp.write_text(made_from)


def static_digest() -> str:
    """Our own files, and the locks that decide which files packages bring."""
    own = [path for path in sorted((CHECKOUT / "static").rglob("*")) if path.is_file()]
    code = [CHECKOUT / "frontend" / "finders.py", CHECKOUT / "config" / "settings.py"]
    locks = [CHECKOUT / "package-lock.json", CHECKOUT / "requirements" / "run.txt"]
    return digest([*own, *code, *locks])


if __name__ == "__main__":
    sys.exit(main())
