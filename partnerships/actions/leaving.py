"""What becomes of open actions when an organisation leaves Tandem, or one partnership.

What it was to do itself is dropped when it had added it too. What others gave it stays open, for
them to give to somebody else; what it gave to others stays theirs, and they are still reminded.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from organisations.tenancy.scope import Scope, acting
from partnerships.actions import announcements
from partnerships.actions.models import RELATED, Action, ActionState
from partnerships.actions.recipients import accepted
from partnerships.actions.services import close_action
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

LEFT = "The organisation has left."
# Before its partnerships are left, without which they could not be read.
FIRST = 12


def settle_actions(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Drop its own, take its people's reminders back, keep those of others; says how many."""
    assert by.organisation is not None
    dropped = list(_own(by, partnership))
    for action in dropped:
        note = f"{by.organisation.name} has left."
        close_action(by=by, action=action, state=ActionState.DROPPED, note=note)
    given_to_it = list(_given_to_it(by, partnership))
    for action in given_to_it:
        announcements.call_off(action, LEFT)
    given = _given_by_it(by, partnership)
    passed_on = [action for action in given if _remind_still(by, action)]
    return {
        "actions_dropped": len(dropped),
        "actions_without_owner": len(given_to_it),
        "actions_reminded_by_others": len(passed_on),
    }


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    said = []
    if count := _own(by, partnership).count():
        said.append(f"{_number(count)} of its own {_is(count)} dropped")
    if count := _given_to_it(by, partnership).count():
        said.append(
            f"{_number(count)} that others gave it {'stays' if count == 1 else 'stay'} open, for "
            "them to give to somebody else"
        )
    return said


def _own(by: Actor, partnership: Partnership | None) -> QuerySet[Action]:
    ours = by.organisation_id
    return _open(by, partnership, Q(owner_organisation_id=ours, author_organisation_id=ours))


def _given_to_it(by: Actor, partnership: Partnership | None) -> QuerySet[Action]:
    ours = by.organisation_id
    return _open(by, partnership, Q(owner_organisation_id=ours) & ~Q(author_organisation_id=ours))


def _given_by_it(by: Actor, partnership: Partnership | None) -> QuerySet[Action]:
    ours = by.organisation_id
    return _open(by, partnership, Q(author_organisation_id=ours) & ~Q(owner_organisation_id=ours))


def _open(by: Actor, partnership: Partnership | None, which: Q) -> QuerySet[Action]:
    """Those of one partnership, or of all."""
    within = Q(partnership=partnership) if partnership else Q()
    return (
        Action.objects.filter(
            which & within, acl__overlap=[by.organisation_id], state=ActionState.OPEN
        )
        .select_related(*RELATED)
        .order_by("pk")
    )


def _remind_still(by: Actor, action: Action) -> bool:
    """Have a member that stays send the reminders which the leaver would have sent."""
    staying = [each for each in accepted(action) if each != by.organisation_id]
    if not staying:
        return False
    speaker = action.owner_organisation_id
    speaker = speaker if speaker in staying else staying[0]
    announcements.call_off(action, LEFT)
    # Those taken back keep their place in the ledger: only a new revision is asked for again.
    action.revision += 1
    action.save(update_fields=["revision"])
    with acting(Scope(organisation_id=speaker)):
        seen = Action.objects.select_related(*RELATED).get(pk=action.pk)
        announcements.remind_on_behalf_of(speaker, seen)
    return True


def _number(count: int) -> str:
    return "1 action" if count == 1 else f"{count} actions"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(settle_actions, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(settle_actions, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
