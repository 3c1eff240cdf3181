"""/metrics: for whom the settings let in, and figures that are right."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import pytest
from django.test import Client

from organisations import health
from organisations.steering.metrics import Gauge
from tests.steering.conftest import Queue

TOKEN = "a-token-that-only-the-watcher-knows"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
LINE = re.compile(r'([a-z_]+)(?:\{([a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*)\})? ([0-9.e+]+)')

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def with_token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        matched = LINE.fullmatch(line)
        assert matched, line
        name, labels, value = matched.groups()
        found[f"{name}{{{labels}}}" if labels else name] = float(value)
    return found


def test_off_by_default(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}]
)
def test_not_without_the_token(client: Client, with_token: None, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [("10.1.2.3", 200), ("10.2.0.1", 404), ("2001:db8::7", 200), ("somewhere", 404)],
)
def test_from_listed_addresses(client: Client, settings: Any, address: str, status: int) -> None:
    networks = ("10.1.0.0/16", "2001:db8::/64")
    settings.METRICS_ADDRESSES = [ipaddress.ip_network(each) for each in networks]

    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_with_both_set_both_have_to_hold(client: Client, with_token: None, settings: Any) -> None:
    settings.METRICS_ADDRESSES = [ipaddress.ip_network("10.1.0.0/16")]

    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers=WITH_TOKEN, REMOTE_ADDR="10.9.2.3").status_code == 404
    assert client.get("/metrics", headers=WITH_TOKEN, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_the_figures(client: Client, with_token: None, queue: Queue) -> None:
    health.beat()
    response = client.get("/metrics", headers=WITH_TOKEN)
    found = samples(response.text)
    waited = found.pop("tandem_outbox_oldest_due_seconds")

    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert 20 * 60 <= waited < 25 * 60
    assert found == {
        'tandem_outbox_deliveries{state="dead",kind="account"}': 1,
        'tandem_outbox_deliveries{state="dead",kind="note"}': 1,
        'tandem_outbox_deliveries{state="pending",kind="note"}': 3,
        'tandem_outbox_deliveries{state="taken",kind="note"}': 1,
        'tandem_outbox_deliveries{state="uncertain",kind="note"}': 1,
        "tandem_outbox_due": 1,
        "tandem_outbox_retrying": 1,
        "tandem_outbox_uncertain": 1,
        "tandem_outbox_dead": 2,
        "tandem_outbox_sent_last_minute": 0,
        "tandem_outbox_sent_last_hour": 1,
        'tandem_up{part="broker"}': 1,
        'tandem_up{part="worker"}': 1,
    }
    assert "clinic" not in response.text


def test_with_an_empty_outbox(client: Client, with_token: None) -> None:
    found = samples(client.get("/metrics", headers=WITH_TOKEN).text)

    assert found["tandem_outbox_oldest_due_seconds"] == 0
    assert found["tandem_outbox_due"] == 0


def test_what_labels_may_not_hold_is_escaped() -> None:
    gauge = Gauge("g", "About g.", [({"a": 'x"\\\n'}, 1234567)])

    assert list(gauge.lines()) == [
        "# HELP g About g.",
        "# TYPE g gauge",
        'g{a="x\\"\\\\\\n"} 1234567',
    ]
