"""Meeting the pages of a scene's partnership as one of the cast, without a browser."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from tests.touchpoints.scene import Scene


def address(scene: Scene, name: str, part: str = "school_editor", **kwargs: str) -> str:
    """A page of the partnership, acting for someone's organisation."""
    actor = scene.cast.actors[part]
    assert actor.organisation is not None
    slug = actor.organisation.slug
    return reverse(name, kwargs={"organisation_slug": slug, "ref": scene.partnership.ref, **kwargs})


def words(response: HttpResponse) -> str:
    """The page's text, without its tags."""
    html = response.content.decode()
    body = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def hidden_in(response: HttpResponse) -> dict[str, str]:
    """The hidden values of the page's form, its key among them."""
    main = response.content.decode().split("<main", 1)[1]
    return {
        name: value
        for name, value in re.findall(r'type="hidden" name="(\w+)"(?: value="([^"]*)")?', main)
        if name != "csrfmiddlewaretoken"
    }


def post(scene: Scene, url: str, part: str = "school_editor", **values: Any) -> HttpResponse:
    """Open a form and send it with these values, following where it leads."""
    client = scene.cast.client(part)
    opened = client.get(url)
    assert opened.status_code == 200, url
    return client.post(url, {**hidden_in(opened), **values}, follow=True)
