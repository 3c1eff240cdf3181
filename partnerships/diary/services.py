"""Proposing, answering and withdrawing quiet periods: every write about them.

The e-mails about them are asked for in the same transaction (`announcements`).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import day_in_words, today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.diary import announcements
from partnerships.diary.agreement import Agreement, Course, agreement_on, agreements
from partnerships.diary.models import QuietAnswer, QuietPeriod
from partnerships.record.models import Partnership
from partnerships.record.services.members import hold_partnership

LONGEST_REASON = 200
LONGEST = timedelta(weeks=12)
YEARS_AHEAD = 3


@transaction.atomic
def propose_quiet_period(
    *, by: Actor, partnership: Partnership, starts_on: date, ends_on: date, reason: str
) -> QuietPeriod:
    """Propose days, both included, on which the members leave each other in peace.

    It holds once every other member has agreed; at once when there is none. Raises ValidationError,
    keyed by field: days in the wrong order, past, too many or too far ahead, days that
    overlap another one that stands; no reason.
    """
    permissions.require(by, Permission.PROPOSE_QUIET_PERIOD, partnership)
    reason = _checked(starts_on, ends_on, reason)
    hold_partnership(partnership.pk)
    if other := _in_the_way(partnership, starts_on, ends_on):
        raise ValidationError({"starts_on": _overlaps(other)}, code="overlaps")
    assert by.organisation_id is not None
    period = QuietPeriod.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )
    audit.record(
        "quiet period proposed",
        by=by,
        obj=period,
        changes={"days": [None, [starts_on.isoformat(), ends_on.isoformat()]]},
    )
    announcements.announce(by=by, period=period)
    return period


@transaction.atomic
def answer_quiet_period(*, by: Actor, period: QuietPeriod, agreed: bool) -> Agreement:
    """Say for the acting organisation whether it agrees; its last word counts.

    Nothing happens when that is what it has said. Raises ValidationError when the period is
    withdrawn or over, the organisation is not asked, or what it agrees to overlaps another one.
    """
    permissions.require(by, Permission.ANSWER_QUIET_PERIOD, period)
    hold_partnership(period.partnership_id)
    period = _as_it_is_now(period)
    before = agreement_on(period)
    said = before.of(by.organisation_id)
    _require_standing(before)
    if said is None:
        raise ValidationError(
            "Your organisation joined after this was proposed, so it is not asked."
        )
    if said.agreed == agreed:
        return before
    if agreed and (other := _in_the_way(period.partnership, *_days(period), besides=period.pk)):
        raise ValidationError(_overlaps(other), code="overlaps")
    assert by.organisation_id is not None
    QuietAnswer.objects.update_or_create(
        period=period,
        organisation_id=by.organisation_id,
        defaults={"agreed": agreed, "answered_at": timezone.now(), "answered_by_id": by.user_id},
        create_defaults={
            "partnership_id": period.partnership_id,
            "agreed": agreed,
            "answered_by_id": by.user_id,
        },
    )
    audit.record(
        "quiet period agreed" if agreed else "quiet period declined",
        by=by,
        obj=period,
        changes={"agreed": [said.agreed, agreed]},
    )
    announcements.tell_proposer(by=by, period=period, agreed=agreed)
    return agreement_on(period)


@transaction.atomic
def withdraw_quiet_period(
    *, by: Actor, period: QuietPeriod, announced_by: Actor | None = None
) -> QuietPeriod:
    """Take back what the acting organisation proposed, agreed or not, and tell who knew of it.

    `announced_by`: another member on whose behalf the e-mails go out, for an organisation that is
    leaving. Raises ValidationError when it is withdrawn or over already.
    """
    permissions.require(by, Permission.WITHDRAW_QUIET_PERIOD, period)
    hold_partnership(period.partnership_id)
    period = _as_it_is_now(period)
    _require_standing(Agreement(period, ()))
    period.withdrawn_at = timezone.now()
    period.withdrawn_by_id = by.user_id
    period.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("quiet period withdrawn", by=by, obj=period)
    announcements.announce_withdrawal(by=announced_by or by, period=period)
    return period


def _checked(starts_on: date, ends_on: date, reason: str) -> str:
    """The reason, tidy; raises ValidationError for days or words that cannot be."""
    problems: dict[str, str] = {}
    reason = " ".join(reason.split())
    if not says_something(reason):
        problems["reason"] = "Say why, like Mock exams"
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = f"The reason must be {LONGEST_REASON} characters or fewer"
    if starts_on < today():
        problems["starts_on"] = "The first day must be today or later"
    elif starts_on > _years_ahead():
        problems["starts_on"] = f"The first day must be within the next {YEARS_AHEAD} years"
    if ends_on < starts_on:
        problems["ends_on"] = "The last day must be the first day or later"
    elif ends_on - starts_on >= LONGEST:
        last = day_in_words(starts_on + LONGEST - timedelta(days=1))
        problems["ends_on"] = f"A quiet period lasts 12 weeks at most: end it by {last}"
    if problems:
        raise ValidationError(problems)
    return reason


def _years_ahead() -> date:
    return today() + timedelta(days=366 * YEARS_AHEAD)


def _in_the_way(
    partnership: Partnership, starts_on: date, ends_on: date, *, besides: int = 0
) -> QuietPeriod | None:
    """Another one of the partnership that shares a day, unless somebody has declined it."""
    rows = QuietPeriod.objects.filter(
        partnership=partnership, withdrawn_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exclude(pk=besides)
    standing = (each for each in agreements(list(rows)) if each.course != Course.DECLINED)
    return next((each.period for each in standing), None)


def _overlaps(other: QuietPeriod) -> str:
    return (
        f"{other.reason}, {day_in_words(other.starts_on)} to {day_in_words(other.ends_on)}, is a "
        "quiet period of this partnership already. Choose days before or after it"
    )


def _as_it_is_now(period: QuietPeriod) -> QuietPeriod:
    """As it is saved, now that nobody else changes it."""
    return QuietPeriod.objects.select_related("partnership", "author").get(pk=period.pk)


def _days(period: QuietPeriod) -> tuple[date, date]:
    return period.starts_on, period.ends_on


def _require_standing(agreement: Agreement) -> None:
    if agreement.course == Course.WITHDRAWN:
        raise ValidationError("This quiet period has been withdrawn. Nothing was changed.")
    if agreement.is_over:
        last = day_in_words(agreement.period.ends_on)
        raise ValidationError(f"This quiet period ended on {last}. Nothing was changed.")
