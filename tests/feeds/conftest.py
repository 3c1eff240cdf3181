"""Fixtures: the partnership of the touchpoint tests, with a clock that stands."""

from tests.touchpoints.conftest import clock, scene

__all__ = ["clock", "scene"]
