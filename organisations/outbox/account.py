"""E-mails about somebody's account: confirm an address, set a new password, and the like.

Their text exists nowhere else, so it waits in the delivery's payload, which is emptied once
the message has gone. They belong to no organisation, and only the worker can read them.
"""

from __future__ import annotations

from django.core.mail import EmailMessage, EmailMultiAlternatives

from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox.asking import enqueue
from organisations.outbox.kinds import Kind, NotNeeded, register
from organisations.references import new_ref

HTML = "text/html"


def send_account_mail(message: EmailMessage, *, by: Actor | None = None) -> None:
    """Leave a message that somebody else has written to the outbox, once for each recipient.

    `by` is taken so that no caller passes an organisation by mistake: there is none.
    """
    html = next(
        (part.content for part in getattr(message, "alternatives", ()) if part.mimetype == HTML), ""
    )
    payload = {"subject": str(message.subject), "text": str(message.body), "html": str(html)}
    if message.content_subtype == "html":
        raise ValueError("an account e-mail needs a plain text")
    for recipient in message.recipients():
        enqueue(kind=ACCOUNT.name, subject=new_ref(), recipient=recipient, by=None, payload=payload)


def _compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    payload = delivery.payload
    message = EmailMultiAlternatives(
        subject=" ".join(payload["subject"].split()), body=payload["text"], to=[delivery.recipient]
    )
    if payload.get("html"):
        message.attach_alternative(payload["html"], HTML)
    return message


ACCOUNT = Kind(name="account", label="About your account", compose=_compose)
register(ACCOUNT)
