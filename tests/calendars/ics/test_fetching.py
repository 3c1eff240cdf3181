"""Fetching from a real web server: conditions, redirects, and everything that goes wrong."""

from __future__ import annotations

import socket
import threading

import pytest

from calendars.ics import fetching
from calendars.ics.fetching import FetchError, fetch
from calendars.ics.limits import LARGEST
from tests.calendars.ics.web import Web

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_a_calendar_with_what_to_ask_next_time(site: Web):
    url = site.gives(CALENDAR, ETag='"one"', Last_Modified="Sun, 22 Nov 2026 10:00:00 GMT")
    fetched = fetch(f"{url}?secret=x")
    assert fetched.content == CALENDAR
    assert (fetched.etag, fetched.last_modified) == ('"one"', "Sun, 22 Nov 2026 10:00:00 GMT")
    ((path, headers),) = site.asked
    assert path == "/terms.ics?secret=x"
    assert headers["Host"] == f"127.0.0.1:{site.port}"
    assert "If-None-Match" not in headers
    assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


def test_unchanged_since_is_nothing_new(site: Web):
    url = site.says(304)
    assert fetch(url, etag='"one"', last_modified="then").content is None
    headers = site.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"one"', "then")


def test_unchanged_without_having_asked_is_an_error(site: Web):
    with pytest.raises(FetchError, match="error \\(304\\)"):
        fetch(site.says(304))


def test_up_to_three_redirects_are_followed_each_looked_at(site: Web):
    site.gives(CALENDAR)
    for at in range(4):
        location = "/terms.ics" if at == 0 else f"/{at - 1}"
        site.says(302, f"/{at}", Location=location)
    assert fetch(site.address("/2")).content == CALENDAR
    with pytest.raises(FetchError, match="more than 3 times"):
        fetch(site.address("/3"))


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://10.0.0.1/a.ics", "inside a private network"),
        ("http://[::ffff:169.254.169.254]/latest/meta-data", "inside a private network"),
        ("file:///etc/passwd", "must begin with"),
        ("http://me:secret@example.org/", "user name or password"),
        ("http://example.org:25/", "port 25"),
    ],
)
def test_a_redirect_to_where_no_address_may_lead_is_refused(site: Web, location, said):
    with pytest.raises(FetchError, match=said):
        fetch(site.says(301, Location=location))


def test_this_machine_is_not_asked_unless_a_test_lets_it(site: Web, settings):
    url = site.gives(CALENDAR)
    settings.CALENDARS_AT_LOOPBACK = False
    with pytest.raises(FetchError, match="inside a private network"):
        fetch(url)
    assert site.asked == []


def test_a_name_that_changes_its_mind_gains_nothing(site: Web, monkeypatch):
    """The name is resolved once; the connection goes to the computer that was checked."""
    url = site.gives(CALENDAR).replace("127.0.0.1", "rebinding.example")
    asked: list[str] = []

    def answer(host, port, **_):
        asked.append(host)
        ip = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    real = socket.create_connection
    connected: list[str] = []

    def connect(address, **more):
        connected.append(address[0])
        monkeypatch.setattr(socket, "getaddrinfo", original)
        return real(address, **more)

    original = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert fetch(url).content == CALENDAR
    assert asked == ["rebinding.example"]
    assert connected == ["127.0.0.1"]
    assert site.asked[0][1]["Host"] == f"rebinding.example:{site.port}"


def test_proxies_of_the_environment_are_not_used(site: Web, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://10.9.9.9:3128")
    assert fetch(site.gives(CALENDAR)).content == CALENDAR


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "asks for a sign-in"),
        (403, "asks for a sign-in"),
        (404, "no calendar at this address"),
        (410, "no calendar at this address"),
        (500, "error \\(500\\)"),
        (204, "error \\(204\\)"),
    ],
)
def test_what_the_website_answers_is_said(site: Web, status, said):
    with pytest.raises(FetchError, match=said):
        fetch(site.says(status))


def test_too_large_is_refused_by_what_it_says_and_by_what_comes(site: Web):
    with pytest.raises(FetchError, match="larger than 2 MB"):
        fetch(site.gives(b"x" * (LARGEST + 1)))

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    site.answers["/endless"] = endless
    with pytest.raises(FetchError, match="larger than 2 MB"):
        fetch(site.address("/endless"))


def test_a_calendar_that_breaks_off(site: Web):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"BEGIN:VCALENDAR")

    site.answers["/half"] = half
    with pytest.raises(FetchError, match="broke off"):
        fetch(site.address("/half"))


def test_a_website_that_sends_one_byte_at_a_time_is_cut(site: Web, monkeypatch):
    monkeypatch.setattr(fetching, "ALL_SECONDS", 0.5)
    over = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    site.answers["/drip"] = drip
    try:
        with pytest.raises(FetchError, match="took too long"):
            fetch(site.address("/drip"))
    finally:
        over.set()


def test_a_website_that_never_answers_is_cut(site: Web, monkeypatch):
    monkeypatch.setattr(fetching, "ALL_SECONDS", 0.5)
    over = threading.Event()

    def wait(handler) -> None:
        over.wait()

    site.answers["/silent"] = wait
    try:
        with pytest.raises(FetchError, match="took too long"):
            fetch(site.address("/silent"))
    finally:
        over.set()


def test_nobody_listens(settings):
    settings.CALENDARS_AT_LOOPBACK = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/a.ics")


def test_a_secure_address_of_a_website_that_is_not(site: Web):
    site.gives(CALENDAR)
    with pytest.raises(FetchError, match="No secure connection"):
        fetch(site.address().replace("http://", "https://"))


def test_what_is_no_http_at_all(settings):
    settings.CALENDARS_AT_LOOPBACK = True
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connected, _ = server.accept()
            with connected:
                connected.recv(1000)
                connected.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(FetchError, match="could not be reached"):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
