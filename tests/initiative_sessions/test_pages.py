"""The pages of sessions: planning, quick entry, what others see."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from calendars.london import today
from initiatives.plans.models import Initiative
from initiatives.sessions.models import Attendance, Session
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.initiative_sessions.arranging import planned, recorded
from tests.plans.arranging import started
from tests.record.arranging import acting_as, shared

YESTERDAY, SOON = today() - timedelta(days=1), today() + timedelta(days=20)


@pytest.fixture
def hub(cast: Cast) -> Partnership:
    return shared(cast)


@pytest.fixture
def dropin(cast: Cast, hub: Partnership) -> Initiative:
    return started(cast.school_editor, hub)


def below(cast: Cast, initiative: Initiative, part: str, rest: str = "") -> str:
    slug = cast.actors[part].organisation
    assert slug is not None
    base = f"/o/{slug.slug}/partnerships/{initiative.partnership.ref}"
    return f"{base}/initiatives/{initiative.ref}/sessions/{rest}"


def text(response: HttpResponse) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.split())


def once(client: Client, address: str) -> dict[str, str]:
    """The hidden values of a form as the page gives them."""
    page = client.get(address).content.decode()
    found = re.findall(r'type="hidden" name="(once|based_on|heeded)"[^>]*value="([^"]*)"', page)
    return dict(found)


def of_day(day: date) -> dict[str, str]:
    return {"date_day": str(day.day), "date_month": str(day.month), "date_year": str(day.year)}


PLANNED = {
    "kind": "drop_in",
    "time": "8:15am",
    "minutes": "45",
    "place": "The library",
    "planned": "12",
    "every": "once_only",
}


def test_one_that_was_held_is_planned_and_recorded_in_two_steps(
    cast: Cast, dropin: Initiative
) -> None:
    client = cast.client("school_editor")
    address = below(cast, dropin, "school_editor", "new/")
    # Of a day that is past nobody is asked what clashes.
    given = {**PLANNED, **of_day(YESTERDAY)}
    given["organisation"] = str(cast.organisation("school").pk)
    response = client.post(address, {**given, "once": once(client, address)["once"]})
    assert response.status_code == 302, text(response)
    entry = response["Location"]
    assert entry.endswith("/record/")
    hidden = once(client, entry)
    sent = {**hidden, "held": "yes", "pupils": "6", "staff": "2", "note": "A lively talk"}
    response = client.post(entry, sent, follow=True)
    assert "Others see: Pupils: between 1 and 7 Staff: between 1 and 7" in text(response)
    assert "Only you see what was counted: Pupils 6, staff 2." in text(response)
    assert "No data sharing agreement is in force" in text(response)
    # A second tap of the same form changes nothing.
    again = client.post(entry, {**sent, "pupils": "40"}, follow=True)
    assert again.status_code == 200
    with acting_as(cast.school_editor):
        assert list(
            Attendance.objects.filter(superseded_at=None)
            .order_by("group")
            .values_list("group", "number")
        ) == [("pupils", 6), ("staff", 2)]


def test_quick_entry_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast, dropin: Initiative
) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    client = cast.client("school_editor")
    entry = below(cast, dropin, "school_editor", f"{session.ref}/record/")
    page = client.get(entry).content.decode()
    assert page.count('inputmode="numeric"') == 3
    # A number box sends nothing for words it cannot read, and they would count as left empty.
    assert 'type="number"' not in page
    for given, words in (
        ({"held": "yes"}, "Enter how many came in at least one group, or 0"),
        ({"held": "yes", "pupils": "6.5"}, "Enter pupils as a whole number, like 12"),
        ({"held": "yes", "pupils": "18 of 20"}, "Enter pupils as a whole number, like 12"),
        ({"held": "yes", "pupils": "Jane Smith"}, "Enter pupils as a whole number, like 12"),
        ({"held": "yes", "staff": "-2"}, "Staff must be between 0 and 5,000"),
        ({"held": "no"}, "Enter why it did not take place"),
        ({"pupils": "4"}, "Choose whether it took place"),
    ):
        response = client.post(entry, {**once(client, entry), "note": "It went well", **given})
        assert words in text(response)
        assert "It went well" in response.content.decode()
    with acting_as(cast.school_editor):
        assert Session.objects.get(pk=session.pk).state == "planned"


def test_one_that_did_not_take_place_is_cancelled_there(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    client = cast.client("school_editor")
    entry = below(cast, dropin, "school_editor", f"{session.ref}/record/")
    sent = {**once(client, entry), "held": "no", "reason": "The nurse was ill", "note": ""}
    response = client.post(entry, sent, follow=True)
    assert "Saved: it did not take place" in text(response)
    assert "The nurse was ill" in text(response)


def test_a_run_is_planned_at_once(cast: Cast, dropin: Initiative) -> None:
    client = cast.client("school_editor")
    address = below(cast, dropin, "school_editor", "new/")
    first, until = date(2027, 1, 12), date(2027, 3, 9)
    given = {
        **PLANNED,
        **of_day(first),
        "heeded": first.isoformat(),
        "organisation": str(cast.organisation("school").pk),
        "every": "week",
    }
    response = client.post(address, {**given, "once": once(client, address)["once"]})
    assert "Enter the last day, like 14 7 2027" in text(response)
    given |= {f"until{name[4:]}": value for name, value in of_day(until).items()}
    response = client.post(address, {**given, "once": once(client, address)["once"]}, follow=True)
    words = "8 sessions planned. Left out, because the day does not suit everyone: 16 Feb"
    assert words in text(response)


def test_a_colleague_and_a_fellow_member_see_no_number(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY)
    recorded(cast.school_editor, session, pupils=3467, note="A lively talk")
    for part, there in (("school_viewer", "about 3465"), ("health_editor", "Not shown")):
        client = cast.client(part)
        for rest in ("", f"{session.ref}/"):
            page = client.get(below(cast, dropin, part, rest)).content.decode()
            assert "3467" not in page
            assert "3,467" not in page
        assert there in text(client.get(below(cast, dropin, part)))
    one = text(cast.client("health_editor").get(below(cast, dropin, "health_editor", session.ref)))
    assert "3465" not in one


def test_the_page_of_the_initiative_leads_to_them(cast: Cast, dropin: Initiative) -> None:
    planned(cast.school_editor, dropin, date=YESTERDAY)
    planned(cast.school_editor, dropin, date=SOON)
    address = below(cast, dropin, "school_editor").removesuffix("sessions/")
    page = cast.client("school_editor").get(address)
    assert "No sessions held, 1 to come, 1 over and without numbers" in text(page)
    assert f'href="{address}sessions/"' in page.content.decode()


def test_a_manager_opens_the_numbers_on_a_page(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=YESTERDAY, time=time(12))
    recorded(cast.school_editor, session, pupils=6)
    client = cast.client("school_manager")
    address = below(cast, dropin, "school_manager", f"{session.ref}/numbers/")
    sent = {**once(client, address), "reason": "The report for the governors"}
    response = client.post(address, sent, follow=True)
    assert "Open to you for 30 minutes" in text(response)
    assert "Only you see what was counted: Pupils 6." in text(response)


def test_pages_of_what_is_to_come_and_was_cancelled(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=SOON)
    client = cast.client("school_editor")
    one = below(cast, dropin, "school_editor", f"{session.ref}/")
    assert "still to come" in text(client.get(f"{one}record/", follow=True))
    address = f"{one}cancel/"
    sent = {**once(client, address), "reason": "The hall is shut"}
    assert "The hall is shut" in text(client.post(address, sent, follow=True))
    for rest in ("change/", "cancel/"):
        assert "This session has been cancelled." in text(client.get(one + rest, follow=True))


def test_a_session_is_moved_on_its_page(cast: Cast, dropin: Initiative) -> None:
    session = planned(cast.school_editor, dropin, date=SOON)
    client = cast.client("school_editor")
    address = below(cast, dropin, "school_editor", f"{session.ref}/change/")
    later = SOON + timedelta(days=7)
    given = {**PLANNED, **of_day(later), **once(client, address), "heeded": later.isoformat()}
    given["school"] = "elsewhere"
    response = client.post(address, given, follow=True)
    assert "Session changed" in text(response), text(response)
