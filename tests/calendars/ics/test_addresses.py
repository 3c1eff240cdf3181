"""Which addresses are read: only public computers, whatever the name says."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.ics.addresses import AddressError, computers_at, read_address


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" https://example.org/a.ics ", "https://example.org/a.ics"),
        ("HTTPS://Example.ORG:443/a.ics?x=1&y=%20#part", "https://example.org/a.ics?x=1&y=%20"),
        ("webcal://example.org/a.ics", "https://example.org/a.ics"),
        ("webcals://example.org:8443", "https://example.org:8443/"),
        ("http://example.org:80/é.ics", "http://example.org/%C3%A9.ics"),
        ("https://bücher.example/a.ics", "https://xn--bcher-kva.example/a.ics"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ],
)
def test_addresses_are_kept_in_one_way_of_writing(text, kept):
    assert read_address(text).url == kept
    assert read_address(kept).url == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter the calendar’s address"),
        ("example.org/a.ics", "must begin with"),
        ("ftp://example.org/a.ics", "must begin with"),
        ("file:///etc/passwd", "must begin with"),
        ("javascript:alert(1)", "must begin with"),
        ("https://me:secret@example.org/a.ics", "must not have a user name"),
        ("https://me@example.org/a.ics", "must not have a user name"),
        ("https:///a.ics", "must name a website"),
        ("https://example.org/a b.ics", "must not have spaces"),
        ("https://example.org/a\r\nHost: other", "must not have spaces"),
        ("https://example.org\\@127.0.0.1/", "must not have spaces"),
        ("https://example.org:22/a.ics", "at port 22"),
        ("https://example.org:0/a.ics", "at port 0"),
        ("https://example.org:99999/a.ics", "no address"),
        ("https://[::1/a.ics", "no address"),
        (f"https://{'a' * 64}.example/a.ics", "no address"),
        ("https://example.org/" + "a" * 1000, "1000 characters"),
    ],
)
def test_addresses_that_are_refused(text, said):
    with pytest.raises(AddressError, match=said):
        read_address(text)


def resolving(monkeypatch, *ips: str) -> None:
    """Let every name stand for these computers."""

    def answer(host, port, **_):
        return [(socket.AF_UNSPEC, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_no_computer_inside_a_private_network_is_asked(monkeypatch, ip):
    address = read_address("https://calendar.example/a.ics")
    resolving(monkeypatch, ip)
    with pytest.raises(AddressError, match="inside a private network"):
        computers_at(address, 5)
    # One that is not public is enough, wherever it stands among others.
    resolving(monkeypatch, "93.184.215.14", ip)
    with pytest.raises(AddressError, match="inside a private network"):
        computers_at(address, 5)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_ways_to_write_this_machine(host):
    with pytest.raises(AddressError):
        computers_at(read_address(f"http://{host}:8000/a.ics"), 5)


def test_public_computers_are_asked(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    found = computers_at(read_address("https://calendar.example/a.ics"), 5)
    assert [ip.version for ip in found] == [4, 6]


def test_a_name_that_nobody_knows(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressError, match="No website called"):
        computers_at(read_address("https://nowhere.example/a.ics"), 5)


@given(st.text(max_size=60) | st.text(max_size=40).map("https://{}".format))
def test_any_text_is_an_address_or_is_refused(text):
    try:
        address = read_address(text)
    except AddressError:
        return
    assert address.url.startswith(("https://", "http://"))
    assert address.url.isascii()
    assert read_address(address.url) == address
