"""The words of the demo's agreements. An illustration, nobody's real agreement."""

from __future__ import annotations

LETTER = "Letter of intent for the health hub pilot"
MEMORANDUM = "Partnership agreement for the health hub"
ROLE = "Authorised signatory"
ILLUSTRATION = (
    "Illustration of the demonstration: the partners would write here what holds for them."
)
LETTER_CLAUSES = {
    "roles": (
        "Each organisation has a named contact and a deputy on record. Whoever "
        "leaves hands over in writing, and the others are told within 10 "
        "working days."
    ),
    "duration": ("The pilot runs for one school year and is reviewed in the summer term."),
}
CLAUSES = {
    "scope": (
        "Drop-in sessions, workshops for parents and staff training. The school "
        "does not become a provider of health care, and no health record is "
        "kept at the school."
    ),
    "contributions": (
        "The school trust gives the room, a link person and messages to "
        "parents. The NHS trust gives a nurse for two sessions each half term. "
        "Each bears its own costs."
    ),
    "safeguarding": (
        "Whoever works at the school follows its safeguarding policy and tells "
        "the designated safeguarding lead of any concern on the same day."
    ),
    "clinical_governance": (
        "The NHS trust keeps clinical responsibility, consent, records, "
        "incidents and indemnity for everything that its staff do."
    ),
    "data_protection": (
        "Each organisation is a controller of its own data. This agreement "
        "shares no personal data; anything that would needs a data sharing "
        "agreement first."
    ),
    "small_numbers": (
        "Counts from 1 to 7 are not shown, and others are rounded to 5. Nobody "
        "tries to find out who is behind a figure."
    ),
    "exit": (
        "Three months’ notice in writing, never in the middle of a course. "
        "Families are told where to go instead."
    ),
}

# Papers beside the letter: reference, and which data it covers.
ASSESSMENT = ("DPIA 12, health hub", "Numbers of families seen at the hub, by school and month.")
SHARING = ("Data sharing agreement 4", "Numbers of families seen at the hub, by school and month.")
