"""Old dates matched with new ones: none lost, none doubled, in order, moved as little as can be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from partnerships.touchpoints.series_matching import matched, uncovered

DAYS = st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 31)), unique=True, max_size=12).map(
    sorted
)
FEW = st.lists(st.dates(date(2027, 1, 1), date(2027, 3, 1)), unique=True, max_size=6).map(sorted)


def apart(old: list[date], new: list[date], pairs: list[tuple[int, int]]) -> int:
    return sum(abs((old[mine] - new[theirs]).days) for mine, theirs in pairs)


@given(DAYS, DAYS)
def test_every_day_of_the_shorter_has_one_of_the_other_in_order(
    old: list[date], new: list[date]
) -> None:
    pairs = matched(old, new)
    assert len(pairs) == min(len(old), len(new))
    for place in (0, 1):
        used = [pair[place] for pair in pairs]
        assert all(before < after for before, after in pairwise(used))
    assert all(0 <= mine < len(old) and 0 <= theirs < len(new) for mine, theirs in pairs)


@given(FEW, FEW)
def test_no_other_way_in_order_moves_them_less(old: list[date], new: list[date]) -> None:
    fewer = min(len(old), len(new))
    ways = (
        list(zip(mine, theirs, strict=True))
        for mine in combinations(range(len(old)), fewer)
        for theirs in combinations(range(len(new)), fewer)
    )
    assert apart(old, new, matched(old, new)) == min(apart(old, new, way) for way in ways)


@given(DAYS, st.data())
def test_what_stays_on_its_day_is_found(days: list[date], data: st.DataObject) -> None:
    kept = sorted(data.draw(st.sets(st.sampled_from(days)))) if days else []
    assert [days[mine] for mine, _ in matched(days, kept)] == kept
    assert uncovered(days, kept) == [day for day in days if day not in kept]


def test_days_that_shifted_a_little_are_the_same_days() -> None:
    weeks = [date(2027, 1, 6) + timedelta(weeks=n) for n in range(4)]
    shifted = [day + timedelta(days=1) for day in weeks]
    assert uncovered(shifted, weeks) == []
    assert uncovered(shifted, [*weeks[:1], *weeks[2:]]) == [shifted[1]]
