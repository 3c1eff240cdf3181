"""The rules for small numbers that public bodies use, and the strictest of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

PRESETS_FILE = Path(__file__).parent / "data" / "presets.yaml"
JOINED = "strictest:"
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Rule:
    """What is masked, how the rest is rounded, and from how many people a share may be shown."""

    key: str
    name: str
    mask_from: int
    mask_to: int
    round_to: int | None
    averages_min_n: int
    min_base: int

    def __post_init__(self) -> None:
        if not 0 <= self.mask_from <= 1 <= self.mask_to:
            raise ValueError(f"{self.key}: a mask starts at 0 or 1 and reaches 1 at least.")
        if self.round_to is not None and self.round_to < 1:
            raise ValueError(f"{self.key}: rounded to whole steps of at least 1, or not at all.")
        if min(self.averages_min_n, self.min_base) < 0:
            raise ValueError(f"{self.key}: so many people, not fewer than none.")

    @property
    def width(self) -> int:
        """How far apart the ends of the mask are."""
        return self.mask_to - self.mask_from

    @property
    def step(self) -> int:
        """To which multiples figures are rounded; 1 when they are not."""
        return self.round_to or 1

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        """What the rule does, whatever it is called."""
        return (self.mask_from, self.mask_to, self.step, self.averages_min_n, self.min_base)

    @property
    def code(self) -> str:
        """What the rule does as one word, to be kept beside what was published by it."""
        return "-".join(str(part) for part in self.parts)

    def masks(self, value: int) -> bool:
        """Whether a figure of this value is masked."""
        return self.mask_from <= value <= self.mask_to

    def rounded(self, value: int) -> int:
        """What is shown of a value that is not masked; half a step goes up.

        A value above the mask never becomes 0, which would say that there was nobody.
        """
        return max((value + self.step // 2) // self.step, min(value, 1)) * self.step

    def interval(self, shown: int) -> tuple[int, int]:
        """The least and the greatest value that is shown so."""
        if shown == 0:
            return 0, 0
        least = shown - self.step // 2 if shown > self.step else 0
        return max(least, self.mask_to + 1), shown + (self.step - 1) // 2


def stricter(rules: Iterable[Rule]) -> Rule:
    """The strictest of each part; the default when there are no rules.

    However the rules are ordered and grouped, the same comes out: the one among them that is as
    strict as all together, or else a rule that is called after what it does.
    """
    given = list(rules)
    if not given:
        return DEFAULT
    mask_from, *most = (
        (min if place == 0 else max)(column)
        for place, column in enumerate(zip(*(rule.parts for rule in given), strict=True))
    )
    parts = (mask_from, *most)
    alike = [rule for rule in given if rule.parts == parts]
    if not alike:
        return _joined(mask_from, *most)
    return min(alike, key=lambda rule: (rule.key.startswith(JOINED), rule.key, rule.name))


@lru_cache
def rule_of(code: str) -> Rule:
    """The rule that does what a code says (`Rule.code`); a preset where one does.

    >>> rule_of("1-7-5-8-0") == DEFAULT
    True
    """
    mask_from, *most = (int(part) for part in code.split("-"))
    return stricter([_joined(mask_from, *most), *(p for p in PRESETS.values() if p.code == code)])


def _joined(mask_from: int, mask_to: int, step: int, averages_min_n: int, min_base: int) -> Rule:
    parts = (mask_from, mask_to, step, averages_min_n, min_base)
    name = f"Mask {mask_from}–{mask_to}, " + (f"round to {step}" if step > 1 else "no rounding")
    key = JOINED + "-".join(map(str, parts))
    round_to = step if step > 1 else None
    return Rule(key, name, mask_from, mask_to, round_to, averages_min_n, min_base)


def _load() -> Mapping[str, Rule]:
    rows = yaml.safe_load(PRESETS_FILE.read_text(encoding="utf-8"))["presets"]
    return MappingProxyType({row["key"]: _preset(row) for row in rows})


def _preset(row: dict[str, Any]) -> Rule:
    """A row of the file; a smallest group is read as a mask up to one below it."""
    rules = row["rules"]
    smallest = rules.get("cohort_min") or rules.get("min_answers")
    mask_to = smallest - 1 if smallest else rules["mask_to"]
    return Rule(
        key=row["key"],
        name=row["name"],
        mask_from=rules.get("mask_from", 1),
        mask_to=mask_to,
        round_to=rules.get("round_to"),
        averages_min_n=rules.get("averages_min_n", mask_to + 1),
        min_base=smallest or 0,
    )


PRESETS: Mapping[str, Rule] = _load()
DEFAULT = PRESETS["nhs_sub_national"]
