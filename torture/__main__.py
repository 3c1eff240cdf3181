"""Runs both storms in services of their own; prints figures, writes var/torture/latest.json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import redis

from ops.home import CHECKOUT, Home
from ops.say import say
from ops.services import Services, services

if TYPE_CHECKING:
    from tests.touchpoints.scene import Scene
    from torture.storm import Result

KILLS = 100
LATEST = CHECKOUT / "var" / "torture" / "latest.json"
# And everything that belongs to an organisation or a person.
EMPTIED = "TRUNCATE organisations_organisation, organisations_user, organisations_delivery CASCADE"
SAID = (
    ("lost", "lost"),
    ("duplicates", "copies too many"),
    ("most_copies", "copies of one at most"),
    ("under_other_ids", "under another id"),
    ("sent_though_withdrawn", "sent though withdrawn"),
    ("begun_before_withdrawn", "begun, then withdrawn"),
    ("set_aside", "set aside"),
    ("about_touchpoints", "about touchpoints"),
    ("changes", "changes of those"),
    ("stopped_by_a_change", "stopped by a change"),
    ("sent_though_changed", "sent though changed"),
    ("begun_before_changed", "begun, then changed"),
)


def main() -> int:
    """0 when both contracts were kept."""
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory(prefix="tandem-torture-") as folder:
        home = Home(Path(folder))
        with services(home) as running:
            environment = prepare(running, folder)
            results = {name: torture(name, kills, running, environment) for name in PROVIDERS}
    smtp, asked = results["smtp"], results["notify"]
    written: dict[str, Any] = {**smtp.as_json(), "provider": asked.as_json()}
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps(written, indent=2) + "\n")
    say(f"Written to {LATEST.relative_to(CHECKOUT)}")
    return 0 if smtp.holds and asked.holds and asked.duplicates == 0 else 1


def prepare(running: Services, folder: str) -> dict[str, str]:
    """An empty database, and Django set up in this process."""
    environment = {
        **os.environ,
        **running.environment(),
        **running.powers(),
        "DJANGO_SETTINGS_MODULE": "torture.settings",
        "TANDEM_EMBEDDED": "1",
        "TANDEM_HOME": folder,
        "LOG_FORMAT": "json",
    }
    for command in (["create_roles"], ["migrate", "--database", "owner"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    os.environ.update(environment)
    import django

    django.setup()
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's every word
    return environment


def torture(name: str, kills: int, running: Services, environment: dict[str, str]) -> Result:
    """One storm; its figures are printed."""
    from torture import providers
    from torture.changes import Changes
    from torture.storm import Storm

    def restart() -> None:
        running.postgres.stop()
        running.postgres.start()
        running.wait_ready()

    opened = {"smtp": providers.mail_server, "notify": providers.notify}[name]
    superuser_url = running.powers()["SUPERUSER_DATABASE_URL"]
    with opened() as provider, folder_for(name) as folder:
        scene = a_scene(superuser_url)
        storm = Storm(
            provider,
            environment,
            folder,
            scene.cast.school_editor,
            superuser_url,
            wipe=broker(running).flushall,
            restart=restart,
            changes=Changes(scene, superuser_url, folder),
        )
        result = storm.rage(kills)
    say(
        f"{PROVIDERS[name]}: {result.kills} workers killed in the middle of a batch, "
        f"broker wiped {result.wipes} times, PostgreSQL restarted {result.restarts} times, "
        f"two clocks; {result.asked} e-mails, {result.withdrawn} withdrawn, {result.seconds} s"
    )
    for key, words in SAID:
        say(f"  {words:24} {getattr(result, key)}")
    return result


PROVIDERS = {"smtp": "A mail server", "notify": "A provider that can be asked"}


def a_scene(superuser_url: str) -> Scene:
    """An empty ledger, and a partnership of three organisations with people on every side."""
    import psycopg
    from django.db import connections

    from organisations.models import Organisation
    from tests.cast import ORGANISATIONS, assemble
    from tests.touchpoints.scene import arrange

    connections.close_all()  # a storm before has restarted the server
    with psycopg.connect(superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(EMPTIED)
    Organisation.objects.using("owner").bulk_create(
        Organisation(kind=kind, code=code, name=f"The {part}", slug=part)
        for part, (kind, code) in ORGANISATIONS.items()
    )
    return arrange(assemble())


def broker(running: Services) -> redis.Redis:
    """The broker of these services."""
    url = urlsplit(running.environment()["REDIS_URL"])
    return redis.Redis(unix_socket_path=unquote(url.path), password=url.password)


@contextmanager
def folder_for(name: str) -> Iterator[Path]:
    """Where the workers of a storm write their logs; kept."""
    folder = LATEST.parent / name
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    yield folder


if __name__ == "__main__":
    sys.exit(main())
