"""The examples in the calendars' docstrings hold."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "status",
        "years",
        "terms",
        "working_days",
        "london",
        "pressure_points",
        "constraints",
        "given_terms",
        "clashes",
        "series",
        "ics.limits",
        "ics.zones",
        "ics.moments",
    ],
)
def test_examples(name):
    outcome = doctest.testmod(importlib.import_module(f"calendars.{name}"))
    assert outcome.attempted
    assert not outcome.failed
