"""Knows whether the data was made ready by this very code, so that a start can go on at once.

What counts: every file that could change the data, the day (partitions are made ahead), the
secrets, and the identity of the database, which another one put in its place does not share.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import psycopg

from ops.home import CHECKOUT, Home, write_private

ASIDE = {"node_modules", "docs", "tests", "bench", "__pycache__", "scss"}
KINDS = {".py", ".sql", ".csv", ".json", ".yaml", ".gz", ".zip", ".txt", ".css", ".js"}
IDENTITY = """
    SELECT system_identifier, oid, to_regclass('public.django_migrations')::oid
      FROM pg_control_system(), pg_database WHERE datname = current_database()
"""
LAST_MIGRATION = "SELECT count(*), max(id) FROM public.django_migrations"


def is_prepared(home: Home, *, superuser_url: str, kind: str) -> bool:
    """Whether nothing that matters has changed since `note_prepared`."""
    stamp = home.run / "prepared"
    if not stamp.is_file() or not (home.path / "staticfiles").is_dir():
        return False
    return stamp.read_text() == _now(home, superuser_url, kind)


def note_prepared(home: Home, *, superuser_url: str, kind: str) -> None:
    write_private(home.run / "prepared", _now(home, superuser_url, kind))


def _now(home: Home, superuser_url: str, kind: str) -> str:
    with psycopg.connect(superuser_url) as connection:
        identity = connection.execute(IDENTITY).fetchone()
        migrated = identity is not None and identity[2] is not None
        last = connection.execute(LAST_MIGRATION).fetchone() if migrated else None
    total = hashlib.sha256(repr((kind, date.today(), identity, last)).encode())  # noqa: DTZ011  local day
    for path in (*_files(CHECKOUT), *sorted((home.path / "secrets").iterdir())):
        found = path.stat()
        total.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    """Files of the kinds that matter, below a folder, in a steady order; no data folders."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name in ASIDE or path.name.startswith("."):
            continue
        if path.is_dir():
            if (path / "run" / "lock").exists():
                continue
            found += _files(path)
        elif path.suffix in KINDS:
            found.append(path)
    return found
