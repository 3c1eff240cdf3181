"""Official files from a web server of this machine: what is new, whole, and looked at first."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from contacts.imports.official.tables import today
from contacts.models import CameBy, OfficialAddress, OfficialImport, OfficialState
from contacts.official import fetching, services, working
from tests.calendars.ics.web import Web, web
from tests.cast import Cast
from tests.contacts.official import downloads as of
from tests.contacts.official.test_from_a_page import england
from tests.contacts.official.uploading import NEW, RENAMED, ask, listed, schools
from tests.organisations.onlooker import Superuser, count, on_record

__all__ = ["england"]
pytestmark = pytest.mark.usefixtures("england")
[SCHOOLS] = schools(RENAMED, NEW).values()
GROUPS = of.table(of.GROUP_COLUMNS, of.shipped_groups(), encoding="utf-8")
AT = "/schools.csv"


@pytest.fixture
def publisher() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture(autouse=True)
def fetched_from(publisher: Web, settings: Any) -> None:
    settings.OFFICIAL_AT_LOOPBACK = True
    settings.OFFICIAL_URLS = {"gias": [publisher.address(AT)], "ods": []}


def a_day_later(superuser: Superuser) -> None:
    superuser.execute("UPDATE contacts_officialaddress SET tried_at = tried_at - interval '1 day'")


def waiting() -> list[OfficialImport]:
    rows = OfficialImport.objects.using("owner").filter(came_by=CameBy.FETCHED)
    return list(rows.order_by("pk"))


def address(superuser: Superuser) -> tuple[str, str]:
    row = superuser.execute("SELECT failure, etag FROM contacts_officialaddress").fetchone()
    assert row
    return row[0], row[1]


def test_off_by_default(publisher: Web, settings: Any) -> None:
    settings.OFFICIAL_URLS = {"gias": [], "ods": []}

    assert fetching.fetch_due() == 0
    assert publisher.asked == []


def test_what_is_new_waits_to_be_looked_at(
    publisher: Web, cast: Cast, client: Client, superuser: Superuser
) -> None:
    publisher.gives(SCHOOLS, AT, ETag='"one"')

    assert fetching.fetch_due() == 1
    assert working.do_all() == 1

    [made] = waiting()
    assert (made.state, made.made_by_id) == (OfficialState.CHECKED, None)
    assert sorted(listed(made)) == ["100000", "900001"]
    client.force_login(cast.users["operator"])
    page = client.get(f"/operator/official/{made.ref}/").text
    assert "Fetched from the publisher on" in page
    assert "a new file came" in client.get("/operator/official/").text
    ask(services.apply_files, cast.operator, made)
    working.do_all()
    made.refresh_from_db(using="owner")
    assert (made.state, made.applied_by_id) == (OfficialState.APPLIED, cast.operator.user_id)
    assert on_record(superuser).count("official files fetched") == 1


def test_an_address_is_asked_once_a_day_and_for_what_is_new(
    publisher: Web, superuser: Superuser
) -> None:
    publisher.gives(SCHOOLS, AT, ETag='"one"', Last_Modified="Fri, 20 Nov 2026 06:00:00 GMT")
    assert [fetching.fetch_due() for _ in range(3)] == [1, 0, 0]
    assert len(publisher.asked) == 1

    publisher.says(304, AT)
    a_day_later(superuser)
    assert fetching.fetch_due() == 0

    asked = publisher.asked[-1][1]
    assert asked["If-None-Match"] == '"one"'
    assert asked["If-Modified-Since"] == "Fri, 20 Nov 2026 06:00:00 GMT"
    assert address(superuser) == ("", '"one"')

    # A server that knows no conditions sends the same again: the checksum tells.
    publisher.gives(SCHOOLS, AT)
    a_day_later(superuser)
    assert fetching.fetch_due() == 0
    assert len(waiting()) == 1


def test_a_newer_download_takes_the_place_of_one_that_nobody_decided(
    publisher: Web, superuser: Superuser
) -> None:
    publisher.gives(SCHOOLS, AT)
    fetching.fetch_due()
    working.do_all()
    publisher.gives(of.table(of.COLUMNS, [RENAMED]), AT)
    a_day_later(superuser)

    assert fetching.fetch_due() == 1
    working.do_all()

    first, second = waiting()
    assert (first.state, first.failure) == (OfficialState.DISCARDED, fetching.NEWER)
    assert (listed(first), sorted(listed(second))) == ({}, ["100000"])


def test_what_is_not_new_comes_with_what_is(
    publisher: Web, settings: Any, superuser: Superuser
) -> None:
    settings.OFFICIAL_URLS = {"gias": [publisher.address(AT), publisher.address("/g.csv")]}

    def conditional(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == '"groups"'
        handler.send_response(304 if same else 200)
        handler.send_header("ETag", '"groups"')
        handler.send_header("Content-Length", "0" if same else str(len(GROUPS)))
        handler.end_headers()
        if not same:
            handler.wfile.write(GROUPS)

    publisher.answers["/g.csv"] = conditional
    publisher.gives(SCHOOLS, AT, ETag='"one"')
    assert fetching.fetch_due() == 1
    publisher.gives(of.table(of.COLUMNS, [RENAMED]), AT, ETag='"two"')
    a_day_later(superuser)

    assert fetching.fetch_due() == 1

    names = [each["name"] for each in waiting()[-1].files]
    assert names == ["schools.csv", "g.csv"]
    assert [path for path, _ in publisher.asked].count("/g.csv") == 3


def test_the_day_stands_in_the_address(publisher: Web, settings: Any) -> None:
    settings.OFFICIAL_URLS = {"gias": [publisher.address("/edubasealldata{day}.csv")]}
    publisher.gives(SCHOOLS, f"/edubasealldata{today():%Y%m%d}.csv")

    assert fetching.fetch_due() == 1
    assert waiting()[0].files == [{"name": f"edubasealldata{today():%Y%m%d}.csv"}]


def breaking_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(SCHOOLS)))
    handler.end_headers()
    handler.wfile.write(SCHOOLS[:300])


def leading_in_a_circle(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", AT)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def leading_elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    port = handler.server.server_port  # type: ignore[attr-defined]
    handler.send_header("Location", f"http://localhost:{port}/elsewhere.csv")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def giving(content: bytes) -> object:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def failing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(503)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


BAD = {
    "away": (failing, r"answered with an error (503)"),
    "broken off": (breaking_off, "could not be reached, or broke off"),
    "a circle": (leading_in_a_circle, "could not be reached"),
    "not secure": (leading_elsewhere, "is not a secure one"),
    "empty": (giving(b""), "The file is empty"),
    "a page": (giving(b"<!doctype html><title>Sorry</title>\n"), "is no file that Tandem reads"),
    "of the other register": (
        giving(of.nhs("RBK", "A NHS TRUST", "QUA", "19910401").encode()),
        "This is a file of another register",
    ),
    "cut short": (giving(of.packed({"edubasealldata.csv": SCHOOLS})[:-30]), "is no whole zip file"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_what_is_not_right_is_said_and_tried_again(
    case: str, publisher: Web, cast: Cast, client: Client, superuser: Superuser
) -> None:
    answer, words = BAD[case]
    publisher.answers[AT] = answer  # type: ignore[assignment]
    publisher.gives(SCHOOLS, "/elsewhere.csv")

    assert fetching.fetch_due() == 0

    assert words in address(superuser)[0]
    assert count(superuser, "contacts_officialimport") == 0
    assert count(superuser, "contacts_officialfilepart") == 0
    client.force_login(cast.users["operator"])
    assert words in client.get("/operator/official/").content.decode().replace("&#39;", "'")
    # Not at once, but within the hour.
    publisher.gives(SCHOOLS, AT)
    assert fetching.fetch_due() == 0
    superuser.execute("UPDATE contacts_officialaddress SET tried_at = tried_at - interval '1 hour'")
    assert fetching.fetch_due() == 1
    assert address(superuser)[0] == ""


def test_a_file_without_end_is_left(
    publisher: Web, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1 << 20)
    publisher.gives(bytes(2 << 20), AT)

    assert fetching.fetch_due() == 0
    assert "has more than 1 MB" in address(superuser)[0]


def test_an_address_without_security_is_not_asked(
    publisher: Web, settings: Any, superuser: Superuser
) -> None:
    settings.OFFICIAL_AT_LOOPBACK = False
    publisher.gives(SCHOOLS, AT)

    assert fetching.fetch_due() == 0
    assert publisher.asked == []
    assert "not a secure one" in address(superuser)[0]


def test_only_operators_see_the_addresses(publisher: Web, cast: Cast, client: Client) -> None:
    publisher.gives(SCHOOLS, AT)
    fetching.fetch_due()
    client.force_login(cast.users["school_manager"])

    assert client.get("/operator/official/").status_code == 404
    assert not OfficialAddress.objects.exists()


def test_a_worker_that_comes_meanwhile_does_not_ask(publisher: Web) -> None:
    meanwhile: list[int] = []

    def asks_another(handler: BaseHTTPRequestHandler) -> None:
        meanwhile.append(fetching.fetch_due())
        connections.close_all()
        failing(handler)

    publisher.answers[AT] = asks_another

    assert fetching.fetch_due() == 0
    assert meanwhile == [0]
    assert len(publisher.asked) == 1
