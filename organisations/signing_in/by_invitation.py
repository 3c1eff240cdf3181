"""An account opened through an invitation, by whoever a provider says has come with its link.

The link proves the mailbox it was sent to; nobody without it gets this far. That the provider
names the same address is asked besides, so that a link passed on opens nothing for somebody else.
Neither finds an account that is there already: who has one signs in to it, and links it there.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q

from organisations.actor import Actor
from organisations.models import User
from organisations.people import links
from organisations.people.links import LinkState
from organisations.signing_in import oidc_links
from organisations.signing_in.oidc_client import Identity, ProviderRefused
from organisations.signing_in.on_record import as_person, put_on_record
from organisations.signing_in.provider_settings import OidcProvider

ENDED = "invitation ended"
ANOTHER = "another address was invited"
HAS_ACCOUNT = "the invited address has an account"


@transaction.atomic
def open_account(*, provider: OidcProvider, identity: Identity, token: str) -> User:
    """The account of an invited person, confirmed and linked to the identity, without a password.

    It belongs to nothing yet: they accept the invitation on its page. Raises ProviderRefused for
    an invitation that is not open, was sent to another address, or to one that has an account.
    """
    found = links.find(token)
    if found is None or found.state is not LinkState.OPEN:
        raise ProviderRefused(ENDED)
    if not identity.email or not _was_sent_to(found.ref, found.sending, identity.email):
        raise ProviderRefused(ANOTHER)
    with_it = EmailAddress.objects.filter(email__iexact=identity.email).values("user_id")
    if User.objects.filter(Q(email=identity.email) | Q(pk__in=with_it)).exists():
        raise ProviderRefused(HAS_ACCOUNT)
    user = User.objects.create_user(identity.email, None, name=identity.name)
    with as_person(user.pk):
        put_on_record("account created", user)
        address = EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
        put_on_record("email address confirmed", user, about=address)
        oidc_links.link(by=Actor(user.pk), user=user, provider=provider, identity=identity)
    return user


def _was_sent_to(ref: str, sending: int, email: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.invitation_is_for(%s, %s, %s)", [ref, sending, email])
        (sent,) = cursor.fetchone()
    return bool(sent)
