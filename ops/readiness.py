"""Asks a running copy whether it is up: /healthz for the web, /readyz for all of it."""

from __future__ import annotations

import http.client
import json

PARTS = {"database", "broker", "worker"}  # late reminders keep nobody waiting


def missing(port: int) -> list[str]:
    """What is not there yet, by the names /readyz gives; empty once everything is."""
    try:
        if ask(port, "/healthz")[0] != http.HTTPStatus.OK:
            return ["web"]
        status, body = ask(port, "/readyz")
    except (OSError, http.client.HTTPException):
        return ["web"]
    if status == http.HTTPStatus.OK:
        return []
    try:
        found = json.loads(body).items()
        return [name for name, there in found if there is not True and name in PARTS] or ["web"]
    except (ValueError, AttributeError):
        return ["web"]


def ask(port: int, path: str) -> tuple[int, str]:
    """GET a path over the loopback; the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()
