"""Another e-mail address: it takes effect once both the old one and the new one have agreed.

Whoever has taken over a session cannot move the account to their own mailbox, and nobody can
claim a mailbox that is not theirs. The old mailbox can also stop the change.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from organisations import audit
from organisations.actor import Actor
from organisations.demo_accounts import is_shared
from organisations.models import EmailChange, User
from organisations.outbox import send_account_mail
from organisations.tenancy.scope import acting

Side = Literal["old", "new"]
OPEN_FOR = timedelta(days=1)
SALT = "tandem.email-change"


@transaction.atomic
def ask(*, by: Actor, user: User, new_email: str) -> EmailChange:
    """Ask both addresses. A wish that was open before is stopped.

    An address that has an account already gets another e-mail, and the asker the same answer.
    Raises ValidationError for a shared demo account and for the address that is there already.
    """
    if is_shared(user):
        raise ValidationError("This demo account is used by many people and keeps its address.")
    new_email = new_email.strip().lower()
    if new_email == user.email:
        raise ValidationError({"new_email": "This is your email address already"})
    now = timezone.now()
    for each in _open(user):
        each.stopped_at = now
        each.save(update_fields=["stopped_at"])
    change = EmailChange.objects.create(
        user=user,
        old_email=user.email,
        new_email=new_email,
        asked_at=now,
        expires_at=now + OPEN_FOR,
    )
    audit.record("email change asked for", by=by, obj=change)
    _mail("old", change)
    _mail("taken" if _is_taken(new_email) else "new", change)
    return change


def pending_for(user: User) -> EmailChange | None:
    """The wish that is open, seen by its own person."""
    return _open(user).filter(expires_at__gt=timezone.now()).first()


def token_of(change: EmailChange, side: Side) -> str:
    """The secret part of the link that one of the two addresses gets."""
    return signing.dumps([change.pk, change.user_id, side], salt=SALT, compress=True)


def find(token: str) -> tuple[EmailChange, Side] | None:
    """The change behind a link while it can still be answered; None otherwise.

    The link names the person, in whose name it is read: nobody need be signed in.
    """
    try:
        pk, user_id, side = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    with acting(Actor(user_id).scope), transaction.atomic():
        change = (
            EmailChange.objects.select_related("user")
            .filter(pk=pk, user_id=user_id, stopped_at=None, done_at=None)
            .filter(expires_at__gt=timezone.now())
            .first()
        )
    return None if change is None else (change, side)


@transaction.atomic
def agree(change: EmailChange, side: Side) -> bool:
    """One of the two addresses agrees; True when the change has taken effect with it.

    Raises ValidationError when the new address has an account of its own by now.
    """
    by = Actor(change.user_id)
    with acting(by.scope):
        change = EmailChange.objects.select_for_update().get(pk=change.pk)
        name = f"{side}_agreed_at"
        setattr(change, name, timezone.now())
        change.save(update_fields=[name])
        audit.record(f"email change agreed by the {side} address", by=by, obj=change)
        if not (change.old_agreed_at and change.new_agreed_at):
            return False
        _take_effect(change, by)
    return True


@transaction.atomic
def stop(change: EmailChange, *, by: Actor) -> None:
    """The old address, or the person, does not want it after all."""
    with acting(by.scope):
        change.stopped_at = timezone.now()
        change.save(update_fields=["stopped_at"])
        audit.record("email change stopped", by=by, obj=change)


def _take_effect(change: EmailChange, by: Actor) -> None:
    user = change.user
    if user.email != change.old_email or _is_taken(change.new_email):
        raise ValidationError("This address cannot be used any more. Ask for the change again.")
    change.done_at = timezone.now()
    change.save(update_fields=["done_at"])
    try:
        with transaction.atomic():
            user.email = change.new_email
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user_id=user.pk).delete()
            EmailAddress.objects.create(
                user_id=user.pk, email=change.new_email, verified=True, primary=True
            )
    except IntegrityError as taken:
        raise ValidationError("This address cannot be used any more.") from taken
    audit.record("email changed", by=by, obj=user)
    _mail("done", change)


def _is_taken(email: str) -> bool:
    taken: bool = EmailAddress.objects.filter(email__iexact=email).exists()
    return taken or User.objects.filter(email=email).exists()


def _open(user: User) -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(user_id=user.pk, stopped_at=None, done_at=None)


SUBJECTS = {
    "old": "Somebody wants to change your email address",
    "new": "Confirm your new email address",
    "taken": "This address has an account already",
    "done": "Your email address is changed",
}


def _mail(kind: str, change: EmailChange) -> None:
    side: Side = "old" if kind == "old" else "new"
    link = f"{settings.BASE_URL}{reverse('account_email_answer', args=[token_of(change, side)])}"
    text = render_to_string(
        f"account/email/email_change_{kind}.txt",
        {
            "change": change,
            "link": link,
            "sign_in": f"{settings.BASE_URL}{reverse('account_login')}",
        },
    )
    recipient = change.old_email if kind in ("old", "done") else change.new_email
    send_account_mail(EmailMessage(SUBJECTS[kind], text, to=[recipient]))
