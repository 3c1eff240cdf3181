"""Writes of whoever manages a region, beyond one contact at a time."""

from contacts.keeping.services.checking import MOST_AT_ONCE, confirm_several
from contacts.keeping.services.leaving import (
    LONGEST_NOTE,
    ask_for_hand_over,
    record_leaver,
    write_hand_over,
)
from contacts.keeping.services.merging import merge_postings, undo_merge
from contacts.keeping.services.reporting import decide_report, report_posting
from contacts.keeping.services.transferring import decide_transfer, offer_transfer

__all__ = [
    "LONGEST_NOTE",
    "MOST_AT_ONCE",
    "ask_for_hand_over",
    "confirm_several",
    "decide_report",
    "decide_transfer",
    "merge_postings",
    "offer_transfer",
    "record_leaver",
    "report_posting",
    "undo_merge",
    "write_hand_over",
]
