"""The manager's page of the trail, the history of a shared record, and how they are read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations import audit
from organisations.audit_trail import selectors
from organisations.audit_trail.selectors import PAGE, Filters
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.record.arranging import acting_as, invited, named, opened, shared
from tests.tenancy.world import leave


def page(cast: Cast, part: str, own: str, query: str = "") -> str:
    url = reverse("audit", args=[cast.organisation(own).slug])
    response = cast.client(part).get(url + query)
    assert response.status_code == 200
    return words_of(response.text)


def words_of(html: str) -> str:
    """The text of the page's table, or of its results without one."""
    # What a phone shows as the name of each cell is hidden from readers of the whole table.
    html = re.sub(r'<span class="nhsuk-table__heading".*?</span>', "", html)
    found = re.search(r"<tbody.*</tbody>", html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0] if found else html).split())


def history(cast: Cast, part: str, own: str, ref: str) -> str:
    url = reverse("partnership-history", args=[cast.organisation(own).slug, ref])
    response = cast.client(part).get(url)
    assert response.status_code == 200
    return words_of(response.text)


def seed(superuser: Any, cast: Cast, count: int) -> None:
    superuser.execute(
        "INSERT INTO organisations_auditevent (at, user_id, organisation_id, action, "
        "object_table, changes, request_id, acl) SELECT now() - n * interval '1 minute', %s, %s, "
        "'thing ' || n, '', '{}', '', '{}' FROM generate_series(1, %s) n",
        [cast.school_editor.user_id, cast.school_editor.organisation_id, count],
    )


def test_a_row_says_who_did_what_for_whom(cast: Cast) -> None:
    partnership = shared(cast)
    named(cast, partnership, part="school")
    cast.client("health_editor").get(
        reverse("partnership", args=[cast.organisation("health").slug, partnership.ref])
    )
    words = page(cast, "school_manager", "school")

    assert "Partnership opened Health hub Partner: Walsall Healthcare NHS Trust" in words
    assert "Health editor Walsall Healthcare NHS Trust Partnership seen Health hub" in words
    assert "Contact named Named contact of Windsor Academy Trust" in words
    assert "Contact: Community manager, Head of children’s services" in words


def test_where_from_is_told_of_ones_own_people_alone(cast: Cast) -> None:
    partnership = shared(cast)
    slug = cast.organisation("health").slug
    url = reverse("partnership", args=[slug, partnership.ref])
    cast.client("health_editor").get(url, REMOTE_ADDR="192.0.2.7")

    assert "192.0.2.7" in page(cast, "health_manager", "health")
    assert "192.0.2.7" not in page(cast, "school_manager", "school")
    assert "Partnership seen" in page(cast, "school_manager", "school")


def test_an_operator_is_not_named(cast: Cast) -> None:
    with acting_as(cast.operator) as by:
        audit.record("organisation suspended", by=by, obj=cast.organisation("school"))

    assert "An operator of Tandem Organisation suspended" in page(cast, "school_manager", "school")


def test_the_trail_is_narrowed(cast: Cast) -> None:
    partnership = shared(cast)
    cast.client("school_viewer").get(
        reverse("log-conversation", args=[cast.organisation("school").slug, partnership.ref])
    )
    cast.client("health_editor").get(
        reverse("partnership", args=[cast.organisation("health").slug, partnership.ref])
    )
    with acting_as(cast.school_manager) as by:
        people = {name: ref for ref, name in selectors.people_of(by)}
    viewer = page(cast, "school_manager", "school", f"?person={people['School viewer']}")
    refused = page(cast, "school_manager", "school", "?refused=on")
    views = page(cast, "school_manager", "school", "?views=on")
    members = page(cast, "school_manager", "school", "?kind=record_partnership&action=opened")
    day = timezone.localdate()
    past = f"?until_day={day.day}&until_month={day.month}&until_year={day.year - 1}"

    assert "Refused You may not log a conversation." in viewer
    assert "Partnership opened" not in viewer
    assert viewer == refused
    assert "Partnership seen" in views
    assert "Partnership opened" not in views
    assert "Partnership opened" in members
    assert "Nothing matches" in page(cast, "school_manager", "school", past)
    assert "Nothing matches" in page(cast, "school_manager", "school", "?action=neverdone")


