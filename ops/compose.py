"""Judges docker-compose.yml without an engine: what is there, what fits, what is exposed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SERVICES = {"postgres", "pgbouncer", "valkey", "prepare", "web", "worker", "beat", "mail"}
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init",
    "logging", "ports", "read_only", "restart", "security_opt", "shm_size", "stop_grace_period",
    "tmpfs", "volumes",
}  # fmt: skip
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
NEEDED = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "BASE_URL", "ALLOWED_HOSTS"}
NEEDED_BY = {
    "prepare": NEEDED | {"SUPERUSER_DATABASE_URL", "OWNER_DATABASE_URL", "OWNER_PASSWORD"},
    "web": NEEDED,
    "worker": NEEDED | {"WORKER_DATABASE_URL"},
    "beat": NEEDED,
}
FOR_PREPARE_ONLY = {"SUPERUSER_DATABASE_URL", "OWNER_DATABASE_URL", "OWNER_PASSWORD"}
SECRET_NAMES = re.compile(r"(PASSWORD|SECRET_KEY)$")
# ${NAME:?message} refuses to start without it, ${NAME:-default} has one.
VARIABLE = re.compile(r"(?<!\$)\$(?:\{(?P<name>\w+)(?P<rest>[^}]*)\}|(?P<bare>\w+))")


def problems(path: Path) -> list[str]:
    """Everything wrong with the file, in words; empty when it is sound."""
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        return [f"{path.name} cannot be read: {error}"]
    services: dict[str, dict[str, Any]] = content.get("services") or {}
    found = [f"the service {name} is missing" for name in sorted(SERVICES - services.keys())]
    unknown = {key for key in content if not key.startswith("x-")} - {"name", "services", "volumes"}
    found += [f"{key} is not a part of this file" for key in sorted(unknown)]
    stages = re.findall(r"^FROM \S+ AS (\S+)", (path.parent / "Dockerfile").read_text(), re.M)
    volumes = set(content.get("volumes") or {})
    for name, service in services.items():
        found += [f"{name}: {problem}" for problem in _of_service(service, stages, volumes)]
        found += [f"{name}: {problem}" for problem in _of_needs(service, services)]
        found += [f"{name}: {problem}" for problem in _of_environment(name, service)]
    return found


def _of_service(service: dict[str, Any], stages: list[str], volumes: set[str]) -> Iterator[str]:
    for key in sorted(service.keys() - SERVICE_KEYS):
        yield f"{key} is not expected here"
    build = service.get("build")
    if build and build.get("target") not in stages:
        yield f"the Dockerfile has no stage {build.get('target')}"
    image = str(service.get("image", ""))
    if not build and (":" not in image or image.endswith(":latest")):
        yield f"the image {image or '(none)'} names no version"
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"port {port} is open to other machines"
    for volume in service.get("volumes", []):
        if str(volume).partition(":")[0] not in volumes:
            yield f"the volume {volume} is not declared"


def _of_needs(service: dict[str, Any], services: dict[str, dict[str, Any]]) -> Iterator[str]:
    for other, need in (service.get("depends_on") or {}).items():
        condition = need.get("condition")
        if other not in services:
            yield f"it waits for {other}, which is not there"
        elif condition not in CONDITIONS:
            yield f"it waits for {other} to be {condition}, which nothing can be"
        elif condition == "service_healthy" and "healthcheck" not in services[other]:
            yield f"it waits for {other} to be healthy, which nobody checks"


def _of_environment(name: str, service: dict[str, Any]) -> Iterator[str]:
    environment: dict[str, Any] = service.get("environment") or {}
    for missing in sorted(NEEDED_BY.get(name, set()) - environment.keys()):
        yield f"it starts without {missing}"
    if name != "prepare":
        for power in sorted(FOR_PREPARE_ONLY & environment.keys()):
            yield f"it must not hold {power}"
    for key, value in environment.items():
        variables = list(VARIABLE.finditer(str(value)))
        for variable in variables:
            if not (variable["rest"] or "").startswith((":?", ":-")):
                yield f"{key} neither requires nor defaults {variable[0]}"
        if SECRET_NAMES.search(key) and not any(
            (v["rest"] or "").startswith(":?") for v in variables
        ):
            yield f"{key} is not taken from outside"
