"""The pages on which somebody makes an address for their calendar program, and ends it."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organisations.support.services import start
from tests.cast import Cast
from tests.feeds.arranging import fed, of_partnership, read
from tests.record.arranging import acting_as
from tests.tenancy.world import arrange
from tests.touchpoints.pages import hidden_in, words
from tests.touchpoints.scene import Scene

SECRET = re.compile(r"/feeds/([A-Za-z0-9_-]{43})\.ics")


def page(cast: Cast, name: str, part: str = "school", **kwargs: str) -> str:
    slug = cast.organisation(part).slug
    return reverse(name, kwargs={"organisation_slug": slug, **kwargs})


def sent(client: Client, address: str, **values: str) -> HttpResponse:
    """A form opened and sent."""
    return client.post(address, {**hidden_in(client.get(address)), **values})


def feeds_of(cast: Cast, part: str = "school_editor") -> tuple[Client, HttpResponse]:
    client = cast.client(part)
    return client, client.get(page(cast, "calendar-feeds"))


def test_the_address_is_shown_once_and_opens_the_calendar(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    made = sent(client, page(scene.cast, "make-calendar-feed"), kind="organisation")

    assert made.status_code == 200
    (secret,) = set(SECRET.findall(made.text))
    assert f"http://testserver/feeds/{secret}.ics" in made.text or "/feeds/" in words(made)
    for program in ("Outlook", "Google", "Apple"):
        assert program in words(made)
    assert made["Cache-Control"].startswith("max-age=0")
    assert "no-store" in made["Cache-Control"]
    assert read(secret).status_code == 200

    listed = client.get(page(scene.cast, "calendar-feeds"))
    assert "All our partnerships" in words(listed)
    assert "Not yet" not in words(listed)
    assert secret not in listed.text


def test_sending_the_form_again_makes_no_second_one(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    address = page(scene.cast, "make-calendar-feed")
    form = {**hidden_in(client.get(address)), "kind": "person"}
    client.post(address, form)
    again = client.post(address, form, follow=True)

    assert again.redirect_chain == [(page(scene.cast, "calendar-feeds"), 302)]
    assert "already saved" in again.text
    assert not SECRET.search(again.text)
    assert words(again).count("My touchpoints") == 3, "its row, and what its two links are about"


def test_from_a_partnership_it_is_of_that_one(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    partnership = client.get(page(scene.cast, "partnership", ref=scene.partnership.ref))
    assert "Put these dates in my calendar" in words(partnership)
    address = f"{page(scene.cast, 'make-calendar-feed')}?partnership={scene.partnership.ref}"
    assert address in partnership.text

    form = client.get(address)
    assert "Only Health hub" in words(form)
    made = sent(client, address, kind="partnership")
    (secret,) = set(SECRET.findall(made.text))
    assert b"X-WR-CALNAME:Tandem: Health hub" in read(secret).content


def test_of_a_partnership_one_does_not_see_there_is_no_page(scene: Scene) -> None:
    address = f"{page(scene.cast, 'make-calendar-feed', 'other')}?partnership="

    assert scene.cast.client("stranger").get(address + scene.partnership.ref).status_code == 404
    assert scene.cast.client("stranger").get(address + "x").status_code == 404
    assert scene.cast.client("stranger").get(address).status_code == 200


def test_nothing_chosen_is_asked_about(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    for kind in ("", "partnership", "everything"):
        refused = sent(client, page(scene.cast, "make-calendar-feed"), kind=kind)
        assert "There is a problem" in refused.text
        assert not SECRET.search(refused.text)


def test_a_new_address_for_the_same(scene: Scene) -> None:
    old = of_partnership(scene.cast, scene.partnership)
    client, listed = feeds_of(scene.cast)
    (ref,) = re.findall(r"feeds/(\w{12})/address/", listed.text)
    made = sent(client, page(scene.cast, "calendar-feed-address", ref=ref))

    (new,) = set(SECRET.findall(made.text))
    assert new != old
    assert (read(old).status_code, read(new).status_code) == (404, 200)


def test_ending_ones_own(scene: Scene) -> None:
    secret = fed(scene.cast)
    client, listed = feeds_of(scene.cast)
    (ref,) = re.findall(r"feeds/(\w{12})/end/", listed.text)
    ended = client.post(
        page(scene.cast, "end-calendar-feed", ref=ref),
        hidden_in(client.get(page(scene.cast, "end-calendar-feed", ref=ref))),
        follow=True,
    )

    assert "Calendar feed ended" in ended.text
    assert "No calendar feed yet" in words(ended)
    assert read(secret).status_code == 404


def test_managers_see_and_end_those_of_colleagues(scene: Scene) -> None:
    secret = fed(scene.cast, "school_viewer")
    read(secret)
    assert "Feeds of colleagues" not in words(feeds_of(scene.cast)[1])
    client, listed = feeds_of(scene.cast, "school_manager")
    assert "school-viewer@tandem.example" in words(listed)
    (ref,) = re.findall(r"feeds/(\w{12})/end/", listed.text)
    assert "address/" not in listed.text
    assert client.get(page(scene.cast, "calendar-feed-address", ref=ref)).status_code == 404
    sent(client, page(scene.cast, "end-calendar-feed", ref=ref))

    assert read(secret).status_code == 404


def test_a_support_session_is_offered_none(cast: Cast) -> None:
    world = arrange(cast)
    with acting_as(cast.operator) as by:
        start(by=by, organisation=cast.organisation("school"), reason="A fault", minutes=15)
    client = cast.client("operator")

    shown = client.get(page(cast, "partnership", ref=world.partnership.ref))
    assert shown.status_code == 200
    assert "Put these dates" not in shown.text
    assert client.get(page(cast, "calendar-feeds")).status_code == 403
