"""Which e-mails ask what became of a touchpoint, and when; and who hears of the answer.

Twice: thirty minutes after its planned end, whoever organises it; three days after, at nine in
the morning of a working day, everyone invited. They are asked for with the touchpoint and taken
back with it; whether anybody has said something by then is looked at before each goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from calendars.london import at_wall_clock, london_day
from calendars.working_days import working_day_from
from organisations import outbox
from organisations.actor import Actor
from partnerships.record.recipients import Recipient, is_reachable, live_contacts
from partnerships.touchpoints.models import Touchpoint

OUTCOME = "touchpoint_outcome"
RECORDED = "touchpoint_outcome_recorded"
# After the planned end, as the deliveries' `offset_minutes` say it.
SOON = 30
LATER = 3 * 24 * 60
NINE = time(9, 0)
# An answer that comes this late is still worth having.
WORTH_ASKING = timedelta(days=14)


def due_at(touchpoint: Touchpoint, offset: int) -> datetime:
    """When it is asked what became of a touchpoint."""
    if offset == SOON:
        return touchpoint.ends_at + timedelta(minutes=SOON)
    day = london_day(touchpoint.ends_at) + timedelta(minutes=offset)
    return at_wall_clock(working_day_from(day), NINE)


def ask_for_outcome(*, by: Actor, touchpoint: Touchpoint, people: Sequence[Recipient]) -> None:
    """Ask everyone invited after some days, and before that whoever organises it."""
    for person in people:
        _ask(by, touchpoint, person.email, person.posting_id, LATER)
    ask_organiser(by=by, touchpoint=touchpoint)


def ask_organiser(*, by: Actor, touchpoint: Touchpoint) -> None:
    """Ask who may organise it by then: whoever scheduled it, and their organisation's contact.

    Just before sending, the one of them who does is asked, and the other is not.
    """
    _ask(by, touchpoint, touchpoint.author.email, None, SOON)
    for contact in live_contacts(touchpoint.partnership):
        if contact.organisation_id == touchpoint.author_organisation_id and is_reachable(contact):
            _ask(by, touchpoint, contact.posting.details.email, contact.posting_id, SOON)
            return


def tell_the_others(
    *, by: Actor, touchpoint: Touchpoint, people: Sequence[Recipient], side: int | None
) -> None:
    """Tell those invited by other organisations than `side` what was recorded."""
    assert touchpoint.outcome_at is not None
    for person in people:
        if person.organisation_id != side:
            outbox.enqueue(
                kind=RECORDED,
                subject=touchpoint.ref,
                recipient=person.email,
                by=by,
                revision=touchpoint.revision,
                offset_minutes=minutes_until_recorded(touchpoint),
                posting_id=person.posting_id,
            )


def minutes_until_recorded(touchpoint: Touchpoint) -> int:
    """From its beginning: what tells one account of a touchpoint from a corrected one."""
    assert touchpoint.outcome_at is not None
    return max(0, int((touchpoint.outcome_at - touchpoint.starts_at).total_seconds() // 60))


def _ask(
    by: Actor, touchpoint: Touchpoint, email: str, posting_id: int | None, offset: int
) -> None:
    outbox.enqueue(
        kind=OUTCOME,
        subject=touchpoint.ref,
        recipient=email,
        by=by,
        due_at=due_at(touchpoint, offset),
        offset_minutes=offset,
        revision=touchpoint.revision,
        posting_id=posting_id,
    )
