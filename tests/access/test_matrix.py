"""Every address × everyone of the cast.

The addresses come from the resolver: one that has no row here fails the suite. Whatever the
row says of one's own organisation, under another organisation's address there is only 404.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organisations.models import JoiningRequest
from organisations.people import links
from organisations.tenancy.scope import acting
from partnerships.record.invitation_links import token_of
from tests.access.arranged import Arranged, arrange_for_addresses
from tests.access.register import (
    ANYBODY,
    ELSEWHERE,
    FORBIDDEN,
    GRANTED,
    MISSING,
    NO_SUCH_METHOD,
    OK,
    OPERATORS,
    PARTS,
    ROWS,
    SCHOOL,
    SIGNED_IN,
    WITH_PARTNER,
    nothing,
)
from tests.cast import Cast
from tests.photographs import Photographs


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    """Every named address of the product."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry)
        else:
            assert isinstance(entry, URLPattern)
            assert entry.name, f"{entry.pattern} has no name"
            yield entry.name


@pytest.fixture
def arranged(cast: Cast, photographs: Photographs) -> Arranged:
    return photographs.show(arrange_for_addresses, cast)


class Clients(Mapping[str | None, Client]):
    """Everyone of the cast at a browser of their own, signed in when it is first asked for."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._open: dict[str | None, Client] = {}

    def __getitem__(self, part: str | None) -> Client:
        if part not in self._open:
            self._open[part] = self._cast.client(part)
        return self._open[part]

    def __iter__(self) -> Iterator[str | None]:
        return iter([*PARTS, "nobody", "operator", None])

    def __len__(self) -> int:
        return len(PARTS) + 3


@pytest.fixture
def clients(cast: Cast) -> Clients:
    return Clients(cast)


def address(name: str, arranged: Arranged, part: str) -> str:
    """The address of a row for the organisation that plays `part`."""
    slug = arranged.world.cast.organisation(part).slug
    url = reverse(name, kwargs={"organisation_slug": slug, **ROWS[name][0](arranged)})
    partner = arranged.world.cast.organisation("icb").slug
    return f"{url}?with={partner}" if name in WITH_PARTNER else url


def test_every_address_has_a_row() -> None:
    known = set(ROWS) | ANYBODY | {*SIGNED_IN, *OPERATORS, *GRANTED} | ELSEWHERE

    # One's own account: tests/signing_in/test_addresses.py.
    unknown = {n for n in names() if not n.startswith(("account_", "mfa_"))} ^ known
    assert unknown == set()


@pytest.mark.parametrize("name", ROWS)
def test_everyone_gets_what_is_theirs(name: str, arranged: Arranged, clients: Clients) -> None:
    got = {}
    for part, organisation in PARTS.items():
        response = clients[part].get(address(name, arranged, organisation))
        response.close()  # a file is sent while it is read
        got[part] = response.status_code

    assert got == ROWS[name][1]


@pytest.mark.parametrize("name", ROWS)
def test_who_may_not_see_a_form_may_not_post_it(
    name: str, arranged: Arranged, clients: Clients
) -> None:
    for part, refusal in ROWS[name][1].items():
        if refusal != OK:
            response = clients[part].post(address(name, arranged, PARTS[part]), {})
            assert response.status_code in (refusal, NO_SUCH_METHOD), part


@pytest.mark.parametrize("name", ROWS)
def test_under_anothers_address_there_is_nothing(
    name: str, arranged: Arranged, clients: Clients
) -> None:
    url = address(name, arranged, SCHOOL)
    outsiders = [*(p for p, own in PARTS.items() if own != SCHOOL), "nobody", "operator"]
    got = {
        (part, method): getattr(clients[part], method)(url).status_code
        for part in outsiders
        for method in ("get", "post")
    }

    assert set(got.values()) == {MISSING}


@pytest.mark.parametrize("name", [*ROWS, *SIGNED_IN, *OPERATORS, *GRANTED])
def test_signed_out_people_are_asked_to_sign_in(
    name: str, arranged: Arranged, clients: Clients, cast: Cast
) -> None:
    url = _plain_address(name, arranged, cast)
    for response in (clients[None].get(url), clients[None].post(url, {})):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("name", sorted(ANYBODY - {"readyz"}))
def test_public_pages_are_public(name: str, clients: Clients) -> None:
    assert clients[None].get(reverse(name)).status_code == OK


@pytest.mark.parametrize("name", SIGNED_IN)
def test_everyone_signed_in_sees_what_is_about_themselves(
    name: str, arranged: Arranged, clients: Clients, cast: Cast
) -> None:
    url = _plain_address(name, arranged, cast)
    got = {part: client.get(url).status_code for part, client in clients.items() if part}

    assert set(got.values()) == {OK}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_pages_are_theirs_alone(
    name: str, arranged: Arranged, clients: Clients, cast: Cast
) -> None:
    url = _plain_address(name, arranged, cast)
    for part, client in clients.items():
        if part is None:
            continue
        expected = OK if part == "operator" else MISSING
        assert client.get(url).status_code == expected, part
        if part != "operator":
            assert client.post(url, {}).status_code in (MISSING, NO_SUCH_METHOD), part


@pytest.mark.parametrize("name", GRANTED)
def test_what_was_granted_is_for_whom_it_was_granted(
    name: str, arranged: Arranged, clients: Clients
) -> None:
    url = reverse(name, kwargs=GRANTED[name](arranged))
    for part, client in clients.items():
        if part is not None and part != "nobody":
            assert client.get(url).status_code == MISSING, part
            assert client.post(url, {}).status_code in (MISSING, NO_SUCH_METHOD), part

    assert clients["nobody"].get(url).status_code == OK


def test_an_invitations_link_admits_nobody(arranged: Arranged, clients: Clients) -> None:
    url = reverse("invitation", args=[token_of(arranged.invitation)])

    assert {part: client.get(url).status_code for part, client in clients.items()} == (
        dict.fromkeys(clients, OK)
    )
    assert clients[None].get(reverse("invitation", args=["forged"])).status_code == MISSING


def test_a_persons_invitation_is_for_whoever_has_its_address(
    arranged: Arranged, clients: Clients
) -> None:
    url = reverse("person-invitation", args=[links.token_of(arranged.person_invitation)])
    signed_in = [*PARTS, "nobody", "operator"]

    assert {part: client.get(url).status_code for part, client in clients.items()} == (
        dict.fromkeys(clients, OK)
    )
    refused = {part: clients[part].post(url, {}).status_code for part in signed_in}
    ours = {part for part, own in PARTS.items() if own == SCHOOL}
    # Who belongs already is told so; nobody else may even try.
    assert refused == {part: OK if part in ours else FORBIDDEN for part in signed_in}
    assert clients[None].post(url, {}).status_code == 302
    assert clients[None].get(reverse("person-invitation", args=["forged"])).status_code == MISSING


@pytest.mark.parametrize("kind", ["p", "t"])
def test_a_neutral_link_leads_members_to_their_own_view(
    kind: str, arranged: Arranged, clients: Clients
) -> None:
    ref = {"p": arranged.world.partnership.ref, "t": arranged.world.touchpoint.ref}[kind]
    url = reverse("neutral-link", args=[kind, ref])
    got = {part: clients[part].get(url).status_code for part in [*PARTS, "nobody", "operator"]}

    leads = ("school", "health", "nobody")
    assert got == {part: 302 if part.startswith(leads) else MISSING for part in got}


def _plain_address(name: str, arranged: Arranged, cast: Cast) -> str:
    if name in ROWS:
        return address(name, arranged, SCHOOL)
    if name == "decide-joining":
        themselves = cast.nobody
        with acting(themselves.scope), transaction.atomic():
            request = JoiningRequest.objects.create(
                organisation=cast.organisation("icb"),
                user_id=themselves.user_id,
                job_title="Programme lead",
                evidence="Ask the board's office.",
            )
        return reverse(name, args=[request.ref])
    return reverse(name, kwargs={**SIGNED_IN, **GRANTED, **OPERATORS}.get(name, nothing)(arranged))
