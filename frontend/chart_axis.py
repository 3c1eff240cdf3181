"""The upright axis of a chart: from nothing to a round number, in at most five steps.

It is made of the values that are shown and of nothing else, so that it says nothing about
those that are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from frontend.chart_text import number

TICKS = 5
# 2.5 only from 25 upwards, where it is a whole number: 0, 25, 50, 75, 100.
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))
FEWEST_FOR_EVEN = 3
SMALLEST_PLAIN = Decimal("0.01")
# Up to which greatest number the ticks are divided by which power of ten, and what that is called.
SCALES = (
    (Decimal(100_000), 0, ""),
    (Decimal(10**7), 3, "in thousands"),
    (Decimal(10**10), 6, "in millions"),
    (Decimal(10**13), 9, "in billions"),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """From 0 to `top`, a tick each `step`; `scale` says by what the ticks' words are divided."""

    top: Decimal
    step: Decimal
    power: int
    scale: str

    def share(self, value: Decimal | int) -> float:
        """How far up the axis a value lies: 0 at its foot, 1 at its top."""
        return min(float(Decimal(value) / self.top), 1.0)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where the ticks are, as shares, and what they say."""
        for count in range(TICKS):
            value = self.step * count
            if value <= self.top:
                text = number(value.scaleb(-self.power))
                yield self.share(value), text.rstrip("0").rstrip(".") if "." in text else text


def axis(greatest: Decimal, *, ceiling: Decimal | None, whole: bool) -> Axis:
    """The axis for values up to `greatest`, or up to the `ceiling` that they cannot pass.

    With `whole` no tick stands between two whole numbers.
    """
    greatest = ceiling if ceiling is not None else greatest or Decimal(1)
    steps = [step for step in _steps(greatest) if step >= 1 or not whole]
    fit = [step for step in steps if _count(greatest, step) < TICKS]
    step = fit[0]
    top = step * _count(greatest, step)
    if ceiling is not None:
        top = ceiling
        even = [s for s in fit if ceiling % s == 0 and ceiling / s + 1 >= FEWEST_FOR_EVEN]
        step = (even or fit)[0]
    for limit, power, words in SCALES:
        if SMALLEST_PLAIN <= top < limit:
            return Axis(top, step, power, words)
    power = top.adjusted()
    return Axis(top, step, power, f"times 10 to the power {power}")


def _steps(greatest: Decimal) -> Iterator[Decimal]:
    """Round numbers around a fifth of `greatest`, from small to large."""
    around = greatest.adjusted()
    for exponent in range(around - 1, around + 2):
        for step in STEPS:
            if step == step.to_integral_value() or exponent >= 1:
                yield step.scaleb(exponent)


def _count(greatest: Decimal, step: Decimal) -> int:
    return int((greatest / step).to_integral_value(ROUND_CEILING))
