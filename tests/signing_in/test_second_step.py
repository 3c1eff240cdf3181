"""The second step: setting it up, signing in with it, and of whom it is required."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import User
from organisations.tenancy.scope import Scope, acting
from tests.cast import PASSWORD, Cast, confirm
from tests.organisations.onlooker import Superuser, count, mailed_to, on_record
from tests.signing_in.ways import by_password, code_of, secret_on

WithApp = Callable[[User], str]


def set_up_app(client: Client) -> str:
    """Set an authenticator app up; its secret."""
    address = reverse("mfa_activate_totp")
    secret = secret_on(client.get(address).text)
    answer = client.post(address, {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def home_of(cast: Cast, part: str) -> str:
    return reverse("home", args=[cast.organisation(part).slug])


def test_from_setting_an_app_up_to_signing_in_with_it(cast: Cast, superuser: Superuser) -> None:
    email = cast.users["school_editor"].email
    client = Client()
    by_password(client, email)
    secret = set_up_app(client)
    other = Client()

    assert by_password(other, email, next="/organisations/") == reverse("mfa_authenticate")
    assert "_auth_user_id" not in other.session
    answer = other.post(reverse("mfa_authenticate"), {"code": code_of(secret, periods_from_now=1)})

    assert answer["Location"] == "/organisations/"
    assert on_record(superuser, user_id=cast.school_editor.user_id) == [
        "signed in",
        "authenticator app added",
        "second step by app",
        "signed in",
    ]
    assert any("app was set up" in each.subject for each in mailed_to(email))


def test_a_wrong_code_and_a_code_used_before_do_not_get_in(
    cast: Cast, with_app: WithApp, superuser: Superuser
) -> None:
    user = cast.users["school_editor"]
    secret = with_app(user)
    code = code_of(secret)
    for attempt in ("000000", code):
        client = Client()
        by_password(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": attempt})
    client = Client()
    by_password(client, user.email)

    answer = client.post(reverse("mfa_authenticate"), {"code": code})

    assert "The code is not right" in answer.text
    assert "_auth_user_id" not in client.session
    assert on_record(superuser, user_id=user.pk).count("second step failed") == 2


def test_a_recovery_code_gets_in_once(cast: Cast, with_app: WithApp, superuser: Superuser) -> None:
    user = cast.users["school_editor"]
    with_app(user)
    with acting(Scope(user_id=user.pk)), transaction.atomic():
        codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
        (code, *_) = codes.get_unused_codes()
    answers = []
    for _ in range(2):
        client = Client()
        by_password(client, user.email)
        answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert answers == [302, 200]
    assert "recovery code used" in on_record(superuser, user_id=user.pk)


def test_recovery_codes_can_be_read_and_downloaded(cast: Cast, superuser: Superuser) -> None:
    client = Client()
    by_password(client, cast.users["school_editor"].email)
    set_up_app(client)

    page = client.get(reverse("mfa_view_recovery_codes"))
    file = client.get(reverse("mfa_download_recovery_codes"))

    codes = [line for line in file.text.splitlines() if line.isdigit()]
    assert len(codes) == 10
    assert all(code in page.text for code in codes)
    assert "attachment" in file["Content-Disposition"]
    assert "recovery codes downloaded" in on_record(superuser)


def test_the_password_alone_never_signs_in_who_has_an_app(cast: Cast, with_app: WithApp) -> None:
    user = cast.users["school_editor"]
    with_app(user)
    client = Client()
    by_password(client, user.email)

    for address in (home_of(cast, "school"), reverse("account_home"), reverse("mfa_index")):
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_secrets_are_of_no_use_without_the_settings(
    cast: Cast, with_app: WithApp, superuser: Superuser
) -> None:
    secret = with_app(cast.users["school_editor"])

    rows = superuser.execute("SELECT data::text FROM mfa_authenticator").fetchall()
    assert rows
    assert all(secret not in text for (text,) in rows)


def test_factors_are_seen_by_their_own_person_alone(cast: Cast, with_app: WithApp) -> None:
    user = cast.users["school_editor"]
    with_app(user)
    seen = {}
    for actor in (cast.school_editor, cast.school_manager, cast.operator, cast.health_editor):
        with acting(actor.scope), transaction.atomic():
            seen[actor.user_id] = Authenticator.objects.count()
            touched = Authenticator.objects.filter(user=user).delete()[0]
            assert (touched > 0) == (actor.user_id == user.pk)
            transaction.set_rollback(True)

    assert seen == {each: 2 if each == user.pk else 0 for each in seen}
    with acting(Scope()), transaction.atomic():
        assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "table",
    ["organisations_signedinsession", "organisations_linkedsignin", "organisations_emailchange"],
)
def test_nobody_writes_for_another_person(cast: Cast, table: str) -> None:
    columns = {
        "organisations_signedinsession": "(user_id, session_key, started_at, last_seen_at, "
        "user_agent) VALUES (%s, 'k', now(), now(), '')",
        "organisations_linkedsignin": "(user_id, provider, issuer, subject, shown_as, linked_at) "
        "VALUES (%s, 'p', 'i', 's', '', now())",
        "organisations_emailchange": "(user_id, old_email, new_email, asked_at, expires_at) "
        "VALUES (%s, 'a@b.example', 'c@d.example', now(), now())",
    }[table]
    insert = f"INSERT INTO {table} {columns}"
    by = cast.school_editor.scope
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [cast.school_editor.user_id])
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting(by),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [cast.school_manager.user_id])
    with acting(cast.school_manager.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


# Of whom it is required


@pytest.mark.parametrize(
    ("required", "part", "led_away"),
    [
        (["manager", "operator"], "school_manager", True),
        (["manager", "operator"], "school_editor", False),
        (["manager", "operator"], "school_viewer", False),
        (["all"], "school_viewer", True),
        ([], "school_manager", False),
    ],
)
def test_who_is_led_to_set_it_up(
    cast: Cast, settings: Any, required: list[str], part: str, led_away: bool
) -> None:
    settings.REQUIRE_SECOND_STEP = required
    client = Client()
    by_password(client, cast.users[part].email)
    address = f"{home_of(cast, 'school')}?q=x"

    answer = client.get(address)

    if not led_away:
        assert answer.status_code == 200
        return
    assert answer["Location"].startswith(f"{reverse('mfa_index')}?next=%2Fo%2F")
    page = client.get(answer["Location"])
    assert "Your role needs a second step" in page.text
    set_up_app(client)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert f'href="{address}"' in codes.text, "each step says what comes next"
    assert client.get(address).status_code == 200


def test_nothing_of_an_organisation_opens_before(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_SECOND_STEP = ["manager", "operator"]
    client = Client()
    by_password(client, cast.users["school_manager"].email)
    slug = cast.organisation("school").slug

    for method in ("get", "post"):
        for address in (f"/o/{slug}/", f"/o/{slug}/partnerships/new/?with=x", f"/o/{slug}/find/"):
            answer = getattr(client, method)(address)
            assert answer.status_code == 302, (method, address)
            assert answer["Location"].startswith(reverse("mfa_index"))
    for open_page in ("account_home", "my-organisations", "mfa_index", "account_sessions"):
        assert client.get(reverse(open_page)).status_code == 200


def test_a_manager_accepts_no_terms_before(cast: Cast, settings: Any, superuser: Superuser) -> None:
    """The page is not below the organisation's address: it opens it."""
    settings.REQUIRE_SECOND_STEP = ["manager"]
    page = reverse("accept-terms", args=[cast.organisation("school").slug])
    client = cast.client("school_manager")
    before = count(superuser, "organisations_termsacceptance")

    for answer in (client.get(page), client.post(page, {"version": "1", "accept": "on"})):
        assert answer["Location"].startswith(reverse("mfa_index"))
    assert count(superuser, "organisations_termsacceptance") == before
    assert cast.client("school_editor").get(page).status_code == 404


