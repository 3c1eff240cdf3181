"""What the records of this floor are called in the trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import ORGANISATION, PERSON, Shown, register
from organisations.audit_trail.selectors import ours
from organisations.models import Membership, Organisation


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(ORGANISATION, "Organisation", _organisations)
    register("organisations_membership", "Someone who belongs to the organisation", _memberships)
    register("organisations_personinvitation", "Invitation of a person")
    register("organisations_joiningrequest", "Request to speak for the organisation")
    register(PERSON, "Account")
    register("organisations_trusteddomain", "Domain that proves who works somewhere")
    register("organisations_termsacceptance", "Processing terms")
    register("organisations_suspension", "Suspension")
    register("organisations_announcedchange", "Announced change of an organisation")
    register("organisations_reorganisation", "Reorganisation")
    register("organisations_succession", "Who took over from an organisation")
    register("organisations_outboxdecision", "Decision about emails")
    register("organisations_supportsession", "Support session")
    register("organisations_emailchange", "Change of an email address")
    register("organisations_linkedsignin", "Way to sign in")
    register("organisations_signedinsession", "Session of somebody signed in")
    register("organisations_recordsexport", "File with the organisation’s records")
    register("organisations_auditevent", "Audit trail")


def _organisations(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    names = Organisation.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: Shown(name) for pk, name in names}


def _memberships(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    people = page_of(actor, "people")
    found = Membership.objects.filter(pk__in=ids, organisation_id=ours(actor)).select_related(
        "user"
    )
    return {each.pk: Shown(str(each.user), people) for each in found}
