"""NHS numbers in a text.

Here: the check digit, the spellings that are read as one number, and what else ten digits
may be. An identifier let through does harm and a refused reference costs a retyping, so
where a number could be either it is refused: of ten digits written at random one in
eleven passes the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from organisations.guard_rail.findings import Finding, IdentifierKind
from organisations.guard_rail.reading import DOTS, Reading
from organisations.guard_rail.telephones import is_telephone_number

_LENGTH = 10
# By the size of the first group.
_SHAPES_FROM = {10: ((10,),), 3: ((3, 3, 4), (3, 7)), 5: ((5, 5),), 6: ((6, 4),)}
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = frozenset("£$€¥\uffe1\uff04")
_LETTERS_BEFORE = re.compile(r"[A-Za-z]+\Z")
# Letters written onto a number make it a code, unless they are the end of one of these.
_NAMES_OF_THE_NUMBER = (
    "nhs", "no", "num", "number", "id", "chi", "hcn", "patient", "pupil", "child", "student",
)  # fmt: skip
_REFERENCE_PREFIX = re.compile(
    r"(?<![A-Za-z])(?:ref|inv|invoice|po|ord|order|req|inc|tkt|ticket|sku)[-_]\Z", re.IGNORECASE
)
_CODE_AFTER = re.compile(r"[A-Za-z]{1,2}\d")
# An address that says that it carries the number is no excuse.
_NAMED_IN_ADDRESS = re.compile(r"nhs[-_]?(?:no|num|number|id)[=:/]\Z", re.IGNORECASE)


def has_valid_check_digit(digits: str) -> bool:
    """The modulus 11 check of the NHS Data Dictionary, over ten digits.

    >>> has_valid_check_digit("9434765919"), has_valid_check_digit("9434765918")
    (True, False)
    """
    total = sum(
        weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[-1])


def find_nhs_numbers(reading: Reading) -> Iterator[Finding]:
    """Every run of ten digits that passes the check and is nothing else."""
    for first, last in _spellings(reading):
        digits = reading.digits(first, last)
        if has_valid_check_digit(digits) and not _is_something_else(reading, first, last, digits):
            span = reading.original_span(reading.groups[first][0], reading.groups[last][1])
            yield Finding(IdentifierKind.NHS_NUMBER, *span)


def _spellings(reading: Reading) -> Iterator[tuple[int, int]]:
    """The first and last group of everything written like an NHS number."""
    sizes = [end - start for start, end in reading.groups]
    singles_before = 0
    for group, size in enumerate(sizes):
        for shape in _SHAPES_FROM.get(size, ()):
            last = group + len(shape) - 1
            if tuple(sizes[group : last + 1]) == shape and reading.joined(group, last):
                yield group, last
        follows = singles_before and reading.joined(group - 1, group)
        singles_before = (singles_before if follows else 0) + 1 if size == 1 else 0
        if singles_before == _LENGTH and not _single_follows(reading, sizes, group):
            yield group - _LENGTH + 1, group


def _single_follows(reading: Reading, sizes: list[int], group: int) -> bool:
    return sizes[group + 1 : group + 2] == [1] and reading.joined(group, group + 1)


def _is_something_else(reading: Reading, first: int, last: int, digits: str) -> bool:
    start, end = reading.groups[first][0], reading.groups[last][1]
    return (
        _is_part_of_longer(reading, first, last)
        or _is_two_numbers(reading, first, last, digits)
        or _is_two_lines(reading, first, last)
        or reading.before(start) in _MONEY
        or _is_code(reading, start, end)
        or _is_book_number(reading, first)
        or is_telephone_number(reading, first, last, digits)
        or _is_address(reading, start, end)
    )


def _is_part_of_longer(reading: Reading, first: int, last: int) -> bool:
    """A decimal, or ten digits within more groups joined by the same mark."""
    neighbours = {reading.between(first - 1), reading.between(last)} - {""}
    if first == last:
        return any(mark in DOTS for mark in neighbours)
    inner = reading.between(first)
    return not inner.isspace() and inner in neighbours


def _is_two_numbers(reading: Reading, first: int, last: int, digits: str) -> bool:
    """Six digits and a year, such as a school's URN and when it opened."""
    return last == first + 1 and reading.size(last) == 4 and _YEAR.fullmatch(digits[6:]) is not None


def _is_two_lines(reading: Reading, first: int, last: int) -> bool:
    """The end of one line and the beginning of a telephone number on the next."""
    for group in range(first, last):
        if reading.breaks(group):
            follows = reading.joined(last, last + 1) and not reading.breaks(last)
            return follows and reading.digits(group + 1, group + 1).startswith("0")
    return False


def _is_code(reading: Reading, start: int, end: int) -> bool:
    """Digits that are part of a reference with letters: INV-4505577104, AB4505577104."""
    near = reading.text_before(start)
    if letters := _LETTERS_BEFORE.search(near):
        return not letters[0].lower().endswith(_NAMES_OF_THE_NUMBER)
    if _REFERENCE_PREFIX.search(near):
        return True
    return _CODE_AFTER.match(reading.text, end) is not None


def _is_book_number(reading: Reading, first: int) -> bool:
    """An ISBN; those of ten digits have the very check digit of an NHS number."""
    if "isbn" in reading.words_before(reading.groups[first][0], 3):
        return True
    return (
        first > 0
        and reading.joined(first - 1, first)
        and reading.digits(first - 1, first - 1) in ("978", "979")
    )


def _is_address(reading: Reading, start: int, end: int) -> bool:
    return (
        reading.in_address(start, end)
        and _NAMED_IN_ADDRESS.search(reading.text_before(start)) is None
    )
