"""The demonstration's story: public organisations, invented records.

It follows what was publicly reported of an early-years health hub on a school site in Walsall
(Tes, Schools Week and Education Business, November 2025): parenting programme, early development
workshops, toilet training, minor illnesses, healthy eating. No figures were published and none
are made up. That Goldsmith Primary Academy belongs to Windsor Academy Trust comes from those
reports. People are named by what they do; days are counted from the day the demo is set up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from organisations.models import Kind

GOLDSMITH_URN = "138591"


@dataclass(frozen=True)
class Account:
    """Someone who can sign in to the demo, and for whom they speak."""

    address: str
    name: str
    job_title: str
    organisation: str
    deputy_name: str = ""
    deputy_job_title: str = ""


# Part in the story → which organisation of England plays it: kind and official code.
ORGANISATIONS = {
    "school trust": (Kind.SCHOOL_TRUST, "5361"),
    "nhs trust": (Kind.NHS_TRUST, "RBK"),
    "council": (Kind.COUNCIL, "335"),
    "board": (Kind.ICB, "QUA"),
    "stranger": (Kind.SCHOOL_TRUST, "4320"),
    "careers partner": (Kind.NHS_TRUST, "RXK"),
}

ACCOUNTS = {
    "school trust": Account(
        "school-trust@demo.example",
        "School trust lead",
        "Executive lead for health and community",
        "school trust",
        "School trust deputy",
        "Early years lead",
    ),
    "nhs lead": Account(
        "nhs-lead@demo.example",
        "NHS community lead",
        "Community children's services manager",
        "nhs trust",
        "NHS community deputy",
        "School nursing team leader",
    ),
    "public health": Account(
        "public-health@demo.example",
        "Public health lead",
        "Public health principal, children and young people",
        "council",
        "Public health deputy",
        "Best Start Family Hub manager",
    ),
    "board lead": Account(
        "board-lead@demo.example",
        "Integrated care board lead",
        "Children and young people programme lead",
        "board",
    ),
    "stranger": Account(
        "stranger@demo.example",
        "Another trust's lead",
        "Director of inclusion",
        "stranger",
    ),
}
# In the directory of the board's region, and asked whether that is right.
DIRECTORY = (
    Account(
        "school-nursing@demo.example", "School nursing lead", "School nursing lead", "nhs trust"
    ),
    Account("hwb-officer@demo.example", "Board officer", "Health and wellbeing officer", "council"),
    Account(
        "children-programme@demo.example",
        "Children’s programme lead",
        "Programme lead, children and young people",
        "board",
    ),
)
# Belongs to no organisation, and manages the directory of the board's region.
REGIONAL_ADMIN = ("regional-admin@demo.example", "Regional admin, Black Country")
OPERATOR = ("operator@demo.example", "Platform operator")

# When the NHS lead wants no e-mail, besides weekends.
QUIET = (time(18), time(8))

HUB_NAME = "Early-years community health hub"
HUB_PURPOSE = (
    "A health hub for families with young children on the site of Goldsmith Primary Academy: "
    "a parenting programme, early development workshops, toilet training, advice on minor "
    "illnesses, and healthy eating. Illustration: the hub was publicly reported, these records "
    "are invented."
)
CAREERS_NAME = "Careers in health for years 9 to 13"
CAREERS_PURPOSE = (
    "Talks, visits and work experience that show clinical and other careers in the NHS. "
    "Illustration: an invented record."
)

# Days before today, who logged it, kind, what was said, internal or not.
# Who connected the two sides in the first place: days ago, by whom, who was introduced, the note.
INTRODUCTION = (
    76,
    "The council’s public health principal",
    "The school trust’s executive lead and the NHS trust’s children’s services manager",
    "Both had asked the council who to speak to about young families.",
)
CONVERSATIONS = [
    (
        74,
        "school trust",
        "meeting",
        (
            "First meeting. Families tell the school's staff that clinics are far away and hard to "
            "get to. Agreed to try one morning a week on the school's site, starting small."
        ),
        False,
    ),
    (
        60,
        "nhs lead",
        "visit",
        (
            "Saw the room next to the nursery: water, a separate entrance, space for prams. "
            "Suitable for workshops and drop-ins; not for clinical procedures."
        ),
        False,
    ),
    (
        58,
        "school trust",
        "call",
        (
            "For us only: check with the site team what the room costs in the holidays before we "
            "offer it all year."
        ),
        True,
    ),
    (
        39,
        "public health",
        "meeting",
        (
            "The parenting programme can start after half term. The family hub will bring its "
            "timetable so that nothing runs twice."
        ),
        False,
    ),
    (
        37,
        "nhs lead",
        "email",
        (
            "For us only: the team is one practitioner short until January; promise no second "
            "morning yet."
        ),
        True,
    ),
    (
        16,
        "school trust",
        "call",
        (
            "Parents ask about toilet training before reception. School nursing will plan a "
            "workshop; the school invites the families."
        ),
        False,
    ),
    (
        6,
        "public health",
        "email",
        "Healthy eating sessions: recipes sent round in the languages spoken at home.",
        False,
    ),
]

# Who gives it, what it is, who does it, and in how many days.
ACTIONS: list[tuple[str, str, str, int]] = [
    ("nhs lead", "Send the dates of the next drop-in sessions to parents", "school trust", 5),
    ("school trust", "Ask the school nursing team who comes to the workshop", "nhs lead", 0),
]
OVERDUE_ACTION = "Name a deputy for the summer holidays"

# Of the update to come, and of the planning meeting.
WHY_ANOTHER_TIME = "The team meets on that afternoon. Could it be a little later in the week?"
PAPER = ("Timetable of the hub, last half term", "https://documents.example.org/hub-timetable")

ITEM_TITLE = "A health hub in every nursery cluster"
ITEM_ASK = (
    "That the board hears what the hub learned, names an officer for schools, and takes "
    "early-years hubs into the neighbourhood health plan. Illustration."
)
