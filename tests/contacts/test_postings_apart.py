"""What plain SQL may not do to postings: put other people's names on them, place them elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from contacts.models import Person, Place, Posting
from organisations.actor import Actor
from organisations.models import AuditEvent
from tests.cast import Cast
from tests.contacts.keeping import admin_of, listed, other_region, private, region_of
from tests.record.arranging import acting_as


def update(actor: Actor, posting: Posting, **given: Any) -> int:
    with acting_as(actor):
        return Posting.objects.filter(pk=posting.pk).update(**given)


def theirs(cast: Cast) -> Person:
    """Somebody whom the school trust alone knows."""
    return private(cast, name="Known to one", email="one@health.example").person


@pytest.mark.parametrize("who", ["admin", "its own organisation", "who recorded it"])
def test_nobody_puts_somebody_elses_contact_on_a_posting(cast: Cast, who: str) -> None:
    admin, person = admin_of(cast), theirs(cast)
    own = listed(cast, admin)
    with acting_as(cast.council_editor) as by:
        mine = Person.objects.create(name="Mine", recorded_by_id=by.organisation_id)
        recorded = Posting.objects.create(
            person=mine,
            organisation=cast.organisation("council"),
            recorded_by_id=by.organisation_id,
            job_title="Clerk",
        )
    actor, posting = {
        "admin": (admin, own),
        "its own organisation": (cast.health_editor, own),
        "who recorded it": (cast.council_editor, recorded),
    }[who]
    with pytest.raises(DatabaseError, match=r"somebody else's contact|keeps its directory"):
        update(actor, posting, person=person)
    with acting_as(actor):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert not Person.objects.filter(pk=person.pk).update(name="Renamed")


def test_its_own_organisation_passes_no_contact_on(cast: Cast) -> None:
    posting = listed(cast, admin_of(cast))
    with pytest.raises(DatabaseError, match="keeps its directory"):
        update(cast.health_editor, posting, offered_to=other_region())


def test_a_place_lies_in_the_postings_region(cast: Cast) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    far = Place.objects.filter(regions=other_region()).exclude(regions=region_of(cast)).first()
    near = Place.objects.filter(regions=region_of(cast)).first()
    with pytest.raises(DatabaseError, match="not in the region"):
        update(by, posting, place=far)
    assert update(by, posting, place=near) == 1


@pytest.mark.parametrize("itself", [False, True], ids=["for an organisation", "as themselves"])
def test_an_event_does_not_tell_who_shares_a_private_posting(cast: Cast, itself: bool) -> None:
    posting = private(cast)
    actor = Actor(cast.stranger.user_id) if itself else cast.stranger
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisations_auditevent (at, user_id, organisation_id, action,"
            " object_table, object_id, changes, request_id, acl)"
            " VALUES (now(), %s, %s, 'x', 'contacts_posting', %s, '{}', '', '{}')"
            + ("" if itself else " RETURNING acl"),
            [actor.user_id, actor.organisation_id, posting.pk],
        )
        if not itself:
            assert cursor.fetchone()[0] == [actor.organisation_id]
    # Nor does it turn up in the trail of those who do see the posting.
    with acting_as(cast.school_manager):
        assert not AuditEvent.objects.filter(action="x").exists()
