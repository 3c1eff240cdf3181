"""The Black Country's directory in the demonstration: real organisations, invented records.

People are named by what they do. `days` says how long ago a contact was checked; None: never.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "Illustration: an invented record"


@dataclass(frozen=True)
class Listed:
    """Somebody in the directory: role type, organisation of the story, days since the check."""

    role: str
    organisation: str
    name: str
    days: int | None
    visibility: str = "region"


ORGANISATIONS = {
    "board": ("icb", "QUA"),
    "walsall": ("council", "335"),
    "dudley": ("council", "332"),
    "sandwell": ("council", "333"),
    "wolverhampton": ("council", "336"),
    "nhs trust": ("nhs_trust", "RBK"),
}

PEOPLE = [
    Listed("icb_exec_cyp", "board", "Executive lead for children", 20),
    Listed("icb_exec_send", "board", "Executive lead for SEND", 130),
    Listed("icb_exec_safeguarding", "board", "Executive lead for safeguarding", 40),
    Listed("icb_cyp_lead", "board", "Children’s commissioner", 15, "joined"),
    Listed("dco_dmo", "board", "Designated clinical officer", 12),
    Listed("designated_nurse", "board", "Designated nurse", None),
    Listed("place_director", "board", "Place director, Walsall", 200),
    Listed("dph", "walsall", "Director of public health, Walsall", 30),
    Listed("dcs", "walsall", "Director of children’s services, Walsall", 60),
    Listed("ph_cyp", "walsall", "Public health consultant, Walsall", 10),
    Listed("family_hub_manager", "walsall", "Family hub manager, Walsall", 25, "joined"),
    Listed("attendance_lead_la", "walsall", "Attendance lead, Walsall", None),
    Listed("virtual_head", "walsall", "Virtual school head, Walsall", 90),
    Listed("hwb_officer", "walsall", "Board officer, Walsall", 45, "joined"),
    Listed("dph", "dudley", "Director of public health, Dudley", 75),
    Listed("family_hub_manager", "dudley", "Family hub manager, Dudley", 400),
    Listed("dph", "sandwell", "Director of public health, Sandwell", None),
    Listed("dcs", "sandwell", "Director of children’s services, Sandwell", 35),
    Listed("dcs", "wolverhampton", "Director of children’s services, Wolverhampton", 50),
    Listed("ph_cyp", "wolverhampton", "Public health consultant, Wolverhampton", None),
    Listed("strategy_director", "nhs trust", "Strategy director", 18, "request"),
    Listed("community_manager", "nhs trust", "Community children’s manager", 9),
    Listed("school_nurse_lead", "nhs trust", "School nursing lead", 33),
    Listed("widening_participation", "nhs trust", "Widening participation lead", 220),
    Listed("comm_paeds", "nhs trust", "Community paediatrics lead", None),
]
# Whose details a reader says are wrong, and who stands in for whom.
REPORTED = "Family hub manager, Walsall"
DEPUTIES = {"Director of public health, Walsall": "Public health consultant, Walsall"}

# Place → kind of gateway → what it is called and how it is reached; days until it meets.
GATEWAYS: dict[str, dict[str, tuple[str, str, tuple[int, ...]]]] = {
    "Walsall": {
        "hwb": ("Walsall health and wellbeing board", "Through democratic services", (24, 115)),
        "public_health": ("", "Through the public health duty desk", ()),
        "safeguarding_partnership": ("", "Through the partnership’s business unit", (38,)),
    },
    "Dudley": {"hwb": ("", "Through democratic services", (31,))},
    "Wolverhampton": {"hwb": ("Wolverhampton Together board", "Through the board officer", (52,))},
}
DAYS_FOR_PAPERS = 10
