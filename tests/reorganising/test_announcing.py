"""Announced changes: what is expected of whom, how sure it is, and where everyone sees it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from organisations.models import AnnouncedChange, ChangeState, Organisation, Succession
from organisations.reorganising.announcing import (
    announce_change,
    confirm_change,
    correct_change,
    drop_change,
)
from organisations.reorganising.selectors import change_ahead
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, on_record
from tests.organisations.test_joining import once_in
from tests.record.arranging import acting_as, shared
from tests.reorganising.arranging import announced, trusts

SAID = {
    "expected_on": date(2027, 4, 1),
    "into": "NHS Somewhere",
    "confidence": "medium",
    "source": "HCWS915",
}


def test_expected_mergers_of_boards_come_with_the_reference_data(cast: Cast) -> None:
    board = change_ahead(cast.organisation("icb"))

    assert board is not None
    assert (board.into, board.confidence) == ("NHS Birmingham and Solihull", "medium")
    assert board.expected_on == date(2027, 4, 1)
    assert AnnouncedChange.objects.filter(recorded_by=None).count() == 18


def test_one_is_announced_corrected_confirmed_and_dropped(cast: Cast, superuser: Superuser) -> None:
    health = cast.organisation("health")
    made = announced(cast, health, **SAID)
    (successor,) = Organisation.objects.filter(kind="nhs_trust").exclude(pk=health.pk)[:1]
    with acting_as(cast.operator) as by:
        moved = correct_change(by=by, change=made, **{**SAID, "confidence": "high"})
        day = date(2027, 5, 1)
        asked = {"successors": [successor], "happened_on": day, "nature": "merger"}
        confirm_change(by=by, change=moved, **asked)

    assert moved.confidence == "high"
    change = change_ahead(health)
    assert change is not None
    assert (change.state, change.expected_on) == (ChangeState.CONFIRMED, day)
    assert Succession.objects.get(predecessor=health).successor == successor
    with acting_as(cast.operator) as by:
        drop_change(by=by, change=change, note="Parliament said no.")
    assert change_ahead(health) is None
    assert on_record(superuser, user_id=cast.operator.user_id)[-5:] == [
        "change announced",
        "announced change corrected",
        "succession recorded",
        "announced change confirmed",
        "announced change dropped",
    ]


def test_what_is_missing_is_refused_with_the_field(cast: Cast) -> None:
    with acting_as(cast.operator) as by, pytest.raises(ValidationError) as refusal:
        announce_change(
            by=by,
            organisation=cast.organisation("health"),
            expected_on=date(2027, 4, 1),
            into=" ",
            confidence="sure",
            source="",
        )

    assert set(refusal.value.message_dict) == {"into", "confidence", "source"}


def test_one_change_of_an_organisation_is_ahead_at_a_time(cast: Cast) -> None:
    made = announced(cast, cast.organisation("health"), **SAID)

    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match="announced already"):
        announce_change(
            by=by,
            organisation=cast.organisation("health"),
            **{**SAID, "expected_on": date(2028, 4, 1)},
        )
    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match="Say why"):
        drop_change(by=by, change=made, note=" ")


def test_nobody_but_an_operator_announces(cast: Cast) -> None:
    with acting_as(cast.school_manager) as by, pytest.raises(PermissionDenied):
        announce_change(by=by, organisation=cast.organisation("health"), **SAID)
    with pytest.raises(DatabaseError), acting(cast.school_manager.scope), transaction.atomic():
        AnnouncedChange.objects.create(organisation=cast.organisation("health"), **SAID)
    with acting(cast.school_manager.scope), transaction.atomic():
        assert AnnouncedChange.objects.update(source="Me") == 0


def test_everyone_sees_it_in_the_directory_and_on_partnerships(cast: Cast) -> None:
    partnership = shared(cast)
    announced(cast, cast.organisation("health"), **SAID)
    slug = cast.organisation("school").slug
    reader = cast.client("school_viewer")
    said = "expected to merge with NHS Somewhere on 1 April 2027. This is likely, not certain."

    page = reverse("organisation", args=[slug, cast.organisation("health").slug])
    about = reader.get(page).text
    listed = reader.get(reverse("partnerships", args=[slug])).text
    shown = reader.get(reverse("partnership", args=[slug, partnership.ref])).text

    assert said in about
    assert "Source: HCWS915." in about
    assert "Merging soon" in listed
    assert "Merging soon" in shown
    assert said in shown


def test_a_list_without_one_has_no_mark(cast: Cast) -> None:
    shared(cast)
    slug = cast.organisation("school").slug

    listed = cast.client("school_viewer").get(reverse("partnerships", args=[slug])).text

    assert "Merging soon" not in listed


def test_the_pages_of_an_operator(cast: Cast) -> None:
    operator = cast.client("operator")
    former, later = trusts(2)
    day = {"expected_on_day": "1", "expected_on_month": "4", "expected_on_year": "2027"}
    page = reverse("announce-change", args=[former.slug])
    operator.post(page, {"once": once_in(operator.get(page).text), **SAID, **day})
    change = change_ahead(former)
    assert change is not None
    assert (
        "is expected to merge with NHS Somewhere"
        in operator.get(reverse("operator-organisation", args=[former.slug])).text
    )
    page = reverse("confirm-change", args=[change.ref])
    day = {"happened_on_day": "1", "happened_on_month": "4", "happened_on_year": "2027"}
    answers = {"nature": "merger", "successors": later.code, **day}
    done = operator.post(page, {"once": once_in(operator.get(page).text), **answers})

    assert "Confirmed" in operator.get(done["Location"]).text
    assert operator.get(reverse("correct-change", args=[change.ref])).status_code == 200
