"""What operators see of official files, and nobody else."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from contacts.models import OfficialChange, OfficialConflict, OfficialImport
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.official.arranging import brought_in


@pytest.fixture
def made(cast: Cast) -> OfficialImport:
    return brought_in()


def test_an_operator_sees_what_was_brought_in(
    made: OfficialImport, cast: Cast, client: Client
) -> None:
    client.force_login(cast.users["operator"])

    listed = client.get("/operator/official/").content.decode()
    shown = client.get(f"/operator/official/{made.ref}/").content.decode()
    opened = client.get(f"/operator/official/{made.ref}/?sort=opened").content.decode()

    assert "Get Information about Schools" in listed
    assert "Windsor Academy Trust" in listed
    assert "No trust" in listed
    assert "The Aldgate Academy" in shown
    assert "The Aldgate School" in shown
    assert "row 8, column Postcode" in shown
    assert "A New School" in opened
    assert "The Aldgate Academy" not in opened
    assert client.get("/operator/official/nothing/").status_code == 404


def test_nobody_else_sees_them(made: OfficialImport, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["school_manager"])

    assert client.get("/operator/official/").status_code == 404
    assert client.get(f"/operator/official/{made.ref}/").status_code == 404
    with acting(cast.school_manager.scope), transaction.atomic():
        for model in (OfficialImport, OfficialChange, OfficialConflict):
            assert not model.objects.exists()
    with acting(cast.operator.scope), transaction.atomic():
        for model in (OfficialImport, OfficialChange, OfficialConflict):
            assert model.objects.exists()
