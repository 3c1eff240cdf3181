"""One cell: its text as it is read, what a spreadsheet would take for a formula, and its dates."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from organisations.visible_text import in_reading_order

LONGEST = 500
# What Excel, LibreOffice or Sheets take for the beginning of a formula, full-width signs too.
_FORMULA_SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"[{_FORMULA_SIGNS}]")
# A text that our own export marked as text, as a person marks one in a spreadsheet.
_MARKED = re.compile(f"'+[{_FORMULA_SIGNS}]")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ().-]{5,28}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_EXCEL_FAULT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -,]{1,2}(\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1950, 2100


def tidy(text: str) -> str:
    """The text in one line, without what nobody sees; signs of a formula stay where they were."""
    plain = in_reading_order(unicodedata.normalize("NFC", text))
    lead = plain[:1] if plain[:1] in "\t\r\n" and plain.strip() else ""
    seen = "".join(c if c.isprintable() else " " for c in plain)
    return lead + " ".join(seen.split())


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text; an international telephone number is none."""
    return bool(_FORMULA.match(text)) and not _TELEPHONE.fullmatch(text)


def is_fault(text: str) -> bool:
    """Whether a spreadsheet wrote there that it could not work something out."""
    return bool(_EXCEL_FAULT.fullmatch(text))


def unmarked(text: str) -> str:
    """The text that somebody marked as text with an apostrophe, or that our export did."""
    return text[1:] if _MARKED.match(text) else text


def marked(text: str) -> str:
    """The same words, never a formula: `unmarked` gives them back."""
    return f"'{text}" if _FORMULA.match(text) or _MARKED.match(text) else text


def is_telephone(text: str) -> bool:
    """Whether a text that begins with a plus sign is a telephone number."""
    return bool(_TELEPHONE.fullmatch(text))


def read_date(text: str) -> dt.date:
    """A day as people in the United Kingdom, and programs, write it.

    Raises ValueError, saying in words how to write it.
    """
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
        return _date(int(year), int(month), int(day), text)
    if found := _BRITISH.fullmatch(text):
        day, month, year = found.groups()
        return _date(int(year), int(month), int(day), text)
    if found := _IN_WORDS.fullmatch(text):
        day, name, year = found.groups()
        months = [n for n, m in enumerate(_MONTHS, 1) if m.startswith(name.lower())]
        if months:
            return _date(int(year), months[0], int(day), text)
    if _SHORT_YEAR.fullmatch(text):
        raise ValueError("Write the year with four digits, like 21/07/2027")
    raise ValueError("Write the date like 21/07/2027 or 2027-07-21")


def _date(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        if month > 12 and day <= 12:
            said = "Write the day before the month, like 21/07/2027"
        else:
            said = f"There is no day {text}. Check the date"
        raise ValueError(said) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Check the year: it must be between {FIRST_YEAR} and {LAST_YEAR}")
    return found