def test_what_was_typed_is_kept_while_it_is_set_up(cast: Cast, settings: Any) -> None:
    client = Client()
    by_password(client, cast.users["school_manager"].email)
    slug, partner = cast.organisation("school").slug, cast.organisation("icb").slug
    address = f"/o/{slug}/partnerships/new/?with={partner}"
    page = client.get(address).text
    once = page.split('name="once"')[1].split('value="')[1].split('"')[0]
    settings.REQUIRE_SECOND_STEP = ["manager"]

    led_to = client.post(address, {"once": once, "partner": partner, "name": "Breathe easy"})
    set_up_app(client)
    after = client.get(reverse("mfa_view_recovery_codes")).text

    assert led_to.status_code == 302
    (back,) = re.findall(r'href="(/o/[^"]+draft=[^"]+)"', after)
    assert back.startswith(address.partition("?")[0])
    shown = client.get(html.unescape(back)).text
    assert 'value="Breathe easy"' in shown
    assert "because your role needs a second step" in shown
    assert "signed out" not in shown


def test_an_operator_is_led_too(cast: Cast, settings: Any) -> None:
    settings.REQUIRE_SECOND_STEP = ["operator"]
    client = Client()
    by_password(client, cast.users["operator"].email)

    assert client.get(reverse("operator"))["Location"].startswith(reverse("mfa_index"))
    set_up_app(client)
    assert client.get(reverse("operator")).status_code == 200


