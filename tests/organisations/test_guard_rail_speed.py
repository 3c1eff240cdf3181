"""The guard-rail's work grows with the length of the text and no faster, whatever the text.

Work is counted, not timed: the interpreter's steps inside the guard-rail, and the shape of
its patterns, whose matching is not counted by those steps.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from types import FrameType
from typing import Any

import pytest

import organisations.guard_rail
from organisations.guard_rail import find_identifiers

HARD_TEXTS = {
    "digits": "9",
    "single digits": "9 ",
    "pairs": "94 ",
    "numbers": "943 476 5919 ",
    "numbers without gap": "943-476-5919-",
    "bare numbers": "9434765919 ",
    "telephones": "tel 121 496 0000 ",
    "letters": "abcdefgh",
    "spaces": " ",
    "dots": "a.",
    "domains": "a.b.c.uk/",
    "slashes": "/",
    "at signs": "a@",
    "addresses": "a@b.c ",
    "long address": "https://9434765919/",
    "schemes": "a://",
    "unseen": "9\u200b",
    "combining": "e\u0301",
    "upns": "B801200005001 ",
    "spaced letters": "b 8 ",
    "breaks": "943\n476\n5919\n",
    "plus signs": "+1 +1 121 496 0000 ",
    "brackets": "(0) (0) ",
    "births": "dob ",
    "dates of birth": "dob 3/4/2012 ",
}


def steps_for(text: str) -> int:
    """How many interpreter steps inside the guard-rail a text takes."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if "guard_rail" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find_identifiers(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_twice_the_text_is_twice_the_work(piece):
    once, twice = (steps_for(piece * (size // len(piece))) for size in (2_000, 4_000))
    assert twice <= 2.1 * once + 200
    assert once <= 200 * 2_000


# The only account of a pattern's structure that Python has.
_constants: Any = importlib.import_module("re._constants")
_parser: Any = importlib.import_module("re._parser")


def patterns() -> list[re.Pattern[str]]:
    modules = [
        importlib.import_module(f"organisations.guard_rail.{found.name}")
        for found in pkgutil.iter_modules(organisations.guard_rail.__path__)
    ]
    return [value for m in modules for value in vars(m).values() if isinstance(value, re.Pattern)]


def nested_repeats(tree: Any, *, inside: bool = False) -> bool:
    """Whether an unbounded repeat holds another repeat: the cause of runaway matching."""
    for operation, argument in tree:
        repeats = operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
        if repeats and inside:
            return True
        unbounded = repeats and argument[1] is _constants.MAXREPEAT
        parts = argument if isinstance(argument, tuple | list) else []
        for part in parts:
            branches = part if isinstance(part, list) else [part]
            for branch in branches:
                if isinstance(branch, _parser.SubPattern) and nested_repeats(
                    branch, inside=inside or unbounded
                ):
                    return True
    return False


def test_no_pattern_repeats_a_repeat_without_bound():
    assert len(patterns()) >= 10
    for pattern in patterns():
        assert not nested_repeats(_parser.parse(pattern.pattern, pattern.flags)), pattern.pattern
    assert nested_repeats(_parser.parse("(a+)+b"))  # the check itself works


@pytest.mark.parametrize("piece", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_a_megabyte_is_read_to_its_end(piece):
    text = piece * (1_000_000 // len(piece)) + " and 943 476 5919"
    assert find_identifiers(text)[-1].end == len(text)
