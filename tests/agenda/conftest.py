"""Fixtures: the scene of the touchpoints, a clock, and a board with meetings."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from contacts.models import GatewayMeeting
from tests.agenda.arranging import MEETS, PAPERS, admin_acts, meeting
from tests.touchpoints.conftest import clock, scene
from tests.touchpoints.scene import Scene

__all__ = ["board", "clock", "later", "scene"]


@pytest.fixture
def board(scene: Scene, superuser: psycopg.Connection) -> GatewayMeeting:  # type: ignore[type-arg]
    """A meeting of Walsall's health and wellbeing board, entered by the region's admin."""
    admin_acts(scene.cast)
    return meeting(scene.cast, MEETS, PAPERS)


@pytest.fixture
def later(scene: Scene, board: GatewayMeeting) -> GatewayMeeting:
    """The board's next meeting but one, without a day for papers."""
    return meeting(scene.cast, date(2027, 5, 5), None)
