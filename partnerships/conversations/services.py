"""Logging, changing and withdrawing conversations: every write to them, and no reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.conversations.models import (
    LONGEST_OTHERS,
    LONGEST_PERSON,
    Conversation,
    ConversationKind,
)
from partnerships.record.models import Partnership
from partnerships.record.services.members import hold_partnership

EARLIEST = date(2000, 1, 1)
LONGEST = 4000
REPEATED_WITHIN = timedelta(hours=1)
MOST_PEOPLE = 40
# Of these the audit says only that they changed.
TEXTS = ("summary", "people", "others", "introduced_by")


class ChangedMeanwhile(Exception):
    """Someone saved this conversation after it was opened for changing; `current` is theirs."""

    def __init__(self, current: Conversation) -> None:
        super().__init__("changed meanwhile")
        self.current = current


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation as it is to be logged."""

    partnership: Partnership
    kind: str
    held_on: date
    summary: str
    others: str = ""


@transaction.atomic
def log_conversation(
    *,
    by: Actor,
    partnership: Partnership,
    kind: str,
    held_on: date,
    summary: str,
    internal: bool,
    people: Sequence[str] = (),
    others: str = "",
    introduced_by: str = "",
) -> Conversation:
    """Log what was said, in the name of the acting organisation.

    An `internal` one is seen by that organisation alone. `people` took part, as they are known
    now, and `others`, by role; an introduction says who was introduced by whom. Raises
    ValidationError, keyed by field, for an empty summary, a day to come or one before 2000, an
    unknown kind, an introduction of nobody or by nobody, or what the same person logged there
    within the last hour already, word for word.
    """
    permissions.require(by, Permission.LOG_CONVERSATION, partnership)
    summary = _checked(kind=kind, held_on=held_on, summary=summary)
    who = _who(kind, people, others, introduced_by)
    _refuse_repeat(by, partnership, held_on=held_on, summary=summary)
    assert by.organisation_id is not None
    conversation = Conversation.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind=kind,
        held_on=held_on,
        summary=summary,
        internal=internal,
        **who,
    )
    audit.record(
        "conversation logged", by=by, obj=conversation, changes={"internal": [None, internal]}
    )
    return conversation


@transaction.atomic
def log_history(*, by: Actor, entries: Sequence[Entry]) -> list[Conversation]:
    """Log conversations that the acting organisation alone sees; nobody is told.

    Refuses all of them as `log_conversation` does, when one of them cannot be.
    """
    for partnership in {each.partnership.pk: each.partnership for each in entries}.values():
        permissions.require(by, Permission.LOG_CONVERSATION, partnership)
    assert by.organisation_id is not None
    logged = Conversation.objects.bulk_create(
        Conversation(
            partnership=each.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            internal=True,
            kind=each.kind,
            held_on=each.held_on,
            summary=_checked(kind=each.kind, held_on=each.held_on, summary=each.summary),
            **_who(each.kind, (), each.others, ""),
        )
        for each in entries
    )
    audit.record_each(
        "conversation logged",
        by=by,
        table=Conversation._meta.db_table,
        changes={each.pk: {"internal": [None, True]} for each in logged},
    )
    return logged


def _refuse_repeat(by: Actor, partnership: Partnership, *, held_on: date, summary: str) -> None:
    """Going back in the browser shows the words again in a new form, which its key cannot tell."""
    just_logged = Conversation.objects.filter(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        held_on=held_on,
        summary=summary,
        withdrawn_at=None,
        created_at__gt=timezone.now() - REPEATED_WITHIN,
    )
    if just_logged.exists():
        raise ValidationError({"summary": "You have logged exactly this already"}, code="repeated")


