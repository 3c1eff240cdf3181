"""Passwords that are known from breaches: refused by a list we carry, asking nobody.

`reference/passwords/` has the list, where it comes from and its licence: the first bytes of
each password's hash, sorted, so that a look-up takes a few comparisons and no memory to speak of.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

LIST = Path(__file__).resolve().parents[2] / "reference" / "passwords" / "common.bin"
# Of 90,000 entries and 2^48 values, one password in three thousand million is refused wrongly.
WIDTH = 6
# What people put before and after a word to make it longer.
DECORATION = re.compile(r"^[\d\W_]+|[\d\W_]+$")
LOOKALIKES = str.maketrans("01345$@!", "oieassai")
SHORTEST_WORD = 5


class NotACommonPassword:
    """Refuses a password known from a breach, also with numbers or symbols put around it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that anybody guessing would try."""
        if is_common(password):
            raise ValidationError(
                "This password is known from data breaches, or is one with numbers added. "
                "Choose another: three random words make a good password.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """The rule, for whoever lists them all."""
        return "Your password can’t be one that is known from data breaches."


def is_common(password: str) -> bool:
    """Whether the list has it, or what is left of it without what people add."""
    typed = password.lower().strip()
    plain = DECORATION.sub("", typed)
    candidates = {typed, plain, plain.translate(LOOKALIKES), typed.translate(LOOKALIKES)}
    candidates |= {DECORATION.sub("", each) for each in candidates}
    candidates |= {_once(each) for each in candidates}
    return any(_is_listed(each) for each in candidates if len(each) >= SHORTEST_WORD)


def pack(passwords: set[str]) -> bytes:
    """The list as it is stored."""
    return b"".join(sorted({_key(each.lower()) for each in passwords}))


def _once(text: str) -> str:
    """A text that is the same thing twice or more, once: "passwordpassword"."""
    repeated = re.fullmatch(r"(.{3,}?)\1+", text)
    return repeated[1] if repeated else text


def _key(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()[:WIDTH]


@cache
def _list() -> bytes:
    return LIST.read_bytes()


def _is_listed(password: str) -> bool:
    listed, wanted = _list(), _key(password)
    low, high = 0, len(listed) // WIDTH
    while low < high:
        middle = (low + high) // 2
        found = listed[middle * WIDTH : (middle + 1) * WIDTH]
        if found == wanted:
            return True
        if found < wanted:
            low = middle + 1
        else:
            high = middle
    return False
