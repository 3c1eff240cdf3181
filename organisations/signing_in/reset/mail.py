"""The e-mail that tells somebody at once that their second step was removed.

It goes to every address that they have confirmed: whoever did not ask for it should see it.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from organisations import outbox
from organisations.models import Delivery, User
from organisations.references import new_ref

RESET = "second_step_reset"


def say_reset(user: User) -> None:
    """Tell them."""
    subject = new_ref()
    for address in EmailAddress.objects.filter(user=user, verified=True):
        outbox.enqueue(kind=RESET, subject=subject, recipient=address.email, by=None)


def _reset(delivery: Delivery) -> EmailMessage:
    return outbox.letter(
        RESET,
        subject="Your second step was removed",
        to=delivery.recipient,
        context={"page": f"{settings.BASE_URL}{reverse('account_login')}"},
    )


def register() -> None:
    """Make this kind known to the outbox."""
    outbox.register(outbox.Kind(name=RESET, label="Second step removed", compose=_reset))
