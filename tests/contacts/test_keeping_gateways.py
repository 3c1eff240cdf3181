"""Gateways of a region: who describes them, team addresses, and when they meet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from contacts.gateways import selectors, services
from contacts.gateways.forms import looks_personal
from contacts.gateways.pasted import dates_in
from contacts.keeping.freshness import standings_of
from contacts.models import Gateway, GatewayMeeting, GatewayType, Place
from tests.cast import Cast
from tests.contacts.keeping import (
    admin_of,
    admins_client,
    meeting,
    other_region,
    region_of,
    walsall_board,
)
from tests.record.arranging import acting_as, once_in


def test_an_area_starts_with_its_statutory_gateways_waiting_and_is_filled(cast: Cast) -> None:
    by = admin_of(cast)
    board = walsall_board()

    def walsall() -> tuple[int, int]:
        with acting_as(by):
            found = [each for each in standings_of(region_of(cast)) if each.place == board.place]
        return found[0].described, found[0].gateways

    before = walsall()
    with acting_as(by):
        services.change_gateway(
            by=by, region=region_of(cast), gateway=board, how_to_reach="The clerk’s office"
        )
        last = list(selectors.of_region(region_of(cast)))[-1]

    assert before == (0, 3)
    assert walsall() == (1, 3)
    assert last.ref == board.ref


def test_only_the_admin_of_its_area_describes_a_gateway(cast: Cast) -> None:
    by = admin_of(cast)
    elsewhere = admin_of(cast, "stranger", other_region())
    board = walsall_board()
    far = Place.objects.exclude(regions=region_of(cast)).first()
    for region in (region_of(cast), other_region()):
        with pytest.raises((PermissionDenied, ValidationError)), acting_as(elsewhere):
            services.change_gateway(by=elsewhere, region=region, gateway=board, about="Theirs")
    with pytest.raises(ValidationError, match="is not in"), acting_as(by):
        services.add_gateway(
            by=by, region=region_of(cast), type=GatewayType.objects.get(key="mhst"), place=far
        )
    for actor in (elsewhere, cast.school_editor, cast.council_editor, cast.operator):
        with acting_as(actor):
            assert Gateway.objects.filter(pk=board.pk).update(about="Theirs") == 0
        with pytest.raises(DatabaseError), acting_as(actor):
            GatewayMeeting.objects.create(gateway=board, meets_on=timezone.localdate())


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("jane.smith@council.example", True),
        ("j_smith2@council.example", True),
        ("public.health@council.example", False),
        ("hwb@council.example", False),
        ("duty-desk@council.example", False),
        ("democratic.services@council.example", False),
    ],
)
def test_an_address_that_looks_like_a_persons(address: str, personal: bool) -> None:
    assert looks_personal(address) is personal


def test_a_persons_address_is_questioned_and_a_team_may_have_such_a_one(cast: Cast) -> None:
    admin_of(cast)
    client = admins_client(cast)
    board = walsall_board()
    address = reverse("change-region-gateway", args=["black-country", board.ref])
    typed = {
        "host_code": "335",
        "how_to_reach": "Through the clerk",
        "email": "walsall.minutes@council.example",
        "source": "the council’s website",
    }
    asked = client.post(address, {**typed, "once": once_in(client.get(address).text)})
    done = client.post(
        address, {**typed, "of_a_team": "on", "once": once_in(client.get(address).text)}
    )
    shown = client.get(done["Location"]).text

    assert "one person’s address" in asked.text
    assert "walsall.minutes@council.example" in shown
    assert cast.organisation("council").name in shown


def test_dates_are_read_as_people_paste_them() -> None:
    pasted = "Thursday 3 December 2026\n\n 21st Jan 2027; \n05/03/2027\n2027-04-09\n3 December 2026"

    assert dates_in(pasted) == [
        date(2026, 12, 3),
        date(2027, 1, 21),
        date(2027, 3, 5),
        date(2027, 4, 9),
    ]
    with pytest.raises(ValidationError, match="Line 2: “31 February 2027” is not a date"):
        dates_in("3 December 2026\n31 February 2027")


def test_meetings_carry_their_paper_deadline_and_are_cancelled(cast: Cast) -> None:
    by = admin_of(cast)
    client = admins_client(cast)
    board = walsall_board()
    address = reverse("gateway-meetings", args=["black-country", board.ref])
    day = timezone.localdate() + timedelta(days=40)
    done = client.post(
        address,
        {
            "once": once_in(client.get(address).text),
            "dates": f"{day:%-d %B %Y}\n{day + timedelta(days=60):%d/%m/%Y}",
            "days_before": "10",
        },
    )
    with acting_as(by):
        first, second = selectors.meetings_of(board)
        services.cancel_meeting(by=by, region=region_of(cast), meeting=second)
        cancelled = selectors.meeting_of(board, second.ref)

    assert done.status_code == 302
    assert (first.meets_on, first.papers_due_on) == (day, day - timedelta(days=10))
    assert cancelled is None


def test_a_meeting_that_is_over_is_refused_and_one_recorded_again_stands(cast: Cast) -> None:
    by = admin_of(cast)
    held = meeting(cast, by)
    board, region = walsall_board(), region_of(cast)
    with acting_as(by):
        services.cancel_meeting(by=by, region=region, meeting=held)
        services.add_meetings(by=by, region=region, gateway=board, meetings=[(held.meets_on, None)])
        again = GatewayMeeting.objects.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError, match="is over already"), acting_as(by):
        services.add_meetings(by=by, region=region, gateway=board, meetings=[(yesterday, None)])

    assert (again.cancelled_at, again.papers_due_on) == (None, None)


def test_one_that_ended_is_no_longer_listed_and_cannot_be_changed(cast: Cast) -> None:
    by = admin_of(cast)
    board, region = walsall_board(), region_of(cast)
    with acting_as(by):
        services.end_gateway(by=by, region=region, gateway=board)
        listed = selectors.one_of(region, board.ref)
    with pytest.raises(ValidationError), acting_as(by):
        services.change_gateway(by=by, region=region, gateway=board, about="Still there")

    assert listed is None
