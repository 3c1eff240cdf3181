"""Fixtures: the scene, and a clock that stands well before the touchpoints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import Cast
from tests.outbox.conftest import post_office
from tests.photographs import Photographs
from tests.touchpoints.scene import NOW, Scene, arrange

__all__ = ["post_office"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands at NOW; move it with `clock.move_to(…)`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller, cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)
