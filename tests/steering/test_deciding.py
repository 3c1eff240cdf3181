"""Trying again and dropping, with a reason, on record."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from organisations.models import Delivery, OutboxDecision
from organisations.outbox import engine
from organisations.steering.services import steer
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, on_record
from tests.organisations.test_joining import once_in
from tests.steering.conftest import Queue

PAGE = reverse("steer-outbox")
ALL = ["due", "retried", "later", "taken", "sent", "cancelled", "uncertain", "dead", "wordless"]


def decide(cast: Cast, ids: list[int], action: str, reason: str = "Provider is back") -> int:
    with acting(cast.operator.scope):
        return len(steer(by=cast.operator, deliveries=ids, action=action, reason=reason).deliveries)


def test_trying_again_takes_what_failed_and_leaves_the_rest(
    cast: Cast, queue: Queue, superuser: Superuser
) -> None:
    before = {name: queue.row(name) for name in ALL}

    assert decide(cast, queue.of(*ALL), "retry") == 3

    for name in ("retried", "uncertain", "dead"):
        assert queue.row(name) == ("pending", "An operator had it tried again.", 0, True), name
    for name in ("due", "later", "taken", "sent", "cancelled", "wordless"):
        assert queue.row(name) == before[name], name
    assert on_record(superuser, user_id=cast.operator.user_id) == [
        "deliveries tried again by an operator"
    ]


def test_what_may_have_arrived_is_still_known_as_such(cast: Cast, queue: Queue) -> None:
    """A provider that can be asked is asked before it goes again."""
    decide(cast, queue.of("uncertain", "dead"), "retry")

    rows = queue.superuser.execute(
        "SELECT subject, uncertain_times FROM organisations_delivery WHERE id = ANY (%s)",
        [queue.of("uncertain", "dead")],
    ).fetchall()
    assert dict(rows) == {"uncertain": 1, "dead": 0}


def test_what_is_tried_again_goes_out(cast: Cast, queue: Queue) -> None:
    decide(cast, queue.of("uncertain"), "retry")

    assert engine.drain()["cancelled"] == 2, "it and what was due are asked for by the kind"
    assert queue.row("uncertain")[:2] == ("cancelled", "The test is over.")


def test_dropping_ends_whatever_was_not_begun(cast: Cast, queue: Queue) -> None:
    assert decide(cast, queue.of(*ALL), "drop", "Sent by hand") == 7

    for name in ("due", "retried", "later", "taken", "uncertain", "dead", "wordless"):
        assert queue.row(name)[:2] == ("cancelled", "An operator dropped it: Sent by hand"), name
    assert queue.state("sent") == "sent"
    assert queue.row("cancelled")[1] == "Called off."


def test_what_is_being_handed_over_is_not_dropped(cast: Cast, queue: Queue) -> None:
    queue.superuser.execute("UPDATE organisations_delivery SET phase = 1 WHERE state = 'taken'")

    with pytest.raises(ValidationError, match="Nothing was changed"):
        decide(cast, queue.of("taken"), "drop")
    assert queue.state("taken") == "taken"


def test_its_organisation_reads_why(cast: Cast, queue: Queue) -> None:
    decide(cast, queue.of("uncertain"), "drop", "Sent by hand")

    with acting(cast.school_viewer.scope), transaction.atomic():
        assert Delivery.objects.get(subject="uncertain").reason.endswith("Sent by hand")


def test_who_decided_and_why_is_kept_for_operators(cast: Cast, queue: Queue) -> None:
    decide(cast, queue.of("dead"), "retry")

    with acting(cast.operator.scope), transaction.atomic():
        decision = OutboxDecision.objects.get()
    assert (decision.action, decision.reason) == ("retry", "Provider is back")
    assert decision.deliveries == queue.of("dead")
    assert decision.decided_by_id == cast.operator.user_id
    with acting(cast.school_manager.scope), transaction.atomic():
        assert not OutboxDecision.objects.exists()


@pytest.mark.parametrize(
    ("ids", "action", "reason", "problem"),
    [
        (["dead"], "retry", "  ", "Say why"),
        (["dead"], "resend", "Because", "Choose what to do"),
        ([], "retry", "Because", "Choose at least one"),
        (["sent"], "drop", "Because", "Nothing was changed"),
        (["wordless"], "retry", "Because", "their words are gone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, queue: Queue, ids: list[str], action: str, reason: str, problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        decide(cast, queue.of(*ids), action, reason)
    assert (queue.state("dead"), queue.state("wordless")) == ("dead", "dead")


def test_nobody_else_decides(cast: Cast, queue: Queue) -> None:
    with pytest.raises(PermissionDenied), acting(cast.school_manager.scope):
        steer(by=cast.school_manager, deliveries=queue.of("uncertain"), action="drop", reason="No")
    assert queue.state("uncertain") == "uncertain"


def test_the_database_takes_no_decision_past_its_function(cast: Cast, queue: Queue) -> None:
    for statement in (
        (
            "INSERT INTO organisations_outboxdecision (action, reason, deliveries) "
            "VALUES ('drop', 'x', '{}')"
        ),
        "UPDATE organisations_outboxdecision SET reason = ''",
    ):
        with (
            acting(cast.operator.scope),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def post(client: Client, query: dict[str, str], **answers: object) -> str:
    """Open the page, send it, and follow to where it leads."""
    page = client.get(PAGE, query)
    address = f"{PAGE}?{page.request['QUERY_STRING']}"
    return client.post(address, {"once": once_in(page.text), **answers}, follow=True).text


def test_several_from_the_page(cast: Cast, queue: Queue) -> None:
    text = post(
        cast.client("operator"),
        {"show": "trouble"},
        deliveries=queue.of("dead", "uncertain", "wordless"),
        action="retry",
        reason="The provider had an outage",
    )

    assert "2 emails will be tried again now" in text
    assert "1 email stayed" in text
    assert "The provider had an outage" in text
    assert (queue.state("dead"), queue.state("wordless")) == ("pending", "dead")


def test_the_page_asks_for_a_reason_and_a_choice(cast: Cast, queue: Queue) -> None:
    client = cast.client("operator")

    assert "Say why" in post(client, {}, deliveries=queue.of("dead"), action="drop", reason="")
    assert "Choose at least one email" in post(client, {}, action="drop", reason="Because")
    assert "Choose from the list" in post(
        client, {}, deliveries=["9" * 30], action="drop", reason="Because"
    )
    assert queue.state("dead") == "dead"


def test_one_from_the_list_is_ticked_already(cast: Cast, queue: Queue) -> None:
    text = cast.client("operator").get(PAGE, {"delivery": str(queue.ids["later"])}).text

    assert text.count('type="checkbox"') == 1
    assert "checked" in text
    assert "to clinic.example" in text


def test_a_long_list_can_be_decided_at_once(cast: Cast, queue: Queue) -> None:
    queue.superuser.execute(
        "INSERT INTO organisations_delivery (kind, subject, recipient, offset_minutes, revision, "
        "payload, state, phase, due_at, created_at, claimed_by, attempt, uncertain_times, reply, "
        "reason) SELECT 'note', 'many-' || n, n || '@a.example', 0, 0, '{}', 'dead', 0, now(), "
        "now(), '', 0, 0, '', '' FROM generate_series(1, 130) n"
    )
    client = cast.client("operator")

    assert "All 132 of this list" in client.get(PAGE, {"show": "dead"}).text
    text = post(client, {"show": "dead"}, every="on", action="drop", reason="Sent by hand")

    assert "132 emails dropped" in text
    assert queue.state("dead") == "cancelled"
