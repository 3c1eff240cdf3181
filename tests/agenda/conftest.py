"""Fixtures: the scene of the touchpoints, a clock, and a board with meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
import time_machine

from contacts.models import GatewayMeeting
from tests.agenda.arranging import MEETS, PAPERS, admin_acts, meeting
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


@pytest.fixture
def board(scene: Scene, superuser: psycopg.Connection) -> GatewayMeeting:  # type: ignore[type-arg]
    """A meeting of Walsall's health and wellbeing board, entered by the region's admin."""
    admin_acts(scene.cast)
    return meeting(scene.cast, MEETS, PAPERS)


@pytest.fixture
def later(scene: Scene, board: GatewayMeeting) -> GatewayMeeting:
    """The board's next meeting but one, without a day for papers."""
    return meeting(scene.cast, date(2027, 5, 5), None)
