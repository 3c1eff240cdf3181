"""An operator belongs to no organisation: not by invitation, by asking, or in the database."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from organisations.models import Membership, User
from organisations.people import links, services
from organisations.services import ask_to_join
from tests.cast import Cast
from tests.people.arranging import accepted, invited
from tests.record.arranging import acting_as, once_in

Superuser = psycopg.Connection[Any]


def invited_anyway(cast: Cast, superuser: Superuser) -> Any:
    """An invitation from before the address was an operator's."""
    invitation = invited(cast, "earlier@tandem.example")
    superuser.execute(
        "UPDATE organisations_personinvitation SET email = %s WHERE id = %s",
        [cast.users["operator"].email, invitation.pk],
    )
    return invitation


def test_an_operators_address_is_not_invited(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="An operator of this service has this address"):
        invited(cast, cast.users["operator"].email.upper())


def test_an_operator_does_not_accept(cast: Cast, superuser: Superuser) -> None:
    invitation = invited_anyway(cast, superuser)
    page = reverse("person-invitation", args=[links.token_of(invitation)])
    with (
        acting_as(cast.operator) as by,
        pytest.raises(ValidationError, match="an operator belongs to no organisation"),
    ):
        services.accept_invitation(by=by, token=links.token_of(invitation))
    shown = cast.client("operator").get(page).text

    assert "An operator belongs to no organisation" in shown
    assert 'name="once"' not in shown


def test_the_database_admits_no_operator(cast: Cast, superuser: Superuser) -> None:
    invitation = invited_anyway(cast, superuser)
    with pytest.raises(DatabaseError, match="belongs to no organisation"):
        accepted(cast, invitation, "operator")
    with (
        acting_as(cast.operator),
        pytest.raises(DatabaseError, match="belongs to no organisation"),
        transaction.atomic(),
    ):
        Membership.objects.create(
            organisation=cast.organisation("school"), user=cast.users["operator"], role="viewer"
        )


def test_the_database_makes_no_member_an_operator(cast: Cast, superuser: Superuser) -> None:
    make = "UPDATE organisations_user SET is_operator = true WHERE id = %s"
    with pytest.raises(psycopg.errors.CheckViolation, match="belongs to no organisation"):
        superuser.execute(make, [cast.school_viewer.user_id])
    superuser.execute(make, [cast.nobody.user_id])

    assert User.objects.get(pk=cast.nobody.user_id).is_operator


def test_the_command_makes_no_member_an_operator(cast: Cast) -> None:
    with pytest.raises(CommandError, match="use an address of its own"):
        call_command("create_operator", cast.users["school_viewer"].email)

    assert not User.objects.get(pk=cast.school_viewer.user_id).is_operator


def test_an_operator_does_not_ask_to_speak_for_one(cast: Cast) -> None:
    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match="speaks for no"):
        ask_to_join(
            by=by, organisation=cast.organisation("icb"), job_title="Lead", evidence="Ask us"
        )
    client = cast.client("operator")
    page = reverse("ask-to-join", args=[cast.organisation("icb").slug])
    typed = {"once": once_in(client.get(page).text), "job_title": "Lead", "evidence": "Ask us"}

    assert "speaks for no organisation" in client.post(page, typed).text
