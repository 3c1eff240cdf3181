"""Made-up identifiers and telephone numbers, and the ways people write them, for the guard-rail.

Every number here is drawn at random and then given the check digit or letter it needs.
"""

from __future__ import annotations

import re

from hypothesis import strategies as st

SPACE_LIKE = [" ", "  ", "\u00a0", "\u2009", "\u202f", "\u3000", "\u2003"]
MARKS = ["-", ".", "\u2010", "\u2011", "\u2013", "\u2212", " - ", "_", "/", "\u00b7"]
UNSEEN = ["", "", "", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202c"]
ZEROS = ["0", "0", "\uff10", "\u0660", "\U0001d7ce"]  # ASCII twice as often
OPENINGS = [" ", "\n", "\t", "(", ": ", ":", "“", "=", ";", "#", "<b>", ", "]
CLOSINGS = [" ", "\n", "\t", ")", ".", ". ", ",", ", ", "”", ";", "</b>", "!", ""]
ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
LABELS = [
    *("Tel ", "Tel: ", "tel. ", "Telephone: ", "phone ", "Mobile ", "mobile: ", "Fax: ", "TEL:"),
    *("call ", "Call us on ", "Please ring the office on ", "Ring ", "Direct dial: ", "Mob: "),
    *("Phone number: ", "my mobile is ", "WhatsApp ", "T: ", "M: "),
]

# Anything but digits; the text around a number in a sentence, a table, a page of code.
WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=40)

# Text that makes something else of the number beside it: telephones, addresses, books.
SAYS_WHAT_FOLLOWS = re.compile(
    r"tel|phone|mob|cell|line|fax|call|ring|rang|dial|sms|whatsapp|switchboard|text|contact"
    r"|reception|office|isbn|://|www|@|/|(?<![^\W_])[tm]\W*\Z",
    re.IGNORECASE,
)


def nhs_check_digit(nine: str) -> int:
    """The tenth digit, 10 when no number exists; written out apart from the product's own."""
    remainder = 0
    for place, digit in enumerate(nine):
        remainder += int(digit) * (10 - place)
    return (11 - remainder % 11) % 11


def upn_letter(rest: str) -> str:
    """The check letter; written out apart from the product's own."""
    total = 0
    for place, sign in enumerate(rest):
        total += (ALPHABET.index(sign) if sign in ALPHABET else int(sign)) * (place + 2)
    return ALPHABET[total % 23]


def numbers(length: int) -> st.SearchStrategy[str]:
    """That many digits."""
    return st.text("0123456789", min_size=length, max_size=length)


def _completed(nine: str) -> str:
    return f"{nine}{nhs_check_digit(nine)}"


def nhs_numbers(starts: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[str]:
    """Valid NHS numbers, beginning with what is drawn from `starts`."""
    nine = numbers(9)
    if starts is not None:
        nine = st.builds(lambda start, rest: (start + rest)[:9], starts, nine)
    return nine.filter(lambda digits: nhs_check_digit(digits) < 10).map(_completed)


@st.composite
def written(draw: st.DrawFn, digits: str, shapes: list[tuple[int, ...]]) -> str:
    """`digits` in one of the groupings, any script, with separators and unseen characters."""
    shape = draw(st.sampled_from(shapes))
    zero = ord(draw(st.sampled_from(ZEROS)))
    unseen = draw(st.sampled_from(UNSEEN))
    separators = st.sampled_from(SPACE_LIKE + (MARKS if len(shape) < 10 else ["-", ".", " - "]))
    text, at = "", 0
    for size in shape:
        group = digits[at : at + size]
        shown = unseen.join(chr(zero + int(digit)) if digit.isdigit() else digit for digit in group)
        text += (draw(separators) if at else "") + shown
        at += size
    return text


@st.composite
def surrounded(draw: st.DrawFn, number: str) -> tuple[str, int, int]:
    """`number` inside other text, with where it begins and ends."""
    plain = WORDS.filter(lambda text: not SAYS_WHAT_FOLLOWS.search(text))
    before = draw(plain) + draw(st.sampled_from(OPENINGS))
    after = draw(st.sampled_from(CLOSINGS))
    if after:
        after += draw(plain)
    return before + number + after, len(before), len(before) + len(number)


@st.composite
def telephone_numbers(draw: st.DrawFn) -> str:
    """UK telephone numbers whose ten digits pass the NHS check, as people write them."""
    starts = st.sampled_from(["1", "121", "20", "29", "3", "300", "7", "77", "79", "8", "800"])
    ten = draw(nhs_numbers(starts).filter(lambda digits: digits[:2] != "70"))
    gap = draw(st.sampled_from([" ", "-", ".", "\u00a0", " - "]))
    groupings = [(10,), (3, 3, 4), (2, 4, 4), (4, 6), (4, 3, 3), (3, 7)]
    shape = draw(st.sampled_from(groupings))
    parts, at = [], 0
    for size in shape:
        parts.append(ten[at : at + size])
        at += size
    rest = gap.join(["", *parts[1:]]) if len(parts) > 1 else ""
    label = draw(st.sampled_from(LABELS))
    written_out = draw(
        st.sampled_from(
            [
                f"0{parts[0]}{rest}",
                f"(0{parts[0]}){rest or ' '}",
                f"+44{parts[0]}{rest}",
                f"+44 {parts[0]}{rest}",
                f"+44 (0){parts[0]}{rest}",
                f"+44 (0) {parts[0]}{rest}",
                f"+44-{parts[0]}{rest}",
                f"(+44) {parts[0]}{rest}",
                f"0044{parts[0]}{rest}",
                f"0044 {parts[0]}{rest}",
                f"00 44 {parts[0]}{rest}",
                f"44 {parts[0]}{rest}",
                f"0 {parts[0]}{rest}",
                f"{label}{parts[0]}{rest}",
                f"{parts[0]}{rest} (mobile)",
                f"{parts[0]}{rest} tel",
            ]
        )
    )
    return written_out + draw(st.sampled_from(["", "", " ext 123", " x1234", " extension 42"]))
