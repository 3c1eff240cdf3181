"""Unique pupil numbers (UPNs) in a text.

Here: the check letter and the spellings. A permanent UPN is a check letter and twelve
digits; a temporary one a check letter, eleven digits and a letter (Department for
Education, Unique pupil numbers guidance). Letters and digits may be spaced or hyphenated
in any grouping, in capitals or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from organisations.guard_rail.findings import Finding, IdentifierKind
from organisations.guard_rail.reading import DOTS, HYPHENS, SLASHES, SPACES, Reading

_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"  # without I, O and S
_DIGITS, _TEMPORARY_DIGITS = 12, 11
_LETTER = "[A-HJ-NPQRT-Za-hj-npqrt-z]"
_JOIN = rf"[{SPACES}]{{0,2}}[_{SLASHES}{HYPHENS}{DOTS}]?[{SPACES}]?"
# The check letter stands alone, or straight after "UPN".
_LEADING = re.compile(rf"(?:(?<![A-Za-z0-9])|(?<=[Uu][Pp][Nn]))({_LETTER}){_JOIN}\Z")
_TRAILING = re.compile(rf"{_JOIN}({_LETTER})(?![A-Za-z0-9])")
_LETTER_REACH = 8
# An address that says that it carries the number is no excuse.
_NAMED_IN_ADDRESS = re.compile(r"upn[-_]?(?:no|num|number|id)?[=:/]\Z", re.IGNORECASE)


def check_letter(following: str) -> str:
    """The check letter for the twelve signs after it: weights 2 to 13, modulus 23.

    >>> check_letter("801200005001")
    'B'
    """
    return _ALPHABET[
        sum(
            weight * (int(sign) if sign.isdigit() else _ALPHABET.index(sign))
            for weight, sign in enumerate(following, start=2)
        )
        % len(_ALPHABET)
    ]


def find_upns(reading: Reading) -> Iterator[Finding]:
    """Every UPN with the right check letter."""
    for group, (start, _) in enumerate(reading.groups):
        # The reach keeps one sign more than the pattern needs, for its look behind.
        reach_from = max(0, start - _LETTER_REACH)
        leading = _LEADING.search(reading.text[reach_from:start])
        if leading is None:
            continue
        letter = leading[1].upper()
        letter_at = reach_from + leading.start(1)
        for end, following in _continuations(reading, group, tight=start - letter_at == 1):
            if check_letter(following) == letter and not _is_address(reading, letter_at, end):
                yield Finding(IdentifierKind.UPN, *reading.original_span(letter_at, end))
                break


def _continuations(reading: Reading, first: int, *, tight: bool) -> Iterator[tuple[int, str]]:
    """What may follow a check letter: where it ends, and its twelve signs."""
    total = 0
    for last in range(first, min(first + _DIGITS, len(reading.groups))):
        total += reading.size(last)
        if total > _DIGITS or not reading.joined(first, last):
            return
        end = reading.groups[last][1]
        if total == _DIGITS and not _is_alphanumeric(reading.after(end)):
            digits = reading.digits(first, last)
            # "M 44 7700 900123" is a mobile number; no council's code begins with 44.
            if tight or not digits.startswith("44"):
                yield end, digits
        elif total == _TEMPORARY_DIGITS:
            trailing = _TRAILING.match(reading.text, end)
            digits = reading.digits(first, last)
            # "a 0121 496 0000 b" is a telephone number; no council's code begins so.
            if trailing and ((tight and last == first) or digits[0] != "0"):
                yield trailing.end(1), digits + trailing[1].upper()


def _is_address(reading: Reading, start: int, end: int) -> bool:
    return (
        reading.in_address(start, end)
        and _NAMED_IN_ADDRESS.search(reading.text_before(start)) is None
    )


def _is_alphanumeric(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
