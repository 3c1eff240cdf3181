"""What is in Tandem already of the partnerships that an import is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model

from contacts.sheets.naming import key
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.conversations.models import Conversation
from partnerships.record.models import Invitation, Member, MemberState, NamedContact, Partnership

OURSELVES: tuple[type[Model], ...] = (Member, NamedContact, Conversation, Invitation)


@dataclass(frozen=True, slots=True)
class Known:
    """A partnership that is open in Tandem."""

    pk: int
    name: str
    # The other organisation in it, where there is but one.
    only_partner: int | None


class Standing:
    """The open partnerships of the acting organisation, in a fixed number of queries."""

    def __init__(self, by: Actor, partners: Iterable[int]) -> None:
        self.by = by
        self.members: dict[int, list[Member]] = defaultdict(list)
        self._places_of_ours: dict[int, Member] = {}
        found = Member.objects.filter(
            partnership__acl__overlap=[by.organisation_id], partnership__closed_at=None
        ).exclude(state__in=[MemberState.LEFT, MemberState.SUCCEEDED])
        for each in found.select_related("partnership").order_by("pk"):
            if each.organisation_id == by.organisation_id:
                self._places_of_ours[each.partnership_id] = each
            else:
                self.members[each.partnership_id].append(each)
        self._known = [
            Known(pk, each[0].partnership.name, each[0].organisation_id if len(each) == 1 else None)
            for pk, each in self.members.items()
        ]

    def called(self, name: str) -> list[Known]:
        """Those of a name, as names are compared."""
        return [each for each in self._known if key(each.name) == name]

    def with_partner(self, partner: int) -> list[Known]:
        """Those that an organisation is in."""
        return [
            each
            for each in self._known
            if any(member.organisation_id == partner for member in self.members[each.pk])
        ]

    def named(self, partner: int, name: str) -> Known | None:
        """The one with an organisation that has just this name."""
        wanted = key(name)
        return next((e for e in self.with_partner(partner) if key(e.name) == wanted), None)

    @cached_property
    def conversations(self) -> set[tuple[int, str, date, str]]:
        """What the acting organisation has logged in them."""
        rows = Conversation.objects.filter(
            author_organisation_id=self.by.organisation_id,
            partnership__in=list(self.members),
            withdrawn_at=None,
        )
        return {
            (pk, kind, day, " ".join(summary.split()))
            for pk, kind, day, summary in rows.values_list(
                "partnership_id", "kind", "held_on", "summary"
            )
        }

    @cached_property
    def _places(self) -> dict[tuple[int, int], dict[str, str]]:
        found: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
        rows = NamedContact.objects.filter(partnership__in=list(self.members), ended_at=None)
        for partnership, organisation, function, email in rows.values_list(
            "partnership_id", "organisation_id", "function", "posting__details__email"
        ):
            found[partnership, organisation][function] = (email or "").casefold()
        return found

    def places(self, partnership: int, organisation: int | None) -> dict[str, str]:
        """The addresses of an organisation's contact and deputy in a partnership."""
        return self._places[partnership, organisation] if organisation is not None else {}

    @cached_property
    def _carried(self) -> dict[int, set[str]]:
        return carried(list(self.members))

    def why_not_named(self, known: Known, at: int | None, function: str) -> str:
        """Why nobody can be named at an organisation of a partnership by an import; empty if
        somebody can."""
        if at is None:
            return "Put this partnership on the Partnerships sheet, so that the partner is clear"
        of_ours = [self._places_of_ours[known.pk]] if known.pk in self._places_of_ours else []
        places = [*of_ours, *self.members[known.pk]]
        member = next(each for each in places if each.organisation_id == at)
        if not permissions.can(self.by, Permission.NAME_CONTACT, member):
            return "This organisation names its own contacts in the partnership"
        if function in self.places(known.pk, at):
            return "Somebody else has this place. Change it on the partnership’s page"
        if self._carried.get(known.pk):
            return (
                "Work is under way in this partnership, and whoever is named would be emailed "
                "about it. Name them on the partnership’s page"
            )
        return ""


def carried(
    partnerships: Collection[int], *, beside: Collection[type[Model]] = OURSELVES
) -> dict[int, set[str]]:
    """What partnerships hold besides some kinds of record: the words for each kind.

    One query for each kind of record below a partnership, those of later alcoves too.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for relation in Partnership._meta.related_objects:
        model: Any = relation.related_model
        if model in beside:
            continue
        name = relation.field.attname
        rows = model._default_manager.filter(**{f"{name}__in": list(partnerships)}).order_by()
        for pk in rows.values_list(name, flat=True).distinct():
            found[pk].add(str(model._meta.verbose_name))
    return found
