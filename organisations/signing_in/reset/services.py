"""Removing a second step that somebody has lost, so that they set up another."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.demo_accounts import is_shared
from organisations.models import User
from organisations.permissions import Permission
from organisations.signing_in import sessions
from organisations.signing_in.reset import mail


@transaction.atomic
def reset_second_step(*, by: Actor, email: str, how: str) -> User:
    """Remove the second step of whoever confirmed `email`, end their sessions, and tell them.

    `how` says how it was checked that it is them; operators alone read it. They set up another
    before anything opens to them. Raises ValidationError, keyed by field: for an address that
    nobody confirmed, one's own, a shared demo account, nothing to remove, no word how.
    """
    permissions.require(by, Permission.RESET_SECOND_STEP)
    if not how.strip():
        raise ValidationError({"how": "Say how you checked that it is them"})
    user = _person(by, email)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.reset_second_step(%s, %s)", [user.pk, how.strip()])
        (ended,) = cursor.fetchone()
    if ended is None:
        raise ValidationError({"email": f"{user} has set up no second step"})
    for session_key in ended:
        sessions.drop(session_key)
    audit.record(
        "second step reset by an operator",
        by=by,
        obj=user,
        changes={"user": [None, user.pk], "sessions_ended": len(ended)},
    )
    mail.say_reset(user)
    return user


def _person(by: Actor, email: str) -> User:
    address = (
        EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
        .select_related("user")
        .first()
    )
    if address is None:
        raise ValidationError({"email": "Nobody has confirmed this address"})
    user: User = address.user
    if user.pk == by.user_id:
        raise ValidationError({"email": "This is your own account. Ask another operator"})
    if is_shared(user):
        raise ValidationError({"email": "A demo account has no second step"})
    return user
