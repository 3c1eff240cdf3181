"""Where settings come from: environment variables, or the embedded run's service file.

`make run` writes the addresses and passwords of the services it started to
`$TANDEM_HOME/run/services.env` (readable by its owner only). A command typed beside a
running copy therefore talks to the same services with nothing set by hand. Real
environment variables win over the file. In production there is no such file, and what
is missing stops the start with a message that names it.
"""

from __future__ import annotations

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def home() -> Path:
    """The data folder of this copy of Tandem (`TANDEM_HOME`, default `var/`)."""
    return Path(os.environ.get("TANDEM_HOME") or BASE_DIR / "var").resolve()


def read_services_file() -> bool:
    """Load the embedded run's service file where no DATABASE_URL is set; say if it was there."""
    if "DATABASE_URL" in os.environ:
        return False
    path = home() / "run" / "services.env"
    if not path.is_file():
        return False
    environ.Env.read_env(path)
    return True


def required(name: str, meaning: str) -> str:
    """Return a setting that Tandem cannot start without.

    Raises ImproperlyConfigured naming the variable and what it is for.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. It holds {meaning}. Set it in the environment, or start "
            "Tandem with `make run`, which sets everything for a copy on this machine."
        )
    return value
