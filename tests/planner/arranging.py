"""A planner with things in it, and looking at it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars.models import OwnPeriod
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.record.arranging import acting_as, statements


def planner(cast: Cast, part: str = "school_editor", own: str = "school", **query: str) -> str:
    """The planner of an organisation."""
    response = cast.client(part).get(
        reverse("planner", args=[cast.organisation(own).slug], query=query)
    )
    assert response.status_code == 200
    return response.text


def shared_planner(
    cast: Cast,
    partnership: Partnership,
    part: str = "school_editor",
    own: str = "school",
    **query: str,
) -> str:
    """The planner of a partnership, as a member sees it."""
    args = [cast.organisation(own).slug, partnership.ref]
    response = cast.client(part).get(reverse("partnership-planner", args=args, query=query))
    assert response.status_code == 200
    return response.text


def agenda_of(page: str) -> str:
    """The agenda's words, without markup."""
    return words(page.split('id="agenda"')[1].split("</section>", maxsplit=1)[0])


def strip_of(page: str) -> str:
    """The strip's words, without markup."""
    return words(page.split("app-strip-view")[1].split("app-key__list", maxsplit=1)[0])


def words(markup: str) -> str:
    """What is read of some markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def own_period(cast: Cast, part: str = "school_editor", **given: Any) -> OwnPeriod:
    """An own period of somebody's organisation."""
    values = {
        "name": "Mock exams in the hall",
        "kind": "exam",
        "severity": "high",
        "starts_on": date(2027, 3, 8),
        "ends_on": date(2027, 3, 12),
        **given,
    }
    with acting_as(cast.actors[part]) as by:
        return OwnPeriod.objects.create(
            organisation_id=by.organisation_id, created_by_id=by.user_id, **values
        )


def many_touchpoints(
    superuser: psycopg.Connection[Any],
    partnership: Partnership,
    number: int,
    first: date,
    *,
    apart: int = 37,
) -> None:
    """So many of them from a day on, spread over a year unless they are but days `apart`."""
    superuser.execute(
        """
        INSERT INTO touchpoints_touchpoint (ref, partnership_id, author_organisation_id, author_id,
            kind, starts_at, minutes, venue, agenda, revision, state, outcome_notes, created_at,
            reminder_minutes,
            acl)
        SELECT tandem.new_ref(), p.id, p.owner_id, p.opened_by_id, 'update',
            (%(first)s + n * %(apart)s %% 350 + time '09:00') AT TIME ZONE 'Europe/London'
                + n %% 7 * interval '1 hour',
            30, '', '', 0, 'scheduled', '', now(), '{1440}', '{}'
        FROM generate_series(1, %(number)s) n, record_partnership p WHERE p.id = %(partnership)s
        """,
        {"first": first, "number": number, "partnership": partnership.pk, "apart": apart},
    )


def asked_of_database(cast: Cast, **query: str) -> list[str]:
    """The statements of a planner, once everything that is remembered is there."""
    client = cast.client("school_editor")
    where = reverse("planner", args=[cast.organisation("school").slug], query=query)
    client.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return statements(captured)
