"""Headers of every kind of answer, cookies, and where one may be led."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.conf import settings as conf
from django.test import Client
from django.urls import reverse

from organisations.signing_in.headers import PERMISSIONS_POLICY
from tests.cast import PASSWORD, Cast

CSP = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; "
    "script-src 'self'; style-src 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}

Ask = Callable[[Client, Cast], Any]
KINDS: dict[str, tuple[Ask, int]] = {
    "a public page": (lambda c, cast: c.get("/about/"), 200),
    "the sign-in page": (lambda c, cast: c.get("/account/login/"), 200),
    "a redirect": (lambda c, cast: c.get("/organisations/"), 302),
    "no such page": (lambda c, cast: c.get("/no/such/page/"), 404),
    "a missing slash": (lambda c, cast: c.get("/about"), 301),
    "a wrong method": (lambda c, cast: c.post("/about/"), 405),
    "a file": (lambda c, cast: c.get("/static/js/start.js"), 200),
    "no such file": (lambda c, cast: c.get("/static/none.js"), 404),
    "json": (lambda c, cast: c.get("/healthz"), 200),
    "a form from elsewhere": (
        lambda c, cast: Client(enforce_csrf_checks=True).post("/account/login/", {}),
        403,
    ),
    "a bad host": (lambda c, cast: c.get("/about/", headers={"host": "evil.example"}), 400),
    "a page for one person": (
        lambda c, cast: cast.client("school_editor").get("/account/"),
        200,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_all_headers(cast: Cast, kind: str) -> None:
    ask, status = KINDS[kind]

    answer = ask(Client(raise_request_exception=False), cast)
    answer.close()

    assert answer.status_code == status
    policy = "; ".join(sorted(answer["Content-Security-Policy"].split("; ")))
    assert policy == CSP
    assert {name: answer[name] for name in ALWAYS} == ALWAYS
    assert "Server" not in answer
    assert "X-Powered-By" not in answer
    if kind == "a file":
        assert "max-age" in answer["Cache-Control"]
    else:
        assert "no-store" in answer["Cache-Control"]


def test_cookies_are_out_of_scripts_reach(cast: Cast) -> None:
    client = Client()
    answer = client.post(
        reverse("account_login"),
        {"login": cast.users["school_editor"].email, "password": PASSWORD},
    )
    client.get("/account/")

    assert set(client.cookies) == {conf.SESSION_COOKIE_NAME, conf.CSRF_COOKIE_NAME}
    for cookie in answer.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]
        assert cookie["path"] == "/"
        assert not cookie["expires"], "gone with the browser"


def test_over_tls_cookies_and_transport_are_bound_to_the_host() -> None:
    """Asked of settings read anew, as where the service has an https address."""
    program = (
        "import django, json; django.setup(); from django.conf import settings as s; "
        "from django.test import Client; from django.test.utils import setup_test_environment; "
        "setup_test_environment(); "
        "a = Client(headers={'x-forwarded-proto': 'https'}).get('/account/login/'); "
        "plain = Client().get('/about/'); "
        "print(json.dumps([a.status_code, sorted(a.cookies), [bool(c['secure']) for c in "
        "a.cookies.values()], a['Strict-Transport-Security'], s.SESSION_COOKIE_NAME, "
        "plain.status_code, plain['Location']]))"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BASE_URL": "https://tandem.example",
        "BEHIND_TLS_PROXY": "1",
        "ALLOWED_HOSTS": "testserver",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=conf.BASE_DIR, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == (
        '[200, ["__Host-csrf"], [true], "max-age=31536000; includeSubDomains; preload", '
        '"__Host-session", 301, "https://testserver/about/"]'
    )


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "\\\\evil.example/",
    "/\\evil.example/",
    "\\/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    " //evil.example",
    "https://testserver@evil.example/",
    "http://localhost:9/",
    "ftp://testserver/",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_elsewhere(cast: Cast, wanted: str) -> None:
    email = cast.users["school_editor"].email
    client = Client()
    led_to = [
        client.post(
            reverse("account_login"), {"login": email, "password": PASSWORD, "next": wanted}
        )["Location"],
        client.get(reverse("account_login"), {"next": wanted}).get("Location", "/"),
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": wanted})[
            "Location"
        ],
        client.post(reverse("account_logout"), {"next": wanted})["Location"],
    ]

    for address in led_to:
        assert address.startswith("/"), address
        assert not address.startswith(("//", "/\\")), address
        assert address in ("/", "/%09/evil.example"), address


def test_a_request_in_error_carries_them_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("organisations.signing_in.views.sessions.list_for", fail)
    client = cast.client("school_editor")
    client.raise_request_exception = False

    answer = client.get("/account/")

    assert answer.status_code == 500
    assert {name: answer[name] for name in ALWAYS} == ALWAYS
    assert "a fault of ours" not in answer.text


def test_the_web_server_does_not_say_which_software_it_is() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--config=python:config.web_server",
         f"--bind=127.0.0.1:{port}", "--no-control-socket"],
        cwd=conf.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stderr is not None
        assert any("Listening at" in line for line in server.stderr)
        answer = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60)
    finally:
        server.terminate()
        server.communicate()

    assert answer.headers["Server"] == "Tandem"