def test_what_is_done_counts_in_the_session_that_did_it(
    cast: Cast, settings: Any, with_app: WithApp
) -> None:
    settings.REQUIRE_SECOND_STEP = ["manager"]
    user = cast.users["school_manager"]
    before = Client()
    by_password(before, user.email)
    secret = with_app(user)
    client = Client()
    by_password(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.get(home_of(cast, "school")).status_code == 200
    assert before.get(home_of(cast, "school")).status_code == 302


def test_removed_it_is_asked_for_again(cast: Cast, settings: Any, superuser: Superuser) -> None:
    settings.REQUIRE_SECOND_STEP = ["manager"]
    client = Client()
    by_password(client, cast.users["school_manager"].email)
    set_up_app(client)

    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")

    assert client.get(home_of(cast, "school")).status_code == 302
    assert not superuser.execute("SELECT 1 FROM mfa_authenticator").fetchall()
    assert "authenticator app removed" in on_record(superuser)


def test_shared_demo_accounts_are_exempt_and_cannot_be_shut(db: None, settings: Any) -> None:
    settings.REQUIRE_SECOND_STEP = ["all"]
    user = User.objects.create_user("d@demo.example", DEMO_PASSWORD, name="D", is_demo=True)
    confirm(user)
    client = Client()
    by_password(client, user.email, DEMO_PASSWORD)

    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name))["Location"] == reverse("mfa_index")
        assert client.post(reverse(name), {})["Location"] == reverse("mfa_index")
    assert "used by many people" in client.get(reverse("mfa_index")).text


# Asking again


def test_a_change_that_matters_needs_a_fresh_check(
    cast: Cast, later: Callable[[float], None]
) -> None:
    client = Client()
    by_password(client, cast.users["school_editor"].email)
    address = reverse("mfa_activate_totp")
    assert client.get(address).status_code == 200, "just signed in"
    later(301)

    for name in ("mfa_activate_totp", "mfa_add_webauthn", "account_email"):
        asked = client.get(reverse(name))
        assert asked["Location"].startswith(f"{reverse('account_reauthenticate')}?next=")
    wrong = client.post(asked["Location"], {"password": "wrong", "next": address})
    assert "The password is not right" in wrong.text
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": address})

    assert answer["Location"] == address
    assert client.get(address).status_code == 200


def test_if_the_record_cannot_be_written_no_factor_is_added(
    cast: Cast, superuser: Superuser, factors: Callable[[User], list[str]]
) -> None:
    client = Client(raise_request_exception=False)
    by_password(client, cast.users["school_editor"].email)
    secret = secret_on(client.get(reverse("mfa_activate_totp")).text)
    superuser.execute("REVOKE INSERT ON organisations_auditevent FROM tandem_web")
    try:
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    finally:
        superuser.execute("GRANT INSERT ON organisations_auditevent TO tandem_web")

    assert answer.status_code == 500
    assert factors(cast.users["school_editor"]) == []
