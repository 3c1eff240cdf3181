"""Planning, changing and withdrawing items, and recording how far they got: every write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import day_in_words, today
from contacts.models import Gateway, GatewayMeeting
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.agenda import announcements
from partnerships.agenda.models import COURSE, AgendaItem, ItemState
from partnerships.record.models import Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
LONGEST_ASK, LONGEST_DECISION, LONGEST_WHY = 2000, 4000, 1000
RECORDED = (ItemState.SENT, ItemState.HEARD, ItemState.DECIDED)


@transaction.atomic
def plan_item(
    *,
    by: Actor,
    partnership: Partnership,
    gateway: Gateway,
    title: str,
    ask: str = "",
    meeting: GatewayMeeting | None = None,
    own_due_on: date | None = None,
) -> AgendaItem:
    """Plan to bring an item to a gateway, and remind people when its paper is due.

    `own_due_on` where another day was agreed than the gateway published. Raises ValidationError
    for a gateway that has ended, a meeting of another one, or that is over or called off, a
    paper due after its meeting, and an item of the same name for the same gateway.
    """
    permissions.require(by, Permission.PLAN_AGENDA_ITEM, partnership)
    if gateway.ended_on is not None and gateway.ended_on <= today():
        raise ValidationError(f"{gateway} has ended. Choose another gateway.")
    plan = _checked(gateway, title=title, ask=ask, meeting=meeting, own_due_on=own_due_on)
    _refuse_repeat(by, partnership, gateway, plan["title"])
    assert by.organisation_id is not None
    item = AgendaItem(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        gateway=gateway,
        **plan,
    )
    item.know()
    item.save()
    audit.record("agenda item planned", by=by, obj=item)
    announcements.plan_reminders(by=by, item=item)
    return item


@transaction.atomic
def change_item(
    *,
    by: Actor,
    item: AgendaItem,
    title: str,
    ask: str,
    meeting: GatewayMeeting | None,
    own_due_on: date | None,
    based_on: int | None = None,
) -> AgendaItem:
    """Change what an item of the acting organisation asks, or when. The same again does nothing.

    `based_on` is the revision that the person saw. Raises ValidationError when it has been
    changed since or is over, and as `plan_item` does.
    """
    current = _locked(by, item, Permission.CHANGE_AGENDA_ITEM)
    _require_open(current)
    if based_on is not None and based_on != current.revision:
        raise ValidationError(
            "This item was changed while you were writing. Check your changes against what it "
            "says now, and save again.",
            code=CHANGED_MEANWHILE,
        )
    plan = _checked(
        current.gateway,
        title=title,
        ask=ask,
        meeting=meeting,
        own_due_on=own_due_on,
        keeps=current.meeting_id,
    )
    changed = [name for name, value in plan.items() if getattr(current, name) != value]
    if not changed:
        return current
    for name in changed:
        setattr(current, name, plan[name])
    current.revision += 1
    current.save(update_fields=[*changed, *current.know(), "revision"])
    audit.record("agenda item changed", by=by, obj=current, changes={"fields": changed})
    announcements.replace_reminders(by=by, item=current)
    return current


@transaction.atomic
def record_step(
    *, by: Actor, item: AgendaItem, step: str, on: date, decision: str = ""
) -> AgendaItem:
    """Record that the paper was sent, or that the item was heard or decided. Any member may.

    Raises ValidationError for a day to come or before the step that came before it, a step that
    was recorded already or passed, and a decision without words.
    """
    if step not in RECORDED:
        raise ValidationError({"step": "Choose what happened"})
    current = _locked(by, item, Permission.RECORD_AGENDA_STEP)
    _require_open(current)
    _require_next(current, ItemState(step))
    _require_day(current, on)
    decision = _text(decision, "decision", LONGEST_DECISION)
    fields = _mark(by, current, ItemState(step), on)
    if step == ItemState.DECIDED:
        if not decision:
            raise ValidationError({"decision": "Enter what was decided"})
        current.decision = decision
        fields.append("decision")
    _save_step(by, current, fields)
    announcements.forget_reminders(current)
    return current


@transaction.atomic
def withdraw_item(*, by: Actor, item: AgendaItem, why: str = "") -> AgendaItem:
    """Withdraw an item of the acting organisation; it is kept.

    Raises ValidationError when it has been decided or withdrawn already.
    """
    current = _locked(by, item, Permission.CHANGE_AGENDA_ITEM)
    _require_open(current)
    current.withdrawn_why = _text(why, "why", LONGEST_WHY)
    fields = _mark(by, current, ItemState.WITHDRAWN, today())
    _save_step(by, current, [*fields, "withdrawn_why"])
    announcements.call_off(current, "The item was withdrawn.")
    return current


def _locked(by: Actor, item: AgendaItem, permission: Permission) -> AgendaItem:
    """The item as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, permission, item)
    return (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("partnership", "author", "gateway__type", "gateway__place", "meeting")
        .select_related("gateway__region")
        .get(pk=item.pk)
    )


