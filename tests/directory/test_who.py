"""Who should I contact? From where and what for to the doors, with what to do where nobody is."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calendars.working_days import add_working_days
from contacts.directory import answers, where
from contacts.directory.services import change_need
from contacts.directory_services import confirm_posting
from contacts.imports.england import REFERENCE
from contacts.imports.files import BadFile
from contacts.imports.needs import needs as read_needs
from contacts.models import GatewayType, Need, Posting, RoleType
from frontend.wording import weekday_date
from organisations.actor import Actor
from organisations.models import Organisation
from tests.cast import Cast
from tests.directory.arranging import acting_as, admin_of, listed, place
from tests.record.arranging import sent

Super = psycopg.Connection[Any]


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return admin_of(cast)


def ask(cast: Cast, **query: str) -> Any:
    url = reverse("who-to-contact", args=[cast.organisation("school").slug])
    return cast.client("school_viewer").get(url, query)


def page(cast: Cast, **query: str) -> str:
    response = ask(cast, **query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_table_knows_its_roles_and_gateways(cast: Cast) -> None:
    roles = set(RoleType.objects.values_list("key", flat=True))
    gateways = set(GatewayType.objects.values_list("key", flat=True))
    loaded = list(Need.objects.all())

    assert len(loaded) == 11
    assert [each.key for each in loaded if each.not_here] == ["safeguarding"]
    for each in loaded:
        assert set(each.first_roles + each.fallback_roles) <= roles
        assert set(each.first_gateways + each.strategic_gateways) <= gateways
        assert each.not_here or (each.first_roles and each.strategic_gateways)


def test_a_file_with_an_unknown_role_is_refused(tmp_path: Any) -> None:
    text = (REFERENCE / "framework" / "needs.yaml").read_text("utf-8")
    file = tmp_path / "needs.yaml"
    file.write_text(text.replace("[sais_lead]", "[nobody_knows]"), "utf-8")

    with pytest.raises(BadFile, match="known keys"):
        list(read_needs(file, roles={"named_school_nurse", "emhp"}, gateways=set()))


def test_the_freshest_person_stands_first(cast: Cast, admin: Actor) -> None:
    for name in ("Older lead", "Fresher lead"):
        listed(
            admin,
            organisation=cast.organisation("health"),
            role="sais_lead",
            name=name,
            place=place("Walsall"),
        )
    elsewhere = listed(
        admin,
        organisation=cast.organisation("health"),
        role="sais_lead",
        name="Lead of elsewhere",
        place=place("Dudley"),
    )
    with acting_as(admin) as by:
        confirm_posting(by=by, posting=Posting.objects.get(person__name="Fresher lead"))
    shown = page(cast, where="Walsall", need="vaccination")

    first = shown.split("First door")[1].split("If nobody has answered")[0]
    assert first.index("Fresher lead") < first.index("Older lead")
    assert elsewhere.person.name not in shown
    assert "Session dates" in first
    assert "Other health promotion" in first
    assert weekday_date(add_working_days(timezone.localdate(), 10)) in shown
    assert "Health and wellbeing board" in shown.split("Where it is steered")[1]


def test_where_nobody_is_recorded_it_says_what_to_do(cast: Cast) -> None:
    shown = page(cast, where="Walsall", need="anxiety")

    assert "Nobody is recorded for this in Walsall yet" in shown
    assert "offer them to the directory" in shown
    assert "Nobody is recorded in that role" in shown


def test_a_regions_people_and_those_of_a_schools_trust_are_found(cast: Cast, admin: Actor) -> None:
    listed(admin, organisation=cast.organisation("icb"), role="icb_exec_send", name="SEND lead")
    listed(
        admin, organisation=cast.organisation("school"), role="trust_exec_lead", name="Health lead"
    )
    schools = Organisation.objects.filter(school__trust=cast.organisation("school"))
    school = schools.filter(closed_on=None).exclude(postcode="").order_by("pk").first()
    assert school is not None

    assert "SEND lead" in page(cast, where="Walsall", need="neurodevelopmental")
    with acting_as(cast.school_viewer):
        choices = where.meant_by(school.postcode).choices
        meant = next(each for each in choices if each.school == school)
        need = Need.objects.get(key="schools")
        assert [p.person.name for p in answers.answer(need, meant).first.people] == ["Health lead"]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter a school, a postcode or a place"),
        ("ZZ99 9ZZ", "We know no place with the postcode ZZ99 9ZZ"),
        ("WS2 9P5", "is not a postcode"),
        ("qqqq zzzz", "no school and no place called"),
    ],
)
def test_what_cannot_be_found_is_said_in_plain_words(cast: Cast, typed: str, error: str) -> None:
    shown = page(cast, where=typed, need="careers")

    assert error in shown
    assert "There is a problem" in shown


def test_without_a_need_it_asks_for_one(cast: Cast) -> None:
    assert "Choose what you need" in page(cast, where="Walsall")
    assert "Choose what you need from the list" in page(cast, where="Walsall", need="nonsense")


def test_several_that_may_be_meant_are_offered(cast: Cast) -> None:
    shown = page(cast, where="St Joseph’s Catholic Primary", need="careers")

    assert "Which one do you mean?" in shown
    chosen = shown.split('nhsuk-list--border">')[1].split('href="')[1].split('"')[0]
    answered = cast.client("school_viewer").get(chosen.replace("&amp;", "&"))
    assert "First door" in answered.content.decode()


def test_a_place_made_up_in_the_address_leads_back_to_the_question(cast: Cast) -> None:
    shown = page(cast, where="qqqq", need="careers", place="atlantis", school="nowhere")

    assert "no school and no place called" in shown


def test_a_concern_about_a_child_is_not_for_here(cast: Cast) -> None:
    shown = page(cast, where="", need="safeguarding")
    main = shown.split("<main")[1].split("</main>")[0]

    assert "Do not use Tandem for this" in main
    assert "call 999" in main
    assert "designated safeguarding lead" in main
    assert "<form" not in main


def test_the_answer_asks_as_much_of_many_as_of_one(cast: Cast, admin: Actor) -> None:
    def queries() -> int:
        ask(cast, where="Walsall", need="vaccination")
        with CaptureQueriesContext(connection) as captured:
            page(cast, where="Walsall", need="vaccination")
        return len(captured)

    def lead(number: int) -> None:
        listed(
            admin,
            organisation=cast.organisation("health"),
            role="sais_lead",
            name=f"Lead {number}",
            place=place("Walsall"),
        )

    lead(0)
    before = queries()
    for number in range(1, 5):
        lead(number)
    assert queries() == before < 40


def test_an_operator_rewords_a_need_and_loading_leaves_it(cast: Cast, superuser: Super) -> None:
    client = cast.client("operator")
    need = Need.objects.get(key="careers")
    words = {
        name: getattr(need, name)
        for name in ("name", "first_door", "ask_for", "not_for", "fallback", "strategic")
    }
    try:
        answered = sent(
            client, "/operator/needs/careers/", **{**words, "first_door": "The careers desk"}
        )
        assert answered.status_code == 302
        assert "The careers desk" in page(cast, where="Walsall", need="careers")
        assert "Yes" in client.get("/operator/needs/").content.decode()
        missing = sent(client, "/operator/needs/careers/", **{**words, "ask_for": " "})
        assert missing.status_code == 200
    finally:
        superuser.execute(
            "UPDATE contacts_need SET first_door = %s, edited_at = NULL WHERE key = 'careers'",
            [need.first_door],
        )
    with acting_as(cast.school_manager) as by:
        with pytest.raises(PermissionDenied):
            change_need(by=by, need=need, first_door="Ours")
        assert Need.objects.filter(key="careers").update(first_door="Ours") == 0
