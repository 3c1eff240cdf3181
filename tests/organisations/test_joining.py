"""Asking to speak for an organisation, which admits nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations import selectors, services
from organisations.actor import Actor
from organisations.models import JoiningRequest, Membership, Organisation, User
from tests.cast import PASSWORD, Cast, confirm
from tests.organisations.onlooker import Superuser, count, mailed_to, on_record

Enter = Callable[[Actor], AbstractContextManager[Actor]]
ANSWERS = {"job_title": "Head of school nursing", "evidence": "Ring the switchboard."}


def ask(by: Actor, organisation: Organisation, **more: int) -> JoiningRequest:
    """Ask in a fitting way."""
    return services.ask_to_join(by=by, organisation=organisation, **ANSWERS, **more)


def once_in(page: str) -> str:
    """The token of the form on a page."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def post(client: Client, organisation: Organisation, **more: str) -> object:
    """Open the page and send its form."""
    address = reverse("ask-to-join", args=[organisation.slug])
    once = once_in(client.get(address).text)
    return client.post(address, {**ANSWERS, "once": once, **more})


def test_asking_creates_a_request_and_no_membership(cast: Cast, superuser: Superuser) -> None:
    before = count(superuser, Membership._meta.db_table)
    client = cast.client("nobody")

    response = post(client, cast.organisation("icb"))

    assert response["Location"] == reverse("my-organisations")  # type: ignore[index]
    page = client.get(reverse("my-organisations")).text
    assert "You have asked to speak for NHS Black Country" in page
    assert "An operator checks" in page
    assert count(superuser, JoiningRequest._meta.db_table) == 1
    assert count(superuser, Membership._meta.db_table) == before
    assert on_record(superuser, user_id=cast.nobody.user_id) == [
        "asked to speak for an organisation"
    ]
    assert client.get(f"/o/{cast.organisation('icb').slug}/").status_code == 404


def test_the_person_and_every_operator_get_an_email(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.nobody) as by:
        joining = ask(by, cast.organisation("icb"))

    (received,) = mailed_to("nobody@tandem.example")
    (to_decide,) = mailed_to("operator@tandem.example")
    assert "You asked to speak for NHS Black Country" in received.subject
    assert reverse("decide-joining", args=[joining.ref]) in str(to_decide.body)
    assert "switchboard" not in str(to_decide.body), "what they wrote stays on the page"


def test_asking_twice_says_when_it_was_asked(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.nobody) as by:
        first = ask(by, cast.organisation("icb"))
    superuser_date = first.created_at

    with as_actor(cast.nobody) as by, pytest.raises(ValidationError) as refused:
        ask(by, cast.organisation("icb"))

    assert "already asked" in refused.value.messages[0]
    assert str(superuser_date.year) in refused.value.messages[0]
    page = cast.client("nobody").get(reverse("ask-to-join", args=[cast.organisation("icb").slug]))
    assert "You have already asked, on" in page.text
    assert "<textarea" not in page.text


def test_a_form_opened_before_the_first_request_gets_the_same_answer(
    cast: Cast, superuser: Superuser
) -> None:
    client, icb = cast.client("nobody"), cast.organisation("icb")
    address = reverse("ask-to-join", args=[icb.slug])
    stale = once_in(client.get(address).text)
    post(client, icb)

    response = client.post(address, {**ANSWERS, "once": stale})

    assert "You have already asked" in response.text
    assert count(superuser, JoiningRequest._meta.db_table) == 1


def test_a_colleague_may_ask_for_the_same_organisation(cast: Cast, as_actor: Enter) -> None:
    for part in ("nobody", "stranger"):
        with as_actor(cast.actors[part]) as by:
            ask(by, cast.organisation("icb"))

    with as_actor(cast.operator):
        assert [each.others for each in selectors.waiting_requests()] == [1, 1]


def test_someone_who_speaks_for_it_cannot_ask(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.school_editor) as by, pytest.raises(ValidationError, match="already speak"):
        ask(by, cast.organisation("school"))

    page = cast.client("school_editor").get(
        reverse("ask-to-join", args=[cast.organisation("school").slug])
    )
    assert "You already speak for" in page.text


def test_nobody_can_speak_for_an_organisation_that_has_closed(cast: Cast, as_actor: Enter) -> None:
    icb = cast.organisation("icb")
    icb.closed_on = timezone.localdate() - timedelta(days=1)

    with as_actor(cast.nobody) as by, pytest.raises(ValidationError, match="closed on"):
        ask(by, icb)


def test_one_person_cannot_fill_the_operators_list(cast: Cast, as_actor: Enter) -> None:
    trusts = Organisation.objects.filter(kind="school_trust", closed_on=None)[
        : services.MOST_OPEN_REQUESTS + 1
    ]
    with as_actor(cast.nobody) as by:
        for organisation in trusts[: services.MOST_OPEN_REQUESTS]:
            ask(by, organisation)
        with pytest.raises(ValidationError, match="requests waiting"):
            ask(by, trusts[services.MOST_OPEN_REQUESTS])


@pytest.mark.parametrize("missing", ["job_title", "evidence"])
def test_both_answers_are_needed(cast: Cast, superuser: Superuser, missing: str) -> None:
    response = post(cast.client("nobody"), cast.organisation("icb"), **{missing: "  "})

    assert "There is a problem" in response.text  # type: ignore[attr-defined]
    assert count(superuser, JoiningRequest._meta.db_table) == 0


def test_an_nhs_number_is_refused_before_anything_is_stored(
    cast: Cast, superuser: Superuser
) -> None:
    response = post(
        cast.client("nobody"), cast.organisation("icb"), evidence="Patient 943 476 5919 knows me"
    )

    assert "NHS number" in response.text  # type: ignore[attr-defined]
    assert count(superuser, JoiningRequest._meta.db_table) == 0


def test_an_invitation_is_noted_and_admits_nobody(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.nobody) as by:
        joining = ask(by, cast.organisation("icb"), invited_by_id=cast.organisation("school").pk)
        assert joining.state == "pending"
        assert selectors.memberships_of(by) == []


def test_an_address_that_looks_like_the_organisations_admits_nobody(
    cast: Cast, as_actor: Enter
) -> None:
    council = cast.organisation("council")
    user = User.objects.create_user("head@go.wallsall.gov.uk", PASSWORD, name="Head")
    confirm(user)
    with as_actor(Actor(user.pk)) as by:
        joining = ask(by, council)
        assert selectors.memberships_of(by) == []

    page = cast.client("operator").get(reverse("decide-joining", args=[joining.ref])).text
    assert "Look at the address" in page


def test_requests_are_seen_by_the_person_and_operators_only(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.nobody) as by:
        ask(by, cast.organisation("school"))

    for part in ("stranger", "school_manager"):
        with as_actor(cast.actors[part]):
            assert not JoiningRequest.objects.exists()
    with as_actor(cast.operator):
        assert JoiningRequest.objects.count() == 1


def test_nobody_asks_in_someone_elses_name(cast: Cast, as_actor: Enter) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(cast.stranger):
        JoiningRequest.objects.create(
            organisation=cast.organisation("icb"), user_id=cast.nobody.user_id, **ANSWERS
        )


def test_an_organisation_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert cast.client("nobody").get("/organisations/no-such-one/speak-for/").status_code == 404
