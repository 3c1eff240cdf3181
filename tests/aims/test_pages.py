"""The pages of the shared aim, without a browser."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.aims.test_services import AIM, wrote
from tests.record.arranging import sent
from tests.touchpoints.scene import Scene


def at(scene: Scene, name: str) -> str:
    slug = scene.cast.organisation("school").slug
    return reverse(name, kwargs={"organisation_slug": slug, "ref": scene.partnership.ref})


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_aim_is_written_commented_on_and_agreed_by_name(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    assert "No shared priorities or aim yet" in shown(client, at(scene, "shared-aim"))

    made = sent(
        client, at(scene, "shared-aim-change"), priorities="Attendance\r\n", aim=AIM, based_on="0"
    )
    assert made.status_code == 302
    sent(client, at(scene, "shared-aim-comment"), text="We can do this.")
    sent(client, at(scene, "shared-aim-agree"), number="1", role="Director of inclusion")

    page = shown(client, at(scene, "shared-aim"))
    assert AIM in page
    assert "Attendance" in page
    assert "We can do this." in page
    assert f"{scene.cast.users['school_editor']}, Director of inclusion, on" in page
    assert "not agreed yet" in page
    assert AIM in shown(client, at(scene, "partnership"))


def test_who_met_another_sees_both_texts_and_saves_upon_them(scene: Scene) -> None:
    wrote(scene)
    wrote(scene, "health_editor", aim="From the NHS side", based_on=1)
    client = scene.cast.client("school_editor")
    met = sent(
        client, at(scene, "shared-aim-change"), priorities="", aim="From our side", based_on="1"
    )
    page = met.content.decode()

    assert met.status_code == 200
    assert "From the NHS side" in page
    assert "From our side" in page
    assert 'name="based_on" value="2"' in page


def test_agreeing_what_has_just_changed_shows_both_texts(scene: Scene) -> None:
    wrote(scene)
    wrote(scene, "health_editor", aim="From the NHS side", based_on=1)
    client = scene.cast.client("school_editor")
    met = sent(client, at(scene, "shared-aim-agree"), number="1", role="Director of inclusion")
    page = met.content.decode()

    assert met.status_code == 200
    assert "<title>Error: " in page
    assert '<a href="#changed">' in page
    assert "The text that you read, version 1" in page
    assert AIM in page
    assert "From the NHS side" in page
    assert 'name="number" value="2"' in page


def test_two_versions_are_compared(scene: Scene) -> None:
    wrote(scene)
    wrote(scene, aim="Another aim", based_on=1)
    page = shown(scene.cast.client("school_viewer"), at(scene, "shared-aim-compare"))

    assert "from version 1 to 2" in page
    assert "<ins>" in page
    assert "<del>" in page


def test_who_has_agreed_is_told_so_and_not_asked_again(scene: Scene) -> None:
    wrote(scene)
    client = scene.cast.client("school_editor")
    sent(client, at(scene, "shared-aim-agree"), number="1", role="Director of inclusion")
    response = client.get(at(scene, "shared-aim-agree"), follow=True)

    assert "has agreed this version already" in response.text
    assert "Agree for" not in response.text


def test_the_parts_of_two_versions_are_compared_apart(scene: Scene) -> None:
    wrote(scene)
    wrote(scene, priorities=["School attendance"], aim=AIM, based_on=1)
    page = shown(scene.cast.client("school_viewer"), at(scene, "shared-aim-compare"))

    assert "Shared priorities</h2>" in page
    assert "<del>" in page
    assert page.index("<del>") < page.index("Shared aim</h2>")
