"""Row security is written as plain SQL beside the migration that needs it."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


def run_sql_file(migration_file: str, name: str) -> migrations.RunSQL:
    """The operation that runs `name`, a file in the folder of the migration. Not reversible."""
    return migrations.RunSQL((Path(migration_file).parent / name).read_text("utf-8"))
