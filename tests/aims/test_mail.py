"""Who is asked to agree a shared aim, by e-mail, on home and on the partnership's page."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.tenancy.scope import acting
from tests.aims.test_services import AIM, PRIORITIES, agreed, wrote
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, contact, deliveries


def asked(scene: Scene, part: str = "school_editor") -> list[Delivery]:
    return deliveries(scene, part, kind="aim_to_agree")


def shown(client: Client, scene: Scene, name: str, part: str) -> str:
    slug = scene.cast.organisation(part.partition("_")[0]).slug
    kwargs = {"organisation_slug": slug}
    if name != "home":
        kwargs["ref"] = scene.partnership.ref
    return str(client.get(reverse(name, kwargs=kwargs)).text)


def test_the_other_member_is_asked_and_not_who_has_not_joined(scene: Scene) -> None:
    wrote(scene)
    (delivery,) = asked(scene)
    letter = compose(delivery)

    assert delivery.recipient == HEALTH
    assert isinstance(letter, EmailMessage)
    assert letter.subject == "Please agree: shared aim of Health hub"
    for words in (*PRIORITIES, AIM, f"/r/aim-{scene.partnership.ref}/", "written down"):
        assert words in letter.body


def test_a_change_asks_again_and_what_waited_of_the_earlier_one_does_not_go(scene: Scene) -> None:
    wrote(scene)
    wrote(scene, aim="Another aim", based_on=1)
    first, second = sorted(asked(scene), key=lambda each: each.revision)

    assert compose(first) == NotNeeded("It was changed; a later e-mail asks to agree it.")
    letter = compose(second)
    assert isinstance(letter, EmailMessage)
    assert "has changed what you want" in letter.body
    agreed(scene, 2, "health_editor")
    assert compose(second) == NotNeeded("The organisation has agreed it.")


def test_what_the_other_side_writes_asks_the_school(scene: Scene) -> None:
    wrote(scene, "health_editor")

    assert [each.recipient for each in asked(scene, "health_editor")] == [SCHOOL]


def test_who_becomes_the_contact_is_asked_too(scene: Scene) -> None:
    wrote(scene)
    by, following = scene.cast.health_editor, "next@health.example"
    with acting(by.scope), transaction.atomic():
        contact(by, scene.partnership, scene.cast, part="health", function="named", email=following)

    found = asked(scene) + asked(scene, "health_editor")
    assert following in {each.recipient for each in found}


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_home_asks_until_the_organisation_has_agreed(scene: Scene, part: str) -> None:
    wrote(scene)
    client = scene.cast.client(part)
    assert "Agree the shared aim of Health hub" in shown(client, scene, "home", part)
    agreed(scene, 1, part)
    assert "Agree the shared aim" not in shown(client, scene, "home", part)
    wrote(scene, aim="Another aim", based_on=1)
    assert "Agree the shared aim of Health hub" in shown(client, scene, "home", part)


def test_the_partnerships_page_says_what_it_is_and_who_has_agreed(scene: Scene) -> None:
    client = scene.cast.client("school_viewer")
    assert "Not written yet" in shown(client, scene, "partnership", "school")
    wrote(scene)
    page = shown(client, scene, "partnership", "school")
    assert AIM in page
    assert PRIORITIES[0] in page
    assert "Nobody has agreed it yet." in page
    agreed(scene, 1)
    school, health = (scene.cast.organisation(part).name for part in ("school", "health"))
    page = shown(client, scene, "partnership", "school")
    assert f"Agreed by {school}. Not yet by {health}." in page
    agreed(scene, 1, "health_editor")
    assert "Every member has agreed it." in shown(client, scene, "partnership", "school")


@pytest.mark.parametrize(
    ("part", "leads"), [("school_viewer", True), ("health_editor", True), ("stranger", False)]
)
def test_the_link_of_the_email_leads_members_to_it(scene: Scene, part: str, leads: bool) -> None:
    wrote(scene)
    response = scene.cast.client(part).get(f"/r/aim-{scene.partnership.ref}/", follow=True)

    assert (AIM in response.text) is leads
    assert response.redirect_chain == [] or leads
