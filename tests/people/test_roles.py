"""Managers change roles; an organisation keeps a manager."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from organisations.models import Membership, User
from organisations.people import services
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to, on_record
from tests.people.arranging import joined, membership, page, role_of
from tests.record.arranging import acting_as, once_in, sent

Superuser = psycopg.Connection


def change(cast: Cast, part: str, role: str, by: str = "school_manager") -> Membership:
    with acting_as(cast.actors[by]) as actor:
        return services.change_role(by=actor, membership=membership(cast, part), role=role)


def test_the_person_may_at_once_do_what_the_role_says_and_is_told(
    cast: Cast, superuser: Superuser
) -> None:
    viewer, opening = cast.client("school_viewer"), page(cast, "open-partnership")
    assert viewer.get(opening).status_code == 403

    change(cast, "school_viewer", "editor")

    assert viewer.get(opening).status_code == 302
    (letter,) = mailed_to("school-viewer@tandem.example")
    assert letter.subject == "Your role at Windsor Academy Trust has changed"
    assert "You are now an editor at Windsor Academy Trust" in str(letter.body)
    assert on_record(superuser)[-1] == "role changed"


def test_what_was_and_what_is_are_on_record(cast: Cast, superuser: Superuser) -> None:
    change(cast, "school_viewer", "manager")

    (changes,) = superuser.execute(
        "SELECT changes FROM organisations_auditevent WHERE action = 'role changed'"
    ).fetchone()
    assert changes == {"user": cast.users["school_viewer"].pk, "role": ["viewer", "manager"]}


def test_the_same_role_again_changes_nothing_and_tells_nobody(
    cast: Cast, superuser: Superuser
) -> None:
    before = on_record(superuser)

    change(cast, "school_viewer", "viewer")

    assert on_record(superuser) == before
    assert mailed_to("school-viewer@tandem.example") == []


def test_changed_twice_before_the_email_goes_only_the_last_is_told(cast: Cast) -> None:
    change(cast, "school_viewer", "manager")
    change(cast, "school_viewer", "editor")

    (letter,) = mailed_to("school-viewer@tandem.example")
    assert "an editor" in str(letter.body)


@pytest.mark.parametrize("part", ["school_editor", "school_viewer"])
def test_nobody_else_changes_roles_least_of_all_their_own(cast: Cast, part: str) -> None:
    for whose in ("school_manager", part):
        with pytest.raises(PermissionDenied):
            change(cast, whose, "manager", by=part)
    assert role_of(cast, part) == part.removeprefix("school_")


@pytest.mark.parametrize("by", ["health_manager", "stranger"])
def test_managers_of_others_do_not(cast: Cast, by: str) -> None:
    with pytest.raises(PermissionDenied, match="another organisation"):
        change(cast, "school_viewer", "manager", by=by)


@pytest.mark.parametrize("role", ["owner", "", "MANAGER", "operator"])
def test_a_role_that_does_not_exist(cast: Cast, role: str) -> None:
    with pytest.raises(ValidationError, match="Choose what they may do"):
        change(cast, "school_viewer", role)


def test_somebody_who_has_left(cast: Cast, superuser: Superuser) -> None:
    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [cast.users["school_viewer"].pk],
    )

    with pytest.raises(ValidationError, match="no longer belongs"):
        change(cast, "school_viewer", "editor")


def test_the_last_manager_stays_one(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="You are the only manager"):
        change(cast, "school_manager", "editor")

    assert role_of(cast, "school_manager") == "manager"


def test_a_manager_whose_account_is_closed_does_not_count(cast: Cast) -> None:
    joined(cast, "manager")
    User.objects.filter(pk=cast.users["newcomer"].pk).update(is_active=False)

    with pytest.raises(ValidationError, match="You are the only manager"):
        change(cast, "school_manager", "editor")


def test_of_two_managers_one_may_step_back(cast: Cast) -> None:
    joined(cast, "manager")

    change(cast, "school_manager", "viewer")

    assert role_of(cast, "school_manager") == "viewer"
    assert mailed_to("school-manager@tandem.example") == [], "whoever did it knows"


def test_two_managers_demoting_each_other_at_once_leaves_one(cast: Cast) -> None:
    joined(cast, "manager")
    pairs = [("school_manager", "newcomer"), ("newcomer", "school_manager")]
    together = Barrier(2)

    def demote(pair: tuple[str, str]) -> bool:
        by, whom = pair
        try:
            target = membership(cast, whom)
            together.wait(timeout=10)
            with acting_as(cast.actors[by]) as actor:
                services.change_role(by=actor, membership=target, role="viewer")
        except (PermissionDenied, ValidationError):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, pairs))

    assert sorted(done) == [False, True]
    assert {role_of(cast, "school_manager"), role_of(cast, "newcomer")} == {"manager", "viewer"}


# ------------------------------------------------------------------ the page


def test_the_form_has_the_present_role_and_says_what_each_may_do(cast: Cast) -> None:
    url = page(cast, "change-role", person=membership(cast, "school_viewer").ref)

    text = cast.client("school_manager").get(url).text

    assert "School viewer" in text
    assert "Also invites and removes people" in text
    assert text.count("checked") == 1


def test_saving_leads_back_to_the_people(cast: Cast) -> None:
    client = cast.client("school_manager")
    url = page(cast, "change-role", person=membership(cast, "school_viewer").ref)

    response = sent(client, url, role="editor")

    assert response["Location"] == page(cast, "people")
    assert "School viewer is now an editor" in client.get(response["Location"]).text


@pytest.mark.parametrize("role", ["owner", "", "superuser"])
def test_a_role_forged_in_the_form(cast: Cast, role: str) -> None:
    url = page(cast, "change-role", person=membership(cast, "school_viewer").ref)

    response = sent(cast.client("school_manager"), url, role=role)

    assert "Choose what they may do" in response.text
    assert role_of(cast, "school_viewer") == "viewer"


def test_fields_slipped_into_the_form_change_nothing_else(cast: Cast) -> None:
    url = page(cast, "change-role", person=membership(cast, "school_viewer").ref)

    sent(
        cast.client("school_manager"),
        url,
        role="editor",
        organisation=str(cast.organisation("health").pk),
        organisation_id=str(cast.organisation("health").pk),
        user=str(cast.users["nobody"].pk),
        membership=membership(cast, "health_manager").ref,
    )

    assert role_of(cast, "school_viewer") == "editor"
    assert role_of(cast, "health_manager") == "manager"
    assert membership(cast, "school_viewer").organisation_id == cast.organisation("school").pk


def test_somebody_of_another_organisation_is_not_found_and_it_is_on_record(
    cast: Cast, superuser: Superuser
) -> None:
    client = cast.client("school_manager")
    own = page(cast, "change-role", person=membership(cast, "school_viewer").ref)
    once = once_in(client.get(own).text)
    url = page(cast, "change-role", person=membership(cast, "health_manager").ref)

    for response in (client.get(url), client.post(url, {"once": once, "role": "viewer"})):
        assert response.status_code == 404
        assert "Health manager" not in response.text
    assert role_of(cast, "health_manager") == "manager"
    assert on_record(superuser)[-2:] == ["refused: see a person of another organisation"] * 2


def test_an_editor_who_guesses_the_address_is_refused(cast: Cast, superuser: Superuser) -> None:
    url = page(cast, "change-role", person=membership(cast, "school_editor").ref)

    response = cast.client("school_editor").post(url, {"role": "manager"})

    assert response.status_code == 403
    assert role_of(cast, "school_editor") == "editor"
    assert on_record(superuser)[-1] == (
        "refused: You may not decide who belongs to the organisation."
    )


def test_the_last_manager_reads_why_and_what_to_do(cast: Cast) -> None:
    url = page(cast, "change-role", person=membership(cast, "school_manager").ref)

    text = cast.client("school_manager").get(url).text

    assert "You are the only manager of Windsor Academy Trust" in text
    assert 'name="once"' not in text
