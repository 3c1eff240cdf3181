"""The processing terms: which version holds, and who accepted it.

A version's text is `templates/jinja2/organisations/terms_v<version>.jinja` and stays as it was.
"""

from __future__ import annotations

from organisations.actor import Actor
from organisations.models import Membership, Organisation, Role, TermsAcceptance

CURRENT = 1


def template(version: int = CURRENT) -> str:
    """The file with the words of a version."""
    return f"organisations/terms_v{version}.jinja"


def managed_by(actor: Actor, organisation: Organisation) -> bool:
    """Whether the person is a manager of the organisation, open or not."""
    return Membership.objects.filter(
        organisation=organisation, user_id=actor.user_id, role=Role.MANAGER, ended_at=None
    ).exists()


def last_acceptance(organisation_id: int) -> TermsAcceptance | None:
    """The latest acceptance that the reader may see: own, or of the acting organisation."""
    return (
        TermsAcceptance.objects.filter(organisation_id=organisation_id)
        .select_related("user")
        .order_by("-accepted_at", "-pk")
        .first()
    )


def asked_of(actor: Actor, memberships: list[Membership]) -> list[Membership]:
    """Where the person is a manager and ought to read the terms: before the organisation opens,
    and again when there is a new version. Until they have, it goes on under the former one."""
    managed = [each for each in memberships if each.role == Role.MANAGER]
    accepted = dict(
        TermsAcceptance.objects.filter(
            organisation__in=[each.organisation_id for each in managed], user_id=actor.user_id
        )
        .order_by("version")
        .values_list("organisation_id", "version")
    )
    return [
        each
        for each in managed
        if (each.organisation.joined_at is None and each.organisation.suspended_at is None)
        or (each.organisation.has_joined and accepted.get(each.organisation_id, CURRENT) < CURRENT)
    ]
