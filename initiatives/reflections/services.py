"""Reflecting on an initiative, and taking that back: every write."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from initiatives.plans.models import Initiative, LineKind, PlanLine
from initiatives.reflections import selectors
from initiatives.reflections.models import LONGEST, Occasion, Reflection
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.record.services.members import hold_partnership
from partnerships.wins.services import log_win

QUESTIONS = {
    "went_well": "What went well",
    "change": "What you change",
    "missing": "Who you are missing",
}


@transaction.atomic
def reflect(
    *,
    by: Actor,
    initiative: Initiative,
    occasion: str,
    milestone: PlanLine | None = None,
    went_well: str = "",
    change: str = "",
    missing: str = "",
    win: str = "",
) -> Reflection:
    """Say, for the acting organisation, how it goes; every member reads it.

    `win` is one line that is logged as a win of the partnership too. Raises ValidationError, keyed
    by field, for no answer at all, a text that is too long, and a milestone of something else. The
    same again does nothing.
    """
    permissions.require(by, Permission.REFLECT, initiative)
    assert by.organisation_id is not None
    said = {"went_well": went_well.strip(), "change": change.strip(), "missing": missing.strip()}
    _check(said)
    if occasion not in Occasion.values:
        raise ValidationError({"occasion": "Choose what you look back on"})
    if occasion == Occasion.MILESTONE and not _is_one_of(initiative, milestone):
        raise ValidationError({"occasion": "Choose a milestone of this initiative"})
    hold_partnership(initiative.partnership_id)
    about = {
        "occasion": occasion,
        "milestone": milestone if occasion == Occasion.MILESTONE else None,
        "term": selectors.term_for(by, initiative.partnership).words
        if occasion == Occasion.TERM
        else "",
    }
    before = Reflection.objects.filter(
        initiative=initiative,
        author_organisation=by.organisation_id,
        withdrawn_at=None,
        **about,
        **said,
    ).first()
    if before is not None:
        return before
    made = Reflection.objects.create(
        initiative=initiative,
        partnership_id=initiative.partnership_id,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        reflected_on=today(),
        win=log_win(
            by=by,
            partnership=initiative.partnership,
            line=win,
            happened_on=today(),
            internal=False,
        )
        if win.strip()
        else None,
        **about,
        **said,
    )
    audit.record("reflection added", by=by, obj=made, changes={"occasion": [None, occasion]})
    return made


@transaction.atomic
def take_reflection_back(*, by: Actor, reflection: Reflection) -> Reflection:
    """Show its text no longer; that there was one stays in the record.

    Raises ValidationError when that has been done already.
    """
    permissions.require(by, Permission.TAKE_REFLECTION_BACK, reflection)
    hold_partnership(reflection.partnership_id)
    current = Reflection.objects.filter(pk=reflection.pk, withdrawn_at=None).first()
    if current is None:
        raise ValidationError("This reflection has been taken back already.")
    current.withdrawn_at, current.withdrawn_by_id = timezone.now(), by.user_id
    current.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("reflection taken back", by=by, obj=current)
    return current


def _is_one_of(initiative: Initiative, milestone: PlanLine | None) -> bool:
    return (
        milestone is not None
        and milestone.initiative_id == initiative.pk
        and milestone.kind == LineKind.MILESTONE
    )


def _check(said: dict[str, str]) -> None:
    problems = {
        field: f"{label} must be {LONGEST:,} characters or fewer"
        for field, label in QUESTIONS.items()
        if len(said[field]) > LONGEST
    }
    if not any(says_something(text) for text in said.values()):
        problems["went_well"] = "Answer at least one of the three questions"
    if problems:
        raise ValidationError(problems)
