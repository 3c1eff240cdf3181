"""Claiming an organisation by a confirmed address at a trusted domain: the first person, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from organisations import selectors, services
from organisations.actor import Actor
from organisations.joining import domains
from organisations.models import JoiningRequest, Membership, Organisation, TrustedDomain, User
from organisations.people.services import invite_person
from organisations.tenancy.scope import acting
from tests.cast import PASSWORD, Cast, confirm
from tests.organisations.onlooker import Superuser, count, mailed_to, on_record
from tests.organisations.test_joining import ANSWERS, ask, post

Enter = Callable[[Actor], AbstractContextManager[Actor]]
DOMAIN = "blackcountry.icb.nhs.uk"


def somebody(address: str, *, confirmed: bool = True) -> Actor:
    """A person with an account at an address."""
    user = User.objects.create_user(address, PASSWORD, name="Programme lead")
    if confirmed:
        confirm(user)
    return Actor(user.pk)


def belongs(superuser: Superuser, organisation: Organisation) -> int:
    row = superuser.execute(
        "SELECT count(*) FROM organisations_membership WHERE organisation_id = %s",
        [organisation.pk],
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def trusted(cast: Cast, as_actor: Enter) -> TrustedDomain:
    with as_actor(cast.operator) as by:
        return domains.trust(
            by=by, organisation=cast.organisation("icb"), domain=DOMAIN, note="On its website."
        )


def claim(person: Actor, organisation: Organisation, **more: int) -> JoiningRequest:
    with acting(person.scope), transaction.atomic():
        return ask(person, organisation, **more)


def test_the_first_person_at_a_trusted_domain_becomes_manager_at_once(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    person = somebody(f"lead@{DOMAIN}")
    cast.users["lead"] = User.objects.get(pk=person.user_id)
    client = cast.client("lead")

    response = post(client, cast.organisation("icb"))

    slug = cast.organisation("icb").slug
    assert response["Location"] == reverse("accept-terms", args=[slug])  # type: ignore[index]
    with acting(person.scope), transaction.atomic():
        (membership,) = selectors.memberships_of(person)
    assert membership.role == "manager"
    assert "person admitted by their address" in on_record(superuser, user_id=person.user_id)
    assert client.get(f"/o/{slug}/").status_code == 404, "closed until the terms are accepted"
    assert any("You now speak for" in each.subject for each in mailed_to(f"lead@{DOMAIN}"))
    assert "Their address" in cast.client("operator").get(reverse("operator")).text


@pytest.mark.parametrize(
    "address",
    [
        f"lead@mail.{DOMAIN}",
        f"lead@{DOMAIN}.example",
        "lead@icb.nhs.uk",
        f"lead@x{DOMAIN}",
        "lead@black-country.icb.nhs.uk",
        "lead@blackcountry.icb.nhs.uk.evil.example",
        "lead@blасkcountry.icb.nhs.uk",
        "lead@xn--blckcountry-21h.icb.nhs.uk",
        "blackcountry.icb.nhs.uk@gmail.com",
        "lead@gmail.com",
        "lead@nhs.net",
    ],
)
def test_an_address_that_is_only_like_it_admits_nobody(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser, address: str
) -> None:
    person = somebody(address)

    assert claim(person, cast.organisation("icb")).state == "pending"
    assert belongs(superuser, cast.organisation("icb")) == 0


def test_an_address_that_is_not_confirmed_admits_nobody(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    person = somebody(f"lead@{DOMAIN}", confirmed=False)

    assert claim(person, cast.organisation("icb")).state == "pending"
    assert belongs(superuser, cast.organisation("icb")) == 0


def test_a_domain_trusted_for_another_organisation_admits_nobody_here(
    cast: Cast, trusted: TrustedDomain
) -> None:
    person = somebody(f"lead@{DOMAIN}")

    assert claim(person, cast.organisation("council")).state == "pending"


def test_who_comes_second_waits_for_the_operator_and_is_told(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    icb = cast.organisation("icb")
    claim(somebody(f"first@{DOMAIN}"), icb)

    second = claim(somebody(f"second@{DOMAIN}"), icb)

    assert second.state == "pending"
    assert belongs(superuser, icb) == 1
    (message,) = mailed_to(f"second@{DOMAIN}")
    assert "has people here already" in str(message.body)


def test_two_claims_without_proof_go_to_the_operator_who_sees_both(
    cast: Cast, trusted: TrustedDomain, as_actor: Enter
) -> None:
    icb = cast.organisation("icb")
    claim(cast.nobody, icb)
    person = somebody(f"lead@{DOMAIN}")
    cast.users["lead"] = User.objects.get(pk=person.user_id)
    client = cast.client("lead")

    post(client, icb)

    page = client.get(reverse("my-organisations")).text
    assert "Someone else has asked as well" in page
    with as_actor(cast.operator):
        assert [each.others for each in selectors.waiting_requests()] == [1, 1]


def test_of_two_claims_at_once_one_is_admitted(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    icb = cast.organisation("icb")
    people = [somebody(f"{name}@{DOMAIN}") for name in ("first", "second")]
    together = Barrier(2)

    def go(person: Actor) -> str:
        try:
            together.wait(timeout=10)
            return claim(person, icb).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(go, people))

    assert states in (["approved", "pending"],)
    assert belongs(superuser, icb) == 1


def test_who_came_by_an_invitation_is_never_admitted_by_their_address(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    person = somebody(f"lead@{DOMAIN}")

    joining = claim(person, cast.organisation("icb"), invited_by_id=cast.organisation("school").pk)

    assert joining.state == "pending"
    assert belongs(superuser, cast.organisation("icb")) == 0


def test_who_is_invited_to_another_organisation_is_never_admitted_by_their_address(
    cast: Cast, trusted: TrustedDomain, as_actor: Enter, superuser: Superuser
) -> None:
    person = somebody(f"lead@{DOMAIN}")
    with as_actor(cast.school_manager) as by:
        invite_person(by=by, email=f"lead@{DOMAIN}", role="viewer")

    assert claim(person, cast.organisation("icb")).state == "pending"
    assert belongs(superuser, cast.organisation("icb")) == 0


def test_a_domain_that_is_no_longer_trusted_admits_nobody(
    cast: Cast, trusted: TrustedDomain, as_actor: Enter
) -> None:
    with as_actor(cast.operator) as by:
        domains.distrust(by=by, trusted=trusted)

    assert claim(somebody(f"lead@{DOMAIN}"), cast.organisation("icb")).state == "pending"


def test_an_operator_does_not_admit_themselves_by_trusting_their_domain(
    cast: Cast, as_actor: Enter, superuser: Superuser
) -> None:
    with as_actor(cast.operator) as by:
        domains.trust(
            by=by, organisation=cast.organisation("icb"), domain="tandem.example", note="Mine."
        )

    with pytest.raises(ValidationError, match="an operator speaks for no organisation"):
        claim(cast.operator, cast.organisation("icb"))
    assert claim(Actor(cast.operator.user_id), cast.organisation("icb")).state == "pending"


def test_an_organisation_that_has_left_is_for_the_operator(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    superuser.execute(
        "UPDATE organisations_organisation SET left_at = now() WHERE id = %s",
        [cast.organisation("icb").pk],
    )

    assert claim(somebody(f"lead@{DOMAIN}"), cast.organisation("icb")).state == "pending"


def test_the_database_admits_nobody_for_someone_elses_claim(
    cast: Cast, trusted: TrustedDomain, as_actor: Enter
) -> None:
    joining = claim(cast.nobody, cast.organisation("icb"))

    with as_actor(cast.stranger), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.admit_by_address(%s)", [joining.ref])
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT tandem.what_a_claim_meets(%s)", [joining.ref])
        assert cursor.fetchone() == (None,)
    with as_actor(cast.nobody):
        changed = JoiningRequest.objects.filter(pk=joining.pk).update(state="approved")
    assert changed == 0


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "nhs",
        "gmail.com",
        "nhs.net",
        "nhs.uk",
        "gov.uk",
        "blасk.example",
        "a_b.example",
        "xn--blck-5cd.example",
        "@",
        "lead@black.example",
        "black..example",
        "-black.example",
    ],
)
def test_a_domain_that_proves_nothing_is_refused(
    cast: Cast, as_actor: Enter, superuser: Superuser, domain: str
) -> None:
    with as_actor(cast.operator) as by, pytest.raises(ValidationError):
        domains.trust(by=by, organisation=cast.organisation("icb"), domain=domain, note="Theirs.")
    assert count(superuser, TrustedDomain._meta.db_table) == 0


def test_a_domain_is_compared_as_it_is_written_in_addresses(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.operator) as by:
        trusted = domains.trust(
            by=by,
            organisation=cast.organisation("icb"),
            domain=" @BlackCountry.ICB.nhs.uk. ",
            note="x",
        )
    assert trusted.domain == DOMAIN


def test_a_domain_of_two_organisations_needs_the_operators_word(
    cast: Cast, trusted: TrustedDomain, as_actor: Enter
) -> None:
    other = cast.organisation("other")
    with as_actor(cast.operator) as by, pytest.raises(ValidationError, match="is trusted for"):
        domains.trust(by=by, organisation=other, domain=DOMAIN, note="Same offices.")
    with as_actor(cast.operator), pytest.raises(IntegrityError, match="of_one_organisation"):
        TrustedDomain.objects.create(
            organisation=other, domain=DOMAIN, note="x", added_by_id=cast.operator.user_id
        )

    with as_actor(cast.operator) as by:
        domains.trust(by=by, organisation=other, domain=DOMAIN, note="Same offices.", shared=True)


@pytest.mark.parametrize("part", ["nobody", "school_manager"])
def test_only_operators_trust_a_domain(cast: Cast, as_actor: Enter, part: str) -> None:
    icb = cast.organisation("icb")
    with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
        domains.trust(by=by, organisation=icb, domain=DOMAIN, note="Ours.")
    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(cast.actors[part]):
        TrustedDomain.objects.create(
            organisation=icb, domain=DOMAIN, note="x", added_by_id=cast.actors[part].user_id
        )
    with as_actor(cast.actors[part]):
        assert not TrustedDomain.objects.exists()


def test_a_forged_organisation_in_the_form_changes_nothing(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser
) -> None:
    person = somebody(f"lead@{DOMAIN}")
    cast.users["lead"] = User.objects.get(pk=person.user_id)

    post(
        cast.client("lead"),
        cast.organisation("council"),
        organisation_id=str(cast.organisation("icb").pk),
        slug=cast.organisation("icb").slug,
        state="approved",
        trusted_domain=str(trusted.pk),
    )

    row = superuser.execute("SELECT organisation_id, state FROM organisations_joiningrequest")
    assert row.fetchall() == [(cast.organisation("council").pk, "pending")]
    assert belongs(superuser, cast.organisation("icb")) == 0


def test_a_closed_organisation_is_not_claimed(
    cast: Cast, trusted: TrustedDomain, superuser: Superuser, as_actor: Enter
) -> None:
    icb = cast.organisation("icb")
    icb.closed_on = timezone.localdate() - timedelta(days=1)
    person = somebody(f"lead@{DOMAIN}")
    with as_actor(person) as by, pytest.raises(ValidationError, match="closed on"):
        services.ask_to_join(by=by, organisation=icb, **ANSWERS)
    assert belongs(superuser, icb) == 0


def test_a_first_manager_is_still_one_manager(cast: Cast, trusted: TrustedDomain) -> None:
    claim(somebody(f"lead@{DOMAIN}"), cast.organisation("icb"))
    with acting(cast.operator.scope), transaction.atomic():
        roles = list(
            Membership.objects.filter(organisation=cast.organisation("icb")).values_list(
                "role", flat=True
            )
        )
    assert roles == ["manager"]
