"""Guessed references, and looks at what other organisations wrote: on record, within bounds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import RedisError

from organisations import audit
from tests.cast import Cast
from tests.organisations.onlooker import on_record
from tests.tenancy.world import World, arrange

GUESSES = 1_050


@pytest.fixture
def world(cast: Cast) -> World:
    return arrange(cast)


def address(cast: Cast, part: str, name: str, *more: str) -> str:
    return reverse(name, args=[cast.organisation(part).slug, *more])


def test_a_stranger_who_guesses_a_reference_is_on_record(
    cast: Cast, world: World, superuser: Any
) -> None:
    ref = world.partnership.ref
    for name, more in (
        ("partnership", (ref,)),
        ("partnership", ("nosuchref000",)),
        ("touchpoint", (ref, world.touchpoint.ref)),
    ):
        url = reverse(name, args=[_own(cast, "stranger"), *more])
        assert cast.client("stranger").get(url).status_code == 404
    assert cast.client("stranger").get(reverse("neutral-link", args=["p", ref])).status_code == 404
    member = cast.client("health_editor")
    assert member.get(address(cast, "health", "touchpoint", ref, "nosuchref000")).status_code == 404

    assert on_record(superuser, user_id=cast.stranger.user_id) == ["refused: see a partnership"] * 4
    assert on_record(superuser, user_id=cast.health_editor.user_id) == ["refused: see a touchpoint"]


def _own(cast: Cast, part: str) -> str:
    organisation = cast.actors[part].organisation
    assert organisation is not None
    return organisation.slug


def test_a_thousand_guesses_are_a_handful_of_events(cast: Cast, superuser: Any) -> None:
    for _ in range(GUESSES):
        audit.refused("see a partnership", by=cast.stranger)
    audit.refused("see a partnership", by=cast.health_editor)
    audit.refused("log a conversation", by=cast.stranger)

    rows = superuser.execute(
        "SELECT user_id, action, changes ->> 'times' FROM organisations_auditevent"
    ).fetchall()
    assert Counter(rows) == {
        (cast.stranger.user_id, "refused: see a partnership", None): audit.REFUSALS_EACH,
        (cast.stranger.user_id, "refused: see a partnership", "100"): 1,
        (cast.stranger.user_id, "refused: see a partnership", "1000"): 1,
        (cast.health_editor.user_id, "refused: see a partnership", None): 1,
        (cast.stranger.user_id, "refused: log a conversation", None): 1,
    }


def test_without_the_counter_every_refusal_is_recorded(
    cast: Cast, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisError("away")

    monkeypatch.setattr(cache, "add", away)
    for _ in range(audit.REFUSALS_EACH + 5):
        audit.refused("see a partnership", by=cast.stranger)

    assert len(on_record(superuser)) == audit.REFUSALS_EACH + 5


def test_a_look_at_what_others_wrote_is_on_record(cast: Cast, world: World, superuser: Any) -> None:
    ref = world.partnership.ref
    for part in ("health", "school"):
        client = cast.client(f"{part}_editor")
        for name, more in (
            ("touchpoint", (ref, world.touchpoint.ref)),
            ("touchpoint-calendar", (ref, world.touchpoint.ref)),
            ("conversations", (ref,)),
        ):
            assert client.get(address(cast, part, name, *more)).status_code == 200

    assert on_record(superuser, user_id=cast.health_editor.user_id) == [
        "touchpoint seen",
        "touchpoint seen",
        "conversations seen",
    ]
    assert on_record(superuser, user_id=cast.school_editor.user_id) == []