@pytest.mark.parametrize("query", ["?before=x", "?before=1-2", "?person=x&kind=y", "?since_day=99"])
def test_an_address_that_makes_no_sense_shows_the_newest(cast: Cast, query: str) -> None:
    with acting_as(cast.school_editor) as by:
        audit.record("page seen", by=by)

    url = reverse("audit", args=[cast.organisation("school").slug]) + query
    assert cast.client("school_manager").get(url).status_code == 200


def test_pages_follow_each_other_without_gap_or_repeat(cast: Cast, superuser: Any) -> None:
    seed(superuser, cast, 2 * PAGE + 7)
    client: Client = cast.client("school_manager")
    url = reverse("audit", args=[cast.organisation("school").slug])
    seen, query = [], ""
    while True:
        html = client.get(url + query).text
        seen += re.findall(r"Thing (\d+)", html)
        older = re.search(r'href="(\?before=[^"]+)"', html)
        if older is None:
            break
        query = older[1]

    assert [int(n) for n in seen] == list(range(1, 2 * PAGE + 8))
    assert "Back to the newest" in html


def test_the_number_of_statements_does_not_grow(cast: Cast, superuser: Any) -> None:
    shared(cast)
    client = cast.client("school_manager")
    url = reverse("audit", args=[cast.organisation("school").slug])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(3):
        invited(cast, opened(cast, partner="council", name=f"Hub {n}"), part="council")
    with CaptureQueriesContext(connection) as more:
        client.get(url)

    assert len(more) == len(few)


def test_members_read_the_history_and_who_left_does_not(cast: Cast) -> None:
    partnership = shared(cast)
    other = opened(cast, name="Another")
    words = history(cast, "health_editor", "health", partnership.ref)

    assert "Invitation accepted" in words
    assert "Invitation accepted" in history(cast, "school_viewer", "school", partnership.ref)
    assert other.name not in history(cast, "school_viewer", "school", partnership.ref)
    with acting_as(cast.health_editor) as by:
        leave(partnership.members.get(organisation_id=by.organisation_id), by=by)
    url = reverse("partnership-history", args=[cast.organisation("health").slug, partnership.ref])
    assert cast.client("health_editor").get(url).status_code == 404


def test_the_partnership_leads_to_its_history(cast: Cast) -> None:
    partnership = shared(cast)
    slug = cast.organisation("school").slug
    html = cast.client("school_viewer").get(reverse("partnership", args=[slug, partnership.ref]))

    assert reverse("partnership-history", args=[slug, partnership.ref]) in html.text


def plan(cast: Cast, events: Any) -> str:
    with acting(cast.school_manager.scope), transaction.atomic(), connection.cursor() as cursor:
        sql, params = events[:PAGE].query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_pages_are_read_through_an_index(cast: Cast, superuser: Any) -> None:
    seed(superuser, cast, 3_000)
    superuser.execute(
        "INSERT INTO organisations_auditevent (at, user_id, organisation_id, action, "
        "object_table, changes, request_id, acl) SELECT now() - n * interval '1 second', NULL, "
        "1000000 + n % 500, 'of others', '', '{}', '', '{}' FROM generate_series(1, 40000) n"
    )
    superuser.execute("ANALYZE organisations_auditevent")
    with acting_as(cast.school_manager) as by:
        trail, history = selectors.trail(by, Filters()), selectors.history(by, 1)

    filled = superuser.execute(
        "SELECT DISTINCT tableoid::regclass::text FROM organisations_auditevent"
    ).fetchall()
    for events in (trail, history):
        text = plan(cast, events)
        assert not any(f"Seq Scan on {name}" in text for (name,) in filled), text
        assert "Index" in text, text
