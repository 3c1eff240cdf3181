"""The record's forms as people meet them: posted, posted twice, posted by the wrong person."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from organisations.models import AuditEvent, Organisation
from partnerships.record import services
from partnerships.record.models import Invitation, Member, NamedContact, Partnership
from tests.cast import PASSWORD, Cast
from tests.record.arranging import (
    DETAILS,
    NHS_NUMBER,
    acting_as,
    invited,
    named,
    once_in,
    opened,
    sent,
)
from tests.record.pages import address, inviting, naming, opening

# ------------------------------------------------------------------ opening


def test_opening_leads_to_the_partnership(cast: Cast) -> None:
    client = cast.client("school_editor")
    values = {"partner": cast.organisation("health").slug, "name": "Hub", "purpose": "Together"}

    response = sent(client, opening(cast), **values)

    with acting_as(cast.school_editor):
        partnership = Partnership.objects.get()
    assert response["Location"] == address(cast, "partnership", ref=partnership.ref)
    page = client.get(response["Location"]).text
    assert "Partnership with Walsall Healthcare NHS Trust opened" in page


def test_the_name_is_suggested_and_the_partner_shown(cast: Cast) -> None:
    page = cast.client("school_editor").get(opening(cast)).text

    assert 'value="Windsor Academy Trust and Walsall Healthcare NHS Trust"' in page
    assert "NHS trust" in page


def test_without_a_partner_one_goes_to_find_it(cast: Cast) -> None:
    response = cast.client("school_editor").get(address(cast, "open-partnership"))

    assert response["Location"] == address(cast, "find-organisation")


def test_a_school_of_a_trust_leads_to_the_trust(cast: Cast) -> None:
    school = Organisation.objects.filter(school__trust__isnull=False, closed_on=None).first()
    assert school is not None
    cast.organisations["in_trust"] = school

    response = cast.client("school_editor").get(opening(cast, "in_trust"))

    assert response.status_code == 409
    assert f"?with={school.school.trust.slug}" in response.text


def test_a_partnership_one_has_already_is_pointed_out(cast: Cast) -> None:
    partnership = opened(cast)
    client = cast.client("school_editor")

    page = client.get(opening(cast)).text
    other = client.get(opening(cast, "council")).text

    assert "You already have 1 partnership with Walsall Healthcare NHS Trust" in page
    assert address(cast, "add-partner", ref=partnership.ref) in other


def test_posted_twice_it_is_opened_once(cast: Cast) -> None:
    client = cast.client("school_editor")
    values = {"partner": cast.organisation("health").slug, "name": "Hub"}
    values["once"] = once_in(client.get(opening(cast)).text)

    first = client.post(opening(cast), values)
    second = client.post(opening(cast), values)

    assert first["Location"] == second["Location"]
    with acting_as(cast.school_editor):
        assert Partnership.objects.count() == 1


def test_what_was_typed_survives_the_end_of_the_session(cast: Cast) -> None:
    client = cast.client("school_editor")
    values = {"partner": cast.organisation("health").slug, "name": "Typed before"}
    values["once"] = once_in(client.get(opening(cast)).text)
    client.logout()

    signed_out = client.post(opening(cast), values)
    assert "/account/" in signed_out["Location"]
    signed_in = client.post(
        signed_out["Location"],
        {"login": cast.users["school_editor"].email, "password": PASSWORD},
    )
    page = client.get(signed_in["Location"]).text

    assert "Typed before" in page
    assert "Nothing you typed is lost" in page
    response = client.post(signed_in["Location"], {**values, "once": once_in(page)})
    assert response.status_code == 302
    with acting_as(cast.school_editor):
        assert Partnership.objects.get().name == "Typed before"


def test_another_organisation_is_added_from_its_page(cast: Cast) -> None:
    partnership = opened(cast)
    council = cast.organisation("council").slug
    page = f"{address(cast, 'add-partner', ref=partnership.ref)}?with={council}"

    response = sent(cast.client("school_editor"), page, partner=council)

    assert response["Location"] == address(cast, "partnership", ref=partnership.ref)
    with acting_as(cast.school_editor):
        assert Member.objects.filter(organisation=cast.organisation("council")).exists()


# ------------------------------------------------------------------ naming


def test_naming_someone_new(cast: Cast) -> None:
    partnership = opened(cast)

    response = sent(cast.client("school_editor"), naming(cast, partnership), **DETAILS)

    assert response["Location"] == address(cast, "partnership", ref=partnership.ref)
    with acting_as(cast.school_editor):
        assert NamedContact.objects.get().posting.details.email == DETAILS["email"]


def test_someone_known_is_chosen_from_a_list(cast: Cast) -> None:
    known = named(cast, opened(cast, name="First")).posting
    partnership = opened(cast, name="Second")
    client = cast.client("school_editor")

    page = client.get(naming(cast, partnership)).text
    response = sent(client, naming(cast, partnership), who=known.ref)

    assert DETAILS["email"] in page
    assert response.status_code == 302
    with acting_as(cast.school_editor):
        assert NamedContact.objects.get(partnership=partnership).posting_id == known.pk


def test_someone_else_leads_to_the_questions_about_them(cast: Cast) -> None:
    named(cast, opened(cast, name="First"))
    partnership = opened(cast, name="Second")

    response = sent(cast.client("school_editor"), naming(cast, partnership), who="new")

    assert response["Location"] == f"{naming(cast, partnership)}?someone=new"


def test_a_posting_that_is_not_on_the_list_cannot_be_chosen(cast: Cast) -> None:
    stranger = named(cast, opened(cast, "council"), part="council").posting
    named(cast, opened(cast, name="First"))
    partnership = opened(cast, name="Second")

    response = sent(cast.client("school_editor"), naming(cast, partnership), who=stranger.ref)

    assert response.status_code == 200
    assert "Choose someone" in response.text


def test_the_contact_is_not_offered_as_their_own_deputy(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)

    page = cast.client("school_editor").get(naming(cast, partnership, "deputy")).text

    assert 'name="name"' in page, "nobody else is known, so it asks at once"


def test_of_ones_own_people_nobody_asks_the_source(cast: Cast) -> None:
    partnership = opened(cast)
    page = address(
        cast,
        "name-contact",
        ref=partnership.ref,
        member=cast.organisation("school").slug,
        function="named",
    )
    given = {name: text for name, text in DETAILS.items() if name != "source"}
    client = cast.client("school_editor")

    assert 'name="source"' not in client.get(page).text
    assert sent(client, page, **given).status_code == 302


def test_a_deputy_steps_down_and_a_named_contact_only_for_a_successor(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    named(cast, partnership, function="deputy", name="Deputy", email="deputy@health.example")
    client = cast.client("school_editor")

    of_named = naming(cast, partnership)
    assert "Nobody for now" not in client.get(of_named).text
    assert sent(client, of_named, who="nobody").status_code == 200
    assert sent(client, naming(cast, partnership, "deputy"), who="nobody").status_code == 302

    with acting_as(cast.school_editor):
        live = list(NamedContact.objects.filter(ended_at=None).values_list("function", flat=True))
        events = list(AuditEvent.objects.filter(action="contact ended").values_list("changes"))
    assert live == ["named"]
    assert [changes["function"] for (changes,) in events] == ["deputy"]
    # Asked again, by a second tab: nobody is there any more, and nothing happens.
    with acting_as(cast.school_editor) as by:
        assert (
            services.free_deputys_place(
                by=by, partnership=partnership, organisation=cast.organisation("health")
            )
            is None
        )


def test_an_unknown_function_is_no_page(cast: Cast) -> None:
    partnership = opened(cast)

    assert cast.client("school_editor").get(naming(cast, partnership, "boss")).status_code == 404


def test_details_are_corrected(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    page = f"{naming(cast, partnership)}details/"
    values = {**DETAILS, "email": "right@health.example"}

    response = sent(cast.client("school_editor"), page, **values)

    assert response.status_code == 302
    with acting_as(cast.school_editor):
        assert NamedContact.objects.get().posting.details.email == "right@health.example"


# ------------------------------------------------------------------ every form


FORMS: dict[str, tuple[Callable[[Cast, Partnership], str], dict[str, str], str]] = {
    "name": (
        lambda c, p: opening(c),
        {"partner": "walsall-healthcare-nhs-trust", "name": f"For {NHS_NUMBER}"},
        "name",
    ),
    "purpose": (
        lambda c, p: opening(c),
        {"partner": "walsall-healthcare-nhs-trust", "name": "Hub", "purpose": NHS_NUMBER},
        "purpose",
    ),
    "message": (
        inviting,
        {"email": "door@health.example", "message": f"About {NHS_NUMBER}"},
        "message",
    ),
    "person": (naming, {**DETAILS, "name": f"Parent of {NHS_NUMBER}"}, "name"),
    "job": (naming, {**DETAILS, "job_title": NHS_NUMBER}, "job_title"),
    "source": (naming, {**DETAILS, "source": NHS_NUMBER}, "source"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_patients_number_is_refused_beside_its_box(cast: Cast, form: str) -> None:
    page, values, box = FORMS[form]
    where = page(cast, opened(cast))

    response = sent(cast.client("school_editor"), where, **values)

    assert response.status_code == 200
    assert re.search(rf'href="#id_{box}">\s*This looks like it contains an NHS', response.text)
    assert "designated safeguarding lead" in response.text
    with acting_as(cast.school_editor):
        assert not Invitation.objects.exists()
        assert not NamedContact.objects.exists()
        assert Partnership.objects.count() == 1


def test_a_patients_number_in_a_reason_for_declining(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    page = address(cast, "answer-invitation", "health", ref=invitation.ref)

    response = sent(
        cast.client("health_editor"), page, answer="decline", reason=f"Because of {NHS_NUMBER}"
    )

    assert "NHS number" in response.text
    with acting_as(cast.health_editor):
        assert Member.objects.get().state == "invited"
