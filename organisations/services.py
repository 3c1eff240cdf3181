"""Writes of this floor: asking to speak for an organisation, and deciding about it.

Nobody is admitted by anything but an operator's decision, or as an organisation's first person
by a confirmed address at a domain that an operator trusts for it (`joining.claims`): not by an
invitation, nor by an address that looks like the organisation's.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from frontend.wording import date_words
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.joining import asking_mail, claims
from organisations.models import JoiningRequest, Membership, Organisation, Role, User
from organisations.models.joining import JoiningState
from organisations.permissions import Permission

HAS_ACCOUNT = (
    "{address} already has an account. An operator belongs to no organisation: use an address "
    "of its own for that."
)
# So that no one person can fill the operators' list.
MOST_OPEN_REQUESTS = 5


@transaction.atomic
def ask_to_join(
    *,
    by: Actor,
    organisation: Organisation,
    job_title: str,
    evidence: str,
    invited_by_id: int | None = None,
) -> JoiningRequest:
    """Ask to speak for an organisation: an operator checks and decides, or a trusted address.

    The request comes back approved where the address admitted its first person at once.
    `invited_by_id` is the organisation whose invitation led here, which the operator sees
    and which proves nothing: who came by one is never admitted by an address.

    Raises ValidationError when the person already speaks for the organisation, has asked
    before and waits, or the organisation has closed.
    """
    permissions.require(by, Permission.ASK_TO_JOIN)
    if by.is_operator:
        raise ValidationError(
            "You are an operator of this service, and an operator speaks for no organisation. "
            "Use an account of its own for that."
        )
    _refuse_needless(by, organisation)
    joining = JoiningRequest(
        organisation=organisation,
        user_id=by.user_id,
        job_title=job_title,
        evidence=evidence,
        invited_by_id=invited_by_id,
    )
    joining.clean_fields(exclude=["organisation", "user", "invited_by"])
    try:
        with transaction.atomic():
            joining.save(force_insert=True)
    except IntegrityError:
        raise already_asked(by, organisation) from None
    audit.record(
        "asked to speak for an organisation",
        by=by,
        obj=joining,
        changes={"organisation": [None, organisation.pk], "invited_by": [None, invited_by_id]},
    )
    if claims.admitted_by_address(joining, by=by):
        asking_mail.say_decided(joining, by=by)
    else:
        asking_mail.say_received(joining, by=by, meets=claims.what_it_meets(joining))
    return joining


def _refuse_needless(by: Actor, organisation: Organisation) -> None:
    if has_closed(organisation):
        raise ValidationError(
            f"{organisation} closed on {date_words(organisation.closed_on)}. "
            "Find the organisation that took over from it."
        )
    if Membership.objects.filter(
        organisation=organisation, user_id=by.user_id, ended_at=None
    ).exists():
        raise ValidationError(f"You already speak for {organisation}.")
    waiting = list(
        JoiningRequest.objects.filter(user_id=by.user_id, state=JoiningState.PENDING).values_list(
            "organisation_id", flat=True
        )
    )
    if organisation.pk in waiting:
        raise already_asked(by, organisation)
    if len(waiting) >= MOST_OPEN_REQUESTS:
        raise ValidationError(
            f"You have {len(waiting)} requests waiting. Wait until an operator has decided them."
        )


def has_closed(organisation: Organisation) -> bool:
    """Whether an organisation exists no more, by today's date in London."""
    return organisation.closed_on is not None and organisation.closed_on <= timezone.localdate()


def already_asked(by: Actor, organisation: Organisation) -> ValidationError:
    """The answer to someone who asks a second time for the same organisation."""
    first = JoiningRequest.objects.get(
        organisation=organisation, user_id=by.user_id, state=JoiningState.PENDING
    )
    asked_on = date_words(first.created_at)
    return ValidationError(
        f"You have already asked to speak for {organisation}, on {asked_on}. "
        "An operator is checking."
    )


@transaction.atomic
def decide_joining(
    *, request: JoiningRequest, by: Actor, approve: bool, note: str, role: Role = Role.MANAGER
) -> JoiningRequest:
    """Admit the person who asked, in `role`, or decline.

    The organisation opens once a manager of it has accepted the terms (`joining.opening`).

    `note` says how it was checked, or why not; the person sees the reason for a refusal.
    Raises ValidationError when it has been decided before, without a note, or when the
    operator decides about themselves.
    """
    permissions.require(by, Permission.DECIDE_JOINING)
    joining = (
        JoiningRequest.objects.select_for_update(of=("self",))
        .select_related("organisation", "user", "decided_by")
        .get(pk=request.pk)
    )
    _refuse_decision(joining, by, note)
    joining.state = JoiningState.APPROVED if approve else JoiningState.DECLINED
    joining.decided_at = timezone.now()
    joining.decided_by_id = by.user_id
    joining.decision_note = note.strip()
    joining.clean_fields(exclude=["organisation", "user", "invited_by", "decided_by"])
    joining.save(update_fields=["state", "decided_at", "decided_by", "decision_note"])
    if approve:
        _admit(joining, by, role)
    audit.record(
        "joining approved" if approve else "joining declined",
        by=by,
        obj=joining,
        changes={"state": ["pending", str(joining.state)], "user": joining.user_id},
    )
    asking_mail.say_decided(joining, by=by)
    return joining


def _refuse_decision(joining: JoiningRequest, by: Actor, note: str) -> None:
    if joining.state != JoiningState.PENDING:
        decided_on = date_words(joining.decided_at)
        raise ValidationError(
            f"{joining.decided_by} {joining.state} this request on {decided_on}. "
            "Nothing has changed."
        )
    if joining.user_id == by.user_id:
        raise ValidationError("You cannot decide your own request. Ask another operator.")
    if not note.strip():
        raise ValidationError({"note": "Say how this was checked, or why it is declined."})


def _admit(joining: JoiningRequest, by: Actor, role: Role) -> None:
    organisation = joining.organisation
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                organisation=organisation, user_id=joining.user_id, role=role
            )
    except IntegrityError:
        raise ValidationError(
            f"{joining.user} already speaks for {organisation}. Decline this request."
        ) from None
    audit.record(
        "person admitted to an organisation",
        by=by,
        obj=membership,
        changes={
            "organisation": [None, organisation.pk],
            "user": [None, joining.user_id],
            "role": [None, str(role)],
        },
    )


def create_operator(*, email: str, password: str, name: str = "") -> User:
    """Create a platform operator through the role that owns the tables; no other role can.

    The address counts as confirmed: whoever runs the command vouches for it. Raises
    ValidationError for an address that already has an account: an operator belongs to no
    organisation, and needs an account that is used for nothing else.
    """
    address = email.lower()
    if User.objects.filter(email=address).exists():
        raise ValidationError(HAS_ACCOUNT.format(address=address))
    with transaction.atomic(using="owner"), transaction.atomic():
        user = User.objects.db_manager("owner").create_user(
            address, password, name=name, is_operator=True
        )
        EmailAddress.objects.using("owner").create(
            user_id=user.pk, email=address, verified=True, primary=True
        )
        audit.record("operator created", by=None, obj=user)
    return user
