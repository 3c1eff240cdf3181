"""Every write to an organisation's own calendar."""

from calendars.services.periods import (
    add_period,
    change_period,
    change_point,
    hide_point,
    remove_period,
    show_point_again,
)
from calendars.services.term_dates import (
    CHANGED_MEANWHILE,
    copy_term_dates,
    give_inset_days,
    give_term_dates,
    inherit_term_dates,
)

__all__ = [
    "CHANGED_MEANWHILE",
    "add_period",
    "change_period",
    "change_point",
    "copy_term_dates",
    "give_inset_days",
    "give_term_dates",
    "hide_point",
    "inherit_term_dates",
    "remove_period",
    "show_point_again",
]
