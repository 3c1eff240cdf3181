"""Fixtures: a web server of this machine, which the settings of these tests alone let be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.calendars.ics.web import Web, web


@pytest.fixture
def site(settings: Any) -> Iterator[Web]:
    settings.CALENDARS_AT_LOOPBACK = True
    with web() as served:
        yield served
