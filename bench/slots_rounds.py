"""Run by `bench.slots` inside an environment of its own; prints its rounds as JSON."""

from __future__ import annotations

import json
import logging
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402

from calendars.given_terms import kept_as  # noqa: E402
from calendars.london import day_starts, today  # noqa: E402
from calendars.models import OwnPeriod, TermDates  # noqa: E402
from calendars.terms import typical_terms  # noqa: E402
from calendars.years import AcademicYear  # noqa: E402
from organisations.actor import Actor  # noqa: E402
from organisations.models import Organisation, Role, Sector  # noqa: E402
from organisations.tenancy.scope import acting  # noqa: E402
from partnerships.diary.models import QuietAnswer, QuietPeriod  # noqa: E402
from partnerships.diary.selectors import clear_slots  # noqa: E402
from partnerships.record.models import Member, MemberState, Partnership  # noqa: E402
from partnerships.record.services.opening import add_partner, open_partnership  # noqa: E402
from partnerships.touchpoints.models import Touchpoint  # noqa: E402
from tests.cast import Cast, admit, assemble  # noqa: E402
from tests.tenancy.world import accept  # noqa: E402

ROUNDS = 5
REPEATS = 20
MEMBERS = 12
LISTED = 30
# Of each member, over two years.
OWN_PERIODS = 40
DAYS = 731


def main() -> None:
    logging.disable(logging.INFO)
    cast = assemble()
    partnership = a_large_partnership(cast)
    for number in range(LISTED - 1):
        with acting(cast.school_editor.scope), transaction.atomic():
            open_partnership(
                by=cast.school_editor,
                name=f"Hub {number}",
                purpose="A hub",
                partner=cast.organisation("health"),
            )
    client = cast.client("school_editor")
    page = reverse("partnerships", args=[cast.organisation("school").slug])

    def a_list() -> None:
        assert client.get(page, headers={"host": "localhost"}).status_code == 200

    def five_slots() -> None:
        by = cast.school_editor
        with acting(by.scope), transaction.atomic():
            assert len(clear_slots(by, partnership, today())) == 5

    rounds = [one_round(a_list, five_slots) for _ in range(ROUNDS + 1)]
    print(json.dumps(rounds[1:]))  # the first warms up


def one_round(a_list: Callable[[], Any], five_slots: Callable[[], Any]) -> dict[str, float]:
    """Seconds of each, one after the other, so that a busy machine hits them alike."""
    taken = [(seconds(a_list), seconds(five_slots)) for _ in range(REPEATS)]
    return {
        "list": statistics.median(listed for listed, _ in taken),
        "slots": statistics.median(slots for _, slots in taken),
    }


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def a_large_partnership(cast: Cast) -> Partnership:
    """Twelve members of both sides that have accepted, and a busy diary of each."""
    school = cast.school_editor
    parts = others(cast)
    with acting(school.scope), transaction.atomic():
        partnership = open_partnership(
            by=school, name="Everybody", purpose="All", partner=cast.organisation(parts[0])
        )
        for part in parts[1:]:
            add_partner(by=school, partnership=partnership, partner=cast.organisation(part))
        Member.objects.filter(partnership=partnership, state=MemberState.RECORDED).update(
            state=MemberState.INVITED
        )
    everyone = [school]
    for part in parts:
        by = cast.actors[part]
        with acting(by.scope), transaction.atomic():
            invited = Member.objects.get(partnership=partnership, organisation_id=acting_for(by))
            accept(invited, by=by)
        everyone.append(by)
    for by in everyone:
        with acting(by.scope), transaction.atomic():
            give_dates(by)
    with acting(school.scope), transaction.atomic():
        plan(school, partnership)
    for by in everyone[1:]:
        with acting(by.scope), transaction.atomic():
            agree(by, partnership)
    return partnership


def others(cast: Cast) -> list[str]:
    """Eleven organisations, each with somebody of its own: their parts."""
    kinds = ("school_trust", "nhs_trust", "school_trust", "council", "school_trust")
    here = {each.pk for each in cast.organisations.values()}
    found: list[Organisation] = []
    for number in range(MEMBERS - 1):
        left = Organisation.objects.filter(kind=kinds[number % len(kinds)], closed_on=None)
        left = left.exclude(pk__in=here | {each.pk for each in found}).order_by("pk")
        found.append(left[:1].get())
    for number, organisation in enumerate(found):
        part = f"member {number}"
        cast.organisations[part] = organisation
        cast.users[part] = cast.users["nobody"]
        admit(cast, part, part, Role.EDITOR)
    return [f"member {number}" for number in range(len(found))]


def acting_for(by: Actor) -> int:
    assert by.organisation_id is not None
    return by.organisation_id


def give_dates(by: Actor) -> None:
    """Term dates and own periods of an organisation, as its people would have typed them."""
    assert by.organisation is not None
    if by.organisation.sector == Sector.SCHOOL:
        for year in AcademicYear.between(today(), today() + timedelta(days=DAYS)):
            names, spans = kept_as(typical_terms(year).half_terms)
            TermDates.objects.create(
                organisation_id=by.organisation.id,
                starts_in=year.starts_in,
                names=names,
                spans=spans,
                inset_days=[spans[0].lower],
                changed_by_id=by.user_id,
                changed_for_id=by.organisation.id,
            )
    for number in range(OWN_PERIODS):
        start = today() + timedelta(days=number * DAYS // OWN_PERIODS)
        OwnPeriod.objects.create(
            organisation_id=by.organisation.id,
            name=f"Busy {number}",
            kind="other",
            severity=("high", "medium", "low")[number % 3],
            starts_on=start,
            ends_on=start + timedelta(days=number % 4),
            created_by_id=by.user_id,
        )


def plan(by: Actor, partnership: Partnership) -> None:
    """Touchpoints every other week, and a quiet period each quarter."""
    for number in range(DAYS // 14):
        Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=acting_for(by),
            author_id=by.user_id,
            kind="update",
            starts_at=day_starts(day(14 * number)) + timedelta(hours=10),
        )
    for number in range(8):
        QuietPeriod.objects.create(
            partnership=partnership,
            author_organisation_id=acting_for(by),
            author_id=by.user_id,
            starts_on=day(90 * number + 20),
            ends_on=day(90 * number + 27),
            reason="A pause",
        )


def day(number: int) -> date:
    return today() + timedelta(days=number + 1)


def agree(by: Actor, partnership: Partnership) -> None:
    for period in QuietPeriod.objects.filter(partnership=partnership):
        QuietAnswer.objects.create(
            period=period,
            partnership=partnership,
            organisation_id=acting_for(by),
            agreed=True,
            answered_by_id=by.user_id,
        )


if __name__ == "__main__":
    main()