def _checked(
    gateway: Gateway,
    *,
    title: str,
    ask: str,
    meeting: GatewayMeeting | None,
    own_due_on: date | None,
    keeps: int | None = None,
) -> dict[str, Any]:
    """The plan, tidy. `keeps` is the meeting it has already, which may be over."""
    title = " ".join(title.split())
    if not title:
        raise ValidationError({"title": "Enter a name for the item"})
    if len(title) > 150:
        raise ValidationError({"title": "The name must be 150 characters or fewer"})
    if meeting is not None and meeting.pk != keeps:
        _require_coming(gateway, meeting)
    require_in_time(meeting, own_due_on)
    if meeting is not None and own_due_on == meeting.papers_due_on:
        own_due_on = None  # as published: follow it when it changes
    ask = _text(ask, "ask", LONGEST_ASK)
    return {"title": title, "ask": ask, "meeting": meeting, "own_due_on": own_due_on}


def require_in_time(meeting: GatewayMeeting | None, own_due_on: date | None) -> None:
    """Raise ValidationError when the paper would be due after the meeting."""
    if own_due_on is not None and meeting is not None and own_due_on > meeting.meets_on:
        words = f"The paper must be due by the meeting, {day_in_words(meeting.meets_on)}"
        raise ValidationError({"own_due_on": words})


def _require_coming(gateway: Gateway, meeting: GatewayMeeting) -> None:
    if meeting.gateway_id != gateway.pk:
        raise ValidationError({"meeting": f"Choose a meeting of {gateway}"})
    if meeting.cancelled_at is not None:
        raise ValidationError({"meeting": "This meeting has been called off. Choose another"})
    if meeting.meets_on < today():
        raise ValidationError({"meeting": "This meeting is over. Choose another"})


def _refuse_repeat(by: Actor, partnership: Partnership, gateway: Gateway, title: str) -> None:
    """Going back in the browser shows the plan again in a new form, which its key cannot tell."""
    the_same = AgendaItem.objects.filter(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        gateway=gateway,
        title=title,
        state=ItemState.PLANNED,
    )
    if the_same.exists():
        raise ValidationError(
            {"title": "You have planned an item of this name for this gateway already"},
            code="repeated",
        )


def _require_open(item: AgendaItem) -> None:
    if not item.is_open:
        state = item.get_state_display().lower()
        raise ValidationError(f"This item is {state} already. Nothing was changed.")


def _require_next(item: AgendaItem, step: ItemState) -> None:
    if COURSE.index(step) <= COURSE.index(ItemState(item.state)):
        raise ValidationError(
            f"It is on record already: {item.get_state_display().lower()}. Nothing was changed."
        )


def _require_day(item: AgendaItem, on: date) -> None:
    if on > today():
        raise ValidationError({"on": "The day must be today or in the past"})
    before = max(filter(None, (item.sent_on, item.heard_on)), default=None)
    if before is not None and on < before:
        raise ValidationError({"on": f"The day must be {day_in_words(before)} or later"})


def _mark(by: Actor, item: AgendaItem, step: ItemState, on: date) -> list[str]:
    """Put the step into the item, in the actor's own name; says which fields that changed."""
    new = {"on": on, "by_id": by.user_id, "organisation_id": by.organisation_id}
    for name, value in new.items():
        setattr(item, f"{step}_{name}", value)
    return [f"{step}_{name.removesuffix('_id')}" for name in new]


def _save_step(by: Actor, item: AgendaItem, fields: list[str]) -> None:
    was = item.state
    item.state = ItemState(fields[0].removesuffix("_on"))
    item.save(update_fields=["state", *fields])
    action = f"agenda item {'paper sent' if item.state == ItemState.SENT else item.state}"
    audit.record(action, by=by, obj=item, changes={"state": [str(was), str(item.state)]})


def _text(given: str, field: str, longest: int) -> str:
    text = given.strip()
    if len(text) > longest:
        raise ValidationError({field: f"This must be {longest:,} characters or fewer"})
    return text
