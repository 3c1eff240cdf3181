"""A trust's manager claims schools; an operator decides."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from contacts.claims.extract import schools_of
from contacts.models import OPEN_CLAIMS, Claim, ClaimedSchool, ClaimState
from contacts.official.services import Upload
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Kind, Organisation
from organisations.permissions import Permission

UNKNOWN_KEPT = 200


@transaction.atomic
def draft_claim(*, by: Actor, upload: Upload) -> Claim:
    """Read the acting trust's extract, and note which of its schools are not shown in it here.

    Nothing is sent. Raises ValidationError, keyed `extract`, where the file is not right, has
    none of the trust's schools or nothing to claim, or while another claim is open.
    """
    permissions.require(by, Permission.CLAIM_SCHOOLS)
    if by.organisation is None or by.organisation.kind != Kind.SCHOOL_TRUST:
        raise PermissionDenied
    trust = Organisation.objects.get(pk=by.organisation.id)
    listed = dict(schools_of(upload, trust.code))
    known = Organisation.objects.filter(
        kind=Kind.SCHOOL, code__in=listed, closed_on=None, school__isnull=False
    )
    shown_in = {
        each.code: (each.pk, each.school.trust_id) for each in known.select_related("school")
    }
    wanted = [pk for pk, trust_id in shown_in.values() if trust_id != trust.pk]
    unknown = [[urn, name] for urn, name in listed.items() if urn not in shown_in]
    if not wanted and not unknown:
        raise ValidationError(
            {"extract": f"All {len(listed):,} schools of this file are shown in your trust already"}
        )
    if not wanted:
        raise ValidationError(
            {
                "extract": f"Tandem does not know the {len(unknown):,} schools of this file that "
                "are not shown in your trust. New schools come with the next official data"
            }
        )
    claim = Claim(
        organisation=trust,
        asked_by_id=by.user_id,
        held=len(shown_in) - len(wanted),
        unknown=unknown[:UNKNOWN_KEPT],
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            {"extract": "A claim of your trust is open already. Take it back first"}
        ) from None
    ClaimedSchool.objects.bulk_create(ClaimedSchool(claim=claim, school_id=pk) for pk in wanted)
    audit.record("schools listed to claim", by=by, obj=claim, changes={"schools": len(wanted)})
    return claim


@transaction.atomic
def send_claim(*, by: Actor, claim: Claim) -> None:
    """Ask the operators to show these schools in the trust. Raises ValidationError once sent."""
    current = _own(by, claim, [ClaimState.DRAFT])
    current.state, current.sent_at = ClaimState.SENT, timezone.now()
    current.save(update_fields=["state", "sent_at"])
    audit.record("schools claimed", by=by, obj=current)


@transaction.atomic
def withdraw_claim(*, by: Actor, claim: Claim) -> None:
    """Take a claim back. Raises ValidationError once it is decided."""
    current = _own(by, claim, OPEN_CLAIMS)
    current.state = ClaimState.WITHDRAWN
    current.save(update_fields=["state"])
    audit.record("claim of schools taken back", by=by, obj=current)


@transaction.atomic
def decide_claim(*, by: Actor, claim: Claim, accepted: Collection[int]) -> int:
    """Show the accepted schools, by id, in the trust, and refuse the others; says how many.

    Raises ValidationError when it was taken back or decided.
    """
    permissions.require(by, Permission.DECIDE_CLAIMS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.decide_claim(%s, %s)", [claim.pk, list(accepted)])
        (changed,) = cursor.fetchone()
    if changed is None:
        raise ValidationError("This claim has been taken back or decided meanwhile.")
    audit.record("claim of schools decided", by=by, obj=claim, changes={"schools": changed})
    return int(changed)


def _own(by: Actor, claim: Claim, states: Collection[str]) -> Claim:
    """The trust's own claim under its lock, in one of the states. Raises ValidationError."""
    permissions.require(by, Permission.CLAIM_SCHOOLS)
    assert by.organisation_id is not None
    rows = Claim.objects.select_for_update(of=("self",))
    current = rows.filter(pk=claim.pk, organisation_id=by.organisation_id, state__in=states).first()
    if current is None:
        raise ValidationError("This claim has moved on meanwhile. Look at it again.")
    return current
