"""Leaving one partnership: what was shared stays, everything below follows, the others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from calendars.london import today
from contacts.models import WorkDetails
from organisations.guard_rail import IdentifierRefused
from organisations.models import AuditEvent, Delivery
from organisations.tenancy.scope import acting
from partnerships.actions.models import Action
from partnerships.actions.owners import Owner
from partnerships.actions.services import add_action
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import plan_item
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import propose_quiet_period
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.record.parting import leave_partnership, what_would_become
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.photographs import Photographs
from tests.record.arranging import NHS_NUMBER, answered, invited, named, sent
from tests.tenancy.world import walsall_board
from tests.touchpoints.scene import Scene, arrange, schedule

HOW_TO_REACH = "own-lead@health.example"
WORDS = "The school nurses carry on with the drop-in."


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


def place(scene: Scene, part: str = "health") -> Member:
    by = scene.cast.actors[f"{part}_manager" if part != "council" else "school_manager"]
    with acting(by.scope), transaction.atomic():
        return Member.objects.select_related("partnership", "organisation").get(
            partnership=scene.partnership, organisation=scene.cast.organisation(part)
        )


def left(scene: Scene, part: str = "health_manager", words: str = WORDS) -> Member:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return leave_partnership(by=by, member=place(scene), words=words)


def fill(scene: Scene) -> None:
    """Something of each side: a touchpoint, actions, conversations, a quiet period."""
    cast = scene.cast
    soon = today() + timedelta(days=14)
    schedule(scene, "health_editor", date=soon)
    for part in ("school", "health"):
        by = cast.actors[f"{part}_editor"]
        with acting(by.scope), transaction.atomic():
            for owner in ("school", "health"):
                add_action(
                    by=by,
                    partnership=scene.partnership,
                    title=f"From {part} to {owner}",
                    owner=Owner(cast.organisation(owner)),
                )
            for internal in (True, False):
                log_conversation(
                    by=by,
                    partnership=scene.partnership,
                    kind="call",
                    held_on=today(),
                    summary=f"{part}, {'internal' if internal else 'shared'}",
                    internal=internal,
                )
    with acting(cast.health_editor.scope), transaction.atomic():
        plan_item(
            by=cast.health_editor,
            partnership=scene.partnership,
            gateway=walsall_board(),
            title="Nurseries",
        )
        propose_quiet_period(
            by=cast.health_editor,
            partnership=scene.partnership,
            starts_on=soon,
            ends_on=soon,
            reason="Inspection",
        )


def rows(scene: Scene, part: str, model: Any, field: str) -> set[Any]:
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        return set(model.objects.values_list(field, flat=True))


def test_what_it_shared_stays_and_it_sees_its_own_notes_alone(scene: Scene) -> None:
    fill(scene)
    left(scene)

    for model in (Partnership, Touchpoint, Action, QuietPeriod):
        assert rows(scene, "health_manager", model, "pk") == set()
    assert rows(scene, "health_manager", Conversation, "summary") == {"health, internal"}
    assert rows(scene, "school_editor", Conversation, "summary") == {
        "school, internal",
        "school, shared",
        "health, shared",
    }


def test_everything_below_is_settled(scene: Scene) -> None:
    fill(scene)
    left(scene)

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        states = dict(Action.objects.values_list("title", "state"))
        quiet = QuietPeriod.objects.get()
        item = AgendaItem.objects.get()
        touchpoint = Touchpoint.objects.get()
    assert states == {
        "From school to school": "open",
        "From school to health": "open",
        "From health to school": "open",
        "From health to health": "dropped",
    }
    assert quiet.withdrawn_at is not None
    assert item.state == "withdrawn"
    # The council is still to come: two meet without it.
    assert touchpoint.state == "scheduled"


def test_nobody_reads_how_to_reach_its_people_any_more(scene: Scene) -> None:
    """Whom its own organisation recorded; what others recorded themselves stays theirs."""
    named(scene.cast, scene.partnership, "health", "health_editor", name="Own", email=HOW_TO_REACH)
    assert HOW_TO_REACH in rows(scene, "school_editor", WorkDetails, "email")
    left(scene)

    assert HOW_TO_REACH not in rows(scene, "school_editor", WorkDetails, "email")
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        live = NamedContact.objects.filter(ended_at=None)
        assert not live.filter(organisation=scene.cast.organisation("health")).exists()


def test_no_email_about_it_goes_to_its_people_any_more(scene: Scene, superuser: Any) -> None:
    fill(scene)
    left(scene)

    waiting = {
        address
        for (address,) in superuser.execute(
            "SELECT recipient FROM organisations_delivery WHERE state = 'pending' "
            "AND kind LIKE 'touchpoint%' OR kind LIKE 'action%' AND state = 'pending'"
        )
    }
    assert not {each for each in waiting if each.endswith("@health.example")}


def test_the_managers_of_those_who_stay_are_told_with_its_words(scene: Scene) -> None:
    member = left(scene)

    assert (member.state, member.decline_reason) == (MemberState.LEFT, WORDS)
    with acting(scene.cast.school_manager.scope), transaction.atomic():
        told = set(
            Delivery.objects.filter(kind="partnership_left").values_list("recipient", flat=True)
        )
        (changes,) = AuditEvent.objects.filter(action="partnership left").values_list(
            "changes", flat=True
        )
    assert told == {"school-manager@tandem.example"}
    assert WORDS not in str(changes)
    slug = scene.cast.organisation("school").slug
    page = scene.cast.client("school_editor").get(
        reverse("partnership", args=[slug, scene.partnership.ref])
    )
    assert WORDS in page.content.decode()


def test_it_can_be_invited_again(scene: Scene) -> None:
    left(scene)
    answered(scene.cast, invited(scene.cast, scene.partnership))

    assert place(scene).state == MemberState.ACCEPTED


@pytest.mark.parametrize("part", ["health_editor", "school_manager", "stranger"])
def test_only_its_own_managers_take_it_out(scene: Scene, part: str) -> None:
    with pytest.raises(PermissionDenied):
        left(scene, part)
    assert place(scene).state == MemberState.ACCEPTED


def test_who_opened_it_stays_with_it(scene: Scene) -> None:
    by = scene.cast.school_manager
    with (
        acting(by.scope),
        transaction.atomic(),
        pytest.raises(PermissionDenied),
    ):
        leave_partnership(by=by, member=place(scene, "school"))


@pytest.mark.parametrize(
    ("words", "error"), [("x" * 301, ValidationError), (NHS_NUMBER, IdentifierRefused)]
)
def test_what_cannot_be_said_leaves_everything_as_it_was(
    scene: Scene, words: str, error: type[Exception]
) -> None:
    fill(scene)
    with pytest.raises(error):
        left(scene, words=words)

    assert place(scene).state == MemberState.ACCEPTED
    assert rows(scene, "school_editor", Action, "state") == {"open"}


def test_leaving_twice_is_refused(scene: Scene) -> None:
    before = place(scene)
    left(scene)
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic(), pytest.raises(ValidationError):
        leave_partnership(by=by, member=before)


def test_the_page_says_what_becomes_of_it_and_asks_once(scene: Scene) -> None:
    fill(scene)
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic():
        foretold = what_would_become(by, scene.partnership)
    client, slug = scene.cast.client("health_manager"), scene.cast.organisation("health").slug
    url = reverse("leave-partnership", args=[slug, scene.partnership.ref])
    page = client.get(url).content.decode()

    assert len(foretold) == 5
    assert all(words in page for words in foretold)
    partnership_page = reverse("partnership", args=[slug, scene.partnership.ref])
    assert "Leave this partnership" in client.get(partnership_page).content.decode()

    assert sent(client, url, words=WORDS).status_code == 302
    assert client.get(partnership_page).status_code == 404
    assert client.get(url).status_code == 404
