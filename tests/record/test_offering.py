"""Offering a named contact to the directory, as an organisation that recorded it."""

from __future__ import annotations

from django.urls import reverse

from contacts.models import Posting
from tests.cast import Cast
from tests.contacts.keeping import admin_of, region_of
from tests.record.arranging import acting_as, named, once_in, opened


def test_a_contact_is_offered_from_its_partnership_and_taken_back(cast: Cast) -> None:
    by = admin_of(cast)
    contact = named(cast, opened(cast))
    client = cast.client("school_editor")
    slug = cast.organisation("school").slug
    health = cast.organisation("health").slug
    page = reverse("partnership", args=[slug, contact.partnership.ref])
    address = reverse("offer-contact", args=[slug, contact.partnership.ref, health, "named"])

    def listing() -> tuple[str, bool]:
        with acting_as(by):
            seen = Posting.objects.filter(pk=contact.posting_id).exists()
        with acting_as(cast.school_editor):
            return Posting.objects.get(pk=contact.posting_id).listing, seen

    before = client.get(page).text
    form = client.get(address).text
    region = region_of(cast)
    typed = {"once": once_in(form), "region": region.pk, "visibility": "joined"}
    client.post(address, typed)
    offered, shown = listing(), client.get(page).text
    client.post(address, {"once": once_in(client.get(address).text)})

    assert address in before
    assert "Offered to the directory" not in before
    assert region.name in form
    assert offered == ("offered", True)
    assert "Offered to the directory" in shown
    assert listing() == ("private", False)


def test_only_regions_of_the_contacts_organisation_can_be_chosen(cast: Cast) -> None:
    contact = named(cast, opened(cast))
    client = cast.client("school_editor")
    slug, health = (cast.organisation(each).slug for each in ("school", "health"))
    address = reverse("offer-contact", args=[slug, contact.partnership.ref, health, "named"])
    form = client.get(address).text
    refused = client.post(
        address, {"once": once_in(form), "region": region_of(cast).pk + 1, "visibility": "region"}
    )

    assert form.count('name="region"') == 1
    assert refused.status_code == 200
    with acting_as(cast.school_editor):
        assert Posting.objects.get(pk=contact.posting_id).listing == "private"
