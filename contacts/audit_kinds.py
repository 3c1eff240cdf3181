"""What people's postings, and who manages a region, are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q

from contacts.models import Listing, Posting, Region
from organisations.actor import Actor
from organisations.audit_trail.registry import Shown, register, register_field


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("contacts_posting", "Person in a role", _postings)
    register_field("posting", "contacts_posting")
    register("contacts_region", "Region", _regions)
    register_field("region", "contacts_region")
    register("contacts_importrun", "Sheet of contacts")
    register("contacts_regiongrant", "Regional admin")
    register("contacts_need", "Whom to contact for a need")
    register("contacts_detailsopened", "Contact details opened")
    register("contacts_detailsrequest", "Contact details asked for")
    register("contacts_gateway", "Gateway")
    register("contacts_gatewaymeeting", "Meeting of a gateway")
    register("contacts_claim", "Claim of schools")
    register("contacts_officialimport", "Import of official files")
    register("contacts_officialconflict", "Difference from a register")


def _postings(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    own = Q(acl__overlap=[actor.organisation_id])
    found = Posting.objects.filter(own | Q(listing=Listing.LISTED), pk__in=ids)
    return {each.pk: Shown(str(each)) for each in found.select_related("person")}


def _regions(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    names = Region.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: Shown(name) for pk, name in names}
