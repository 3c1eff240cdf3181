"""Who signs an agreement for each member, and signing it: every write of both."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Membership, User
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.agreements import announcements
from partnerships.agreements.concluding import conclude
from partnerships.agreements.models import (
    OVER,
    Agreement,
    AgreementVersion,
    Signatory,
    Signature,
    Stage,
)
from partnerships.agreements.selectors import version_of
from partnerships.record.selectors.partnership import ours

CHANGED_MEANWHILE = "changed_meanwhile"
LONGEST_ROLE = 120


@transaction.atomic
def name_signatory(*, by: Actor, agreement: Agreement, user: User, role: str) -> Signatory:
    """Name a colleague who signs for the acting organisation, instead of who was named before.

    The same again does nothing. Raises ValidationError for somebody who does not work there, for a
    missing role, and for an agreement that is over.
    """
    permissions.require(by, Permission.NAME_SIGNATORY, agreement)
    assert by.organisation_id is not None
    current = _locked(agreement)
    if current.stage in OVER:
        raise ValidationError("This agreement is over. Nobody signs it any more.")
    role = _role(role)
    if user not in colleagues(by):
        raise ValidationError({"user": "Choose who will sign"})
    before = signatory_of(by, current)
    if before is not None and (before.user_id, before.role) == (user.pk, role):
        return before
    if before is not None:
        before.ended_at = timezone.now()
        before.save(update_fields=["ended_at"])
    named = Signatory.objects.create(
        agreement=current,
        partnership_id=current.partnership_id,
        organisation_id=by.organisation_id,
        user=user,
        role=role,
        named_by_id=by.user_id,
    )
    changes = {"user": [before.user_id if before else None, user.pk]}
    audit.record("agreement signatory named", by=by, obj=current, changes=changes)
    if before is not None and before.user_id != user.pk:
        announcements.no_longer_to_sign(current, "Somebody else signs.", [before.user.email])
    if current.stage == Stage.APPROVAL:
        announcements.ask_to_sign(by=by, agreement=current, of=by.organisation_id)
    return named


@transaction.atomic
def sign_agreement(
    *, by: Actor, agreement: Agreement, number: int, digest: str, role: str
) -> Signature:
    """Sign the version that was read, for the acting organisation. Signing it twice is once.

    `number` and `digest` are of the text that the person saw. When every member has
    signed, the agreement is signed. Raises ValidationError (CHANGED_MEANWHILE) for a text that
    has just changed, for an agreement that is not ready to sign, and PermissionDenied for anybody
    but the signatory.
    """
    permissions.require(by, Permission.SIGN_AGREEMENT, agreement)
    assert by.organisation_id is not None
    current = _locked(agreement)
    newest = version_of(current)
    named = signatory_of(by, current)
    if named is None or named.user_id != by.user_id:
        raise PermissionDenied("You may not sign an agreement for which somebody else signs.")
    if (number, digest) != (newest.number, newest.digest):
        raise ValidationError(
            "The text was changed after you opened this page, so nothing was signed. Read what "
            "changed, and sign again if you agree.",
            code=CHANGED_MEANWHILE,
        )
    earlier = signature_of(by, newest)
    if earlier is not None:
        return earlier
    if current.stage != Stage.APPROVAL:
        raise ValidationError("It is not ready to sign yet.")
    signature = Signature.objects.create(
        agreement=current,
        partnership_id=current.partnership_id,
        version=newest,
        organisation_id=by.organisation_id,
        user_id=by.user_id,
        name=str(named.user),
        role=_role(role),
        digest=newest.digest,
    )
    audit.record("agreement signed", by=by, obj=current, changes={"version": newest.number})
    announcements.no_longer_to_sign(current, "The organisation has signed.", [named.user.email])
    conclude(by, current, newest)
    return signature


def signatory_of(by: Actor, agreement: Agreement) -> Signatory | None:
    """Who signs for the acting organisation now."""
    rows = Signatory.objects.filter(agreement=agreement, organisation_id=ours(by), ended_at=None)
    return rows.select_related("user").first()


def signature_of(by: Actor, version: AgreementVersion) -> Signature | None:
    """The acting organisation's signature of one version."""
    rows = Signature.objects.filter(version=version, organisation_id=ours(by))
    return rows.select_related("version").first()


def colleagues(by: Actor) -> list[User]:
    """The people of the acting organisation who sign in, by name."""
    rows = Membership.objects.filter(organisation_id=ours(by), ended_at=None)
    return sorted((each.user for each in rows.select_related("user")), key=str)


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("partnership")
    return rows.get(pk=agreement.pk)


def _role(role: str) -> str:
    role = " ".join(role.split())
    if not says_something(role):
        raise ValidationError({"role": "Enter the role in which they sign, like Chief executive"})
    if len(role) > LONGEST_ROLE:
        raise ValidationError({"role": f"The role must be {LONGEST_ROLE} characters or fewer"})
    return role
