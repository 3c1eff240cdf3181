"""The terms open an organisation; who had recorded it is told first, and shows it nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.urls import reverse

from organisations.actor import Actor
from organisations.joining import opening, terms
from organisations.models import Membership, Organisation, TermsAcceptance
from organisations.tenancy.scope import acting
from partnerships.record.models import Member
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, mailed_to, on_record
from tests.organisations.test_joining import once_in
from tests.tenancy.world import arrange

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def admitted(cast: Cast, as_actor: Enter) -> Organisation:
    """The board, with a first manager who has not accepted the terms."""
    icb = cast.organisation("icb")
    with as_actor(cast.operator):
        Membership.objects.create(organisation=icb, user_id=cast.nobody.user_id, role="manager")
    return icb


def test_no_page_opens_before_the_terms_are_accepted(cast: Cast, admitted: Organisation) -> None:
    client = cast.client("nobody")
    home = reverse("home", args=[admitted.slug])
    page = reverse("accept-terms", args=[admitted.slug])

    for name in ("home", "people", "partnerships", "own-organisation", "welcome", "take-records"):
        assert client.get(reverse(name, args=[admitted.slug])).status_code == 404, name
    assert client.get("/")["Location"] == page
    assert "Accept the terms to open it" in client.get(reverse("my-organisations")).text
    form = client.get(page).text
    assert "Who decides, and who only processes" in form
    refused = client.post(page, {"once": once_in(form), "version": "1"})
    assert "Tick the box" in refused.text

    done = client.post(page, {"once": once_in(refused.text), "version": "1", "agree": "on"})

    assert done["Location"] == reverse("welcome", args=[admitted.slug])
    assert "This is what happens next" in client.get(done["Location"]).text
    assert client.get(home).status_code == 200
    assert any("what happens next" in m.subject for m in mailed_to("nobody@tandem.example"))


def test_accepting_is_on_record_and_opens_once(
    cast: Cast, admitted: Organisation, as_actor: Enter, superuser: Superuser
) -> None:
    for opened in (True, False):
        with as_actor(cast.nobody) as by:
            assert opening.accept_terms(by=by, organisation=admitted, version=1) is opened

    actions = on_record(superuser, user_id=cast.nobody.user_id)
    assert actions.count("processing terms accepted") == 2
    assert actions.count("organisation joined") == 1


@pytest.mark.parametrize("part", ["stranger", "school_manager", "operator"])
def test_nobody_else_accepts_for_it(
    cast: Cast, admitted: Organisation, as_actor: Enter, part: str
) -> None:
    person = Actor(cast.users[part].pk, is_operator=part == "operator")
    with as_actor(person) as by, pytest.raises(PermissionDenied):
        opening.accept_terms(by=by, organisation=admitted, version=1)
    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(person):
        TermsAcceptance.objects.create(organisation=admitted, version=1, user_id=person.user_id)
    assert cast.client(part).get(reverse("accept-terms", args=[admitted.slug])).status_code == 404


def test_the_database_opens_nothing_without_the_terms(
    cast: Cast, admitted: Organisation, as_actor: Enter
) -> None:
    from django.utils import timezone

    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(cast.nobody):
        Organisation.objects.filter(pk=admitted.pk).update(joined_at=timezone.now())
    with as_actor(cast.stranger):
        assert Organisation.objects.filter(pk=admitted.pk).update(joined_at=timezone.now()) == 0


def test_another_version_than_the_current_one_is_not_accepted(
    cast: Cast, admitted: Organisation, as_actor: Enter
) -> None:
    with as_actor(cast.nobody) as by, pytest.raises(ValidationError, match="newer version"):
        opening.accept_terms(by=by, organisation=admitted, version=terms.CURRENT + 1)


def test_a_new_version_asks_managers_and_lets_everyone_go_on(
    cast: Cast, admitted: Organisation, as_actor: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_actor(cast.nobody) as by:
        opening.accept_terms(by=by, organisation=admitted, version=1)
    monkeypatch.setattr(terms, "CURRENT", 2)

    client = cast.client("nobody")

    assert client.get("/")["Location"] == reverse("accept-terms", args=[admitted.slug])
    assert client.get(reverse("home", args=[admitted.slug])).status_code == 200
    assert (
        cast.client("school_editor")
        .get("/")["Location"]
        .endswith(f"/o/{cast.organisation('school').slug}/")
    )


def test_who_recorded_it_is_told_and_shows_it_nothing(
    cast: Cast, admitted: Organisation, as_actor: Enter
) -> None:
    world = arrange(cast)
    with as_actor(cast.school_editor):
        Member.objects.create(partnership=world.partnership, organisation=admitted, side="health")

    with as_actor(cast.nobody) as by:
        opening.accept_terms(by=by, organisation=admitted, version=1)

    (message,) = [
        m for m in mailed_to("school-manager@tandem.example") if "has joined" in m.subject
    ]
    assert "Health hub" in str(message.body)
    assert not [m for m in mailed_to("health-manager@tandem.example") if "joined" in m.subject]
    client = cast.client("nobody")
    for name, kwargs in (
        ("home", {}),
        ("partnerships", {}),
        ("organisation", {"target": cast.organisation("school").slug}),
    ):
        page = client.get(reverse(name, kwargs={"organisation_slug": admitted.slug, **kwargs})).text
        assert "Health hub" not in page
        assert "Both sides" not in page
    url = reverse("partnership", args=[admitted.slug, world.partnership.ref])
    assert client.get(url).status_code == 404


def test_only_its_manager_learns_who_recorded_it(
    cast: Cast, admitted: Organisation, as_actor: Enter
) -> None:
    from django.db import connection

    world = arrange(cast)
    with as_actor(cast.school_editor):
        Member.objects.create(partnership=world.partnership, organisation=admitted, side="health")
    with as_actor(cast.stranger), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.who_records(%s)", [admitted.pk])
        assert cursor.fetchall() == []


def test_suspended_organisations_accept_nothing(
    cast: Cast, admitted: Organisation, superuser: Superuser
) -> None:
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s", [admitted.pk]
    )
    with (
        acting(cast.nobody.scope),
        transaction.atomic(),
        pytest.raises(ValidationError, match="suspended"),
    ):
        opening.accept_terms(by=cast.nobody, organisation=admitted, version=1)
