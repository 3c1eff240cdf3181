"""Which identities at providers sign a person in: finding, linking, unlinking.

A link is made by somebody who is signed in, and by nothing else. What a provider says of an
e-mail address finds nobody, however well it is confirmed there.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from organisations import audit
from organisations.actor import Actor
from organisations.demo_accounts import is_shared
from organisations.models import LinkedSignIn, User
from organisations.signing_in.oidc_client import Identity
from organisations.signing_in.on_record import as_person, put_on_record
from organisations.signing_in.provider_settings import OidcProvider


def person_of(identity: Identity) -> User | None:
    """Whom an identity signs in; None when nobody has linked it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.find_linked_person(%s, %s)", [identity.issuer, identity.subject]
        )
        (user_id,) = cursor.fetchone() or (None,)
    return User.objects.filter(pk=user_id).first() if user_id is not None else None


def used(identity: Identity, user: User) -> None:
    """An identity has just signed its person in."""
    with as_person(user.pk):
        mine = LinkedSignIn.objects.get(issuer=identity.issuer, subject=identity.subject)
        mine.last_used_at, mine.shown_as = timezone.now(), identity.shown_as
        mine.save(update_fields=["last_used_at", "shown_as"])
        put_on_record("signed in by a provider", user, about=mine)


@transaction.atomic
def link(*, by: Actor, user: User, provider: OidcProvider, identity: Identity) -> LinkedSignIn:
    """Let an identity sign in the person who is signed in now.

    Raises ValidationError where it signs in somebody, or the person has one there already.
    """
    if is_shared(user):
        raise ValidationError("This demo account is used by many people: nothing is linked to it.")
    try:
        with transaction.atomic():
            made = LinkedSignIn.objects.create(
                user=user,
                provider=provider.id,
                issuer=identity.issuer,
                subject=identity.subject,
                shown_as=identity.shown_as,
            )
    except IntegrityError as taken:
        raise ValidationError(
            f"That {provider.name} account cannot be linked: it is linked already, "
            "here or to another account."
        ) from taken
    audit.record("provider linked", by=by, obj=made)
    get_adapter().send_notification_mail(
        "account/email/provider_linked", user, {"provider": provider.name}
    )
    return made


@transaction.atomic
def unlink(*, by: Actor, user: User, provider_id: str) -> None:
    """Stop an identity from signing in. Raises ValidationError where no other way would be left."""
    mine = LinkedSignIn.objects.filter(user_id=user.pk, provider=provider_id).first()
    if mine is None:
        return
    others = (
        user.has_usable_password()
        or LinkedSignIn.objects.filter(user_id=user.pk).exclude(pk=mine.pk).exists()
        or Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists()
    )
    if not others:
        raise ValidationError("Set a password first: you would have no other way to sign in.")
    audit.record("provider unlinked", by=by, obj=mine)
    mine.delete()
    get_adapter().send_notification_mail(
        "account/email/provider_unlinked", user, {"provider": provider_id}
    )
