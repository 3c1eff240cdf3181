"""Adding, changing, closing and reopening actions: every write.

The e-mails about them are asked for in the same transaction (`announcements`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from contacts.models import Posting
from organisations import audit, permissions
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.guard_rail import refuse_identifiers
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.actions import announcements
from partnerships.actions.models import CLOSED, RELATED, Action, ActionState
from partnerships.actions.owners import Owner, possible_owners
from partnerships.record.models import Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
LONGEST_TITLE, LONGEST_DETAILS, LONGEST_NOTE = 200, 2000, 1000
# A day further off is a slip of the pen.
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Line:
    """One action to be added: what, who, and by when if that is known."""

    title: str
    owner: Owner
    due_on: date | None = None
    details: str = ""


@transaction.atomic
def add_action(
    *,
    by: Actor,
    partnership: Partnership,
    title: str,
    owner: Owner,
    due_on: date | None = None,
    details: str = "",
    origin: str = "",
) -> Action:
    """Add an action for one organisation in a partnership; its owner gets an e-mail.

    Raises ValidationError, keyed by field, for a title that is missing or too long, an owner who
    cannot be given it, a day gone by, and what this organisation has added already and is open.
    """
    permissions.require(by, Permission.ADD_ACTION, partnership)
    _refuse_repeat(by, partnership, title, owner)
    line = Line(title, owner, due_on, details)
    (added,) = _add(by, partnership, [line], origin, author={"author_id": by.user_id})
    return added


@transaction.atomic
def add_actions(
    *, by: Actor, partnership: Partnership, lines: Sequence[Line], origin: str = ""
) -> list[Action]:
    """Add several, from a form about something else; `origin` is what they arose from, as the part
    of its neutral address. Raises ValidationError as `add_action` does, but for repeats."""
    permissions.require(by, Permission.ADD_ACTION, partnership)
    return _add(by, partnership, lines, origin, author={"author_id": by.user_id})


@transaction.atomic
def add_actions_by_link(
    *,
    organisation_id: int,
    posting: Posting,
    partnership: Partnership,
    lines: Sequence[Line],
    origin: str = "",
) -> list[Action]:
    """The same, by somebody with the link in an e-mail that went out on behalf of an organisation.

    For a scope that acts for that organisation and for no person; the caller has looked whether
    the link's reader may. The organisation answers for what is added, `posting` says who added it.
    """
    by = on_behalf_of(organisation_id)
    return _add(by, partnership, lines, origin, author={"author_posting": posting})


def _add(
    by: Actor,
    partnership: Partnership,
    lines: Sequence[Line],
    origin: str,
    author: dict[str, Any],
) -> list[Action]:
    assert by.organisation_id is not None
    owners = [each.ids for each in possible_owners(by, partnership)] if lines else []
    added = []
    for line in lines:
        if line.owner.ids not in owners:
            raise ValidationError({"owner": "Choose who will do it"})
        text = _checked(line.title, line.details)
        _require_day(line.due_on)
        action = Action.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            due_on=line.due_on,
            origin=origin,
            **text,
            **line.owner.ids,
            **author,
        )
        audit.record("action added", by=by if by.user_id else None, obj=action)
        announcements.announce(by=by, action=_whole(action))
        added.append(action)
    return added


@transaction.atomic
def change_action(
    *,
    by: Actor,
    action: Action,
    title: str,
    owner: Owner,
    due_on: date | None,
    details: str,
    based_on: int | None = None,
) -> Action:
    """Change an open action; its owner gets an e-mail. The same again does nothing.

    `based_on` is the revision that the person saw. Raises ValidationError when it has been
    changed since or is closed, and as `add_action` does.
    """
    current = _locked(by, action)
    _require_open(current)
    if based_on is not None and based_on != current.revision:
        raise ValidationError(
            "This action was changed while you were writing. Check your changes against what it "
            "says now, and save again.",
            code=CHANGED_MEANWHILE,
        )
    new = {"due_on": due_on, **_checked(title, details), **owner.ids}
    changed = [name for name, value in new.items() if getattr(current, name) != value]
    if not changed:
        return current
    passed_on = any(name.startswith("owner_") for name in changed)
    if passed_on and owner.ids not in [e.ids for e in possible_owners(by, current.partnership)]:
        raise ValidationError({"owner": "Choose who will do it"})
    if "due_on" in changed:
        _require_day(due_on)
    for name in changed:
        setattr(current, name, new[name])
    current.revision += 1
    current.save(update_fields=[name.removesuffix("_id") for name in [*changed, "revision"]])
    changes = {"fields": sorted({name.removesuffix("_id") for name in changed})}
    audit.record("action changed", by=by, obj=current, changes=changes)
    why = announcements.NEW if passed_on else announcements.CHANGED
    announcements.announce_change(by=by, action=_whole(current), why=why)
    return current


@transaction.atomic
def close_action(*, by: Actor, action: Action, state: str, note: str = "") -> Action:
    """Say that an action is done, or that it is dropped and why; the other side gets an e-mail.

    Raises ValidationError when it is closed already, and for dropping without a reason.
    """
    if state not in CLOSED:
        raise ValidationError({"state": "Choose done or dropped"})
    current = _locked(by, action)
    _require_open(current)
    note = _note(note)
    if state == ActionState.DROPPED and not says_something(note):
        raise ValidationError({"note": "Enter why nobody will do it"})
    _close(current, state, note, closed_by_id=by.user_id, organisation=by.organisation_id)
    audit.record(f"action {state}", by=by, obj=current, changes=_step("open", state))
    announcements.announce_closing(by=by, action=_whole(current))
    return current


@transaction.atomic
def close_by_link(*, action: Action, posting: Posting, answered_by: str, note: str = "") -> Action:
    """The owner says with the link in an e-mail, which went to `answered_by`, that it is done.

    For a scope that acts for the organisation on whose behalf the e-mail went, and for no person;
    the caller has looked whether the link's reader is still the owner. Raises ValidationError when
    it is closed already.
    """
    current = Action.objects.select_for_update().get(pk=action.pk)
    _require_open(current)
    note = _note(note)
    refuse_identifiers(note=note)
    owner = current.owner_organisation_id
    _close(current, ActionState.DONE, note, closed_posting=posting, organisation=owner)
    changes = {**_step("open", "done"), "by": "link", "posting": posting.pk}
    audit.record("action done", by=None, obj=current, changes=changes)
    announcements.announce_closing(by=None, action=_whole(current), answered_by=answered_by)
    return current


@transaction.atomic
def reopen_action(*, by: Actor, action: Action) -> Action:
    """Open a closed action again; its owner gets an e-mail.

    Raises ValidationError for one that is open.
    """
    current = _locked(by, action)
    if current.is_open:
        raise ValidationError("This action is open already. Nothing was changed.")
    was = current.state
    current.state = ActionState.OPEN
    current.closed_at = None
    current.closed_by = current.closed_posting = current.closed_organisation = None
    current.revision += 1
    current.save(
        update_fields=[
            "state", "closed_at", "closed_by", "closed_posting", "closed_organisation", "revision",
        ]
    )  # fmt: skip
    audit.record("action reopened", by=by, obj=current, changes=_step(was, "open"))
    announcements.announce_change(by=by, action=_whole(current), why=announcements.REOPENED)
    return current


@transaction.atomic
def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Tell whoever has become a contact since of the open actions that so became theirs.

    Follows the naming or correcting of a contact, whose service has asked whether the actor
    may. Says how many there were; doing it again changes nothing.
    """
    rows = Action.objects.filter(
        partnership=partnership, acl__overlap=[by.organisation_id], state=ActionState.OPEN
    )
    found = rows.select_related(*RELATED).order_by("pk")
    return sum(announcements.bring_up_to_date(by=by, action=each) for each in found)


