"""Fixtures: the directory, and a clock that stands at the beginning of a school year."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import Cast
from tests.outbox.conftest import post_office
from tests.photographs import Photographs
from tests.verification.arranging import NOW, Directory, Super, arrange

__all__ = ["post_office"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands at NOW; move it with `clock.shift(timedelta(…))`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def directory(
    clock: time_machine.Traveller, cast: Cast, superuser: Super, photographs: Photographs
) -> Directory:
    return photographs.show(arrange, cast, superuser)
