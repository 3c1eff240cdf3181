"""An operator decides who speaks for an organisation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connections, transaction
from django.test import Client
from django.urls import reverse

from organisations import selectors, services
from organisations.actor import Actor
from organisations.models import JoiningRequest, Membership, Organisation, Role, User
from organisations.tenancy.scope import acting
from tests.cast import PASSWORD, Cast, confirm
from tests.organisations.onlooker import Superuser, count, mailed_to, on_record
from tests.organisations.test_joining import ask, once_in

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def waiting(cast: Cast, as_actor: Enter) -> JoiningRequest:
    """A person without an organisation asks to speak for the board."""
    with as_actor(cast.nobody) as by:
        return ask(by, cast.organisation("icb"))


def decide(client: Client, joining: JoiningRequest, **answers: str) -> object:
    """Open the request and send the decision."""
    address = reverse("decide-joining", args=[joining.ref])
    return client.post(address, {"once": once_in(client.get(address).text), **answers})


def test_the_list_shows_who_waits_and_what_was_decided(cast: Cast, waiting: JoiningRequest) -> None:
    client = cast.client("operator")

    page = client.get(reverse("operator")).text

    assert "1 request waiting" in page
    assert "NHS Black Country Integrated Care Board" in page
    assert "First person" in page
    assert reverse("decide-joining", args=[waiting.ref]) in page


def test_approving_makes_a_first_manager_whom_the_terms_await(
    cast: Cast, waiting: JoiningRequest, as_actor: Enter, superuser: Superuser
) -> None:
    client = cast.client("operator")

    response = decide(
        client, waiting, decision="approve", checked="Rang the switchboard.", role="manager"
    )

    assert response["Location"] == reverse("operator")  # type: ignore[index]
    assert "now speaks for" in client.get(reverse("operator")).text
    icb = Organisation.objects.get(pk=cast.organisation("icb").pk)
    assert not icb.has_joined, "it opens once the terms have been accepted"
    with as_actor(cast.nobody) as by:
        (membership,) = selectors.memberships_of(by)
    assert membership.role == Role.MANAGER
    assert on_record(superuser, user_id=cast.operator.user_id)[-2:] == [
        "person admitted to an organisation",
        "joining approved",
    ]
    assert any("You now speak for" in each.subject for each in mailed_to("nobody@tandem.example"))
    start = cast.client("nobody").get("/")
    assert start["Location"] == reverse("accept-terms", args=[icb.slug])


def test_a_second_person_is_admitted_in_the_role_chosen(cast: Cast, as_actor: Enter) -> None:
    with as_actor(cast.nobody) as by:
        joining = ask(by, cast.organisation("school"))
    joined_at = cast.organisation("school").joined_at

    decide(cast.client("operator"), joining, decision="approve", checked="Rang.", role="viewer")

    with as_actor(cast.nobody) as by:
        (membership,) = selectors.memberships_of(by)
    assert membership.role == Role.VIEWER
    assert Organisation.objects.get(pk=joining.organisation_id).joined_at == joined_at


def test_declining_tells_the_person_why_and_lets_them_ask_again(
    cast: Cast, waiting: JoiningRequest, superuser: Superuser
) -> None:
    reason = "The switchboard does not know you."
    decide(cast.client("operator"), waiting, decision="decline", reason=reason)

    client = cast.client("nobody")
    page = client.get(reverse("my-organisations")).text
    assert reason in page
    assert "Ask again" in page
    (message,) = [m for m in mailed_to("nobody@tandem.example") if "declined" in m.subject]
    assert reason in str(message.body)
    assert count(superuser, Membership._meta.db_table) == 7
    assert not Organisation.objects.get(pk=waiting.organisation_id).has_joined
    again = client.get(reverse("ask-to-join", args=[cast.organisation("icb").slug]))
    assert "<textarea" in again.text


def test_how_it_was_checked_is_not_shown_to_the_person(cast: Cast, waiting: JoiningRequest) -> None:
    decide(
        cast.client("operator"),
        waiting,
        decision="approve",
        checked="A private remark",
        role="viewer",
    )

    assert "A private remark" not in cast.client("nobody").get(reverse("my-organisations")).text
    assert all("private remark" not in str(m.body) for m in mailed_to("nobody@tandem.example"))


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({}, "Choose whether to approve or decline"),
        ({"decision": "approve", "role": "manager"}, "Say how you checked"),
        ({"decision": "decline"}, "Say why it is declined"),
        ({"decision": "approve", "checked": "Rang."}, "Choose what they may do"),
        ({"decision": "approve", "checked": "Rang.", "role": "owner"}, "There is a problem"),
    ],
)
def test_an_incomplete_decision_changes_nothing(
    cast: Cast,
    waiting: JoiningRequest,
    as_actor: Enter,
    answers: dict[str, str],
    problem: str,
) -> None:
    response = decide(cast.client("operator"), waiting, **answers)

    assert problem in response.text  # type: ignore[attr-defined]
    with as_actor(cast.operator):
        assert JoiningRequest.objects.get(pk=waiting.pk).state == "pending"


def test_a_second_decision_gets_a_clear_answer(
    cast: Cast, waiting: JoiningRequest, superuser: Superuser
) -> None:
    first, second = cast.client("operator"), cast.client("operator")
    address = reverse("decide-joining", args=[waiting.ref])
    stale = once_in(second.get(address).text)
    decide(first, waiting, decision="approve", checked="Rang.", role="manager")

    late = second.post(address, {"once": stale, "decision": "decline", "reason": "Unknown"})

    assert "Operator approved this request on" in late.text
    assert count(superuser, Membership._meta.db_table) == 8


def test_of_two_operators_deciding_at_once_one_wins(
    cast: Cast, waiting: JoiningRequest, superuser: Superuser
) -> None:
    colleague = User.objects.db_manager("owner").create_user(
        "second@tandem.example", PASSWORD, name="Second", is_operator=True
    )
    confirm(User.objects.get(pk=colleague.pk))
    actors = [cast.operator, Actor(colleague.pk, is_operator=True)]
    together = Barrier(2)

    def decide_as(actor: Actor, approve: bool) -> str:
        try:
            together.wait(timeout=10)
            with acting(actor.scope), transaction.atomic():
                services.decide_joining(request=waiting, by=actor, approve=approve, note="Rang.")
            return "decided"
        except ValidationError as refusal:
            return str(refusal.messages[0])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide_as, actors, [True, False]))

    assert answers.count("decided") == 1
    (refusal,) = [answer for answer in answers if answer != "decided"]
    assert "this request on" in refusal
    decisions = [each for each in on_record(superuser) if each.startswith("joining ")]
    assert len(decisions) == 1


def test_nobody_decides_about_themselves(cast: Cast, as_actor: Enter) -> None:
    # Asked before they became an operator: one cannot ask.
    with as_actor(Actor(cast.operator.user_id)) as by:
        joining = ask(by, cast.organisation("icb"))

    with as_actor(cast.operator) as by, pytest.raises(ValidationError, match="your own"):
        services.decide_joining(request=joining, by=by, approve=True, note="It is me.")


def test_approving_somebody_who_got_in_another_way_says_so(
    cast: Cast, waiting: JoiningRequest, as_actor: Enter
) -> None:
    with as_actor(cast.operator):
        Membership.objects.create(
            organisation=cast.organisation("icb"), user_id=cast.nobody.user_id, role=Role.VIEWER
        )

    with as_actor(cast.operator) as by, pytest.raises(ValidationError, match="already speaks"):
        services.decide_joining(request=waiting, by=by, approve=True, note="Rang.")


@pytest.mark.parametrize("part", ["nobody", "stranger", "school_manager"])
def test_others_do_not_learn_that_the_operators_pages_exist(
    cast: Cast, waiting: JoiningRequest, superuser: Superuser, part: str
) -> None:
    client = cast.client(part)
    address = reverse("decide-joining", args=[waiting.ref])

    assert client.get(reverse("operator")).status_code == 404
    assert client.get(address).status_code == 404
    assert client.post(address, {"decision": "approve"}).status_code == 404
    refusals = on_record(superuser, user_id=cast.actors[part].user_id)[-3:]
    assert refusals == ["refused: decide who speaks for an organisation"] * 3


def test_the_service_refuses_whoever_is_no_operator(
    cast: Cast, waiting: JoiningRequest, as_actor: Enter
) -> None:
    with pytest.raises(PermissionDenied), as_actor(cast.school_manager) as by:
        services.decide_joining(request=waiting, by=by, approve=True, note="Let me in.")


def test_the_database_refuses_whoever_is_no_operator(
    cast: Cast, waiting: JoiningRequest, as_actor: Enter
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(cast.nobody):
        Membership.objects.create(
            organisation=cast.organisation("icb"),
            user_id=cast.nobody.user_id,
            role=Role.MANAGER,
        )
    with as_actor(cast.nobody):
        assert JoiningRequest.objects.filter(pk=waiting.pk).update(state="approved") == 0


def test_a_request_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert cast.client("operator").get(reverse("decide-joining", args=["x"])).status_code == 404
