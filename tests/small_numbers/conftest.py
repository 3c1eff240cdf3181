"""Fixtures: the scene of the touchpoints, and a clock."""

from __future__ import annotations

from tests.touchpoints.conftest import clock, scene

__all__ = ["clock", "scene"]
