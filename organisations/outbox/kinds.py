"""The kinds of e-mail there are, and who writes each. Registered by the app that owns it.

Called in `AppConfig.ready`, so the list is complete and constant once Django has started.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage

from organisations.models import Delivery
from organisations.outbox.preferences.groups import ACCOUNT, group_named


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The answer of a kind that finds, just before sending, that the e-mail has lost its point.

    `reason` is a sentence for whoever looks at the delivery later; it names nobody.
    `for_the_summary`: kept as news for the reader's next summary.
    """

    reason: str
    for_the_summary: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """The answer of a kind that finds the moment wrong: asked again at `until`, as if it had only
    been due then. `reason` goes on after "Held until", and names nobody."""

    until: datetime
    reason: str


Answer = EmailMessage | NotNeeded | Later
Compose = Callable[[Delivery], EmailMessage | NotNeeded] | Callable[[Delivery], Answer]
OnDead = Callable[[Delivery], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of e-mail.

    `compose(delivery)` writes it, just before it goes, in the scope of the delivery's
    organisation and a transaction of its own: row security decides what it can still read.
    It may be called more than once for one delivery and changes nothing.

    `on_dead(delivery)` is told that the address refused for good, in the same scope; the
    delivery's `reason` says why where the provider did. It may be told twice.

    `after_leaving`: it goes out although the organisation has left meanwhile, because it says
    that something no longer takes place.

    `group`: what people choose it by (`organisations.outbox.preferences.groups`). Without one it
    belongs to the account: it cannot be switched off and keeps to no quiet hours.

    `pointless_from(delivery)` is the moment from which on it would tell nothing, or None; asked
    in the same scope, when quiet hours would hold it up, so that it goes at once instead.

    `outlasts_suspension`: while its organisation is suspended it waits, as long as it has a point.
    """

    name: str
    label: str
    compose: Compose
    on_dead: OnDead | None = None
    after_leaving: bool = False
    group: str = ACCOUNT
    pointless_from: Callable[[Delivery], datetime | None] | None = None
    outlasts_suspension: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError when its name belongs to another one, or for a group
    that there is not."""
    group_named(kind.group)
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"the outbox already has a kind {kind.name!r}")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises ValueError for one that nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise ValueError(f"the outbox has no kind {name!r}") from None


def all_kinds() -> list[Kind]:
    """Every kind that is registered."""
    return list(_kinds.values())


def label_of(name: str) -> str:
    """A kind's name for people, also when its app is gone."""
    kind = _kinds.get(name)
    return kind.label if kind else name.replace("_", " ").capitalize()
