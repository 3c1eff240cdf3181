"""The page of who belongs, and inviting from it."""

from __future__ import annotations

from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import PersonInvitation
from organisations.people import links
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import link_in, mailed_to, on_record
from tests.people.arranging import INVITED, invited, joined, membership, page
from tests.record.arranging import acting_as, once_in, sent

Superuser = psycopg.Connection
ROLES = ["school_manager", "school_editor", "school_viewer"]


@pytest.mark.parametrize("part", ROLES)
def test_everyone_sees_who_belongs_in_which_role_and_since_when(cast: Cast, part: str) -> None:
    text = cast.client(part).get(page(cast, "people")).text

    assert "3 people" in text
    for each in ROLES:
        assert cast.users[each].name in text
        assert cast.users[each].email in text
    assert "Health manager" not in text
    assert text.count("(you)") == 1


@pytest.mark.parametrize("part", ROLES)
def test_only_managers_see_invitations_and_what_can_be_done(cast: Cast, part: str) -> None:
    invited(cast)

    text = cast.client(part).get(page(cast, "people")).text

    manages = part == "school_manager"
    for words in (INVITED, "Invite someone", "Change role", "Remove", "Send again", "Withdraw"):
        assert (words in text) is manages, words


def test_people_is_in_the_menu(cast: Cast) -> None:
    text = cast.client("school_viewer").get(page(cast, "home")).text

    assert f'href="{page(cast, "people")}"' in text


def test_the_number_of_statements_does_not_grow(cast: Cast) -> None:
    client = cast.client("school_manager")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page(cast, "people"))
        return len(captured)

    invited(cast, "first@school.example")
    statements()  # the first request of a session writes the session down
    few = statements()
    joined(cast, "viewer")
    for number in range(5):
        invited(cast, f"colleague-{number}@school.example")

    assert statements() == few


def test_an_invitation_that_expired_or_bounced_says_so(cast: Cast, superuser: Superuser) -> None:
    client, url = cast.client("school_manager"), page(cast, "people")
    invited(cast)
    assert "until " in client.get(url).text

    superuser.execute(
        "UPDATE organisations_personinvitation SET sent_at = now() - interval '8 days', "
        "expires_at = now() - interval '2 days'"
    )
    assert "Expired" in client.get(url).text
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'dead', claimed_by = '', lease_until = NULL"
    )
    assert "Email refused" in client.get(url).text


def test_inviting_from_the_page(cast: Cast) -> None:
    client = cast.client("school_manager")

    response = sent(client, page(cast, "invite-person"), email="NEW@school.example", role="viewer")

    assert response["Location"] == page(cast, "people")
    assert "Invitation sent to new@school.example" in client.get(response["Location"]).text
    assert len(mailed_to("new@school.example")) == 1


def test_posted_twice_it_is_sent_once(cast: Cast) -> None:
    client, url = cast.client("school_manager"), page(cast, "invite-person")
    values = {"email": INVITED, "role": "viewer", "once": once_in(client.get(url).text)}

    first, second = client.post(url, values), client.post(url, values)

    assert first["Location"] == second["Location"]
    assert len(mailed_to(INVITED)) == 1


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "Enter their email address"),
        ({"email": INVITED}, "Choose what they may do"),
        ({"email": "nobody", "role": "viewer"}, "correct format"),
        ({"email": INVITED, "role": "owner"}, "Choose what they may do"),
        ({"email": "school-viewer@tandem.example", "role": "viewer"}, "belongs to Windsor"),
        ({"email": "school-manager@tandem.example", "role": "viewer"}, "your own address"),
        ({"email": "a" * 250 + "@school.example", "role": "viewer"}, "254"),
    ],
)
def test_a_form_that_cannot_be_carried_out(
    cast: Cast, values: dict[str, str], problem: str
) -> None:
    response = sent(cast.client("school_manager"), page(cast, "invite-person"), **values)

    assert response.status_code == 200
    assert problem in response.text
    assert "There is a problem" in response.text
    with acting_as(cast.school_manager):
        assert not PersonInvitation.objects.exists()


