"""Reads for operators about organisations: those that are or were open, their domains, their
suspensions."""

from __future__ import annotations

from django.db.models import Count, Q

from organisations.models import Membership, Organisation, Suspension, TrustedDomain

MOST_FOUND = 50


def find_organisations(words: str) -> list[Organisation]:
    """For operators: organisations by name or code; without words those that have joined."""
    organisations = Organisation.objects.annotate(
        people=Count("memberships", filter=Q(memberships__ended_at=None))
    )
    words = " ".join(words.split())
    if not words:
        organisations = organisations.filter(
            Q(joined_at__isnull=False) | Q(left_at__isnull=False) | Q(trusted_domains__isnull=False)
        ).distinct()
    else:
        organisations = organisations.filter(Q(name__icontains=words) | Q(code__iexact=words))
    return list(organisations.order_by("name", "pk")[:MOST_FOUND])


def trusted_domains(organisation: Organisation) -> list[TrustedDomain]:
    """For operators: the domains trusted for an organisation now."""
    return list(
        TrustedDomain.objects.filter(organisation=organisation, removed_at=None).select_related(
            "added_by"
        )
    )


def trusted_domain(organisation: Organisation, ref: str) -> TrustedDomain | None:
    """For operators: one domain trusted now."""
    return (
        TrustedDomain.objects.filter(organisation=organisation, ref=ref, removed_at=None)
        .select_related("organisation", "added_by")
        .first()
    )


def suspensions(organisation: Organisation) -> list[Suspension]:
    """For operators: when it was suspended, the latest first."""
    return list(
        Suspension.objects.filter(organisation=organisation).select_related(
            "suspended_by", "lifted_by"
        )
    )


def number_of_people(organisation: Organisation) -> int:
    """For operators: how many belong to an organisation now; not who."""
    return Membership.objects.filter(organisation=organisation, ended_at=None).count()
