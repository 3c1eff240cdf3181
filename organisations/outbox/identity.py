"""What a delivery is known by outside: a function of its unique key, the same for every copy."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from organisations.models import Delivery

# Part of every Message-ID: changing it would make a resent message look like a new one.
KEY_SEPARATOR = "\n"
# A proof is needed to believe what comes back by e-mail, where anybody may write.
PROOF_SALT = "tandem.returned-mail"
# A reply repeats the Message-ID, so that whoever is replied to knows its proof. This one stands in
# a header that no reply repeats: only the e-mail itself has it.
WHOLE_SALT = "tandem.returned-whole-mail"
PROOF_LENGTH = 20
# A subject that may stand in a Message-ID as it is; every reference of ours is one.
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")


def message_id(delivery: Delivery) -> str:
    """The same for every copy of one delivery: decided by its unique key, our domain and our key.

    The reference and its proof stand in it, because some mail servers return no other header.
    """
    reference = reference_of(delivery)
    if not PLAIN.fullmatch(delivery.subject):
        reference = digest_of(delivery)
    return f"<{reference}.{proof_of(reference)}@{urlsplit(settings.BASE_URL).hostname}>"


def proof_of(reference: str, *, key: str | None = None, salt: str = PROOF_SALT) -> str:
    """Twenty digits that only our e-mail carries."""
    made = salted_hmac(salt, reference, secret=key, algorithm="sha256")
    return made.hexdigest()[:PROOF_LENGTH]


def proves(reference: str, proof: str, *, salt: str = PROOF_SALT) -> bool:
    """Whether the proof is that of the reference, by the present secret key or a former one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(proof, proof_of(reference, key=key, salt=salt)) for key in keys
    )


def reference_of(delivery: Delivery) -> str:
    """What a provider knows a delivery by: a function of its unique key alone, and no secret."""
    return f"{delivery.subject}.{digest_of(delivery)}"


def digest_of(delivery: Delivery) -> str:
    """The unique key in forty digits; `tandem.delivery_behind` works out the same."""
    key = KEY_SEPARATOR.join(
        (
            delivery.kind,
            delivery.subject,
            delivery.recipient,
            str(delivery.offset_minutes),
            str(delivery.revision),
        )
    )
    return hashlib.sha256(key.encode()).hexdigest()[:40]
