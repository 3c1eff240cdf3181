"""Whether a table is about single people: a heading that asks for a name, a cell that is one.

Here: tables that are to hold numbers alone, where a false alarm costs a column to delete. Not here:
running text, in which names of colleagues are welcome (`find_identifiers`).
"""

from __future__ import annotations

import re

# Headings of what is known of one person.
_ALWAYS = frozenset(
    """forename forenames firstname surname surnames lastname fullname dob birth birthdate birthday
    born upn uln uci postcode address email mobile telephone phone mother father guardian carer
    initials""".split()
)
_WHO = frozenset(
    """pupil pupils student students child children learner learners patient patients candidate
    candidates person people young client clients""".split()
)
_NAMES = frozenset({"name", "names"})
_NUMBER = frozenset({"number", "no", "id", "ref", "reference"})
# Words that nobody is called: with one of them it is a school, a group, or a line of a table.
_NO_NAMES = frozenset(
    """school schools site sites trust organisation team teams file measure period group groups
    class cohort service services primary secondary academy college infants juniors nursery sixth
    form centre center hospital infirmary clinic surgery ward nhs street road lane borough county
    council month quarter half term terms year years week academic financial total totals sum
    average mean median all unknown none not no yes number count counts of per percent percentage
    rate share numerator denominator value score minutes hours sessions target baseline note notes
    comment comments source status date ends starts boys girls pupils students children adults
    parents staff families stage reception free meals special needs support plan eligible british
    any ethnic background english language masked withheld shown measured reading readings figure
    figures""".split()
)
# Words that some are called too: no name only where all the words are like these.
_PERHAPS = frozenset(
    """january february march april may june july august september october november december
    autumn spring summer winter north south east west central region place town city white black
    asian mixed chinese arab other others out base first last day days infant junior early key
    grand cent house hall""".split()
)
_WITHIN = re.compile(r"[’'-]")
# What may stand between two names: de Souza, van der Berg, al Hassan.
_BETWEEN = frozenset("de da di do dos der den van von la le al el bin binti ibn ap".split())
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "master"})
_WORDS = re.compile(r"[^\W_]+")


def asks_for_a_person(heading: str) -> bool:
    """Whether a heading asks who somebody is: Name, Pupil, UPN, NHS number, Date of birth."""
    words = set(_WORDS.findall(heading.casefold().replace(".", "")))
    if words & _ALWAYS or words in ({"first"}, {"last"}, {"given"}, {"family"}):
        return True
    if "nhs" in words and words & _NUMBER:
        return True
    if words & _NAMES:
        return not words & _NO_NAMES or bool(words & (_WHO | {"first", "last"}))
    return False


def counts_or_names(heading: str) -> bool:
    """Whether a heading can mean how many people, or who they are: Pupils, Patient."""
    return bool(set(_WORDS.findall(heading.casefold())) & _WHO)


def is_like_a_name(text: str) -> bool:
    """Whether a cell is like somebody's name and nothing else: Amy Jones, O’Neill, Sean."""
    words = text.replace(",", " ").split()
    titled = bool(words) and words[0].casefold().rstrip(".") in _TITLES
    if titled:
        words = words[1:]
    words = [*words[:1], *(word for word in words[1:] if word not in _BETWEEN)]
    if not (1 if titled else 2) <= len(words) <= 4:
        return False
    if not all(_is_written_like_a_name(word) for word in words):
        return False
    plain = {word.casefold().rstrip(".") for word in words}
    return not plain & _NO_NAMES and not plain <= _PERHAPS


def _is_written_like_a_name(word: str) -> bool:
    """Letters, beginning with a capital one: O’Neill, Smith-Jones, St."""
    parts = _WITHIN.split(word.removesuffix("."))
    return word[:1].isupper() and all(part.isalpha() for part in parts)
