"""docker-compose.yml is sound, and its validation notices what is not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.compose import NEEDED, problems
from ops.home import CHECKOUT

COMPOSE = CHECKOUT / "docker-compose.yml"


def changed(tmp_path: Path, change: Any) -> list[str]:
    """What is said about the file once `change` has been made to it."""
    content = yaml.safe_load(COMPOSE.read_text())
    change(content)
    (tmp_path / "docker-compose.yml").write_text(yaml.safe_dump(content))
    (tmp_path / "Dockerfile").write_text((CHECKOUT / "Dockerfile").read_text())
    return problems(tmp_path / "docker-compose.yml")


def test_ours_is_sound() -> None:
    assert problems(COMPOSE) == []


@pytest.mark.parametrize(
    ("service", "key", "value", "said"),
    [
        ("web", "ports", ["8000:8000"], "port 8000:8000 is open to other machines"),
        ("web", "privileged", True, "privileged is not expected"),
        ("mail", "image", "axllent/mailpit", "names no version"),
        ("postgres", "image", "postgres:latest", "names no version"),
        ("web", "build", {"target": "nothing"}, "the Dockerfile has no stage nothing"),
        ("valkey", "volumes", ["other:/data"], "the volume other:/data is not declared"),
        ("web", "depends_on", {"mail": {"condition": "service_healthy"}}, "nobody checks"),
        ("web", "depends_on", {"cache": {"condition": "service_started"}}, "which is not there"),
        ("beat", "environment", {}, "it starts without DATABASE_URL"),
        ("mail", "environment", {"SECRET_KEY": "abc"}, "SECRET_KEY is not taken from outside"),
        ("mail", "environment", {"A": "${B}"}, "neither requires nor defaults"),
        ("mail", "environment", {"OWNER_DATABASE_URL": "x"}, "must not hold OWNER_DATABASE_URL"),
    ],
)
def test_what_is_wrong_is_noticed(
    tmp_path: Path, service: str, key: str, value: Any, said: str
) -> None:
    found = changed(tmp_path, lambda content: content["services"][service].update({key: value}))
    assert any(said in problem for problem in found), found


def test_a_missing_service_is_noticed(tmp_path: Path) -> None:
    found = changed(tmp_path, lambda content: content["services"].pop("pgbouncer"))
    assert "the service pgbouncer is missing" in found


def test_a_file_that_is_no_yaml_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services: [")
    assert "cannot be read" in problems(tmp_path / "docker-compose.yml")[0]


def environment_of(service: str) -> dict[str, str]:
    """The service's environment as compose would fill it from a fresh .env file."""
    made = subprocess.run(
        [sys.executable, "-m", "ops.secrets"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    secrets = dict(line.split("=", 1) for line in made.splitlines())

    def fill(match: re.Match[str]) -> str:
        default = match[2][2:] if match[2].startswith(":-") else ""
        return secrets.get(match[1], default)

    content = yaml.safe_load(COMPOSE.read_text())
    return {
        name: re.sub(r"\$\{(\w+)([^}]*)\}", fill, str(value))
        for name, value in content["services"][service]["environment"].items()
    }


def load_settings(environment: dict[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "TANDEM_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("service", ["prepare", "web", "worker", "beat"])
def test_the_settings_accept_what_a_service_gets(service: str, tmp_path: Path) -> None:
    done = load_settings(environment_of(service), tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(NEEDED - {"BASE_URL", "ALLOWED_HOSTS"}))
def test_nothing_starts_without_what_it_needs(name: str, tmp_path: Path) -> None:
    environment = environment_of("web")
    del environment[name]
    done = load_settings(environment, tmp_path)
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr
