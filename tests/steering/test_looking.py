"""What operators see of the outbox: figures that are right, and nothing about people."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from organisations.models import Delivery
from organisations.steering import selectors
from organisations.steering.selectors import Narrowed
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.organisations.onlooker import Superuser
from tests.steering.conftest import STATES, Queue

PAGE = reverse("operator-outbox")


@pytest.fixture
def operator(cast: Cast) -> Client:
    return cast.client("operator")


def shown(cast: Cast, narrowed: Narrowed) -> list[int]:
    with acting(cast.operator.scope), transaction.atomic():
        return [each.id for each in selectors.first_of(narrowed, 100)]


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("trouble", ["wordless", "dead", "uncertain"]),
        ("uncertain", ["uncertain"]),
        ("dead", ["wordless", "dead"]),
        ("due", ["due"]),
        ("retried", ["retried"]),
        ("pending", ["due", "retried", "later"]),
        ("taken", ["taken"]),
        ("sent", ["sent"]),
        ("cancelled", ["cancelled"]),
        ("anything", []),
    ],
)
def test_each_list_holds_its_own(cast: Cast, queue: Queue, show: str, names: list[str]) -> None:
    """What waits the longest due first, the others the newest first."""
    assert shown(cast, Narrowed(show)) == queue.of(*names)


def test_narrowed_by_kind_and_organisation(cast: Cast, queue: Queue) -> None:
    school = cast.organisation("school").pk

    assert shown(cast, Narrowed(kind="account")) == queue.of("wordless")
    assert shown(cast, Narrowed(organisations=(school,))) == queue.of("uncertain")
    assert shown(cast, Narrowed(organisations=())) == []


def test_figures_count_every_organisation(cast: Cast, queue: Queue) -> None:
    with acting(cast.operator.scope), transaction.atomic():
        found = selectors.figures()
    total = found.total

    assert (total.due, total.retried, total.later, total.taken) == (1, 1, 1, 1)
    assert (total.uncertain, total.dead) == (1, 2)
    assert [(each.label, each.dead) for each in found.kinds] == [
        ("A note", 1),
        ("About your account", 1),
    ]
    assert (found.sent_last_minute, found.sent_last_hour, found.sent_last_day) == (0, 1, 1)


def test_the_oldest_due_is_what_waits_or_what_a_dead_worker_holds(
    cast: Cast, queue: Queue, superuser: Superuser
) -> None:
    def minutes() -> float:
        row = superuser.execute(
            "SELECT extract(epoch FROM now() - tandem.oldest_due())::float / 60"
        ).fetchone()
        assert row is not None
        return round(row[0])

    assert minutes() == 20
    superuser.execute(
        "UPDATE organisations_delivery SET due_at = now() - interval '1 hour', "
        "lease_until = now() - interval '1 second' WHERE state = 'taken'"
    )
    assert minutes() == 60


def test_the_page_names_nobody(cast: Cast, queue: Queue, operator: Client) -> None:
    """No address, no subject, also where a mail server's answer quotes them."""
    for show in selectors.SHOWS:
        text = operator.get(PAGE, {"show": show}).text
        for name in (*STATES, "wordless"):
            assert f"{name}@" not in text, (show, name)
    page = operator.get(PAGE).text

    assert "clinic.example" in page
    assert "550 5.1.1 &lt;***@clinic.example&gt;: No such mailbox" in page
    assert cast.organisation("health").name in page


def test_the_page_says_that_reminders_are_behind(queue: Queue, operator: Client) -> None:
    assert "Behind" in operator.get(PAGE).text
    queue.superuser.execute(
        "UPDATE organisations_delivery SET due_at = now() - interval '14 minutes' WHERE id = %s",
        queue.of("due"),
    )
    assert "On time" in operator.get(PAGE).text


def test_an_operator_reads_no_delivery_itself(cast: Cast, queue: Queue) -> None:
    with acting(cast.operator.scope), transaction.atomic():
        assert Delivery.objects.count() == 0


@pytest.mark.parametrize("part", ["school_manager", "nobody"])
def test_nobody_else_asks_the_functions(cast: Cast, queue: Queue, part: str) -> None:
    asked = [
        "SELECT * FROM tandem.outbox_list('trouble', '', NULL, NULL, 10, 0)",
        "SELECT tandem.outbox_count('trouble', '', NULL, 10)",
        f"SELECT * FROM tandem.steer_outbox(ARRAY[{queue.ids['dead']}], 'drop', 'Because')",
    ]
    for statement in asked:
        with (
            acting(cast.actors[part].scope),
            pytest.raises(ProgrammingError, match="operator"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert queue.state("dead") == "dead"


def test_statements_do_not_grow_with_the_queue(
    queue: Queue, operator: Client, superuser: Superuser, django_assert_max_num_queries: object
) -> None:
    from django.test.utils import CaptureQueriesContext

    operator.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        operator.get(PAGE, {"show": "pending"})
    superuser.execute(
        "INSERT INTO organisations_delivery (kind, subject, recipient, offset_minutes, revision, "
        "payload, state, phase, due_at, created_at, claimed_by, attempt, uncertain_times, reply, "
        "reason) SELECT 'note', 'many-' || n, n || '@a.example', 0, 0, '{}', 'pending', 0, now(), "
        "now(), '', 0, 0, '', '' FROM generate_series(1, 120) n"
    )
    with CaptureQueriesContext(connection) as many:
        page = operator.get(PAGE, {"show": "pending", "page": 2})

    assert len(many) == len(few)
    assert "123 emails" in page.text
    assert page.text.count("a.example") == 100, "fifty rows, each with words for screen readers"
