"""What the records of a partnership are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.record.models import Invitation, Member, NamedContact
from partnerships.record.selectors.partnership import seen_by


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("record_partnership", "Partnership", _partnerships)
    register("record_member", "Organisation in a partnership", _members)
    register("record_namedcontact", "Named contact or deputy", _contacts)
    register("record_invitation", "Invitation of an organisation", _invitations)
    register("record_approachconsent", "Who sees with whom the organisation is in touch")
    register("record_partnershipgrant", "Personal access to a partnership")


def _partnerships(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = seen_by(actor).filter(pk__in=ids)
    return {
        each.pk: Shown(each.name, page_of(actor, "partnership", ref=each.ref)) for each in found
    }


def _members(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Member.objects.filter(pk__in=ids, acl__overlap=[actor.organisation_id])
    return {each.pk: Shown(each.organisation.name) for each in found.select_related("organisation")}


def _contacts(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = NamedContact.objects.filter(pk__in=ids, acl__overlap=[actor.organisation_id])
    return {
        each.pk: Shown(f"{each.get_function_display()} of {each.organisation}")
        for each in found.select_related("organisation")
    }


def _invitations(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Invitation.objects.filter(pk__in=ids, acl__overlap=[actor.organisation_id])
    return {
        each.pk: Shown(f"Invitation of {each.to_organisation} into {each.partnership_name}")
        for each in found.select_related("to_organisation")
    }
