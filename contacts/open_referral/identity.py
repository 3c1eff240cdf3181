"""The UUIDs under which the API knows what the database knows by references.

Each is worked out of what never changes: a gateway's reference, an organisation's kind and
code, a kind of gateway's key. So the same record has the same UUID in every copy of Tandem.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "tag:tandem,2026:open-referral-uk")


def uuid_of(what: str, *names: str) -> UUID:
    """The UUID of the `what` (such as "service") that goes by these names."""
    return uuid5(NAMESPACE, "/".join((what, *names)))


def named_by(wanted: UUID, what: str, all_names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Which of the names have this UUID; empty where none has.

    A UUID does not tell what it was worked out of, so each published one is tried: a few
    thousand, in milliseconds.
    """
    return next((names for names in all_names if uuid_of(what, *names) == wanted), ())
