"""Who is in touch already: our own, and others only where everybody who can be asked agreed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.urls import reverse

from contacts.models import Posting
from organisations.actor import Actor
from partnerships.record.models import ApproachConsent
from partnerships.record.selectors.approaches import others_in_touch
from partnerships.record.services.approaches import share_approaches
from tests.cast import Cast
from tests.directory.arranging import acting_as, admin_of, listed
from tests.record.arranging import opened, sent, shared

Super = psycopg.Connection[Any]


def seen_by(actor: Actor, cast: Cast, *parts: str) -> list[tuple[str, str]]:
    with acting_as(actor):
        return others_in_touch([cast.organisation(part).pk for part in parts])


def agree(actor: Actor, agreed: bool = True) -> None:
    with acting_as(actor) as by:
        share_approaches(by=by, agreed=agreed)


def test_nothing_is_seen_without_consent(cast: Cast) -> None:
    shared(cast)
    everybody = ("school", "health", "council", "icb", "other")

    assert seen_by(cast.stranger, cast, *everybody) == []
    agree(cast.school_manager)
    # The other side has joined, and was not asked yet.
    assert seen_by(cast.stranger, cast, *everybody) == []
    agree(cast.health_manager)
    assert seen_by(cast.stranger, cast, "health") == [
        ("Windsor Academy Trust", "Walsall Healthcare NHS Trust")
    ]
    agree(cast.school_manager, False)
    assert seen_by(cast.stranger, cast, *everybody) == []


def test_one_that_has_not_joined_cannot_be_asked(cast: Cast) -> None:
    opened(cast, partner="icb")
    agree(cast.school_manager)

    assert len(seen_by(cast.stranger, cast, "icb")) == 1
    # Who is not acting for a joined organisation sees nothing; one's own is not among others.
    for actor in (Actor(cast.users["nobody"].pk), cast.operator, cast.school_viewer):
        assert seen_by(actor, cast, "icb") == []


def test_one_that_declined_or_closed_is_not_in_touch(cast: Cast, superuser: Super) -> None:
    partnership = opened(cast, partner="icb")
    agree(cast.school_manager)
    superuser.execute(
        "UPDATE record_partnership SET closed_at = now() WHERE id = %s", [partnership.pk]
    )

    assert seen_by(cast.stranger, cast, "icb") == []


def test_only_a_manager_says_so_and_only_for_their_own(cast: Cast) -> None:
    for actor in (cast.school_editor, cast.operator):
        with pytest.raises(PermissionDenied):
            agree(actor)
    with pytest.raises(DatabaseError), acting_as(cast.school_editor) as by:
        ApproachConsent.objects.create(
            organisation_id=by.organisation_id, agreed=True, changed_by_id=by.user_id
        )
    with pytest.raises(DatabaseError), acting_as(cast.school_manager) as by:
        ApproachConsent.objects.create(
            organisation=cast.organisation("health"), agreed=True, changed_by_id=by.user_id
        )
    agree(cast.school_manager)
    with acting_as(cast.health_manager):
        assert not ApproachConsent.objects.exists()


def test_the_page_of_the_setting(cast: Cast) -> None:
    url = reverse("share-approaches", args=[cast.organisation("school").slug])
    client = cast.client("school_manager")

    assert sent(client, url, agreed="yes").status_code == 302
    with acting_as(cast.school_manager):
        assert ApproachConsent.objects.get().agreed
    assert sent(client, url).status_code == 200


def test_a_persons_page_tells_of_both(cast: Cast) -> None:
    shared(cast)
    agree(cast.school_manager)
    agree(cast.health_manager)
    posting: Posting = listed(
        admin_of(cast), organisation=cast.organisation("health"), visibility="joined"
    )

    def page(part: str, organisation: str) -> str:
        url = reverse("directory-person", args=[cast.organisation(organisation).slug, posting.ref])
        return cast.client(part).get(url).content.decode().split("Who is in touch already")[1]

    own, other = page("school_editor", "school"), page("stranger", "other")
    assert "Health hub" in own
    assert "Windsor Academy Trust, with Walsall Healthcare NHS Trust" in other
    assert "Health hub" not in other
    assert "has recorded a partnership with them" in other


def test_something_wrong_is_said_in_two_clicks(cast: Cast) -> None:
    posting = listed(admin_of(cast), organisation=cast.organisation("health"), visibility="joined")
    slug = cast.organisation("school").slug
    client = cast.client("school_viewer")
    url = reverse("report-contact", args=[slug, posting.ref])
    person = reverse("directory-person", args=[slug, posting.ref])

    assert url in client.get(person).content.decode()
    assert "Choose what is wrong" in sent(client, url, kind="nonsense").content.decode()
    # The link, and the button: nothing has to be chosen.
    assert sent(client, url).status_code == 302
    with acting_as(cast.school_viewer):
        assert Posting.objects.get(pk=posting.pk).disputed_at is not None
    assert "already" in sent(client, url, kind="left").content.decode()


def test_a_listed_person_can_be_named_from_their_page(cast: Cast) -> None:
    partnership = opened(cast)
    posting = listed(admin_of(cast), organisation=cast.organisation("health"), visibility="joined")
    url = reverse("directory-person", args=[cast.organisation("school").slug, posting.ref])

    assert f"{partnership.ref}/contacts/" in cast.client("school_editor").get(url).content.decode()
    assert f"{partnership.ref}/contacts/" not in (
        cast.client("school_viewer").get(url).content.decode()
    )
