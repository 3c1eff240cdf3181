"""What Django itself says about a request names the route, never the address asked for."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from config.logs import RefusedRequests, WithoutAddresses
from tests.cast import Cast


@pytest.mark.parametrize(
    ("method", "address", "secret", "route"),
    [
        ("get", "/invitation/a-secret-token/", "a-secret-token", "invitation/<str:token>/"),
        ("put", "/invitation/a-secret-token/", "a-secret-token", "invitation/<str:token>/"),
        ("get", "/somebody@example.org/", "somebody", "an unknown address"),
    ],
)
def test_the_address_asked_for_is_not_logged(
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    method: str,
    address: str,
    secret: str,
    route: str,
) -> None:
    caplog.handler.addFilter(WithoutAddresses())

    with caplog.at_level(logging.WARNING, logger="django.request"):
        getattr(Client(), method)(address)

    said = [r.getMessage() for r in caplog.records if r.name == "django.request"]
    assert said
    assert all(secret not in words and words.endswith(route) for words in said)


def test_other_words_are_left_alone() -> None:
    record = logging.LogRecord("tandem", logging.INFO, __file__, 1, "sent %s", ("3",), None)

    assert WithoutAddresses().filter(record) is True
    assert record.getMessage() == "sent 3"


@pytest.mark.parametrize(
    ("sent", "about"),
    [
        ({"data": {"login": "x" * 3_000_000}}, "RequestDataTooBig"),
        ({"data": {f"field-{n}": "x" for n in range(1_100)}}, "TooManyFieldsSent"),
        ({"data": {}, "headers": {"host": "elsewhere.example"}}, "DisallowedHost"),
    ],
)
def test_a_request_that_is_refused_is_one_line(
    cast: Cast, caplog: pytest.LogCaptureFixture, sent: dict[str, Any], about: str
) -> None:
    """Anybody can send one, as often as they like."""
    caplog.handler.addFilter(RefusedRequests())
    data = urlencode(sent.pop("data"))

    answer = Client(raise_request_exception=False).post(
        "/account/login/", data, content_type="application/x-www-form-urlencoded", **sent
    )

    assert answer.status_code == 400
    (line,) = [r for r in caplog.records if r.name.startswith("django.security.")]
    assert (line.levelname, line.getMessage(), line.exc_info) == (
        "WARNING",
        f"refused: {about}",
        None,
    )
