"""Naming the people and records of many events at once, as one reader may see them.

One statement for people, and one for each kind of record that occurs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from organisations.actor import Actor
from organisations.audit_trail import registry
from organisations.audit_trail.registry import ORGANISATION, PERSON, Shown
from organisations.audit_trail.selectors import ours
from organisations.models import AuditEvent, Membership, User

OPERATOR = "An operator of Tandem"
OUTSIDER = "Someone outside your organisation"
NOBODY = "Nobody signed in"


@dataclass(slots=True)
class Names:
    """What a set of events names."""

    actor: Actor
    people: dict[int, User] = field(default_factory=dict)
    records: dict[str, dict[int, Shown]] = field(default_factory=dict)

    def who(self, event: AuditEvent) -> str:
        """Who did it. A partner's people as they stand on the shared record; nobody else's."""
        if event.user_id is None:
            return "Tandem" if event.organisation_id else NOBODY
        person = self.people.get(event.user_id)
        if person is None:
            return OUTSIDER
        if is_ours(person):
            return str(person)
        if event.organisation_id is not None:
            return person.name or "Someone"
        return OPERATOR if person.is_operator else OUTSIDER

    def person(self, pk: int) -> str:
        """Somebody who was changed: by name among one's own."""
        found = self.people.get(pk)
        return str(found) if found is not None and is_ours(found) else OUTSIDER

    def organisation(self, pk: int | None) -> str:
        """For whom it was done; empty for nobody."""
        if not pk:
            return ""
        found = self.records.get(ORGANISATION, {}).get(pk)
        return found.words if found else "Another organisation"

    def record(self, table: str, pk: int | None) -> Shown | None:
        """A record by name and link where its page is there for the reader, else its kind."""
        if not table or pk is None:
            return None
        if table == PERSON:
            return Shown(f"Account of {self.person(pk)}")
        seen = self.records.get(table, {}).get(pk)
        kind = registry.kinds().get(table)
        return seen or Shown(kind.label if kind else "A record")

    def shows_address(self, event: AuditEvent) -> bool:
        """Whether the reader learns from where it was done: of their own people only."""
        if event.organisation_id is not None:
            return event.organisation_id == self.actor.organisation_id
        person = self.people.get(event.user_id or 0)
        return person is not None and is_ours(person)


def is_ours(person: User) -> bool:
    """Whether somebody belongs or has belonged to the reader's organisation."""
    return bool(person.ours)  # type: ignore[attr-defined]


def names_in(actor: Actor, events: Iterable[AuditEvent]) -> Names:
    """Everything that these events name, loaded."""
    wanted = _wanted(events)
    names = Names(actor)
    own = Membership.objects.filter(organisation_id=ours(actor), user_id=OuterRef("pk"))
    people = User.objects.filter(pk__in=wanted[PERSON]).annotate(ours=Exists(own))
    names.people = {each.pk: each for each in people}
    for table, kind in registry.kinds().items():
        if kind.links and wanted[table]:
            names.records[table] = dict(kind.links(actor, wanted[table]))
    return names


def _wanted(events: Iterable[AuditEvent]) -> dict[str, set[int]]:
    """The ids that events name, by table."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.user_id:
            wanted[PERSON].add(event.user_id)
        if event.organisation_id:
            wanted[ORGANISATION].add(event.organisation_id)
        if event.object_id is not None:
            wanted[event.object_table].add(event.object_id)
        for name, values in event.changes.items():
            wanted[registry.refers_to(name) or ""].update(ids_in(values))
    return wanted


def ids_in(values: Any) -> list[int]:
    """The ids in a change: one value, or old and new."""
    several = values if isinstance(values, list) else [values]
    return [each for each in several if isinstance(each, int) and not isinstance(each, bool)]
