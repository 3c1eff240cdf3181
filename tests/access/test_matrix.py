"""Every address × everyone of the cast.

The addresses come from the resolver: one that has no row here fails the suite. Whatever the
row says of one's own organisation, under another organisation's address there is only 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from organisations.joining.domains import trust
from organisations.models import (
    JoiningRequest,
    Membership,
    PersonInvitation,
    SupportSession,
    TrustedDomain,
)
from organisations.people import links
from organisations.people.services import invite_person
from organisations.support.services import end, start
from organisations.tenancy.scope import acting
from partnerships.record.invitation_links import token_of
from partnerships.record.models import Invitation, Member, PartnershipGrant
from partnerships.record.services import give_access, invite_partner
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.tenancy.world import World, arrange

OK, FORBIDDEN, MISSING, NO_SUCH_METHOD = 200, 403, 404, 405
SCHOOL, HEALTH, COUNCIL = "school", "health", "council"
PARTS = {
    "school_manager": SCHOOL,
    "school_editor": SCHOOL,
    "school_viewer": SCHOOL,
    "health_manager": HEALTH,
    "health_editor": HEALTH,
    "council_editor": COUNCIL,
    "stranger": "other",
}
OUTSIDERS = {"council_editor": MISSING, "stranger": MISSING}
MEMBERS = {"school_manager": OK, "school_editor": OK, "health_manager": OK, "health_editor": OK}

# What each of the cast gets under the address of their own organisation.
EVERYONE = dict.fromkeys(PARTS, OK)
EDITORS = EVERYONE | {"school_viewer": FORBIDDEN}
READ = MEMBERS | OUTSIDERS | {"school_viewer": OK}
MEMBERS_WRITE = MEMBERS | OUTSIDERS | {"school_viewer": FORBIDDEN}
MANAGERS = dict.fromkeys(PARTS, FORBIDDEN) | {
    "school_manager": OK,
    "health_manager": OK,
    "stranger": OK,
}
# Somebody of the school trust, or whom it invited: the managers of others find nobody.
SCHOOL_MANAGES = MANAGERS | {"health_manager": MISSING, "stranger": MISSING}
SCHOOL_WRITES = MEMBERS_WRITE | {"health_manager": FORBIDDEN, "health_editor": FORBIDDEN}
HEALTH_WRITES = MEMBERS_WRITE | {"school_manager": FORBIDDEN, "school_editor": FORBIDDEN}
# The manager alone of the organisation that opened the partnership.
SCHOOL_GIVES = OUTSIDERS | {
    "school_manager": OK,
    "school_editor": FORBIDDEN,
    "school_viewer": FORBIDDEN,
    "health_manager": FORBIDDEN,
    "health_editor": FORBIDDEN,
}
INVITED_ANSWERS = dict.fromkeys(PARTS, MISSING) | {"council_editor": OK}


@dataclass
class Arranged:
    """The world of the isolation tests, and what some addresses need besides it: an invitation
    that waits for the council, a touchpoint that is over, a membership, a person invited."""

    world: World
    invitation: Invitation
    past_touchpoint: Touchpoint
    somebody: Membership
    person_invitation: PersonInvitation
    grant: PartnershipGrant
    support: SupportSession
    trusted: TrustedDomain


Kwargs = Callable[[Arranged], dict[str, Any]]


def of_partnership(a: Arranged) -> dict[str, Any]:
    return {"ref": a.world.partnership.ref}


def of_member(part: str, **more: str) -> Kwargs:
    return lambda a: {**of_partnership(a), "member": a.world.cast.organisation(part).slug, **more}


def of_conversation(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "conversation": a.world.shared.ref}


def of_touchpoint(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "touchpoint": a.world.touchpoint.ref}


def of_past_touchpoint(a: Arranged) -> dict[str, Any]:
    return {**of_partnership(a), "touchpoint": a.past_touchpoint.ref}


def nothing(a: Arranged) -> dict[str, Any]:
    return {}


def school(a: Arranged) -> dict[str, Any]:
    return {"slug": a.world.cast.organisation(SCHOOL).slug}


ROWS: dict[str, tuple[Kwargs, dict[str, int]]] = {
    "home": (nothing, EVERYONE),
    "find-organisation": (nothing, EVERYONE),
    "organisation": (lambda a: {"target": a.world.cast.organisation("icb").slug}, EVERYONE),
    "partnerships": (nothing, EVERYONE),
    "open-partnership": (nothing, EDITORS),
    "partnership": (of_partnership, READ),
    "add-partner": (of_partnership, SCHOOL_WRITES),
    "name-contact": (of_member(HEALTH, function="deputy"), HEALTH_WRITES),
    "correct-contact": (
        of_member(HEALTH, function="named"),
        # The posting was recorded by the school trust: only there can it be corrected.
        SCHOOL_WRITES,
    ),
    "invite-partner": (of_member(COUNCIL), SCHOOL_WRITES),
    "resend-invitation": (of_member(COUNCIL), SCHOOL_WRITES),
    "withdraw-invitation": (of_member(COUNCIL), SCHOOL_WRITES),
    "answer-invitation": (lambda a: {"ref": a.invitation.ref}, INVITED_ANSWERS),
    "change-partnership": (of_partnership, SCHOOL_WRITES),
    "partnership-access": (of_partnership, READ),
    "give-access": (of_partnership, SCHOOL_GIVES),
    "end-access": (lambda a: {**of_partnership(a), "grant": a.grant.pk}, SCHOOL_WRITES),
    "conversations": (of_partnership, READ),
    "log-conversation": (of_partnership, MEMBERS_WRITE),
    "conversation-change": (of_conversation, SCHOOL_WRITES),
    "conversation-withdraw": (of_conversation, SCHOOL_WRITES),
    "touchpoints": (of_partnership, READ),
    "schedule-touchpoint": (of_partnership, MEMBERS_WRITE),
    "touchpoint": (of_touchpoint, READ),
    "touchpoint-calendar": (of_touchpoint, READ),
    "touchpoint-move": (of_touchpoint, SCHOOL_WRITES),
    "touchpoint-cancel": (of_touchpoint, SCHOOL_WRITES),
    "touchpoint-outcome": (of_past_touchpoint, MEMBERS_WRITE),
    "partnership-history": (of_partnership, READ),
    "audit": (nothing, MANAGERS),
    "audit-export": (nothing, MANAGERS),
    "own-organisation": (nothing, EVERYONE),
    "welcome": (nothing, EVERYONE),
    "terms": (nothing, EVERYONE),
    "take-records": (nothing, MANAGERS),
    "leave-tandem": (nothing, MANAGERS),
    "support-sessions": (nothing, EVERYONE),
    "end-support": (lambda a: {"ref": a.support.ref}, SCHOOL_MANAGES),
    "people": (nothing, EVERYONE),
    "leave": (nothing, EVERYONE),
    "invite-person": (nothing, MANAGERS),
    "change-role": (lambda a: {"person": a.somebody.ref}, SCHOOL_MANAGES),
    "remove-person": (lambda a: {"person": a.somebody.ref}, SCHOOL_MANAGES),
    "resend-person-invitation": (lambda a: {"ref": a.person_invitation.ref}, SCHOOL_MANAGES),
    "withdraw-person-invitation": (lambda a: {"ref": a.person_invitation.ref}, SCHOOL_MANAGES),
}
# Pages about an organisation that their address asks for.
WITH_PARTNER = {"open-partnership", "add-partner"}
# Addresses that name no acting organisation: (kwargs, who gets a page, what the others get).
ANYBODY = {"healthz", "readyz", "about", "privacy", "accessibility", "start", "demo-mail"}
SIGNED_IN: dict[str, Kwargs] = {
    "my-organisations": nothing,
    "granted": nothing,
    "find-my-organisation": nothing,
    "ask-to-join": lambda a: {"slug": a.world.cast.organisation("icb").slug},
}
OPERATORS: dict[str, Kwargs] = {
    "operator": nothing,
    "decide-joining": lambda a: {"ref": JoiningRequest.objects.get().ref},
    "operator-organisations": nothing,
    "operator-organisation": school,
    "trust-domain": school,
    "distrust-domain": lambda a: {**school(a), "ref": a.trusted.ref},
    "suspend-organisation": school,
    "reinstate-organisation": school,
    "start-support": school,
    "end-own-support": lambda a: {"ref": a.support.ref},
}
# Addresses that a personal grant opens, which "nobody" of the cast holds.
GRANTED: dict[str, Kwargs] = {
    "granted-partnership": of_partnership,
    "change-granted": of_partnership,
}
# Shown by tests of their own: what they lead to depends on the link, not on the reader's role.
ELSEWHERE = {
    "accept-terms",
    "invitation",
    "person-invitation",
    "neutral-link",
    "demo-mail-message",
    "demo-mail-calendar",
}


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
def arranged(cast: Cast) -> Arranged:
    world = arrange(cast)
    owner = cast.school_editor
    with acting(owner.scope), transaction.atomic():
        world.partnership.refresh_from_db()
        Member.objects.create(
            partnership=world.partnership, organisation=cast.organisation(COUNCIL), side=HEALTH
        )
        invitation = invite_partner(
            by=owner,
            partnership=world.partnership,
            organisation=cast.organisation(COUNCIL),
            email="public-health@council.example",
        )
        past = Touchpoint.objects.create(
            partnership=world.partnership,
            author_organisation_id=owner.organisation_id,
            author_id=owner.user_id,
            kind="update",
            starts_at=timezone.now() - timedelta(days=2),
        )
    manager = cast.school_manager
    with acting(manager.scope), transaction.atomic():
        somebody = Membership.objects.get(user_id=cast.school_viewer.user_id)
        person_invitation = invite_person(by=manager, email="new@school.example", role="viewer")
        grant = give_access(
            by=manager,
            partnership=world.partnership,
            email=cast.users["nobody"].email,
            allows="change_partnership",
            reason="Advises both sides.",
        )
    operator = cast.operator
    with acting(operator.scope), transaction.atomic():
        # Over already, so that operators stay strangers to every row here.
        support = start(
            by=operator, organisation=cast.organisation(SCHOOL), reason="A fault.", minutes=15
        )
        end(by=operator, session=support)
        trusted = trust(
            by=operator, organisation=cast.organisation(SCHOOL), domain="school.example", note="-"
        )
    return Arranged(world, invitation, past, somebody, person_invitation, grant, support, trusted)


@pytest.fixture
def clients(cast: Cast) -> dict[str | None, Client]:
    return {part: cast.client(part) for part in [*PARTS, "nobody", "operator", None]}


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
def test_everyone_gets_what_is_theirs(
    name: str, arranged: Arranged, clients: dict[str | None, Client]
) -> None:
    got = {
        part: clients[part].get(address(name, arranged, organisation)).status_code
        for part, organisation in PARTS.items()
    }

    assert got == ROWS[name][1]


@pytest.mark.parametrize("name", ROWS)
def test_who_may_not_see_a_form_may_not_post_it(
    name: str, arranged: Arranged, clients: dict[str | None, Client]
) -> None:
    for part, refusal in ROWS[name][1].items():
        if refusal != OK:
            response = clients[part].post(address(name, arranged, PARTS[part]), {})
            assert response.status_code in (refusal, NO_SUCH_METHOD), part


@pytest.mark.parametrize("name", ROWS)
def test_under_anothers_address_there_is_nothing(
    name: str, arranged: Arranged, clients: dict[str | None, Client]
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
    name: str, arranged: Arranged, clients: dict[str | None, Client], cast: Cast
) -> None:
    url = _plain_address(name, arranged, cast)
    for response in (clients[None].get(url), clients[None].post(url, {})):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("name", sorted(ANYBODY - {"readyz"}))
def test_public_pages_are_public(name: str, clients: dict[str | None, Client]) -> None:
    assert clients[None].get(reverse(name)).status_code == OK


@pytest.mark.parametrize("name", SIGNED_IN)
def test_everyone_signed_in_sees_what_is_about_themselves(
    name: str, arranged: Arranged, clients: dict[str | None, Client], cast: Cast
) -> None:
    url = _plain_address(name, arranged, cast)
    got = {part: client.get(url).status_code for part, client in clients.items() if part}

    assert set(got.values()) == {OK}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_pages_are_theirs_alone(
    name: str, arranged: Arranged, clients: dict[str | None, Client], cast: Cast
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
    name: str, arranged: Arranged, clients: dict[str | None, Client]
) -> None:
    url = reverse(name, kwargs=GRANTED[name](arranged))
    for part, client in clients.items():
        if part is not None and part != "nobody":
            assert client.get(url).status_code == MISSING, part
            assert client.post(url, {}).status_code in (MISSING, NO_SUCH_METHOD), part

    assert clients["nobody"].get(url).status_code == OK


def test_an_invitations_link_admits_nobody(
    arranged: Arranged, clients: dict[str | None, Client]
) -> None:
    url = reverse("invitation", args=[token_of(arranged.invitation)])

    assert {part: client.get(url).status_code for part, client in clients.items()} == (
        dict.fromkeys(clients, OK)
    )
    assert clients[None].get(reverse("invitation", args=["forged"])).status_code == MISSING


def test_a_persons_invitation_is_for_whoever_has_its_address(
    arranged: Arranged, clients: dict[str | None, Client]
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
    kind: str, arranged: Arranged, clients: dict[str | None, Client]
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
