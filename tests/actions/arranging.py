"""Actions of a scene's partnership, added through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from contacts.models import Posting
from organisations.actor import Actor
from organisations.models import User
from organisations.tenancy.scope import acting
from partnerships.actions.models import RELATED, Action
from partnerships.actions.owners import Owner, possible_owners
from partnerships.actions.services import add_action
from tests.touchpoints.scene import HEALTH, Scene

# A Friday in term, well after the scene's now.
DUE = date(2027, 1, 22)
TITLE = "Send the dates of the drop-in sessions"


def owner(scene: Scene, by: Actor, who: str) -> Owner:
    """Somebody to give an action to: an address of the scene, "me", or an organisation's part."""
    for each in possible_owners(by, scene.partnership):
        if each.posting is not None and each.posting.details.email == who:
            return each
        if each.key == who:
            return each
        of_it = who in scene.cast.organisations and each.organisation == scene.cast.organisation(
            who
        )
        if of_it and each.posting is None and each.user is None:
            return each
    raise LookupError(who)


def given(scene: Scene, part: str = "school_editor", *, to: str = HEALTH, **more: Any) -> Action:
    """An action in a committed transaction."""
    by = scene.cast.actors[part]
    values = {"title": TITLE, "due_on": DUE, **more}
    with acting(by.scope), transaction.atomic():
        found = owner(scene, by, to)
        return add_action(by=by, partnership=scene.partnership, owner=found, **values)


def now(scene: Scene, action: Action, part: str = "school_editor") -> Action:
    """The action as somebody sees it now."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        return Action.objects.select_related(*RELATED).get(pk=action.pk)


def leaves_post(superuser: Any, posting: Posting, on: date) -> None:
    """Let somebody's posting have ended."""
    superuser.execute("UPDATE contacts_posting SET ended_on = %s WHERE id = %s", [on, posting.pk])


def user_of(scene: Scene, part: str) -> User:
    """The account of one of the cast."""
    return scene.cast.users[part]
