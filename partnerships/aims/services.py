"""Writing the shared priorities and aim, saying something about them, and agreeing them."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import User
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.aims import announcements
from partnerships.aims.models import (
    LONGEST_AIM,
    LONGEST_COMMENT,
    LONGEST_PRIORITY,
    LONGEST_ROLE,
    MOST_PRIORITIES,
    AimAgreed,
    AimComment,
    AimVersion,
)
from partnerships.aims.selectors import newest_of
from partnerships.record.models import Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
# The first number of the advisory locks under which one partnership's aim is written and agreed.
LOCK = 7_041


@transaction.atomic
def write_aim(
    *, by: Actor, partnership: Partnership, priorities: Iterable[str], aim: str, based_on: int
) -> AimVersion:
    """Write the priorities and the aim: a new version, which every member is to agree anew.

    `based_on` is the number of the version that the person saw, 0 for none. The same again does
    nothing. Raises ValidationError (CHANGED_MEANWHILE) when another version was saved since, and
    for texts that are empty or too long.
    """
    permissions.require(by, Permission.CHANGE_AIM, partnership)
    assert by.organisation_id is not None
    wanted, aim = _priorities(priorities), _aim(aim)
    if not wanted and not aim:
        raise ValidationError({"priorities": "Enter a shared priority, or the shared aim"})
    newest = _newest_locked(by, partnership)
    if newest is not None and (newest.priorities, newest.aim) == (wanted, aim):
        return newest
    number = 0 if newest is None else newest.number
    if based_on != number:
        raise ValidationError(
            "Somebody else changed this while you were writing. Nothing of either text is lost: "
            "compare them, and save what you want it to say.",
            code=CHANGED_MEANWHILE,
        )
    made = AimVersion.objects.create(
        partnership=partnership,
        number=number + 1,
        priorities=wanted,
        aim=aim,
        text="\n".join([*wanted, *([aim] if aim else [])]),
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
    )
    audit.record("shared aim written", by=by, obj=made, changes={"version": made.number})
    announcements.ask(by=by, version=made)
    return made


@transaction.atomic
def comment_on_aim(*, by: Actor, partnership: Partnership, text: str) -> AimComment:
    """Say something about the version that counts, for every member to read."""
    permissions.require(by, Permission.COMMENT_ON_AIM, partnership)
    assert by.organisation_id is not None
    text = text.strip()
    if not says_something(text):
        raise ValidationError({"text": "Enter a comment"})
    if len(text) > LONGEST_COMMENT:
        raise ValidationError(
            {"text": f"A comment must be {LONGEST_COMMENT:,} characters or fewer"}
        )
    newest = newest_of(by, partnership)
    if newest is None:
        raise ValidationError("There is no shared aim to comment on yet.")
    made = AimComment.objects.create(
        partnership=partnership,
        version=newest,
        organisation_id=by.organisation_id,
        author_id=by.user_id,
        text=text,
    )
    audit.record("shared aim commented on", by=by, obj=newest, changes={"comment": made.pk})
    return made


@transaction.atomic
def agree_aim(*, by: Actor, partnership: Partnership, number: int, role: str) -> AimAgreed:
    """Agree, for the acting organisation and by name, the version that was read. Twice is once.

    Raises ValidationError (CHANGED_MEANWHILE) for a version that has just changed: the page then
    shows both.
    """
    permissions.require(by, Permission.AGREE_AIM, partnership)
    assert by.organisation_id is not None
    newest = _newest_locked(by, partnership)
    if newest is None:
        raise ValidationError("There is no shared aim to agree yet.")
    if number != newest.number:
        raise ValidationError(
            "The text was changed after you opened this page, so nothing was agreed. Read what "
            "changed, and agree again if you do.",
            code=CHANGED_MEANWHILE,
        )
    earlier = AimAgreed.objects.filter(version=newest, organisation_id=by.organisation_id).first()
    if earlier is not None:
        return earlier
    made = AimAgreed.objects.create(
        partnership=partnership,
        version=newest,
        organisation_id=by.organisation_id,
        user_id=by.user_id,
        name=str(User.objects.get(pk=by.user_id)),
        role=_role(role),
    )
    audit.record("shared aim agreed", by=by, obj=newest, changes={"version": newest.number})
    return made


def _newest_locked(by: Actor, partnership: Partnership) -> AimVersion | None:
    """The version that counts; who else writes or agrees waits for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, partnership.pk])
    return newest_of(by, partnership)


def _priorities(given: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(each.split()) for each in given if says_something(each)))
    if len(found) > MOST_PRIORITIES:
        raise ValidationError(
            {"priorities": f"Enter {MOST_PRIORITIES} priorities or fewer, one on each line"}
        )
    if any(len(each) > LONGEST_PRIORITY for each in found):
        raise ValidationError(
            {"priorities": f"Each priority must be {LONGEST_PRIORITY} characters or fewer"}
        )
    return found


def _aim(aim: str) -> str:
    aim = aim.replace("\r\n", "\n").strip()
    if len(aim) > LONGEST_AIM:
        raise ValidationError({"aim": f"The aim must be {LONGEST_AIM:,} characters or fewer"})
    return aim if says_something(aim) else ""


def _role(role: str) -> str:
    role = " ".join(role.split())
    if not says_something(role):
        raise ValidationError({"role": "Enter your role, like Director of inclusion"})
    if len(role) > LONGEST_ROLE:
        raise ValidationError({"role": f"The role must be {LONGEST_ROLE} characters or fewer"})
    return role
