"""Fixtures: the scene of the touchpoints, and a clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import Cast
from tests.touchpoints.scene import NOW, Scene, arrange


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands at NOW; move it with `clock.move_to(…)`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller, cast: Cast) -> Scene:
    return arrange(cast)
