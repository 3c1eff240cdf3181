"""`make check`: everything that can be judged without running the tests.

Every check runs, also after one has failed; the output of those that fail comes last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping

from ops.compose import problems
from ops.home import CHECKOUT, Home
from ops.install import VENV
from ops.say import WIDTH, CannotGoOn, say
from ops.services import services

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
SCRIPTS = " ".join(
    str(path.relative_to(CHECKOUT))
    for path in (CHECKOUT / ".ci" / "run", *sorted((CHECKOUT / "ops").rglob("*.sh")))
)
STATIC_CHECKS = {
    "Style": [PYTHON, "-m", "ruff", "check", "."],
    "Layout of the code": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "Types": [PYTHON, "-m", "mypy", "."],
    "Floors import downward only": [str(VENV / "bin" / "lint-imports"), "--no-logo"],
    "Packages fit together": [PYTHON, "-m", "pip", "check"],
    "Shell scripts parse": [
        "sh",
        "-c",
        'for script in .ci/run ops/*.sh ops/docker/*.sh; do sh -n "$script"; done',
    ],
}
# mypy's Django plugin reads the settings, which ask for these; nothing is connected to.
PLACEHOLDERS = {
    "SECRET_KEY": "only for reading the settings",
    "DATABASE_URL": "postgres://nobody@nowhere/nothing",
    "REDIS_URL": "redis://nowhere",
}
# As in production: behind TLS, on a real host name, with no data folder of its own.
PRODUCTION = {
    "BASE_URL": "https://tandem.example",
    "ALLOWED_HOSTS": "tandem.example",
    "BEHIND_TLS_PROXY": "1",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "TANDEM_EMBEDDED": "0",
    "DEMO": "0",
}
OWNER_ONLY = ("OWNER_DATABASE_URL", "SUPERUSER_DATABASE_URL", "OWNER_PASSWORD")


class Checks:
    """Runs checks one after the other and remembers which failed."""

    def __init__(self) -> None:
        self.failures: dict[str, str] = {}

    def run(self, name: str, command: list[str], env: Mapping[str, str] | None = None) -> bool:
        started = time.monotonic()
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.note(name, done.stdout if done.returncode else "", time.monotonic() - started)
        return done.returncode == 0

    def note(self, name: str, failure: str, seconds: float) -> None:
        verdict = "FAILED" if failure else "ok"
        say(f"  {name} {'.' * max(3, WIDTH - len(name))} {seconds:5.1f} s  {verdict}")
        if failure:
            self.failures[name] = failure

    def on_a_fresh_database(self) -> None:
        """What needs a migrated database, in one that is thrown away."""
        with (
            tempfile.TemporaryDirectory(prefix="tandem-check-") as folder,
            services(Home(folder), durable=False) as running,
        ):
            clean = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
            env = clean | running.environment() | PRODUCTION | {"TANDEM_HOME": folder}
            owner = env | running.powers()
            made = self.run("Database roles", [*MANAGE, "create_roles"], owner) and self.run(
                "Migrations", [*MANAGE, "migrate", "--database=owner", "--verbosity=0"], owner
            )
            missing = [*MANAGE, "makemigrations", "--check", "--dry-run"]
            self.run("No migration is missing", missing, owner)
            serving = {k: v for k, v in env.items() if k not in OWNER_ONLY}
            deploy = [*MANAGE, "check", "--deploy", "--database=default", "--fail-level=WARNING"]
            self.run("Settings as in production", deploy, serving)
            self.run("Templates", [*MANAGE, "check_templates"], serving)
            if made:
                lint = [str(VENV / "bin" / "pgrls"), "lint", "--config=pgrls.toml"]
                url = running.powers()["SUPERUSER_DATABASE_URL"]
                self.run("Row-level security (pgrls)", lint, env | {"DATABASE_URL": url})


def main() -> int:
    checks = Checks()
    for name, command in STATIC_CHECKS.items():
        checks.run(name, command, os.environ | PLACEHOLDERS | PRODUCTION)
    started = time.monotonic()
    compose = "\n".join(problems(CHECKOUT / "docker-compose.yml"))
    checks.note("docker-compose.yml", compose, time.monotonic() - started)
    try:
        checks.on_a_fresh_database()
    except CannotGoOn as problem:
        checks.failures["A fresh database"] = str(problem)
    for name, output in checks.failures.items():
        say(f"\n--- {name}\n{output.strip()}")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())
