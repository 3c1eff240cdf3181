"""Who does something, and acting for whom: the `by=` of every service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest

from organisations.models import Kind, Role, Sector
from organisations.tenancy.scope import Scope


@dataclass(frozen=True, slots=True)
class ActingOrganisation:
    """The organisation that the address names, as far as every page needs it."""

    id: int
    name: str
    slug: str
    kind: str

    @property
    def sector(self) -> Sector:
        """The side on which it works."""
        return Kind(self.kind).sector


@dataclass(frozen=True, slots=True)
class Support:
    """The support session in which an operator reads an organisation's records, and its end."""

    ref: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, acting for an organisation in a role or as themselves (None).

    With `support` it is an operator who reads for the organisation and has no role in it.
    """

    user_id: int
    organisation: ActingOrganisation | None = None
    role: Role | None = None
    is_operator: bool = False
    support: Support | None = None

    @property
    def organisation_id(self) -> int | None:
        """Id of the acting organisation."""
        return self.organisation.id if self.organisation else None

    @property
    def key(self) -> int:
        """What `acl` columns are matched with: the organisation, or the person as themselves."""
        return self.organisation.id if self.organisation else -self.user_id

    @property
    def scope(self) -> Scope:
        """The database scope of this actor's transactions."""
        if self.support is not None:
            return Scope(user_id=self.user_id, reads_for=self.organisation_id)
        return Scope(organisation_id=self.organisation_id, user_id=self.user_id)


class HasAcl(Protocol):
    """A record below a partnership: who holds a key to it."""

    acl: list[int]


class ActingRequest(HttpRequest):
    """A request after the middleware: signed in, with its actor. For annotations."""

    actor: Actor
