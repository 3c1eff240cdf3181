"""Views that programs read, whoever may be signed in in the browser beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def for_programs(view: View) -> View:
    """Mark a view, open to the world, to which whoever is signed in is nobody.

    It says itself for whom it acts; no session is looked at, and its answer depends on no cookie.
    """
    view.for_programs = True  # type: ignore[attr-defined]
    return view


def is_for_programs(view: Any) -> bool:
    """Whether a view is marked so and, as each such view says itself, open to the world."""
    marked: bool = getattr(view, "for_programs", False)
    return marked and not getattr(view, "login_required", True)
