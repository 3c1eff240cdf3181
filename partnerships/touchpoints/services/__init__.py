"""Every write about touchpoints, each in one transaction with its audit and its e-mails."""

from partnerships.touchpoints.services.answers import (
    ASKED_ANEW,
    Noted,
    answer,
    answer_by_link,
    note_reply,
    organisation_behind,
)
from partnerships.touchpoints.services.attendance import bring_up_to_date, invite_people, take_off
from partnerships.touchpoints.services.outcomes import (
    OUTCOMES,
    Outcome,
    correct_outcome,
    may_be_corrected,
    record_as_invited,
    record_outcome,
)
from partnerships.touchpoints.services.papers import add_paper, remove_paper
from partnerships.touchpoints.services.planning import (
    CHANGED_MEANWHILE,
    cancel_touchpoint,
    move_touchpoint,
    schedule_touchpoint,
)
from partnerships.touchpoints.services.proposals import (
    ANOTHER_WAITS,
    accept_proposal,
    decline_proposal,
    propose_by_calendar,
    propose_by_link,
    propose_time,
    withdraw_proposal,
)
from partnerships.touchpoints.services.series import schedule_series
from partnerships.touchpoints.services.series_changes import (
    change_series,
    end_series,
    settle_series,
)
from partnerships.touchpoints.services.standing import LONGEST_NOTES

__all__ = [
    "ANOTHER_WAITS",
    "ASKED_ANEW",
    "CHANGED_MEANWHILE",
    "LONGEST_NOTES",
    "OUTCOMES",
    "Noted",
    "Outcome",
    "accept_proposal",
    "add_paper",
    "answer",
    "answer_by_link",
    "bring_up_to_date",
    "cancel_touchpoint",
    "change_series",
    "correct_outcome",
    "decline_proposal",
    "end_series",
    "invite_people",
    "may_be_corrected",
    "move_touchpoint",
    "note_reply",
    "organisation_behind",
    "propose_by_calendar",
    "propose_by_link",
    "propose_time",
    "record_as_invited",
    "record_outcome",
    "remove_paper",
    "schedule_series",
    "schedule_touchpoint",
    "settle_series",
    "take_off",
    "withdraw_proposal",
]
