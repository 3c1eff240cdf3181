"""Which rule holds, and who chose what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from initiatives.small_numbers.models import ChosenRule
from initiatives.suppression.rules import DEFAULT, PRESETS, Rule, stricter
from organisations.models import Organisation
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.selectors import members_of


@dataclass(frozen=True, slots=True)
class Choice:
    """What one member asks for. `row` is None while it has not chosen."""

    organisation: Organisation
    rule: Rule
    row: ChosenRule | None


def rule_for(partnership_id: int) -> Rule:
    """The rule that holds in a partnership for everything that is published from now on.

    For those who see the partnership: its members' choices are visible to each of them.
    """
    chosen = _chosen(partnership_id)
    if not chosen:
        return DEFAULT
    states = [MemberState.ACCEPTED, MemberState.SUCCEEDED]
    members = Member.objects.filter(partnership=partnership_id, state__in=states)
    return stricter(rule for rule, _ in _asked_for(members, chosen).values())


def choices_of(partnership: Partnership) -> list[Choice]:
    """What every member asks for, in the order in which a partnership names its members."""
    members = members_of(partnership)
    asked = _asked_for(members, _chosen(partnership.pk))
    return [
        Choice(each.organisation, *asked[each.organisation_id])
        for each in members
        if each.organisation_id in asked
    ]


def _chosen(partnership_id: int) -> dict[int, ChosenRule]:
    rows = ChosenRule.objects.filter(partnership=partnership_id)
    return {each.organisation_id: each for each in rows}


def _asked_for(
    members: Iterable[Member], chosen: dict[int, ChosenRule]
) -> dict[int, tuple[Rule, ChosenRule | None]]:
    """By the id of each organisation that is a member now.

    One that took another's place and has not chosen asks for what the other asked for.
    """
    before: dict[int, list[ChosenRule]] = defaultdict(list)
    now = []
    for each in members:
        if each.state == MemberState.ACCEPTED:
            now.append(each.organisation_id)
        elif each.succeeded_by_id is not None and each.organisation_id in chosen:
            before[each.succeeded_by_id].append(chosen[each.organisation_id])
    asked: dict[int, tuple[Rule, ChosenRule | None]] = {}
    for organisation_id in now:
        row = chosen.get(organisation_id)
        if row is not None:
            asked[organisation_id] = PRESETS[row.rule], row
        else:
            asked[organisation_id] = (
                stricter(PRESETS[each.rule] for each in before[organisation_id]),
                None,
            )
    return asked
