"""The three sheets of the workbook and their columns: what is read, and what the template says."""

from __future__ import annotations

from dataclasses import dataclass

from contacts.sheets.fields import plain
from partnerships.conversations.models import LONGEST_OTHERS, ConversationKind
from partnerships.conversations.services import LONGEST
from partnerships.record.models import ContactFunction
from partnerships.record.services.opening import LONGEST_NAME, LONGEST_PURPOSE

MOST_IN_ALL = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a row says."""

    key: str
    heading: str
    # How the person who fills the template is told what goes there.
    about: str
    longest: int = 200
    required: bool = True
    # The only words that may stand there.
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook."""

    name: str
    columns: tuple[Column, ...]
    most: int

    def column(self, key: str) -> Column:
        """The one of that key."""
        return next(each for each in self.columns if each.key == key)


# An introduction says who was introduced by whom, which a sheet does not.
KINDS = {
    plain(label): str(value)
    for value, label in ConversationKind.choices
    if value != ConversationKind.INTRODUCTION
}
FUNCTIONS = {plain(label): str(value) for value, label in ContactFunction.choices}
THEIRS, OURS = "Theirs", "Ours"
SIDES = {plain(THEIRS): THEIRS, plain(OURS): OURS}
_OF_PARTNERSHIP = Column(
    "partnership", "Partnership", "As on the Partnerships sheet, or as it is called in Tandem", 120
)
PARTNERSHIPS, CONTACTS, CONVERSATIONS = range(3)
SHEETS = (
    Sheet(
        "Partnerships",
        (
            Column("name", "Partnership", "What you call it; a name of its own for each row",
                   LONGEST_NAME),
            Column("partner", "Partner organisation", "Its full name"),
            Column("partner_code", "Partner’s code",
                   "ODS code, URN, group UID or DfE number, where the name is not enough",
                   required=False),
            Column("purpose", "What it is for", "A sentence or two", LONGEST_PURPOSE,
                   required=False),
        ),
        200,
    ),
    Sheet(
        "Contacts",
        (
            _OF_PARTNERSHIP,
            Column("name", "Name", "Somebody who works at the partner, or with you", 120),
            Column("job_title", "Job title", "As on their email signature", 120),
            Column("email", "Email address", "Their work email address", 254),
            Column("telephone", "Telephone", "Their work telephone number", 30, required=False),
            Column("function", "Named contact or deputy", "One of each for an organisation",
                   words=tuple(ContactFunction.labels)),
            Column("side", "Whose contact", "Empty for somebody of the partner",
                   required=False, words=(THEIRS, OURS)),
        ),
        400,
    ),
    Sheet(
        "Conversations",
        (
            _OF_PARTNERSHIP,
            Column("kind", "Kind", "A meeting that was held is a row of the kind Meeting",
                   words=tuple(ConversationKind(each).label for each in KINDS.values())),
            Column("held_on", "Date", "For example, 21/07/2026"),
            Column("summary", "What was said", "Never about a child or a patient", LONGEST),
            Column("others", "Who took part", "By role, like School nurse", LONGEST_OTHERS,
                   required=False),
        ),
        MOST_IN_ALL,
    ),
)  # fmt: skip