@transaction.atomic
def change_conversation(
    *,
    by: Actor,
    conversation: Conversation,
    kind: str,
    held_on: date,
    summary: str,
    internal: bool,
    based_on: datetime | None,
    people: Sequence[str] = (),
    others: str = "",
    introduced_by: str = "",
) -> Conversation:
    """Change a conversation of the acting organisation.

    `based_on` is the `changed_at` that the person saw: raises ChangedMeanwhile, with what is
    saved now, when it is no longer that. Otherwise as `log_conversation`; a withdrawn one is
    refused with a ValidationError.
    """
    current = _locked(by, conversation)
    if current.changed_at != based_on:
        raise ChangedMeanwhile(current)
    summary = _checked(kind=kind, held_on=held_on, summary=summary)
    new: dict[str, Any] = {
        "kind": kind,
        "held_on": held_on,
        "summary": summary,
        "internal": internal,
        **_who(kind, people, others, introduced_by),
    }
    old = {name: getattr(current, name) for name in new}
    if new == old:
        return current
    for name, value in new.items():
        setattr(current, name, value)
    current.changed_at = timezone.now()
    current.save(update_fields=[*new, "changed_at"])
    audit.record("conversation changed", by=by, obj=current, changes=_changes(old, new))
    return current


@transaction.atomic
def withdraw_conversation(*, by: Actor, conversation: Conversation) -> Conversation:
    """Take a conversation of the acting organisation back.

    It stays in the record, with who withdrew it and when, and its text is no longer shown.
    Raises ValidationError when that has been done already.
    """
    current = _locked(by, conversation)
    current.withdrawn_at = timezone.now()
    current.withdrawn_by_id = by.user_id
    current.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("conversation withdrawn", by=by, obj=current)
    return current


def _locked(by: Actor, conversation: Conversation) -> Conversation:
    """The conversation as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, Permission.CHANGE_CONVERSATION, conversation)
    hold_partnership(conversation.partnership_id)
    current = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if current.withdrawn_at is not None:
        raise ValidationError("This conversation has been withdrawn and can no longer be changed.")
    return current


def check_day(held_on: date) -> None:
    """Raise ValidationError for a day to come or one before 2000."""
    if held_on > today():
        raise ValidationError(
            "The date must be today or in the past. To plan ahead, schedule a touchpoint"
        )
    if held_on < EARLIEST:
        raise ValidationError("The date must be in 2000 or later")


def _checked(*, kind: str, held_on: date, summary: str) -> str:
    """The summary without blanks around it; raises ValidationError for what cannot be."""
    problems: dict[str, str] = {}
    summary = summary.strip()
    if kind not in ConversationKind.values:
        problems["kind"] = "Choose how you spoke"
    try:
        check_day(held_on)
    except ValidationError as problem:
        problems["held_on"] = problem.messages[0]
    if not says_something(summary):
        problems["summary"] = "Enter what was said"
    elif len(summary) > LONGEST:
        problems["summary"] = f"What was said must be {LONGEST:,} characters or fewer"
    if problems:
        raise ValidationError(problems)
    return summary


def _who(kind: str, people: Sequence[str], others: str, introduced_by: str) -> dict[str, Any]:
    """Who took part, or was introduced by whom; raises ValidationError for what cannot be."""
    problems: dict[str, str] = {}
    others, introduced_by = " ".join(others.split()), " ".join(introduced_by.split())
    people = list(dict.fromkeys(people))
    if kind != ConversationKind.INTRODUCTION:
        introduced_by = ""
    else:
        if not says_something(introduced_by):
            problems["introduced_by"] = "Enter who made the introduction"
        if not people and not says_something(others):
            problems["others"] = "Choose or enter who was introduced"
    if len(introduced_by) > LONGEST_OTHERS:
        problems["introduced_by"] = f"Who it was must be {LONGEST_OTHERS} characters or fewer"
    if len(others) > LONGEST_OTHERS:
        problems["others"] = f"The others must be {LONGEST_OTHERS} characters or fewer"
    if len(people) > MOST_PEOPLE or any(len(each) > LONGEST_PERSON for each in people):
        problems["people"] = "Choose the people from the list"
    if problems:
        raise ValidationError(problems)
    return {"people": people, "others": others, "introduced_by": introduced_by}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What differs, for the audit; of the text only that it does."""
    return {
        name: "changed" if name in TEXTS else [str(old[name]), str(new[name])]
        for name in new
        if old[name] != new[name]
    }