def _close(action: Action, state: str, note: str, *, organisation: int | None, **who: Any) -> None:
    action.state = state
    action.closed_at = timezone.now()
    action.closed_organisation_id = organisation
    action.closing_note = note
    for name, value in who.items():
        setattr(action, name, value)
    action.save(
        update_fields=[
            "state", "closed_at", "closed_by", "closed_posting", "closed_organisation",
            "closing_note",
        ]
    )  # fmt: skip


def _locked(by: Actor, action: Action) -> Action:
    """The action as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, Permission.CHANGE_ACTION, action)
    rows = Action.objects.select_for_update(of=("self",))
    # Not with who closed it: that would be nobody still, if somebody did so meanwhile.
    return rows.select_related("partnership").get(pk=action.pk)


def _whole(action: Action) -> Action:
    """It with everybody who is told of it, as far as the acting organisation sees them."""
    return Action.objects.select_related(*RELATED).get(pk=action.pk)


def _require_open(action: Action) -> None:
    if action.closed_organisation is not None:
        raise ValidationError(
            f"{action.closed_organisation.name} has already recorded that this is "
            f"{action.get_state_display().lower()}. Nothing was changed."
        )


def _checked(title: str, details: str) -> dict[str, str]:
    """The words, tidy; raises ValidationError for what cannot be."""
    title, details = " ".join(title.split()), details.strip()
    problems: dict[str, str] = {}
    if not says_something(title):
        problems["title"] = "Enter what is to be done"
    elif len(title) > LONGEST_TITLE:
        problems["title"] = f"What is to be done must be {LONGEST_TITLE} characters or fewer"
    if len(details) > LONGEST_DETAILS:
        problems["details"] = f"More about it must be {LONGEST_DETAILS:,} characters or fewer"
    if problems:
        raise ValidationError(problems)
    return {"title": title, "details": details}


def _require_day(due_on: date | None) -> None:
    if due_on is not None and (problem := day_problem(due_on)):
        raise ValidationError({"due_on": problem})


def day_problem(due_on: date) -> str:
    """What is wrong with a day that something is to be done by; empty when nothing is."""
    if due_on < today():
        return "The day must be today or later"
    return "The day must be within three years" if due_on > today() + FURTHEST else ""


def _refuse_repeat(by: Actor, partnership: Partnership, title: str, owner: Owner) -> None:
    """Going back in the browser shows the words again in a new form, which its key cannot tell."""
    the_same = Action.objects.filter(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        title=" ".join(title.split()),
        state=ActionState.OPEN,
        **owner.ids,
    )
    if the_same.exists():
        raise ValidationError(
            {"title": "You have added this action already, and it is open"}, code="repeated"
        )


def _note(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": f"The note must be {LONGEST_NOTE:,} characters or fewer"})
    return note


def _step(was: str, now: str) -> dict[str, list[str]]:
    return {"state": [str(was), str(now)]}
