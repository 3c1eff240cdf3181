"""Suspension, leaving, and the records taken along."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations.actor import Actor
from organisations.exporting import services as exporting
from organisations.joining import leaving, suspending
from organisations.models import Organisation, Suspension
from organisations.people.services import invite_person
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, mailed_to, on_record
from tests.organisations.test_joining import once_in
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, note

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


def home(client: Client, cast: Cast, part: str) -> int:
    return client.get(reverse("home", args=[cast.organisation(part).slug])).status_code


def states(superuser: Superuser, organisation: Organisation) -> set[tuple[str, str]]:
    return set(
        superuser.execute(
            "SELECT state, reason FROM organisations_delivery WHERE organisation_id = %s",
            [organisation.pk],
        ).fetchall()
    )


def test_suspension_freezes_at_once_and_is_lifted(
    cast: Cast, world: World, superuser: Superuser
) -> None:
    school = cast.organisation("school")
    inside = cast.client("school_editor")
    assert home(inside, cast, "school") == 200
    operator = cast.client("operator")
    page = reverse("suspend-organisation", args=[school.slug])

    operator.post(
        page, {"once": once_in(operator.get(page).text), "reason": "An account was stolen."}
    )

    assert home(inside, cast, "school") == 404
    assert states(superuser, school) == {("cancelled", suspending.WITHDRAWN)}
    (message,) = mailed_to("school-manager@tandem.example")
    assert "An account was stolen." in str(message.body)
    assert "Suspended" in inside.get(reverse("my-organisations")).text
    assert home(cast.client("health_editor"), cast, "health") == 200
    page = reverse("reinstate-organisation", args=[school.slug])
    operator.post(page, {"once": once_in(operator.get(page).text), "note": "Passwords changed."})
    assert home(inside, cast, "school") == 200
    assert on_record(superuser, user_id=cast.operator.user_id)[-2:] == [
        "organisation suspended",
        "organisation reinstated",
    ]


def test_suspending_twice_or_without_a_reason_is_refused(cast: Cast, as_actor: Enter) -> None:
    school = cast.organisation("school")
    with as_actor(cast.operator) as by:
        with pytest.raises(ValidationError, match="Say why"):
            suspending.suspend(by=by, organisation=school, reason=" ")
        suspending.suspend(by=by, organisation=school, reason="Stolen.")
        with pytest.raises(ValidationError, match="not open"):
            suspending.suspend(by=by, organisation=school, reason="Stolen.")
        with pytest.raises(ValidationError, match="not suspended"):
            suspending.reinstate(by=by, organisation=cast.organisation("health"), note="x")


@pytest.mark.parametrize("part", ["school_manager", "nobody"])
def test_only_operators_suspend(cast: Cast, as_actor: Enter, part: str) -> None:
    school = cast.organisation("school")
    with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
        suspending.suspend(by=by, organisation=school, reason="x")
    with as_actor(cast.actors[part]):
        changed = Organisation.objects.filter(pk=cast.organisation("health").pk).update(
            suspended_at=timezone.now()
        )
        assert changed == 0
        assert not Suspension.objects.exists()


def test_leaving_ends_everything_and_keeps_what_was_shared(
    cast: Cast, world: World, superuser: Superuser, as_actor: Enter
) -> None:
    school = cast.organisation("school")
    with as_actor(cast.school_manager) as by:
        invite_person(by=by, email="new@school.example", role="viewer")
    manager, editor = cast.client("school_manager"), cast.client("school_editor")
    page = reverse("leave-tandem", args=[school.slug])
    wrong = manager.post(page, {"once": once_in(manager.get(page).text), "name": "Windsor"})
    assert "Type the name exactly" in wrong.text
    assert home(editor, cast, "school") == 200

    done = manager.post(page, {"once": once_in(wrong.text), "name": f"  {school.name.lower()} "})

    assert done["Location"] == reverse("my-organisations")
    assert home(editor, cast, "school") == home(manager, cast, "school") == 404
    row = superuser.execute(
        "SELECT joined_at, left_at IS NOT NULL, (SELECT count(*) FROM organisations_membership m "
        "WHERE m.organisation_id = o.id AND ended_at IS NULL), "
        "(SELECT count(*) FROM organisations_personinvitation i WHERE i.revoked_at IS NULL) "
        "FROM organisations_organisation o WHERE id = %s",
        [school.pk],
    ).fetchone()
    assert row == (None, True, 0, 0)
    assert {state for state, _ in states(superuser, school)} == {"cancelled"}
    partner = cast.client("health_editor")
    url = reverse("partnership", args=[cast.organisation("health").slug, world.partnership.ref])
    assert partner.get(url).status_code == 200
    assert any("has left" in m.subject for m in mailed_to("school-viewer@tandem.example"))


def test_a_member_that_leaves_no_longer_sees_others_partnerships(
    cast: Cast, world: World, as_actor: Enter
) -> None:
    with as_actor(cast.health_manager) as by:
        leaving.leave(by=by, name=cast.organisation("health").name)

    with as_actor(cast.health_manager):
        assert not Partnership.objects.exists()
    with as_actor(cast.school_editor):
        world.health_member.refresh_from_db()
    assert world.health_member.state == "left"


@pytest.mark.parametrize("part", ["school_editor", "school_viewer"])
def test_only_managers_take_it_out_or_its_records(cast: Cast, as_actor: Enter, part: str) -> None:
    with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
        leaving.leave(by=by, name=cast.organisation("school").name)
    with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
        exporting.export_at_once(by=by)
    with as_actor(cast.actors[part]):
        changed = Organisation.objects.filter(pk=cast.organisation("school").pk).update(
            joined_at=None, left_at=timezone.now()
        )
    assert changed == 0


def test_a_manager_of_another_organisation_cannot_take_it_out(cast: Cast, as_actor: Enter) -> None:
    forged = replace(cast.stranger, organisation=cast.school_manager.organisation)
    with acting(cast.stranger.scope), transaction.atomic():
        changed = Organisation.objects.filter(pk=cast.organisation("school").pk).update(
            joined_at=None, left_at=timezone.now()
        )
    assert changed == 0
    with as_actor(forged):
        changed = Organisation.objects.filter(pk=cast.organisation("school").pk).update(
            joined_at=None, left_at=timezone.now()
        )
    assert changed == 0, "the database asks who is a manager, whatever the scope says"


def test_the_file_holds_what_the_organisation_sees_and_no_more(
    cast: Cast, world: World, as_actor: Enter
) -> None:
    with as_actor(cast.school_editor) as by:
        note(by, world.partnership, internal=True, summary='=HYPERLINK("http://x")')
    client = cast.client("school_manager")
    page = reverse("take-records", args=[cast.organisation("school").slug])

    response = client.post(page, {"once": once_in(client.get(page).text)})

    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    names = {"people", "contacts", "partnerships", "members", "named_contacts", "invitations"}
    names |= {"conversations", "touchpoints", "touchpoint_series", "touchpoint_attendees"}
    names |= {"touchpoint_proposals", "touchpoint_papers", "actions", "agenda_items", "audit"}
    names |= {"agreement_versions", "agreement_papers", "reviews", "review_answers"}
    names |= {"aim_versions", "aim_agreed", "aim_comments", "wins"}
    names |= {"initiatives", "initiative_plans", "reflections"}
    names |= {"measures", "measure_readings", "measure_readings_raw", "small_number_rules"}
    names |= {"initiatives", "initiative_plans", "sessions", "session_attendance"}
    names |= {"initiatives", "initiative_plans", "initiative_review_requests"}
    names |= {"initiative_review_comments", "initiative_review_verdicts"}
    names |= {"initiative_review_requests", "initiative_review_comments"}
    names |= {"initiative_review_verdicts"}
    names |= {"quiet_periods", "quiet_answers"}
    names |= {"term_dates", "own_pressure_points", "hidden_pressure_points"}
    assert set(archive.namelist()) == {"README.txt"} | {
        f"{name}.{kind}" for name in names for kind in ("json", "csv")
    }
    kept = {each["summary"] for each in json.loads(archive.read("conversations.json"))}
    assert kept == {"School side only", "Both sides", '=HYPERLINK("http://x")'}
    rows = list(csv.DictReader(io.StringIO(archive.read("conversations.csv").decode("utf-8-sig"))))
    assert '\'=HYPERLINK("http://x")' in {row["summary"] for row in rows}
    assert "Health side only" not in archive.read("conversations.csv").decode()
    assert {each["email"] for each in json.loads(archive.read("people.json"))} == {
        "school-manager@tandem.example",
        "school-editor@tandem.example",
        "school-viewer@tandem.example",
    }


def test_taking_the_records_is_on_record(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    with as_actor(cast.school_manager) as by:
        exporting.export_at_once(by=by)

    assert on_record(superuser, user_id=cast.school_manager.user_id) == ["records exported"]
