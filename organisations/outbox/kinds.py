"""The kinds of e-mail there are, and who writes each. Registered by the app that owns it.

Called in `AppConfig.ready`, so the list is complete and constant once Django has started.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMessage

from organisations.models import Delivery


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The answer of a kind that finds, just before sending, that the e-mail has lost its point.

    `reason` is a sentence for whoever looks at the delivery later; it names nobody.
    """

    reason: str


Compose = Callable[[Delivery], EmailMessage | NotNeeded]
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
    """

    name: str
    label: str
    compose: Compose
    on_dead: OnDead | None = None
    after_leaving: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError when its name belongs to another one."""
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
