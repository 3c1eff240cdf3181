"""What the directory of a region holds now: each contact as a snapshot, and ways to find one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from contacts.models import Listing, Posting, Region
from contacts.sheets.naming import key

Snapshot = dict[str, Any]
# Field of a snapshot: where it is read.
_READ = {
    "ref": "ref",
    "name": "person__name",
    "job_title": "job_title",
    "organisation": "organisation_id",
    "email": "details__email",
    "telephone": "details__telephone",
    "role_type": "role_type_id",
    "place": "place_id",
    "visibility": "visibility",
    "source": "source",
    "started_on": "started_on",
    "ended_on": "ended_on",
    "listing": "listing",
    "checked_at": "checked_at",
    "checked_by": "checked_by",
    "bounced_at": "bounced_at",
    "bounce_reason": "details__bounce_reason",
    "person": "person_id",
}
# What a change of the email address sets anew.
UNCHECKED = {"checked_at": None, "checked_by": "", "bounced_at": None, "bounce_reason": ""}


def snapshots(region: Region, ids: Collection[int] | None = None) -> dict[int, Snapshot]:
    """The contacts of a region's directory (or those with these ids, listed or not)."""
    postings = Posting.objects.filter(region=region)
    if ids is None:
        postings = postings.filter(listing=Listing.LISTED)
    else:
        postings = postings.filter(pk__in=ids)
    rows = postings.order_by("pk").values_list("pk", *_READ.values())
    return {
        pk: {name: _plain(value) for name, value in zip(_READ, values, strict=True)}
        for pk, *values in rows
    }


def _plain(value: Any) -> Any:
    """As JSON keeps it, so that a stored snapshot equals a fresh one."""
    return value.isoformat() if hasattr(value, "isoformat") else value


class Directory:
    """The contacts listed in a region, by what a row may say of them."""

    def __init__(self, contacts: dict[int, Snapshot]) -> None:
        self.contacts = contacts
        self.by_ref = {each["ref"]: pk for pk, each in contacts.items()}
        self._by_email: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._by_name: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._by_both: dict[tuple[str, str], list[int]] = defaultdict(list)
        for pk, each in contacts.items():
            name, email = key(each["name"]), (each["email"] or "").casefold()
            self._by_email[each["organisation"], email].append(pk)
            self._by_name[each["organisation"], name].append(pk)
            self._by_both[name, email].append(pk)

    def same(self, values: Snapshot) -> list[int]:
        """Those with the same name and address at the same organisation, who have not left;
        else one who has, on the same days."""
        organisation = values["organisation"]
        name, email = key(values["name"]), values["email"].casefold()
        found = [
            pk
            for pk in self._by_both[name, email]
            if self.contacts[pk]["organisation"] == organisation
        ]
        present = self._present(found)
        if not present:
            days = values.get("started_on"), values.get("ended_on")
            return [
                pk
                for pk in found
                if days == (self.contacts[pk]["started_on"], self.contacts[pk]["ended_on"])
            ][:1]
        return self._narrowed(present, values)

    def alike(self, values: Snapshot) -> list[int]:
        """Those who may be the same person: same address or same name there, or both elsewhere."""
        organisation = values["organisation"]
        name, email = key(values["name"]), values["email"].casefold()
        found = [
            *self._by_email[organisation, email],
            *self._by_name[organisation, name],
            *self._by_both[name, email],
        ]
        return self._present(list(dict.fromkeys(found)))

    def _present(self, ids: list[int]) -> list[int]:
        return [pk for pk in ids if self.contacts[pk]["ended_on"] is None]

    def _narrowed(self, ids: list[int], values: Snapshot) -> list[int]:
        """Of somebody's several posts there, the one that the row is about."""
        if len(ids) == 1:
            return ids
        for name in ("role_type", "job_title"):
            if values.get(name):
                ids = [pk for pk in ids if self.contacts[pk][name] == values[name]] or ids
        return ids
