"""/healthz and /readyz, with every part there and with each one gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from organisations import health
from tests.outbox.conftest import Ask, Looker

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def without_a_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where the broker should be."""
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{port}/0")
        health._broker.cache_clear()
        yield
    health._broker.cache_clear()


@pytest.fixture
def without_a_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database of the role that serves pages is gone."""
    connection = connections["default"]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "gone")
    yield
    connection.close()


def test_healthz_asks_nobody(
    client: Client, without_a_broker: None, without_a_database: None
) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_ready_when_all_are_there(client: Client) -> None:
    health.beat()
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "worker": True,
        "reminders": True,
    }
    assert "no-store" in response["Cache-Control"]


def test_not_ready_without_a_worker(client: Client) -> None:
    health._broker().delete(health._heartbeat())
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "database": True,
        "broker": True,
        "worker": False,
        "reminders": True,
    }


def test_not_ready_without_a_broker(client: Client, without_a_broker: None) -> None:
    health.beat()
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "database": True,
        "broker": False,
        "worker": False,
        "reminders": True,
    }


def test_not_ready_without_a_database(client: Client, without_a_database: None) -> None:
    health.beat()
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": True, "worker": True}


def test_reminders_that_fall_behind_are_told_and_take_no_page_away(
    client: Client, ask: Ask, ledger_rows: Looker
) -> None:
    """A mail provider's outage is no reason to send nobody to a web process that works."""
    health.beat()
    ask("a@health.example")
    ledger_rows.set("due_at = now() - interval '14 minutes'")
    assert client.get("/readyz").json()["reminders"] is True

    ledger_rows.set("due_at = now() - interval '16 minutes'")
    response = client.get("/readyz")

    assert (response.status_code, response.json()["reminders"]) == (200, False)


def test_what_waits_for_its_time_is_not_behind(
    client: Client, ask: Ask, ledger_rows: Looker
) -> None:
    health.beat()
    ask("a@health.example")
    ledger_rows.set("due_at = now() + interval '1 day', created_at = now() - interval '1 year'")

    assert client.get("/readyz").json()["reminders"] is True


def test_ready_again_when_the_database_is_back(
    client: Client, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.beat()
    assert client.get("/readyz").status_code == 200
    superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = 'tandem_web' AND datname = current_database()"
    )

    assert client.get("/readyz").json()["database"] in (True, False)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_else_is_said(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert len(client.get(path).content) < 80
