"""What other rooms add to the page of a review: the sessions and the measures of an initiative.

    parts.register(Section.SESSIONS, sessions_in_short)

Each is called with the actor and the initiative, once a page, with a fixed number of statements. It
is asked by somebody with a personal grant too, who sees nothing of the partnership.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from initiatives.plans.models import Initiative
from initiatives.review.models import Section
from organisations.actor import Actor

Part = Callable[[Actor, Initiative], Any]
_parts: dict[str, Part] = {}


def register(section: Section, part: Part) -> None:
    """Have a section shown by another room. Raises ValueError when it is taken."""
    if _parts.get(section, part) is not part:
        raise ValueError(f"{section!r} is shown by another room")
    _parts[section] = part


def shown(actor: Actor, initiative: Initiative) -> dict[str, Any]:
    """What the other rooms show, by section; nothing where they have nothing to show."""
    found = {section: part(actor, initiative) for section, part in _parts.items()}
    return {section: body for section, body in found.items() if body}
