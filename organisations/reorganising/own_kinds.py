"""What this floor holds of an organisation that ends: the people who belong to it."""

from __future__ import annotations

from organisations import outbox
from organisations.acting_for import on_behalf_of
from organisations.models import PersonInvitation, ReorganisationRow
from organisations.people.mail import INVITATION
from organisations.reorganising.registry import Affected, register
from organisations.tenancy.scope import Scope, acting


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register(
        Affected(
            name="people",
            label="People who belong to it",
            follows="Invited to the successor in the same role, or belong to it at once",
            about="Where the successor has joined, each gets an invitation in the same role. Where "
            "it has not, each belongs to it at once, and its first manager opens it by accepting "
            "the terms.",
            order=10,
            after=_invite,
        )
    )


def _invite(rows: list[ReorganisationRow]) -> None:
    """Ask for the e-mails of the invitations, on behalf of whoever invites."""
    for row in rows:
        if row.outcome != "invited" or row.result_id is None:
            continue
        with acting(Scope(organisation_id=row.successor_id)):
            invitation = PersonInvitation.objects.get(pk=row.result_id)
            outbox.enqueue(
                kind=INVITATION,
                subject=invitation.ref,
                recipient=invitation.email,
                by=on_behalf_of(invitation.organisation_id),
                revision=invitation.sending,
            )
