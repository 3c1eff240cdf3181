"""Every write about touchpoints, each in one transaction with its audit and its e-mails."""

from partnerships.touchpoints.services.answers import (
    ASKED_ANEW,
    Noted,
    answer,
    answer_by_link,
    note_reply,
    organisation_behind,
)
from partnerships.touchpoints.services.attendance import bring_up_to_date
from partnerships.touchpoints.services.outcomes import (
    OUTCOMES,
    Outcome,
    correct_outcome,
    may_be_corrected,
    record_as_invited,
    record_outcome,
)
from partnerships.touchpoints.services.planning import (
    CHANGED_MEANWHILE,
    cancel_touchpoint,
    move_touchpoint,
    schedule_touchpoint,
)
from partnerships.touchpoints.services.series import MOST_OF_A_SERIES, schedule_series
from partnerships.touchpoints.services.standing import LONGEST_NOTES

__all__ = [
    "ASKED_ANEW",
    "CHANGED_MEANWHILE",
    "LONGEST_NOTES",
    "MOST_OF_A_SERIES",
    "OUTCOMES",
    "Noted",
    "Outcome",
    "answer",
    "answer_by_link",
    "bring_up_to_date",
    "cancel_touchpoint",
    "correct_outcome",
    "may_be_corrected",
    "move_touchpoint",
    "note_reply",
    "organisation_behind",
    "record_as_invited",
    "record_outcome",
    "schedule_series",
    "schedule_touchpoint",
]
