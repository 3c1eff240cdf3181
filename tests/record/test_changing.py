"""Two people change what a partnership is called, or correct the same contact: both are shown,
nothing is lost."""

from __future__ import annotations

import re

from django.urls import reverse

from contacts.models import Posting
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, on_record
from tests.record.arranging import DETAILS, acting_as, named, once_in, shared


def form_of(page: str) -> dict[str, str]:
    """The hidden values of the form as it was shown."""
    (based_on,) = re.findall(r'name="based_on" value="([^"]+)"', page)
    return {"once": once_in(page), "based_on": based_on}


def change_page(cast: Cast, partnership: Partnership) -> str:
    return reverse("change-partnership", args=[cast.organisation("school").slug, partnership.ref])


def saved(cast: Cast, partnership: Partnership) -> tuple[str, str]:
    with acting_as(cast.school_editor):
        now = Partnership.objects.get(pk=partnership.pk)
        return now.name, now.purpose


def test_whoever_saves_second_sees_both_and_chooses(cast: Cast, superuser: Superuser) -> None:
    partnership = shared(cast)
    url = change_page(cast, partnership)
    editor, manager = cast.client("school_editor"), cast.client("school_manager")
    first, second = form_of(editor.get(url).text), form_of(manager.get(url).text)
    editor.post(url, {**first, "name": "Hub of the east", "purpose": "For the east"})

    refused = manager.post(url, {**second, "name": "Hub of the west", "purpose": "For the west"})

    assert refused.status_code == 200
    assert "Someone else changed the partnership" in refused.text
    for words in ("Hub of the east", "For the east", "Hub of the west", "For the west"):
        assert words in refused.text
    assert saved(cast, partnership) == ("Hub of the east", "For the east")
    again = {**form_of(refused.text), "name": "Hub of the west", "purpose": "For both"}
    assert manager.post(url, again).status_code == 302
    assert saved(cast, partnership) == ("Hub of the west", "For both")
    assert on_record(superuser).count("partnership changed") == 2


def test_saving_the_same_as_somebody_else_is_no_conflict(cast: Cast) -> None:
    partnership = shared(cast)
    url = change_page(cast, partnership)
    editor, manager = cast.client("school_editor"), cast.client("school_manager")
    first, second = form_of(editor.get(url).text), form_of(manager.get(url).text)
    said = {"name": "Hub of the east", "purpose": "For the east"}

    assert editor.post(url, first | said).status_code == 302
    assert manager.post(url, second | said).status_code == 302
    assert saved(cast, partnership) == ("Hub of the east", "For the east")


def test_a_form_that_names_no_version_changes_nothing(cast: Cast) -> None:
    partnership = shared(cast)
    url = change_page(cast, partnership)
    client = cast.client("school_editor")
    once = once_in(client.get(url).text)
    for forged in ({}, {"based_on": "x"}, {"based_on": "0" * 32}):
        response = client.post(url, {"once": once, "name": "Other", "purpose": "", **forged})
        assert response.status_code == 200

    assert saved(cast, partnership)[0] == partnership.name


def test_two_people_who_correct_one_contact_both_see_both(cast: Cast) -> None:
    partnership = shared(cast)
    contact = named(cast, partnership, part="school")
    slug = cast.organisation("school").slug
    url = reverse("correct-contact", args=[slug, partnership.ref, slug, "named"])
    editor, manager = cast.client("school_editor"), cast.client("school_manager")
    first, second = form_of(editor.get(url).text), form_of(manager.get(url).text)
    said = {key: DETAILS[key] for key in ("name", "job_title", "email")}
    editor.post(url, {**first, **said, "telephone": "0121 496 0001"})

    refused = manager.post(url, {**second, **said, "job_title": "Head of inclusion"})

    assert refused.status_code == 200
    assert "Somebody else corrected these details" in refused.text
    assert "0121 496 0001" in refused.text
    assert "Head of inclusion" in refused.text
    again = {**form_of(refused.text), **said, "job_title": "Head of inclusion"}
    assert manager.post(url, again).status_code == 302
    with acting_as(cast.school_editor):
        now = Posting.objects.select_related("details").get(pk=contact.posting_id)
    assert (now.job_title, now.details.telephone) == ("Head of inclusion", "")
