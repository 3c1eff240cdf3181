"""Which addresses calendars are read from, and which computers may be asked.

An address is typed by a person, so it may point anywhere, into our own network too. Every computer
that a name stands for must be in the public internet, or none is asked.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings

_LONGEST = 1000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f]")
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*|[0-9a-f:.]+", re.ASCII)
# IPv6 addresses that lead to an IPv4 address written inside them.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressError(ValueError):
    """An address that is not read; the text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A calendar's address, taken apart; `target` is what is asked of the host."""

    secure: bool
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """As it is kept and compared."""
        scheme = "https" if self.secure else "http"
        port = "" if self.port == _DEFAULT_PORTS[scheme] else f":{self.port}"
        return f"{scheme}://{self.written_host}{port}{self.target}"

    @property
    def written_host(self) -> str:
        """The host as addresses write it."""
        return f"[{self.host}]" if ":" in self.host else self.host


def read_address(text: str) -> Address:
    """Take an address apart; raises AddressError, saying what to do.

    >>> read_address("webcal://example.org/terms.ics?a=b#c").url
    'https://example.org/terms.ics?a=b'
    """
    text = text.strip()
    if not text:
        raise AddressError("Enter the calendar’s address")
    if len(text) > _LONGEST:
        raise AddressError(f"The address must be {_LONGEST} characters or fewer")
    if _UNSEEN.search(text):
        raise AddressError("The address must not have spaces in it. Copy it again")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as problem:
        raise AddressError("This is no address. Copy it again") from problem
    # webcal: is how programs write "a calendar lies there", mostly behind https.
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in _DEFAULT_PORTS:
        raise AddressError("The address must begin with https://, http:// or webcal://")
    if parts.username is not None or parts.password is not None:
        raise AddressError(
            "The address must not have a user name or password in it. Use the calendar’s own "
            "address for sharing"
        )
    port = _DEFAULT_PORTS[scheme] if port is None else port
    if port not in _DEFAULT_PORTS.values() and port < _FIRST_FREE_PORT:
        raise AddressError(f"Tandem does not read calendars at port {port}")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
    return Address(
        scheme == "https", _host(parts.hostname), port, f"{path}{f'?{query}' * bool(query)}"
    )


def _host(name: str | None) -> str:
    if not name:
        raise AddressError("The address must name a website, like https://example.org/terms.ics")
    try:
        host = name if ":" in name else name.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as problem:
        raise AddressError("This is no address. Copy it again") from problem
    if not _HOST.fullmatch(host):
        raise AddressError("This is no address. Copy it again")
    return host


def computers_at(address: Address, seconds: float) -> list[Ip]:
    """The computers that a host's name stands for, asked once; all of them public.

    Raises AddressError when there are none, or when one is not in the public internet: whoever
    keeps the name could otherwise lead us to our own machines.
    """
    found = _resolved(address, seconds)
    if not found:
        raise AddressError(f"No website called {address.host[:100]} could be found")
    if not all(_is_public(ip) for ip in found):
        raise AddressError(
            "This address is inside a private network. Tandem reads public ones only"
        )
    return found


def _resolved(address: Address, seconds: float) -> list[Ip]:
    """Asked in a thread, because nothing else can stop a name server that does not answer."""
    found: list[Ip] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        texts = dict.fromkeys(str(each[4][0]).partition("%")[0] for each in answers)
        found.extend(ipaddress.ip_address(text) for text in texts)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return list(found)


def _is_public(ip: Ip) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        inside = _inside(ip)
        if inside is not None:
            return _is_public(inside)
        if ip.is_site_local:
            return False
    if ip.is_loopback:
        # For tests of the whole way alone; no environment variable sets it.
        return bool(settings.CALENDARS_AT_LOOPBACK)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if ip in _TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
