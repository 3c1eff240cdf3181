"""Removing somebody and leaving: it ends, is kept, and access ends at once."""

from __future__ import annotations

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations.models import PersonInvitation, Role
from organisations.people import services
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to, on_record
from tests.people.arranging import (
    EDITOR_ADDRESS,
    accepted,
    as_contact,
    contact,
    invited,
    joined,
    left,
    membership,
    newcomer,
    page,
    removed,
    role_of,
    scheduled,
)
from tests.record.arranging import acting_as, sent, shared

Superuser = psycopg.Connection


def test_access_ends_with_the_next_request(cast: Cast, superuser: Superuser) -> None:
    client = cast.client("school_viewer")
    assert client.get(page(cast, "home")).status_code == 200

    removed(cast, "school_viewer")

    for name in ("home", "people", "partnerships"):
        assert client.get(page(cast, name)).status_code == 404
    assert "Windsor" not in client.get("/organisations/").text
    assert "person removed" in on_record(superuser)


def test_it_ends_and_is_kept(cast: Cast, superuser: Superuser) -> None:
    before = superuser.execute("SELECT count(*) FROM organisations_membership").fetchone()

    removed(cast, "school_viewer")

    assert superuser.execute("SELECT count(*) FROM organisations_membership").fetchone() == before
    assert membership(cast, "school_viewer").ended_at is not None


def test_the_person_is_told_in_neutral_words(cast: Cast) -> None:
    removed(cast, "school_viewer")

    (letter,) = mailed_to("school-viewer@tandem.example")
    assert letter.subject == "You no longer belong to Windsor Academy Trust"
    assert "School manager" not in str(letter.body)


def test_whoever_was_removed_can_be_invited_again(cast: Cast) -> None:
    removed(cast, "school_viewer")

    invitation = invited(cast, "school-viewer@tandem.example", "editor")
    accepted(cast, invitation, "school_viewer")

    assert cast.client("school_viewer").get(page(cast, "home")).status_code == 200


def test_no_invitation_that_waits_leads_back_in(cast: Cast, superuser: Superuser) -> None:
    """Invited, then admitted by an operator before the invitation was used."""
    invitation = invited(cast, "late@school.example")
    newcomer(cast, "late@school.example")
    superuser.execute(
        "INSERT INTO organisations_membership (organisation_id, user_id, role, began_at) "
        "VALUES (%s, %s, 'viewer', now())",
        [cast.organisation("school").pk, cast.users["newcomer"].pk],
    )

    removed(cast, "newcomer")

    with pytest.raises(ValidationError, match="withdrawn"):
        accepted(cast, invitation)


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "health_manager", "stranger"])
def test_nobody_else_removes(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied):
        removed(cast, "school_viewer", by=part)
    assert role_of(cast, "school_viewer") == "viewer"


def test_removing_somebody_twice(cast: Cast) -> None:
    stale = membership(cast, "school_viewer")
    removed(cast, "school_viewer")

    with (
        pytest.raises(ValidationError, match="School viewer no longer belongs"),
        acting_as(cast.school_manager) as by,
    ):
        services.remove_person(by=by, membership=stale, successor=None)


def test_one_leaves_oneself_and_does_not_remove_oneself(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Leave the organisation instead"):
        removed(cast, "school_manager")


def test_the_last_manager_cannot_leave(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="You are the only manager"):
        left(cast, "school_manager")

    assert role_of(cast, "school_manager") == "manager"


def test_one_of_two_managers_can(cast: Cast, superuser: Superuser) -> None:
    joined(cast, "manager")

    left(cast, "school_manager")

    assert role_of(cast, "school_manager") is None
    assert on_record(superuser)[-1] == "person left"


def test_a_viewer_leaves_without_asking_anybody(cast: Cast) -> None:
    left(cast, "school_viewer")

    assert cast.client("school_viewer").get(page(cast, "people")).status_code == 404


# ------------------------------------------------------------------ the pages


def test_the_page_lists_it_and_asks_who_takes_over(cast: Cast) -> None:
    partnership = shared(cast)
    scheduled(cast, partnership)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)
    url = page(cast, "remove-person", person=membership(cast, "school_editor").ref)
    client = cast.client("school_manager")

    text = client.get(url).text
    assert "Touchpoints to come" in text
    assert "Health hub: named contact" in text
    assert "Who takes over?" in text
    assert "School viewer (" not in text, "a viewer cannot keep the record"

    refused = sent(client, url)
    assert "Choose who takes over" in refused.text
    assert "Enter the job title" in refused.text

    done = sent(client, url, successor=membership(cast, "school_manager").ref, job_title="Head")
    assert done["Location"] == page(cast, "people")
    assert "School editor no longer belongs" in client.get(done["Location"]).text
    assert contact(cast, partnership) == "school-manager@tandem.example"


@pytest.mark.parametrize("whose", ["health_manager", "school_viewer", "school_editor"])
def test_a_successor_forged_in_the_form(cast: Cast, whose: str) -> None:
    touchpoint = scheduled(cast, shared(cast))
    url = page(cast, "remove-person", person=membership(cast, "school_editor").ref)

    response = sent(cast.client("school_manager"), url, successor=membership(cast, whose).ref)

    assert "Choose who takes over" in response.text
    assert role_of(cast, "school_editor") == "editor"
    with acting_as(cast.school_manager):
        assert Touchpoint.objects.get(pk=touchpoint.pk).author_id == cast.users["school_editor"].pk


def test_with_nothing_to_take_over_there_is_one_button(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "school_viewer").ref)
    client = cast.client("school_manager")

    assert "Nothing that somebody else would have to take over" in client.get(url).text
    assert sent(client, url)["Location"] == page(cast, "people")
    assert client.get(url).status_code == 404


def test_somebody_of_another_organisation_is_not_found(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "health_editor").ref)
    client = cast.client("school_manager")

    assert client.get(url).status_code == 404
    assert client.post(url, {}).status_code == 404
    assert role_of(cast, "health_editor") == Role.EDITOR


def test_a_manager_who_means_to_remove_themselves_is_led_to_leaving(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "school_manager").ref)

    response = cast.client("school_manager").get(url)

    assert response["Location"] == page(cast, "leave")


def test_leaving_leads_to_ones_organisations(cast: Cast) -> None:
    client = cast.client("school_viewer")

    response = sent(client, page(cast, "leave"))

    assert response["Location"] == "/organisations/"
    assert "You have left Windsor Academy Trust" in client.get("/organisations/").text


def test_the_last_manager_reads_why_they_cannot_leave(cast: Cast) -> None:
    text = cast.client("school_manager").get(page(cast, "leave")).text

    assert "You are the only manager" in text
    assert 'name="once"' not in text


def test_removing_a_manager_lists_whom_they_invited(cast: Cast) -> None:
    joined(cast, "manager")
    invited(cast, "waiting@school.example", by="newcomer")
    url = page(cast, "remove-person", person=membership(cast, "newcomer").ref)

    assert "People invited who" in cast.client("school_manager").get(url).text
    removed(cast, "newcomer")

    with acting_as(cast.school_manager):
        assert PersonInvitation.objects.get(email="waiting@school.example").is_open
