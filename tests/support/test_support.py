"""Support sessions: an operator reads one organisation's records for a while, in its sight."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations.actor import Actor, Support
from organisations.models import Delivery, Membership, SupportSession
from organisations.support import services
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.record.models import Member, Partnership
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, mailed_to, on_record
from tests.organisations.test_joining import once_in
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, note

Enter = Callable[[Actor], AbstractContextManager[Actor]]
REASON = "The partnership page answers with an error."


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


@pytest.fixture
def session(cast: Cast, world: World, as_actor: Enter) -> SupportSession:
    with as_actor(cast.operator) as by:
        return services.start(
            by=by, organisation=cast.organisation("school"), reason=REASON, minutes=15
        )


def at(cast: Cast, name: str, part: str = "school", **kwargs: str) -> str:
    return reverse(name, kwargs={"organisation_slug": cast.organisation(part).slug, **kwargs})


def supporting(cast: Cast, session: SupportSession) -> Actor:
    """The operator as the middleware makes them inside the session."""
    return replace(
        cast.operator,
        organisation=cast.school_manager.organisation,
        support=Support(session.ref, session.ends_at),
    )


def expire(superuser: Superuser, session: SupportSession) -> None:
    superuser.execute(
        "UPDATE organisations_supportsession SET started_at = started_at - interval '1 hour', "
        "ends_at = ends_at - interval '1 hour' WHERE id = %s",
        [session.pk],
    )


def refused_everywhere(client: Client, cast: Cast, world: World) -> None:
    for name, kwargs in (("home", {}), ("partnership", {"ref": world.partnership.ref})):
        assert client.get(at(cast, name, **kwargs)).status_code == 404


def test_without_a_session_an_operator_sees_nothing(cast: Cast, world: World) -> None:
    refused_everywhere(cast.client("operator"), cast, world)


def test_an_operator_starts_reads_and_ends_a_session(
    cast: Cast, world: World, superuser: Superuser
) -> None:
    operator = cast.client("operator")
    page = reverse("start-support", args=[cast.organisation("school").slug])
    started = operator.post(
        page, {"once": once_in(operator.get(page).text), "reason": REASON, "minutes": "30"}
    )

    assert started["Location"] == at(cast, "home")
    url = at(cast, "partnership", ref=world.partnership.ref)
    for address in (
        at(cast, "home"),
        url,
        at(cast, "partnerships"),
        at(cast, "conversations", ref=world.partnership.ref),
    ):
        shown = operator.get(address)
        assert shown.status_code == 200, address
        assert "You are reading the records of" in shown.text
    assert (
        "School side only"
        in operator.get(at(cast, "conversations", ref=world.partnership.ref)).text
    )
    (message,) = mailed_to("school-manager@tandem.example")
    assert REASON in str(message.body)
    refused = cast.client("operator").get(at(cast, "home", "health"))
    assert refused.status_code == 404, "one organisation, not its partners"
    (ref,) = superuser.execute("SELECT ref FROM organisations_supportsession").fetchone()  # type: ignore[misc]
    end = reverse("end-own-support", args=[ref])
    operator.post(end, {"once": once_in(operator.get(end).text)})
    refused_everywhere(operator, cast, world)


def test_the_organisation_sees_who_why_and_which_pages(
    cast: Cast, world: World, session: SupportSession, superuser: Superuser
) -> None:
    url = at(cast, "partnership", ref=world.partnership.ref)
    cast.client("operator").get(url)

    for part in ("school_manager", "school_viewer"):
        page = cast.client(part).get(at(cast, "support-sessions")).text
        assert REASON in page
        assert url in page
        assert ("End this session" in page) is (part == "school_manager")
    assert (
        REASON not in cast.client("health_editor").get(at(cast, "support-sessions", "health")).text
    )
    assert "page asked for in a support session" in on_record(superuser)


def test_a_manager_ends_it_at_once(cast: Cast, world: World, session: SupportSession) -> None:
    operator, manager = cast.client("operator"), cast.client("school_manager")
    assert operator.get(at(cast, "home")).status_code == 200
    end = at(cast, "end-support", ref=session.ref)

    manager.post(end, {"once": once_in(manager.get(end).text)})

    refused_everywhere(operator, cast, world)
    assert "School manager" in manager.get(at(cast, "support-sessions")).text


def test_it_ends_by_itself(
    cast: Cast, world: World, session: SupportSession, superuser: Superuser
) -> None:
    operator = cast.client("operator")
    assert operator.get(at(cast, "home")).status_code == 200
    expire(superuser, session)
    refused_everywhere(operator, cast, world)


def test_it_ends_with_the_organisations_suspension_and_the_operators_role(
    cast: Cast, world: World, session: SupportSession, superuser: Superuser
) -> None:
    superuser.execute("UPDATE organisations_user SET is_operator = false WHERE is_operator")
    refused_everywhere(cast.client("operator"), cast, world)


@pytest.mark.parametrize("part", ["nobody", "stranger", "health_manager"])
def test_another_persons_session_opens_nothing(
    cast: Cast, world: World, session: SupportSession, part: str
) -> None:
    client = cast.client(part)
    refused_everywhere(client, cast, world)
    assert client.get(reverse("end-own-support", args=[session.ref])).status_code == 404
    forged = at(cast, "end-support", "other", ref=session.ref)
    assert cast.client("stranger").get(forged).status_code == 404


def test_writing_is_refused_by_every_page(
    cast: Cast, world: World, session: SupportSession, superuser: Superuser
) -> None:
    operator = cast.client("operator")
    for name, kwargs in (
        ("log-conversation", {"ref": world.partnership.ref}),
        ("schedule-touchpoint", {"ref": world.partnership.ref}),
        ("invite-person", {}),
        ("take-records", {}),
        ("leave-tandem", {}),
        ("end-support", {"ref": session.ref}),
    ):
        url = at(cast, name, **kwargs)
        assert operator.get(url).status_code == 403, name
        assert operator.post(url, {"summary": "x"}).status_code == 403, name
    assert operator.post(at(cast, "people"), {}).status_code in (403, 405)


def test_writing_is_refused_by_the_services(
    cast: Cast, world: World, session: SupportSession, as_actor: Enter
) -> None:
    with as_actor(supporting(cast, session)) as by:
        partnership = Partnership.objects.get(pk=world.partnership.pk)
        with pytest.raises(PermissionDenied):
            log_conversation(
                by=by,
                partnership=partnership,
                kind="meeting",
                held_on=timezone.localdate(),
                summary="Not mine to write",
                internal=False,
            )


def test_writing_is_refused_by_the_database(
    cast: Cast, world: World, session: SupportSession, as_actor: Enter
) -> None:
    by = supporting(cast, session)
    with as_actor(by):
        assert Conversation.objects.count() == 2, "the shared one and the school's own"
        for model, change in (
            (Partnership, {"name": "Another"}),
            (Conversation, {"summary": "Another"}),
            (Touchpoint, {"agenda": "Another"}),
            (Member, {"state": "left"}),
            (Membership, {"role": "viewer"}),
            (Delivery, {"state": "cancelled"}),
        ):
            assert model.objects.update(**change) == 0, model
    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(by):
        note(by, world.partnership, internal=False, summary="Not mine to write")
    with pytest.raises(ProgrammingError, match="row-level security"), as_actor(by):
        Partnership.objects.create(owner_id=by.organisation_id, name="New", opened_by_id=by.user_id)


@pytest.mark.parametrize(
    ("reason", "minutes"), [(" ", 15), (REASON, 0), (REASON, 45), (REASON, 600), (REASON, -15)]
)
def test_a_session_needs_a_reason_and_a_short_time(
    cast: Cast, as_actor: Enter, reason: str, minutes: int
) -> None:
    with as_actor(cast.operator) as by, pytest.raises(ValidationError):
        services.start(
            by=by, organisation=cast.organisation("school"), reason=reason, minutes=minutes
        )


def test_the_database_keeps_sessions_short_and_operators_own(
    cast: Cast, world: World, session: SupportSession, as_actor: Enter
) -> None:
    now = timezone.now()

    def row(operator: int, minutes: int, **more: object) -> None:
        SupportSession.objects.create(
            organisation=cast.organisation("school"),
            operator_id=operator,
            reason="x",
            ends_at=now + timedelta(minutes=minutes),
            **{"started_at": now, **more},
        )

    refusals = (IntegrityError, ProgrammingError)
    with pytest.raises(refusals), as_actor(cast.operator) as by:
        row(by.user_id, 61)
    with pytest.raises(refusals), as_actor(cast.operator) as by:
        row(by.user_id, 24 * 60, started_at=now + timedelta(hours=23, minutes=30))
    with pytest.raises(refusals), as_actor(cast.operator):
        row(cast.nobody.user_id, 15)
    with pytest.raises(refusals), as_actor(cast.school_manager) as by:
        row(by.user_id, 15)
    with as_actor(cast.operator), pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_supportsession SET ends_at = now() + '9 hours'")


def test_only_operators_start_and_only_the_two_sides_end(
    cast: Cast, world: World, session: SupportSession, as_actor: Enter
) -> None:
    school = cast.organisation("school")
    with as_actor(cast.school_manager) as by, pytest.raises(PermissionDenied):
        services.start(by=by, organisation=school, reason=REASON, minutes=15)
    for part in ("school_editor", "health_manager", "nobody"):
        with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
            services.end(by=by, session=session)
    with acting(cast.health_manager.scope), transaction.atomic():
        assert SupportSession.objects.update(ended_at=timezone.now()) == 0


def test_an_organisation_that_has_not_joined_has_nothing_to_support(
    cast: Cast, as_actor: Enter
) -> None:
    with as_actor(cast.operator) as by, pytest.raises(ValidationError, match="not open"):
        services.start(by=by, organisation=cast.organisation("icb"), reason=REASON, minutes=15)
