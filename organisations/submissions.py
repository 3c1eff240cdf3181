"""A form posted twice is carried out once.

Every form that writes carries a signed random key. The first post stores the key in its own
transaction; the second waits for it, finds the key taken, and is led to the same result.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import Submission

SALT = "tandem.submission"
KEPT_FOR = timedelta(days=7)


class AlreadyDone(Exception):
    """This form has been received before; `result_url` is where it led."""

    def __init__(self, result_url: str) -> None:
        super().__init__("already done")
        self.result_url = result_url


def new_token(user_id: int) -> str:
    """A signed key for one form shown to one person."""
    return signing.dumps([user_id, uuid.uuid4().hex], salt=SALT)


def read_token(token: str, user_id: int) -> uuid.UUID:
    """The key in a form's token.

    Raises signing.BadSignature for one that is forged or was shown to somebody else.
    """
    owner, key = signing.loads(token, salt=SALT)
    if owner != user_id:
        raise signing.BadSignature("shown to somebody else")
    return uuid.UUID(key)


def owner_of(token: str) -> int | None:
    """To whom a form was shown; None for a forged token."""
    try:
        return int(signing.loads(token, salt=SALT)[0])
    except signing.BadSignature:
        return None


def receive(key: uuid.UUID, *, by: Actor, result_url: str = "") -> Submission:
    """Take a form in, inside the transaction that carries it out.

    Raises AlreadyDone when it was taken in before; waits for a first post still under way.
    """
    Submission.objects.filter(
        user_id=by.user_id, received_at__lt=timezone.now() - KEPT_FOR
    ).delete()
    try:
        with transaction.atomic():
            return Submission.objects.create(key=key, user_id=by.user_id, result_url=result_url)
    except IntegrityError:
        done = Submission.objects.filter(key=key).values_list("result_url", flat=True).first()
        raise AlreadyDone(done or "/") from None


def refuse_repeat(key: uuid.UUID) -> None:
    """Raise AlreadyDone for a form that was taken in before.

    For forms whose own questions change once they have been carried out; `receive` asks again.
    """
    done = Submission.objects.filter(key=key).values_list("result_url", flat=True).first()
    if done is not None:
        raise AlreadyDone(done or "/")


def led_to(submission: Submission, result_url: str) -> None:
    """Say where a form led, for whoever posts it again."""
    submission.result_url = result_url
    submission.save(update_fields=["result_url"])
