"""Naming contacts and deputies, correcting their details, addresses that bounce."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from contacts.models import Person, Posting
from contacts.services import correct_posting, note_bounce, record_posting
from organisations.models import AuditEvent
from partnerships.record import services
from partnerships.record.models import NamedContact
from tests.cast import Cast
from tests.record.arranging import DETAILS, acting_as, named, opened, shared


def test_someone_new_is_recorded_and_named(cast: Cast) -> None:
    partnership = opened(cast)

    contact = named(cast, partnership)

    with acting_as(cast.school_viewer):
        posting = Posting.objects.select_related("person", "details").get(pk=contact.posting_id)
        actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))
    assert posting.person.name == DETAILS["name"]
    assert (posting.details.email, posting.source) == (DETAILS["email"], "their website")
    assert posting.checked_at is None
    assert actions == ["partnership opened", "posting recorded", "contact named"]


def test_the_next_one_takes_over_and_the_former_stays_in_the_history(cast: Cast) -> None:
    partnership = opened(cast)
    first = named(cast, partnership)
    second = named(cast, partnership, name="New manager", email="new@health.example")

    with acting_as(cast.school_editor):
        rows = dict(NamedContact.objects.values_list("pk", "ended_at"))
    assert rows[first.pk] is not None
    assert rows[second.pk] is None


def test_naming_the_same_person_again_changes_nothing(cast: Cast) -> None:
    partnership = opened(cast)
    first = named(cast, partnership)

    again = named(cast, partnership)

    assert again.pk == first.pk
    with acting_as(cast.school_editor):
        assert Person.objects.count() == 1


def test_the_contact_is_not_their_own_deputy(cast: Cast) -> None:
    partnership = opened(cast)
    contact = named(cast, partnership)

    with pytest.raises(ValidationError) as refusal:
        named(cast, partnership, function="deputy", posting=contact.posting)

    assert "two people on this side" in refusal.value.message_dict["who"][0]


def test_a_deputy_takes_over_and_leaves_the_deputys_place_free(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    deputy = named(cast, partnership, function="deputy", name="Deputy", email="d@health.example")

    named(cast, partnership, posting=deputy.posting)

    with acting_as(cast.school_editor):
        live = dict(
            NamedContact.objects.filter(ended_at=None).values_list("function", "posting_id")
        )
    assert live == {"named": deputy.posting_id}


@pytest.mark.parametrize(
    ("missing", "value"),
    [("name", " "), ("job_title", ""), ("email", ""), ("email", "no address")],
)
def test_details_that_are_missing(cast: Cast, missing: str, value: str) -> None:
    partnership = opened(cast)

    with pytest.raises(ValidationError) as refusal:
        named(cast, partnership, **{missing: value})

    assert set(refusal.value.error_dict) == {missing}
    with acting_as(cast.school_editor):
        assert not Person.objects.exists()


def test_someone_of_another_organisation_is_refused(cast: Cast) -> None:
    partnership = opened(cast)
    ours = named(cast, partnership, part="school")

    with pytest.raises(ValidationError, match="works at Walsall Healthcare NHS Trust now"):
        named(cast, partnership, part="health", posting=ours.posting)


def test_a_member_names_its_own_side_and_no_longer_the_owner(cast: Cast) -> None:
    partnership = shared(cast)

    with pytest.raises(PermissionDenied):
        named(cast, partnership, by="school_editor")
    own = named(cast, partnership, by="health_editor")
    with pytest.raises(PermissionDenied):
        named(cast, partnership, part="school", by="health_editor")

    with acting_as(cast.school_viewer):
        assert Posting.objects.get().pk == own.posting_id, "members see each other's contacts"


def test_not_for_an_organisation_that_is_not_in_it(cast: Cast) -> None:
    partnership = opened(cast)

    with pytest.raises(ValidationError, match="is not in this partnership"):
        named(cast, partnership, part="council")


def test_a_contact_is_seen_by_members_only_while_they_are_named(cast: Cast) -> None:
    partnership = shared(cast)
    first = named(cast, partnership, part="school", by="school_editor")
    with acting_as(cast.health_editor):
        assert Posting.objects.filter(pk=first.posting_id).exists()

    named(cast, partnership, part="school", name="Next", email="next@school.example")

    with acting_as(cast.health_editor):
        assert not Posting.objects.filter(pk=first.posting_id).exists()


def test_a_corrected_address_has_not_bounced(cast: Cast) -> None:
    partnership = opened(cast)
    contact = named(cast, partnership)
    with acting_as(cast.school_editor) as by:
        note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550 unknown")
        bounced = Posting.objects.select_related("person", "details").get(pk=contact.posting_id)
        assert bounced.details.bounce_reason == "550 unknown"
        contact.posting = bounced
        services.correct_contact(
            by=by,
            contact=contact,
            name="Corrected name",
            job_title=bounced.job_title,
            email="right@health.example",
        )

    with acting_as(cast.school_editor):
        now = Posting.objects.select_related("person", "details").get(pk=contact.posting_id)
    assert (now.details.email, now.person.name) == ("right@health.example", "Corrected name")
    assert (now.bounced_at, now.details.bounce_reason) == (None, "")


def test_a_bounce_of_an_address_corrected_since_is_ignored(cast: Cast) -> None:
    contact = named(cast, opened(cast))

    with acting_as(cast.school_editor):
        assert not note_bounce(
            posting_id=contact.posting_id, email="old@health.example", reason="550"
        )
        assert Posting.objects.get().bounced_at is None


def test_a_partner_marks_a_bounce_of_a_posting_it_only_sees(cast: Cast) -> None:
    partnership = shared(cast)
    contact = named(cast, partnership, by="health_editor")

    with acting_as(cast.stranger):
        assert not note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550")
    with acting_as(cast.school_editor):
        assert note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550")

    with acting_as(cast.health_editor):
        assert Posting.objects.get().bounced_at is not None


def test_only_the_organisation_that_recorded_someone_corrects_them(cast: Cast) -> None:
    partnership = shared(cast)
    contact = named(cast, partnership, by="health_editor")

    with acting_as(cast.school_editor):
        posting = Posting.objects.get(pk=contact.posting_id)

    with pytest.raises(PermissionDenied), acting_as(cast.school_editor) as by:
        correct_posting(by=by, posting=posting, name="X", job_title="Y", email="z@school.example")


def test_a_viewer_records_nobody(cast: Cast) -> None:
    with pytest.raises(PermissionDenied), acting_as(cast.school_viewer) as by:
        record_posting(by=by, organisation=cast.organisation("health"), **DETAILS)
