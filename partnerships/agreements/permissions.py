"""Of which partnerships and agreements the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.agreements.models import Agreement, AgreementFile
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member starts an agreement until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_a_member(actor: Actor, agreement: Agreement) -> bool:
    """Every member writes it, until the partnership is closed."""
    return permissions.holds_key(actor, agreement) and agreement.partnership.closed_at is None


def of_its_organisation(actor: Actor, file: AgreementFile) -> bool:
    """Who brought a file in takes it out."""
    return permissions.holds_key(actor, file) and file.organisation_id == actor.organisation_id


permissions.rule(Permission.START_AGREEMENT, of_an_open_partnership)
permissions.rule(Permission.CHANGE_AGREEMENT, of_a_member)
permissions.rule(Permission.REMOVE_AGREEMENT_FILE, of_its_organisation)
permissions.rule(Permission.NAME_SIGNATORY, of_a_member)
# Whether they are the one who signs for their organisation, the service and the database say.
permissions.rule(Permission.SIGN_AGREEMENT, of_a_member)
