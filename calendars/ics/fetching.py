"""Fetching a calendar from its address: bounded in time and size, and from public computers only.

The name is resolved once, every computer behind it is checked, and the connection goes to a checked
one: a name server that answers differently the second time gains nothing. No proxy is used, no
cookie or password sent, and each redirect is treated like a new address.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from calendars.ics.addresses import Address, AddressError, Ip, computers_at, read_address
from calendars.ics.limits import LARGEST

STEP_SECONDS = 10.0
ALL_SECONDS = 20.0
MOST_REDIRECTS = 3
_PIECE = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_UNCHANGED, _GOOD = 304, 200
_LONGEST_TAG = 300
_LONGEST_DATE = 60
_SIGN_IN = (401, 403, 407)
_GONE = (404, 410)
TOO_SLOW = "The website took too long to send the calendar"
_BROKE_OFF = "The connection broke off before the whole calendar was there"


class FetchError(Exception):
    """A calendar that could not be fetched; the text says why, for the organisation."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: `content` is None when nothing has changed since."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Fetch a calendar, unless it is as it was; raises FetchError."""
    deadline = time.monotonic() + ALL_SECONDS
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    known = {name: value for name, value in asked.items() if value}
    try:
        address = read_address(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = _ask(address, known, deadline)
            if isinstance(answer, Fetched):
                return answer
            address = _led_on(address, answer)
    except AddressError as problem:
        raise FetchError(str(problem)) from problem
    raise FetchError(f"The address leads on to another more than {MOST_REDIRECTS} times")


def _led_on(address: Address, location: str) -> Address:
    further = read_address(urljoin(address.url, location))
    if address.secure and not further.secure:
        raise FetchError("The address leads from a secure website to one that is not")
    return further


def _ask(address: Address, known: dict[str, str], deadline: float) -> Fetched | str:
    """Ask once: the answer, or where it leads on to."""
    ips = computers_at(address, min(STEP_SECONDS, deadline - time.monotonic()))
    try:
        with _connected(address, ips, deadline) as connection:
            return _answer(connection, address, known, deadline)
    except ssl.SSLCertVerificationError as problem:
        raise FetchError("The website’s security certificate is not valid") from problem
    except ssl.SSLError as problem:
        raise FetchError("No secure connection to the website was possible") from problem
    except TimeoutError as problem:
        raise FetchError(TOO_SLOW) from problem
    except http.client.IncompleteRead as problem:
        raise FetchError(TOO_SLOW if time.monotonic() >= deadline else _BROKE_OFF) from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        late = time.monotonic() >= deadline
        raise FetchError(TOO_SLOW if late else "The website could not be reached") from problem


@contextmanager
def _connected(
    address: Address, ips: list[Ip], deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of the checked computers, cut when the time is over."""
    with ExitStack() as ends:
        wire = ends.enter_context(_socket(ips, address.port, deadline))
        # A socket's timeout is about each piece; a sender of one byte at a time is cut by this.
        same = ends.enter_context(wire.dup())
        guard = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [same])
        guard.daemon = True
        ends.callback(guard.cancel)
        guard.start()
        if address.secure:
            context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
            wire = ends.enter_context(context.wrap_socket(wire, server_hostname=address.host))
        connection = http.client.HTTPConnection(address.host, address.port)
        connection.default_port = 443 if address.secure else 80
        connection.sock = wire
        yield connection


def _socket(ips: list[Ip], port: int, deadline: float) -> socket.socket:
    """Connected to the first that answers."""
    problem: OSError = TimeoutError()
    for ip in ips:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            connected = socket.create_connection((str(ip), port), timeout=min(STEP_SECONDS, left))
        except OSError as refused:
            problem = refused
            continue
        connected.settimeout(STEP_SECONDS)
        return connected
    raise problem


def _cut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _answer(
    connection: http.client.HTTPConnection, address: Address, known: dict[str, str], deadline: float
) -> Fetched | str:
    headers = {
        "User-Agent": "Tandem (reads a calendar that a member organisation added)",
        "Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **known,
    }
    connection.request("GET", address.target, headers=headers)
    response = connection.getresponse()
    if response.status in _REDIRECTS and (location := response.headers.get("Location")):
        return location.strip()
    if response.status == _UNCHANGED and known:
        return Fetched(None)
    if response.status != _GOOD:
        raise FetchError(_refusal(response.status))
    return Fetched(
        _body(response, deadline),
        _kept(response.headers.get("ETag"), _LONGEST_TAG),
        _kept(response.headers.get("Last-Modified"), _LONGEST_DATE),
    )


def _refusal(status: int) -> str:
    if status in _SIGN_IN:
        return (
            "The website asks for a sign-in. Use the calendar’s public address, or its secret "
            "address for sharing"
        )
    if status in _GONE:
        return "There is no calendar at this address any more"
    return f"The website answered with an error ({status})"


def _kept(header: str | None, longest: int) -> str:
    """A header to send back next time; none that is too long or not plain."""
    text = (header or "").strip()
    return text if len(text) <= longest and text.isascii() and text.isprintable() else ""


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """All of it, up to the limit."""
    if response.length is not None and response.length > LARGEST:
        raise FetchError("This calendar is larger than 2 MB")
    expected, pieces, size = response.length, [], 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise FetchError("This calendar is larger than 2 MB")
        pieces.append(piece)
    if time.monotonic() >= deadline:
        raise FetchError(TOO_SLOW)
    if expected is not None and size < expected:
        raise FetchError(_BROKE_OFF)
    return b"".join(pieces)
