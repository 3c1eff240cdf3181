"""The pages of a region's directory, for its admin."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from contacts import directory_services
from contacts.keeping.freshness import needs_of, standings_of, total_of
from contacts.models import PlaceRegion, Posting
from contacts.presenters import WHOLE, share_words
from contacts.regions.selectors import places_in
from contacts.services import record_posting
from organisations.actor import Actor
from tests.cast import Cast
from tests.contacts.keeping import (
    Super,
    admin_of,
    admins_client,
    again,
    checked_long_ago,
    listed,
    mark,
    region_of,
    role,
)
from tests.record.arranging import acting_as, once_in


def test_home_of_the_region_counts_what_needs_its_admin_and_leads_there(
    cast: Cast, superuser: Super
) -> None:
    by = admin_of(cast)
    states = {
        name: listed(cast, by, name=name, email=f"{name}@health.example")
        for name in ("never", "due", "disputed", "bounced")
    }
    checked_long_ago(superuser, states["due"])
    mark(superuser, states["disputed"], "disputed_at")
    mark(superuser, states["bounced"], "bounced_at")
    with acting_as(by):
        counts = needs_of(region_of(cast))
    page = admins_client(cast).get(reverse("region", args=["black-country"])).content.decode()

    assert (counts.never, counts.due, counts.disputed, counts.bounced) == (3, 1, 1, 1)
    for state, posting in states.items():
        address = reverse("region-contacts", args=["black-country"]) + f"?state={state}"
        assert f'href="{escape(address)}"' in page
        found = admins_client(cast).get(address).content.decode()
        assert f"/{posting.ref}/" in found


def test_the_standing_of_a_region_is_told_in_a_fixed_number_of_statements(
    cast: Cast, superuser: Super
) -> None:
    by = admin_of(cast)
    region = region_of(cast)

    def told() -> tuple[int, str]:
        with (
            acting_as(by),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            total = total_of(standings_of(region))
        return len(asked), f"{total.contacts} {total.in_time} {total.share_in_time}"

    none, nobody = told()
    first = listed(cast, by, organisation="council", role_type=role("dph"))
    with acting_as(by):
        directory_services.confirm_posting(by=by, posting=first)
    for number in range(8):
        listed(cast, by, name=f"Lead {number}", email=f"lead{number}@health.example")
    some, words = told()

    assert (nobody, words) == ("0 0 None", "9 1 11")
    assert none == some


def test_each_place_says_how_much_of_it_lies_in_the_region_unless_all(cast: Cast) -> None:
    part = PlaceRegion.objects.filter(share__gt=0.1, share__lt=0.9).order_by("pk")[0]
    region = part.region
    by = admin_of(cast, region=region)
    with acting_as(by):
        standings = standings_of(region)
    page = admins_client(cast).get(reverse("region", args=[region.slug])).content.decode()
    said = {each.place.name: each.share for each in standings if each.place}

    assert said == {each.place.name: each.share for each in places_in(region)}
    for name, share in said.items():
        words = f">{share_words(share).capitalize()} of it lies here</span>"
        assert (f"{escape(name)}<br>" in page) == (share < WHOLE)
        assert share >= WHOLE or words in page


def test_a_statutory_role_is_a_gap_until_somebody_holds_it(cast: Cast) -> None:
    by = admin_of(cast)

    def gaps() -> set[tuple[str, str]]:
        with acting_as(by):
            total = total_of(standings_of(region_of(cast)))
        return {(each.role.key, each.organisation.name) for each in total.vacancies}

    gap = ("dph", cast.organisation("council").name)
    before = gaps()
    posting = listed(cast, by, organisation="council", role_type=role("dph"))
    held = gaps()
    with acting_as(by):
        directory_services.end_posting(by=by, posting=posting, on=posting.created_at.date())

    assert gap in before
    assert before - held == {gap}
    assert gaps() == before


def test_recording_somebody_from_a_gap_fills_in_what_is_known(cast: Cast) -> None:
    admin_of(cast)
    client = admins_client(cast)
    council = cast.organisation("council")
    found = client.get(
        reverse("record-region-contact", args=["black-country"]), {"q": "walsall council"}
    )
    address = (
        reverse("record-region-contact", args=["black-country"])
        + f"?organisation={council.slug}&role=dph"
    )
    form = client.get(address)
    response = client.post(
        address,
        {
            "once": once_in(form.content.decode()),
            "name": "Director of public health",
            "job_title": "Director of public health",
            "role_type": role("dph").pk,
            "place": council.place.pk,
            "email": "dph@council.example",
            "visibility": "joined",
            "source": "the council’s website",
            "lawful_basis": "Public task",
        },
    )
    shown = client.get(response["Location"]).content.decode()

    assert f"?organisation={council.slug}" in found.content.decode()
    assert "Director of public health" in form.content.decode()
    for words in ("the council’s website", "Public task", "Walsall", "Never", "Contact listed"):
        assert words in shown


def test_several_are_marked_as_checked_at_once(cast: Cast) -> None:
    by = admin_of(cast)
    people = [listed(cast, by, name=f"Lead {n}", email=f"lead{n}@health.example") for n in range(3)]
    client = admins_client(cast)
    address = reverse("check-region-contacts", args=["black-country"])
    form = client.get(address + "?all=1")
    response = client.post(
        address,
        {
            "once": once_in(form.content.decode()),
            "postings": [each.ref for each in people[:2]],
            "action": "mark",
        },
    )

    assert form.content.decode().count("checked") >= 3
    assert response.status_code == 302
    assert [again(by, each).checked_by for each in people] == ["admin", "admin", ""]


def test_the_list_narrows_by_place_role_organisation_and_words(cast: Cast) -> None:
    by = admin_of(cast)
    council = cast.organisation("council")
    dph = listed(
        cast, by, "council", name="Public health", role_type=role("dph"), place=council.place
    )
    other = listed(cast, by)
    client = admins_client(cast)

    def found(**narrowed: str) -> set[str]:
        page = client.get(reverse("region-contacts", args=["black-country"]), narrowed)
        return {each.ref for each in (dph, other) if f"/{each.ref}/" in page.content.decode()}

    assert found() == {dph.ref, other.ref}
    assert found(place=council.slug) == {dph.ref}
    assert found(place="region-wide") == {other.ref}
    assert found(role="dph") == {dph.ref}
    assert found(organisation=council.slug) == {dph.ref}
    assert found(words="strategy healthcare") == {other.ref}
    assert found(words="nobody of it") == set()


def test_an_offer_is_taken_in_or_left(cast: Cast) -> None:
    by = admin_of(cast)
    with acting_as(cast.school_editor) as school:
        postings: list[Posting] = []
        for number in range(2):
            posting = record_posting(
                by=school,
                organisation=cast.organisation("health"),
                name=f"Manager {number}",
                job_title="Manager",
                email=f"manager{number}@health.example",
            )
            directory_services.offer_posting(by=school, posting=posting, region=region_of(cast))
            postings.append(posting)
    client = admins_client(cast)
    for posting, decision in zip(postings, ("accept", "decline"), strict=True):
        address = reverse("decide-region-contact", args=["black-country", posting.ref])
        client.post(
            address, {"once": once_in(client.get(address).content.decode()), "decision": decision}
        )

    assert [again(by, each).listing for each in postings] == ["listed", "declined"]


def test_several_are_asked_by_email_at_once(cast: Cast) -> None:
    by = admin_of(cast)
    people = [listed(cast, by, name=f"Lead {n}", email=f"lead{n}@health.example") for n in range(3)]
    client = admins_client(cast)
    address = reverse("check-region-contacts", args=["black-country"])
    once = once_in(client.get(address).content.decode())
    chosen = [each.ref for each in people[:2]]
    response = client.post(
        address, {"once": once, "postings": chosen, "action": "ask"}, follow=True
    )
    page = client.get(reverse("region-contact", args=["black-country", people[0].ref]))

    assert "2 contacts asked by email" in response.content.decode()
    assert "Contact asked" in page.content.decode()
    assert [again(by, each).checked_at for each in people] == [None, None, None]


def test_seeing_somebody_out_leaves_the_role_vacant_or_leads_to_a_successor(cast: Cast) -> None:
    by = admin_of(cast)
    client = admins_client(cast)
    today = timezone.localdate()
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    led_to = {}
    for choice in ("nobody", "new"):
        posting = listed(cast, by, "council", name=choice, email=f"{choice}@council.example")
        address = reverse("end-region-contact", args=["black-country", posting.ref])
        page = client.get(address).content.decode()
        typed = {"once": once_in(page), "successor": choice, **day}
        led_to[choice] = client.post(address, typed)["Location"]
        assert "Nobody yet" in page
        assert again(by, posting).ended_on == today

    assert led_to["nobody"].endswith(f"/contacts/{_ref(by, 'nobody')}/")
    assert led_to["new"].endswith(f"?organisation={cast.organisation('council').slug}")


def _ref(by: Actor, name: str) -> str:
    with acting_as(by):
        return Posting.objects.get(person__name=name).ref