def test_an_organisation_forged_into_the_form_is_not_invited_into(cast: Cast) -> None:
    other = cast.organisation("health")

    sent(
        cast.client("school_manager"),
        page(cast, "invite-person"),
        email=INVITED,
        role="viewer",
        organisation=str(other.pk),
        organisation_id=str(other.pk),
        invited_by=str(cast.users["health_manager"].pk),
        used_at="2026-01-01",
    )

    with acting_as(cast.school_manager) as by:
        invitation = PersonInvitation.objects.get()
        assert invitation.organisation_id == by.organisation_id
        assert invitation.invited_by_id == by.user_id
    with acting_as(cast.health_manager):
        assert not PersonInvitation.objects.exists()


def test_what_was_typed_survives_the_end_of_the_session(cast: Cast) -> None:
    client, url = cast.client("school_manager"), page(cast, "invite-person")
    once = once_in(client.get(url).text)
    client.logout()
    bounced = client.post(url, {"email": INVITED, "role": "editor", "once": once})
    address = cast.users["school_manager"].email

    back = client.post(bounced["Location"], {"login": address, "password": PASSWORD}, follow=True)

    assert f'value="{INVITED}"' in back.text


@pytest.mark.parametrize("name", ["resend-person-invitation", "withdraw-person-invitation"])
def test_another_organisations_invitation_is_not_found_and_it_is_on_record(
    cast: Cast, superuser: Superuser, name: str
) -> None:
    theirs = invited(cast, by="health_manager")
    url = page(cast, name, ref=theirs.ref)
    client = cast.client("school_manager")

    for response in (client.get(url), client.post(url, {})):
        assert response.status_code == 404
        assert INVITED not in response.text
    assert on_record(superuser)[-1] == "refused: see an invitation of another organisation"


def test_sending_again_and_withdrawing_from_the_page(cast: Cast) -> None:
    client, invitation = cast.client("school_manager"), invited(cast)

    again = sent(client, page(cast, "resend-person-invitation", ref=invitation.ref))
    assert "again. The link before has ended" in client.get(again["Location"]).text
    gone = sent(client, page(cast, "withdraw-person-invitation", ref=invitation.ref))
    text = client.get(gone["Location"]).text

    assert f"Invitation to {INVITED} withdrawn" in text
    assert "Nobody is waiting" in text


def test_from_the_invitation_through_a_new_account_to_the_organisation(cast: Cast) -> None:
    """As somebody without an account walks it, e-mails included."""
    invited(cast, role="editor")
    (invitation,) = mailed_to(INVITED)
    link = link_in(invitation, "/join/")
    client = Client()
    assert client.get(link).status_code == 200

    password = "four unlikely words here"
    client.post(
        "/account/signup/",
        {"name": "New colleague", "email": INVITED, "password1": password, "next": link},
    )
    confirmation = next(m for m in mailed_to(INVITED) if "/join/" not in str(m.body))
    client.post(link_in(confirmation, "/account/confirm-email/"))
    client.post("/account/login/", {"login": INVITED, "password": password, "next": link})
    done = sent(client, link)

    assert done["Location"] == page(cast, "home")
    assert client.get(page(cast, "open-partnership")).status_code == 302
    assert client.get(page(cast, "invite-person")).status_code == 403
    assert membership(cast, "school_manager").role == "manager"


def test_signing_in_from_the_header_leads_back_to_the_invitation(cast: Cast) -> None:
    """Whoever opens the link of an invitation signed out finds two ways to sign in: both return."""
    token = links.token_of(invited(cast))
    page = reverse("person-invitation", kwargs={"token": token})

    header = Client().get(page).text.split("</header>")[0]

    assert f'href="{reverse("account_login")}?{urlencode({"next": page})}"' in header
    assert f'href="{reverse("account_login")}"' in Client().get("/").text.split("</header>")[0]
