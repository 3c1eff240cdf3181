"""Invitations, from the side of who sent them and of who is invited."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import Delivery
from partnerships.record.models import Invitation, Member, Partnership
from partnerships.record.selectors.partnership import ours


def invitations_to_answer(actor: Actor) -> list[Invitation]:
    """Invitations to the actor's organisation that can still be answered, the latest first."""
    return list(
        Invitation.objects.filter(
            to_organisation_id=ours(actor),
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("from_organisation")
        .order_by("-sent_at")
    )


def invitation_to(actor: Actor, ref: str) -> tuple[Invitation, Member | None]:
    """An invitation to the actor's organisation with its place in the partnership.

    The partnership itself stays unread: it is not for the invited organisation yet. The
    place is None once the invitation was withdrawn. Raises Http404 for any other invitation.
    """
    invitation = (
        Invitation.objects.filter(ref=ref, to_organisation_id=ours(actor))
        .select_related("from_organisation", "to_organisation", "invited_by")
        .first()
    )
    if invitation is None:
        raise Http404("no such invitation, or not for this organisation")
    place = Member.objects.filter(
        partnership_id=invitation.partnership_id, organisation_id=ours(actor)
    ).first()
    return invitation, place


def open_invitation_to(actor: Actor, member: Member) -> Invitation | None:
    """The unanswered invitation that the actor's organisation sent to a member."""
    return (
        Invitation.objects.filter(
            partnership_id=member.partnership_id,
            to_organisation_id=member.organisation_id,
            from_organisation_id=ours(actor),
            used_at=None,
            revoked_at=None,
        )
        .select_related("partnership", "to_organisation", "invited_by")
        .first()
    )


def open_invitations(actor: Actor, partnership: Partnership) -> list[Invitation]:
    """The unanswered invitations of a partnership that the actor's organisation sent."""
    return list(
        Invitation.objects.filter(
            partnership=partnership,
            from_organisation_id=ours(actor),
            used_at=None,
            revoked_at=None,
        )
    )


def mail_of(actor: Actor, invitations: list[Invitation]) -> dict[str, Delivery]:
    """What became of the latest e-mail of each invitation, by the invitation's reference."""
    if not invitations:
        return {}
    deliveries = Delivery.objects.filter(
        organisation_id=ours(actor),
        kind="partnership_invitation",
        subject__in=[invitation.ref for invitation in invitations],
    ).order_by("revision")
    return {delivery.subject: delivery for delivery in deliveries}
