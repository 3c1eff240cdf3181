"""What the date and time boxes accept, and what they say to the rest."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from frontend.fields import MONTHS, DateField, TimeField
from frontend.wording import time_words


def refusal(field: forms.Field, typed: object) -> tuple[str | None, str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return refused.value.error_list[0].code, refused.value.messages[0]


@given(st.dates(min_value=dt.date(1000, 1, 1), max_value=dt.date(2999, 12, 31)))
def test_every_day_is_read_back_however_it_was_typed(day: dt.date) -> None:
    name = MONTHS[day.month - 1]
    for month in (str(day.month), f"{day.month:02}", name, name[:3].upper(), f"{name[:3]}."):
        assert DateField().clean([f" {day.day}", month, f"{day.year} "]) == day


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["", "", ""], "required", "Enter a date"),
        ([None, None, None], "required", "Enter a date"),
        (["27", "", "2027"], "month", "must include a month"),
        (["", "3", ""], "day", "must include a day"),
        (["27", "3", "27"], "year", "4 numbers"),
        (["31", "2", "2027"], "invalid", "real date"),
        (["29", "2", "2100"], "invalid", "real date"),
        (["0", "2", "2027"], "invalid", "real date"),
        (["1", "13", "2027"], "month", "real date"),
        (["1", "ma", "2027"], "month", "real date"),
        (["١", "3", "2027"], "day", "real date"),
        (["-1", "3", "2027"], "day", "real date"),
        (["1e1", "3", "2027"], "day", "real date"),
        (["1", "2"], "day", "real date"),
    ],
)
def test_dates_that_are_none(typed: list[str | None], code: str, words: str) -> None:
    found, message = refusal(DateField(), typed)
    assert found == code
    assert words in message


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_any_three_texts_are_a_date_or_refused(typed: list[str]) -> None:
    try:
        day = DateField().clean(typed)
    except ValidationError:
        return
    assert isinstance(day, dt.date)


def test_a_date_left_empty_is_none_where_it_may_be() -> None:
    assert DateField(required=False).clean(["", " ", ""]) is None


def test_an_unchanged_date_has_not_changed() -> None:
    field = DateField()
    assert not field.has_changed(dt.date(2027, 3, 27), ["27", "March", "2027"])
    assert field.has_changed(dt.date(2027, 3, 27), ["28", "3", "2027"])
    assert field.has_changed(dt.date(2027, 3, 27), ["28", "", "2027"])


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("3pm", dt.time(15)),
        ("3 PM", dt.time(15)),
        ("3:30pm", dt.time(15, 30)),
        ("3.30 p.m.", dt.time(15, 30)),
        ("15:30", dt.time(15, 30)),
        ("15.30", dt.time(15, 30)),
        ("1530", dt.time(15, 30)),
        ("930am", dt.time(9, 30)),
        ("9:30", dt.time(9, 30)),
        ("03:30", dt.time(3, 30)),
        ("12am", dt.time(0)),
        ("12pm", dt.time(12)),
        ("12:15", dt.time(12, 15)),
        ("midday", dt.time(12)),
        ("Noon", dt.time(12)),
        ("midnight", dt.time(0)),
    ],
)
def test_times_as_people_type_them(typed: str, clock: dt.time) -> None:
    assert TimeField().clean(typed) == clock


@pytest.mark.parametrize("typed", ["3", "3:30", "330", "12"])
def test_a_time_that_could_be_two_is_asked_about(typed: str) -> None:
    code, message = refusal(TimeField(), typed)
    assert code == "half"
    assert message.startswith("Add am or pm")


@pytest.mark.parametrize(
    "typed", ["25:00", "9:60", "13pm", "0am", "soon", "3:3pm", "9:30:00", "٣pm"]
)
def test_times_that_are_none(typed: str) -> None:
    code, message = refusal(TimeField(), typed)
    assert code == "invalid"
    assert "real time" in message


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_a_time_in_words_is_read_back(clock: dt.time) -> None:
    assert TimeField().clean(time_words(clock)) == clock
    assert TimeField().clean(f"{clock:%H:%M}") == clock


@given(st.text(max_size=10))
def test_any_text_is_a_time_or_refused(typed: str) -> None:
    try:
        clock = TimeField(required=False).clean(typed)
    except ValidationError:
        return
    assert clock is None or isinstance(clock, dt.time)
