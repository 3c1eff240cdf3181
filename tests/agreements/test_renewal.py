"""Renewing an agreement: what is in force stays until the renewal is signed and replaces it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from organisations.models import Delivery
from organisations.tenancy.scope import acting
from partnerships.agreements import renewal
from partnerships.agreements.models import Agreement
from partnerships.agreements.services import end_agreement
from tests.agreements.arranging import (
    DATES,
    as_it_is,
    moved,
    names,
    newest,
    ready_for_two,
    signs,
    started,
    wrote,
)
from tests.agreements.test_pages import at, shown
from tests.record.arranging import sent
from tests.touchpoints.scene import Scene

BOTH = ("school_editor", "health_editor")
LATER = {
    "starts_on": date(2030, 2, 1),
    "review_on": date(2031, 2, 1),
    "expires_on": date(2033, 1, 31),
}


def in_force(scene: Scene) -> Agreement:
    agreement = ready_for_two(scene)
    for part in BOTH:
        signs(scene, agreement, part)
    return as_it_is(scene, agreement)


def renewed(
    scene: Scene, agreement: Agreement, part: str = "health_editor", **more: Any
) -> Agreement:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return renewal.renew_agreement(by=by, agreement=agreement, dates={**LATER, **more})


def sign_by_both(scene: Scene, agreement: Agreement) -> None:
    for part in BOTH:
        names(scene, agreement, part)
    moved(scene, agreement, "approval")
    for part in BOTH:
        signs(scene, agreement, part)


def reminders(scene: Scene, agreement: Agreement) -> set[str]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        rows = Delivery.objects.filter(subject=agreement.ref, kind="agreement_expiry")
        return set(rows.values_list("state", flat=True))


def test_it_begins_with_the_signed_text_and_replaces_it_once_signed(scene: Scene) -> None:
    former = in_force(scene)
    # Words written after it was signed are not what was agreed.
    wrote(scene, former, "purpose", "Something wider")
    made = renewed(scene, former)

    first = newest(scene, made)
    assert first.text_of("purpose") != "Something wider"
    assert first.dates == LATER
    assert as_it_is(scene, former).stage == "drafting"
    assert reminders(scene, former) == {"pending"}

    sign_by_both(scene, made)
    assert (as_it_is(scene, made).stage, as_it_is(scene, former).stage) == ("signed", "varied")
    assert reminders(scene, former) == {"cancelled"}
    assert reminders(scene, made) == {"pending"}


def test_once_at_a_time_and_anew_when_it_was_given_up(scene: Scene) -> None:
    former = in_force(scene)
    made = renewed(scene, former)
    assert renewed(scene, former, "school_editor") == made

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        end_agreement(by=scene.cast.school_editor, agreement=made)
    assert renewed(scene, former) != made


def test_what_is_not_signed_or_over_cannot_be_renewed(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        renewed(scene, started(scene))
    former = in_force(scene)
    made = renewed(scene, former)
    sign_by_both(scene, made)
    with pytest.raises(ValidationError):
        renewed(scene, former)
    with pytest.raises(ValidationError) as refused:
        renewed(scene, made, expires_on=date(2030, 1, 1))
    assert list(refused.value.error_dict) == ["expires_on", "review_on"]


@pytest.mark.parametrize("part", ["school_viewer", "council_editor", "stranger"])
def test_only_members_who_write_renew_it(scene: Scene, part: str) -> None:
    former = in_force(scene)
    with pytest.raises((PermissionDenied, Agreement.DoesNotExist)):
        renewed(scene, former, part)


def test_the_database_holds_it_too(scene: Scene) -> None:
    former, unsigned = in_force(scene), started(scene)
    by = scene.cast.school_editor

    def by_force(renews: Agreement) -> None:
        with acting(by.scope), transaction.atomic():
            Agreement.objects.create(
                partnership=scene.partnership,
                author_organisation_id=by.organisation_id,
                author_id=by.user_id,
                kind="mou",
                renews=renews,
            )

    with pytest.raises(DatabaseError):
        by_force(unsigned)
    with pytest.raises(DatabaseError), acting(by.scope), transaction.atomic():
        Agreement.objects.filter(pk=former.pk).update(stage="varied")
    by_force(former)
    with pytest.raises(DatabaseError):
        by_force(former)


@pytest.mark.parametrize(
    ("starts", "expires", "first", "last"),
    [
        (date(2027, 2, 1), date(2030, 1, 31), date(2030, 2, 1), date(2033, 1, 31)),
        (date(2024, 1, 1), date(2026, 12, 31), date(2027, 1, 4), date(2030, 1, 3)),
        (None, None, date(2027, 1, 4), None),
    ],
)
def test_the_dates_that_it_begins_with(
    scene: Scene, starts: date | None, expires: date | None, first: date, last: date | None
) -> None:
    version = newest(scene, started(scene))
    version.starts_on, version.expires_on = starts, expires
    dates = renewal.dates_of_renewal(version)

    assert dates["starts_on"] == first
    assert dates["expires_on"] is None or last is None or abs(dates["expires_on"] - last).days <= 1


def test_the_pages_lead_from_one_to_the_other(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    unsigned = started(scene)
    assert "Only an agreement that every member has signed" in shown(
        client, at(scene, "agreement-renew", unsigned)
    )
    former = in_force(scene)
    assert "Renew this agreement" in shown(client, at(scene, "agreement", former))
    parts = {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in LATER.items()
        for part in ("day", "month", "year")
    }
    made = sent(client, at(scene, "agreement-renew", former), **parts)
    assert made.status_code == 302
    assert "stays in force until every member has signed this one" in shown(
        client, made["Location"]
    )
    assert "is being prepared" in shown(client, at(scene, "agreement", former))
    assert "is being prepared" in shown(client, at(scene, "agreement-renew", former))
    assert DATES["expires_on"] != LATER["expires_on"]
