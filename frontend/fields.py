"""Form fields whose input needs understanding: dates in three boxes, times of day, numbers.

How they look is decided in `frontend.form_rendering`; here is only what they accept and
what they say when they cannot.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from frontend.wording import london, time_words

PARTS = ("day", "month", "year")
MONTHS = (
    "january february march april may june july august september october november december"
).split()


class DateWidget(forms.MultiWidget):
    """Three text boxes, posted as `<name>_day`, `<name>_month`, `<name>_year`."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = {part: forms.TextInput() for part in PARTS}
        super().__init__(boxes, attrs)  # type: ignore[arg-type]

    def decompress(self, value: Any) -> list[str]:
        day = _stored_day(value)
        return [str(day.day), str(day.month), str(day.year)] if day else ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return id_


def _stored_day(value: Any) -> dt.date | None:
    """A day from a model, an initial value or an ISO text; None for anything else."""
    if isinstance(value, dt.datetime):
        return london(value).date() if value.tzinfo else value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _month(text: str) -> int | None:
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        return int(text) if 1 <= int(text) <= 12 else None
    word = text.casefold().rstrip(".")
    for number, month in enumerate(MONTHS, start=1):
        if len(word) >= 3 and month.startswith(word):
            return number
    return None


class DateField(forms.Field):
    """A calendar day. Months may be typed as numbers or names; years have four digits.

    Errors carry the part at fault as their code (`day`, `month`, `year`), so that the
    error summary leads to the right box; 31 February is at fault as a whole.
    """

    widget = DateWidget
    default_error_messages = {
        "required": "Enter a date, like 27 3 2027",
        "invalid": "Enter a real date, like 27 3 2027",
        "missing": "Date must include a %(part)s",
        "year": "Year must have 4 numbers, like 2027",
    }

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if not isinstance(value, (list, tuple)):
            day = _stored_day(value)
            if day is None:
                raise self._error("invalid", "day")
            return day
        typed = [(part or "").strip() for part in value]
        if not any(typed):
            return None
        if len(typed) != len(PARTS):
            raise self._error("invalid", "day")
        for part, text in zip(PARTS, typed, strict=True):
            if not text:
                raise self._error("missing", part)
        return self._date(*typed)

    def _date(self, day: str, month: str, year: str) -> dt.date:
        month_number = _month(month)
        if month_number is None:
            raise self._error("invalid", "month")
        if not re.fullmatch(r"\d{1,2}", day, re.ASCII):
            raise self._error("invalid", "day")
        if not re.fullmatch(r"[12]\d{3}", year, re.ASCII):
            raise self._error("year", "year")
        try:
            return dt.date(int(year), month_number, int(day))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def _error(self, message: str, part: str) -> ValidationError:
        return ValidationError(self.error_messages[message], code=part, params={"part": part})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]?\s*(?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.ASCII
)
_WORDS = {"noon": dt.time(12), "midday": dt.time(12), "midnight": dt.time(0)}


class TimeField(forms.Field):
    """A time of day: `3pm`, `3:30pm`, `3.30 p.m.`, `15:30`, `1530`, `midday`.

    A time that people could read in two ways (`3`, `3:30`) is asked about, not guessed.
    From 8:00 to 12:59 without "am" or "pm" it is taken as written, the school day's sense.
    """

    widget = forms.TimeInput
    default_error_messages = {
        "required": "Enter a time, like 3:30pm or 15:30",
        "invalid": "Enter a real time, like 3:30pm or 15:30",
        "half": "Add am or pm, like %(example)sam or %(example)spm",
    }

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.time):
            return value
        text = str(value).casefold().strip()
        text = re.sub(r"([ap])\.\s?m\.?$", r"\1m", text)
        if not text:
            return None
        if text in _WORDS:
            return _WORDS[text]
        match = _CLOCK.fullmatch(text)
        if not match:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._time(match.groupdict())

    def _time(self, typed: Mapping[str, str | None]) -> dt.time:
        digits, half = typed["hour"] or "", typed["half"]
        hour, minute = int(digits), int(typed["minute"] or 0)
        if half:
            if not 1 <= hour <= 12:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif (1 <= hour <= 7 and len(digits) == 1) or (not typed["minute"] and 1 <= hour <= 12):
            example = f"{hour}:{minute:02}" if minute else f"{hour}"
            raise ValidationError(
                self.error_messages["half"], code="half", params={"example": example}
            )
        if hour > 23 or minute > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return dt.time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        return time_words(value) if isinstance(value, dt.time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class WholeNumberField(forms.IntegerField):
    """A number of people, which may be written with commas or spaces between thousands.

    It is a text box: a browser's number box sends nothing at all for words that it cannot read, so
    that "18 of 20" would count as left empty.
    """

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Digits on the keyboard of a phone."""
        return {**super().widget_attrs(widget), "inputmode": "numeric"}

    def to_python(self, value: Any) -> int | None:
        """The number, or None for nothing; a share or a decimal is refused with what to do."""
        if isinstance(value, str):
            value = value.replace(",", "").replace(" ", "").replace("\u00a0", "")
        return super().to_python(value)
