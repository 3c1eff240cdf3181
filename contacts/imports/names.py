"""Names that registers print in capitals, as their owners write them.

`WALSALL HEALTHCARE NHS TRUST` becomes "Walsall Healthcare NHS Trust". Letters that stand
for words keep their capitals; those of England's academy trusts are listed, since no rule
tells ARK (a name) from LDBS (London Diocesan Board for Schools). A name that already has
small letters is left as it is.
"""

from __future__ import annotations

import re

SMALL = frozenset(
    "a an and as at by de del for from in la le of on or the to under upon with".split()
)
# Names of places join their parts with these in small letters: Stoke-on-Trent.
SMALL_IN_PLACES = SMALL | frozenset(["en", "super", "sur", "cum", "next", "le"])
CAPITALS = frozenset(
    """
    ACE ACES ACT AP ASSET BMAT BOA BPI CAM CAST CCT CE CIC CS CUL CYP DRB DYRMS EBN EBS EDACT
    EKC EPA FCJ FE FT GDST GLF GSSC GTS HCAT HISP ICB ICT INMAT JCB LDBS LEO LET LIPA MAST MAT
    MK NEAT NET NHS NSB ODST PA PACT PELE PPAT QED QEGS QEGSMAT RC REACH RET RMET SAIL SASH
    SDBE SEN SEND SENDAT SFAET SHINE STEM STEP TBAP TEAM TVI UCL UK UTC UTS VA VC WMG XP YMCA
    """.split()
)
AS_WRITTEN = {
    "COFE": "CofE",
    "FITZWIMARC": "FitzWimarc",
    "IEXEL": "iExel",
    "INNOVATE2EDUCATE": "Innovate2Educate",
    "REACH2": "REAch2",
    "SCHOOLSCOMPANY": "SchoolsCompany",
    "SCHOOLSWORKS": "SchoolsWorks",
}
ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{1,3}|VI{0,3})")
MC = re.compile(r"MC[A-Z]{3,}")
ORDINAL = re.compile(r"[0-9]+(?:ST|ND|RD|TH)")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
ABBREVIATIONS = frozenset("ST DR LTD MR MRS".split())
# After these a word stands at a beginning: "DYRMS - An Academy with Military Traditions".
BEGINS_ANEW = re.compile(r"[:.(]\s*$|\s-\s")
JOINING = re.compile(r"(?<=-)(?:By|In|Le|Next|On|Super|The|Under|Upon|With)(?=-)")
VOWELS = re.compile(r"[AEIOUY]")


def readable(name: str, *, small: frozenset[str] = SMALL) -> str:
    """A name in capitals with capitals where people write them; any other name unchanged."""
    if name != name.upper():
        return name
    parts: list[str] = []
    end = 0
    for found in WORD.finditer(name):
        between = name[end : found.start()]
        parts.append(between)
        follows = bool(parts[:-1]) and not BEGINS_ANEW.search(between)
        parts.append(_word(found.group(), small=small if follows else frozenset()))
        end = found.end()
    return "".join(parts) + name[end:]


def place(name: str) -> str:
    """The name of a town: "Stoke-on-Trent", "Bury St. Edmunds"."""
    return JOINING.sub(lambda found: found[0].lower(), readable(name, small=SMALL_IN_PLACES))


def _word(word: str, *, small: frozenset[str]) -> str:
    """One word of a name; `small` are those that stay small after the first."""
    if word in AS_WRITTEN:
        return AS_WRITTEN[word]
    if word.lower() in small:
        return word.lower()
    if ORDINAL.fullmatch(word):
        return word.lower()
    if word in CAPITALS or (ROMAN.fullmatch(word) and word != "I"):
        return word
    if len(word) > 1 and word not in ABBREVIATIONS and not VOWELS.search(word):
        return word
    if MC.fullmatch(word):
        return f"Mc{word[2:].capitalize()}"
    head, apostrophe, tail = word.partition("'")
    if apostrophe and len(head) == 1:  # O'Connor, D'Arcy
        return f"{head}'{tail.capitalize()}"
    return word.capitalize()
