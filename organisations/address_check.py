"""What an e-mail address says about who someone works for: a hint to an operator, no proof.

A look-alike is what a fraud would register, so it is the one thing that is shouted; and an
address in letters that pass for others gets no account.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from enum import StrEnum
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, validate_email

# Alike enough to be mistaken for the other at a glance.
ALIKE = 0.75
# Everyone in the NHS and its contractors may have one; it names no organisation.
ANY_NHS = "nhs.net"

NOT_PLAIN = (
    "Use an email address with the letters a to z only. "
    "Letters that look like them could be somebody else’s address"
)


class AddressMatch(StrEnum):
    """How the domain of an address stands to that of the organisation's website."""

    SAME = "same"
    ALIKE = "alike"
    NHS = "nhs"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def compare(email: str, website: str) -> AddressMatch:
    """Compare an address with a website as open data gives it (with or without a scheme)."""
    theirs = email.rpartition("@")[2].lower().rstrip(".")
    ours = domain_of(website)
    if _hides_letters(theirs):
        return AddressMatch.ALIKE
    if ours and (theirs == ours or theirs.endswith(f".{ours}")):
        return AddressMatch.SAME
    if theirs == ANY_NHS:
        return AddressMatch.NHS
    if not ours:
        return AddressMatch.UNKNOWN
    if ours.split(".")[0] in theirs or SequenceMatcher(None, theirs, ours).ratio() >= ALIKE:
        return AddressMatch.ALIKE
    return AddressMatch.DIFFERENT


def domain_of(website: str) -> str:
    """The domain of a website, without `www.`; empty when there is none."""
    address = website.strip()
    if not address:
        return ""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return host.lower().rstrip(".").removeprefix("www.")


def plain_email(address: str) -> None:
    """Raise ValidationError for an address that is none, or could be taken for another."""
    if not address.isascii() or _hides_letters(address.rpartition("@")[2].lower()):
        raise ValidationError(NOT_PLAIN, code="not_plain")
    validate_email(address)


def ask_for_plain_email(field: forms.Field) -> None:
    """Let a box for an address take a plain one only, and say so in one sentence."""
    others = [each for each in field.validators if not isinstance(each, EmailValidator)]
    field.validators = [plain_email, *others]


def _hides_letters(domain: str) -> bool:
    """Whether letters of another alphabet may pass for Latin ones."""
    return not domain.isascii() or any(part.startswith("xn--") for part in domain.split("."))
