"""Starts what the tests need before Django's settings are read.

The first process of a run starts a private PostgreSQL and Valkey and builds one template
database: roles, migrations, England. Each worker clones it, and works in its clone as the
roles `web`, `worker` and `owner`, in transactions that are really committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests import services

# Examples are judged by their outcome, never by how long a busy machine took over them.
settings.register_profile("tandem", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tandem")

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "tandem"
URLS = ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL", "SUPERUSER_DATABASE_URL")
# The folders whose files take longest: begun first, so that no worker is left alone with one.
LONGEST = ("tests/browser/test_pages", "tests/ops/", "tests/browser/")
_running: list[services.TestServices] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start the services, or join those of the first process; then let Django be set up."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _running.append(services.start())
        _manage("create_roles")
        _manage("migrate", "--database", "owner", "--verbosity", "0")
        _manage("load_england", "--quiet")
    use_clone(f"{TEMPLATE}_{worker or 'one'}")
    yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; what is in one stays together and in order."""
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    return next((n for n, name in enumerate(LONGEST) if nodeid.startswith(name)), len(LONGEST))


def pytest_unconfigure() -> None:
    """Stop what this process started."""
    while _running:
        services.stop(_running.pop())


def _manage(*arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.exit(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}", returncode=3)


def use_clone(name: str) -> None:
    """Clone the template under `name` and point this process's addresses at the clone."""
    maintenance = with_database(os.environ["SUPERUSER_DATABASE_URL"], "postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(4711)")
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" OWNER tandem_owner STRATEGY FILE_COPY'
        )
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO tandem_web, tandem_worker')
        connection.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO tandem_importer')
    for url in URLS:
        os.environ[url] = with_database(os.environ[url], name)


def with_database(url: str, name: str) -> str:
    """The same address with another database name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
