"""When ten digits are a telephone number whose first 0 was lost, or an international one.

A number that begins with its 0 has eleven digits and is never taken for an NHS number.
Without it, words and prefixes decide, and only for the first digits that telephone
numbers have after the 0: England's NHS numbers begin with 4, 6 or 70, telephone numbers
do not, so a word like "call" never lets a patient's number through.
"""

from __future__ import annotations

import re

from organisations.guard_rail.reading import SPACES, Reading

# Ofcom's National Telephone Numbering Plan: 01 and 02 places, 03 UK-wide, 055 and 056,
# 071 to 079 mobiles and pagers, 08 special rate. 09 is left out: nobody publishes a
# school's premium rate number, and the NHS's own test numbers begin with 9.
_NATIONAL = re.compile(r"[12358]|7[1-9]")
_INTERNATIONAL_PREFIX = re.compile(r"00[0-9]{0,3}")
_LABELS = frozenset(
    {"tel", "telephone", "telephoning", "phone", "phones", "phoned", "phoning", "sms", "whatsapp"}
    | {"mobile", "mob", "cell", "landline", "fax", "hotline", "helpline", "switchboard"}
    | {"call", "calls", "calling", "called", "ring", "rings", "ringing", "rang", "dial"}
    | {"freephone"}
)
_LABELS_CLOSE_BY = frozenset({"text", "texted", "contact", "reception", "office"})
_LABELS_AFTER = frozenset({"tel", "telephone", "phone", "mobile", "mob", "fax", "landline", "cell"})
_FIELD_LABELS = frozenset({"tel", "telephone", "phone", "mobile", "fax", "landline"})
_NOT_A_TELEPHONE = frozenset({"nhs", "chi", "hcn", "patient"})
# "T: 121 496 0000", as on a letterhead.
_LETTERHEAD = re.compile(r"(?<![^\W_])[TtMm] ?[:.]\s{0,3}\Z")
_WORDS_BACK, _WORDS_CLOSE_BY = 6, 2
_LINK = re.compile(rf"[{SPACES}().\-]{{1,4}}")
_GROUPS_BACK = 3


def is_telephone_number(reading: Reading, first: int, last: int, digits: str) -> bool:
    """Whether the ten `digits` of the groups `first` to `last` are a telephone number."""
    if _is_international(reading, first) or _is_short_area_code(reading, first, last, digits):
        return True
    if not _NATIONAL.match(digits):
        return False
    return _has_trunk_prefix(reading, first) or _is_labelled(reading, first, last)


def _linked_before(reading: Reading, group: int) -> bool:
    """Whether another group stands just before this one on the same line."""
    return (
        group > 0
        and _LINK.fullmatch(reading.between(group - 1)) is not None
        and not reading.breaks(group - 1)
    )


def _is_international(reading: Reading, first: int) -> bool:
    """A plus sign before the number or before the country code that leads to it."""
    for group in range(first, max(-1, first - _GROUPS_BACK), -1):
        start = reading.groups[group][0]
        if reading.before(start) == "+" and not reading.before(start - 1).isalnum():
            return True
        if not _linked_before(reading, group):
            return False
    return False


def _is_short_area_code(reading: Reading, first: int, last: int, digits: str) -> bool:
    """The few United Kingdom numbers of ten digits, such as 01204 65919 or 016977 3555."""
    return last == first + 1 and digits[0] == "0" and reading.size(first) in (5, 6)


def _has_trunk_prefix(reading: Reading, first: int) -> bool:
    """A lone 0, 44, or 00 with or without a country's code, just before."""
    if not _linked_before(reading, first):
        return False
    prefix = reading.digits(first - 1, first - 1)
    return prefix in ("0", "44") or _INTERNATIONAL_PREFIX.fullmatch(prefix) is not None


def _is_labelled(reading: Reading, first: int, last: int) -> bool:
    if reading.label_words & _FIELD_LABELS:
        return True
    start, end = reading.groups[first][0], reading.groups[last][1]
    if _LETTERHEAD.search(reading.text_before(start)):
        return True
    words = reading.words_before(start, _WORDS_BACK)
    for distance, word in enumerate(reversed(words)):
        if word in _NOT_A_TELEPHONE:
            return False
        if word in _LABELS or (word in _LABELS_CLOSE_BY and distance < _WORDS_CLOSE_BY):
            return True
    return reading.word_after(end) in _LABELS_AFTER
