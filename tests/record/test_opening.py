"""Opening a partnership, and adding organisations to it."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations.guard_rail import IdentifierRefused
from organisations.models import AuditEvent, Organisation
from partnerships.record import services
from partnerships.record.models import Member, Partnership
from tests.cast import Cast
from tests.record.arranging import NHS_NUMBER, acting_as, invited, opened, shared


@pytest.fixture
def closed_trust(superuser: psycopg.Connection) -> Organisation:
    found = Organisation.objects.filter(kind="nhs_trust", closed_on=None).order_by("-name").first()
    assert found is not None
    _close(superuser, found, date(2024, 3, 31))
    found.refresh_from_db()
    yield found
    _close(superuser, found, None)


def _close(superuser: psycopg.Connection, organisation: Organisation, day: date | None) -> None:
    superuser.execute(
        "UPDATE organisations_organisation SET closed_on = %s WHERE id = %s",
        [day, organisation.pk],
    )


def test_the_owner_is_a_member_at_once_and_the_partner_is_recorded(cast: Cast) -> None:
    partnership = opened(cast)

    with acting_as(cast.school_viewer):
        members = {m.organisation_id: m for m in Member.objects.all()}
        actions = set(AuditEvent.objects.values_list("action", flat=True))
    ours = members[cast.organisation("school").pk]
    theirs = members[cast.organisation("health").pk]

    assert (ours.state, ours.side, ours.answered_by_id) == (
        "accepted",
        "school",
        cast.school_editor.user_id,
    )
    assert (theirs.state, theirs.side, theirs.answered_at) == ("recorded", "health", None)
    assert partnership.owner_id == cast.organisation("school").pk
    assert actions == {"partnership opened"}


@pytest.mark.parametrize("part", ["health_manager", "stranger"])
def test_nobody_else_learns_that_it_exists(cast: Cast, part: str) -> None:
    opened(cast)

    with acting_as(cast.actors[part]):
        assert not Partnership.objects.exists()
        assert not Member.objects.exists()
        assert not AuditEvent.objects.exists()


def test_a_viewer_opens_nothing(cast: Cast) -> None:
    with pytest.raises(PermissionDenied), acting_as(cast.school_viewer) as by:
        services.open_partnership(
            by=by, name="Hub", purpose="", partner=cast.organisation("health")
        )

    with acting_as(cast.school_editor):
        assert not Partnership.objects.exists()


def test_not_with_itself(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="your own organisation"):
        opened(cast, partner="school")


def test_not_with_an_organisation_that_has_closed(cast: Cast, closed_trust: Organisation) -> None:
    cast.organisations["closed"] = closed_trust

    with pytest.raises(ValidationError, match=r"closed on 31 March 2024\. Choose"):
        opened(cast, partner="closed")


def test_not_with_a_school_that_its_trust_speaks_for(cast: Cast) -> None:
    school = Organisation.objects.filter(school__trust__isnull=False, closed_on=None).first()
    assert school is not None
    cast.organisations["in_trust"] = school
    trust = school.school.trust.name

    with pytest.raises(ValidationError) as refusal:
        opened(cast, partner="in_trust")

    assert f"belongs to {trust}" in refusal.value.messages[0]
    assert refusal.value.code == "in_trust"


def test_not_with_one_of_ones_own_schools(cast: Cast, superuser: psycopg.Connection) -> None:
    school = Organisation.objects.filter(school__trust__isnull=True, kind="school").first()
    assert school is not None
    trust = cast.organisation("school").pk
    set_trust = (
        "UPDATE organisations_school SET trust_id = %s, trust_basis = %s WHERE organisation_id = %s"
    )
    superuser.execute(set_trust, [trust, "reported", school.pk])
    cast.organisations["own"] = school
    try:
        with pytest.raises(ValidationError, match="one of your own schools"):
            opened(cast, partner="own")
    finally:
        superuser.execute(set_trust, [None, "", school.pk])


@pytest.mark.parametrize(
    ("name", "purpose", "field"),
    [
        ("   ", "", "name"),
        ("\u200b\u2060", "", "name"),
        ("x" * 121, "", "name"),
        ("Hub", "x" * 1001, "purpose"),
    ],
)
def test_a_name_or_purpose_that_will_not_do(
    cast: Cast, name: str, purpose: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refusal, acting_as(cast.school_editor) as by:
        services.open_partnership(
            by=by, name=name, purpose=purpose, partner=cast.organisation("health")
        )

    assert set(refusal.value.error_dict) == {field}


def test_a_patients_number_is_refused_and_nothing_is_left(cast: Cast) -> None:
    with pytest.raises(IdentifierRefused), acting_as(cast.school_editor) as by:
        services.open_partnership(
            by=by, name="Hub", purpose=f"For {NHS_NUMBER}", partner=cast.organisation("health")
        )

    with acting_as(cast.school_editor):
        assert not Partnership.objects.exists()


def test_another_organisation_is_added_once(cast: Cast) -> None:
    partnership = opened(cast)
    with acting_as(cast.school_editor) as by:
        services.add_partner(by=by, partnership=partnership, partner=cast.organisation("council"))

    again = pytest.raises(ValidationError, match="already in this partnership")
    with again, acting_as(cast.school_editor) as by:
        services.add_partner(by=by, partnership=partnership, partner=cast.organisation("council"))
    with acting_as(cast.school_editor):
        assert Member.objects.filter(partnership=partnership).count() == 3


def test_only_the_owner_adds(cast: Cast) -> None:
    partnership = shared(cast)

    with pytest.raises(PermissionDenied), acting_as(cast.health_manager) as by:
        services.add_partner(by=by, partnership=partnership, partner=cast.organisation("icb"))


def test_an_invited_organisation_adds_nobody(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)

    with pytest.raises(PermissionDenied), acting_as(cast.health_manager) as by:
        services.add_partner(by=by, partnership=partnership, partner=cast.organisation("icb"))
