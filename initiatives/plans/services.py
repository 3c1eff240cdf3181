"""Starting, changing, deciding on, withdrawing and copying initiatives: every write to a plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from initiatives.plans.library import templates
from initiatives.plans.models import (
    LONGEST_AIM,
    LONGEST_AUDIENCE,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_PLACE,
    Decision,
    Initiative,
    Lead,
    LineKind,
    LineState,
    PlanLine,
    Stage,
    Strand,
)
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Sector
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.actions.owners import Owner, possible_owners
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.selectors import schools_in
from partnerships.record.services.members import hold_partnership

CHANGED_MEANWHILE = "changed_meanwhile"
EARLIEST = date(2000, 1, 1)
# A day further off is a slip of the pen.
FURTHEST = timedelta(days=10 * 366)
MOST_HOURS = 2000
MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Outline:
    """What an initiative is, as a form gives it. `schools` are ids of organisations."""

    name: str
    strand: str
    aim: str
    audience: str = ""
    schools: tuple[int, ...] = ()
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    hours: int | None = None
    pilot: bool = False
    decide_on: date | None = None


@transaction.atomic
def start_initiative(
    *,
    by: Actor,
    partnership: Partnership,
    outline: Outline,
    template: str = "",
) -> Initiative:
    """Start an initiative; the acting organisation looks after it.

    With a template its needs stand in the plan already. Raises ValidationError, keyed by field, for
    what is missing, too long or does not fit together, for a school that no member brings, and for
    one of the same name that is under way.
    """
    if template and template not in templates():
        raise ValidationError({"template": "Choose one of the templates, or none"})
    initiative = _start(by, partnership, outline, template)
    if template:
        _write_needs(initiative, templates()[template].needs)
    return initiative


@transaction.atomic
def change_initiative(
    *, by: Actor, initiative: Initiative, outline: Outline, based_on: int
) -> Initiative:
    """Change what it is. The same again does nothing.

    `based_on` is the revision that the person saw: raises ValidationError with code
    `changed_meanwhile` when somebody has changed it since, and otherwise as `start_initiative`.
    """
    current = _held(by, initiative)
    given = _checked(outline)
    _require_schools(current.partnership, given.schools, kept=current.schools)
    if given.name != current.name:
        _refuse_same_name(current.partnership, given.name)
    columns = _columns(given)
    changed = {name for name, value in columns.items() if getattr(current, name) != value}
    if not changed:
        return current
    if current.revision != based_on:
        raise ValidationError(
            "Somebody has changed this initiative since you opened it. What you typed is still "
            "here: look at the page again, then save it to replace theirs.",
            code=CHANGED_MEANWHILE,
        )
    if current.decision and not given.pilot:
        raise ValidationError({"pilot": "This pilot has been decided on, so it stays a pilot"})
    _save(current, **{name: columns[name] for name in sorted(changed)})
    audit.record("initiative changed", by=by, obj=current, changes={"fields": sorted(changed)})
    return current


@transaction.atomic
def move_to_stage(*, by: Actor, initiative: Initiative, stage: str) -> Initiative:
    """Say how far it has got. The same again does nothing.

    Raises ValidationError, keyed by field, for a running one without a first day, and a pilot that
    would be finished without a decision.
    """
    current = _held(by, initiative)
    if stage not in Stage.values:
        raise ValidationError({"stage": "Choose how far it has got"})
    if stage == current.stage:
        return current
    if stage in (Stage.RUNNING, Stage.FINISHED) and current.starts_on is None:
        raise ValidationError({"stage": "Enter the first day before you say that it is running"})
    if stage == Stage.FINISHED and current.pilot and not current.decision:
        raise ValidationError({"stage": "Decide on this pilot first: stop, adapt or grow"})
    before = current.stage
    _save(current, stage=stage)
    audit.record("initiative moved", by=by, obj=current, changes={"stage": [before, stage]})
    return current


@transaction.atomic
def decide_on_pilot(*, by: Actor, initiative: Initiative, decision: str, note: str) -> Initiative:
    """Record what was decided at the end of a pilot, and why. It is kept; a later one replaces it.

    Raises ValidationError, keyed by field, for one that is no pilot, and for no or too long words.
    """
    current = _held(by, initiative)
    problems: dict[str, str] = {}
    words = _one_line(note)
    if not current.pilot:
        problems["decision"] = "This is not a pilot. Change it to one first"
    elif decision not in Decision.values:
        problems["decision"] = "Choose stop, adapt or grow"
    if not says_something(words):
        problems["note"] = "Enter why this was decided"
    elif len(words) > LONGEST_NOTE:
        problems["note"] = f"Why this was decided must be {LONGEST_NOTE} characters or fewer"
    if problems:
        raise ValidationError(problems)
    if (current.decision, current.decision_note) == (decision, words):
        return current
    before = current.decision
    _save(current, decision=decision, decision_note=words, decided_on=today())
    audit.record(
        "pilot decided on", by=by, obj=current, changes={"decision": [before or None, decision]}
    )
    return current


@transaction.atomic
def withdraw_initiative(*, by: Actor, initiative: Initiative) -> Initiative:
    """Take it off every page; that there was one stays in the record. Twice is once."""
    permissions.require(by, Permission.WITHDRAW_INITIATIVE, initiative)
    current = _held(by, initiative)
    _save(current, withdrawn_at=timezone.now(), withdrawn_by_id=by.user_id)
    audit.record("initiative withdrawn", by=by, obj=current)
    return current


@transaction.atomic
def pass_on(*, by: Actor, initiative: Initiative, to_organisation_id: int) -> Initiative:
    """Have another member look after it. Raises ValidationError for one that is no member."""
    permissions.require(by, Permission.WITHDRAW_INITIATIVE, initiative)
    current = _held(by, initiative)
    if to_organisation_id not in current.acl:
        raise ValidationError("Only a member of the partnership can look after its initiatives.")
    before = current.organisation_id
    if before == to_organisation_id:
        return current
    _save(current, organisation_id=to_organisation_id)
    audit.record(
        "initiative passed on",
        by=by,
        obj=current,
        changes={"organisation": [before, to_organisation_id]},
    )
    return current


@transaction.atomic
def name_lead(*, by: Actor, initiative: Initiative, side: str, owner: Owner | None) -> None:
    """Say who leads it on one side; None for nobody yet. The same again does nothing.

    Raises ValidationError, keyed by field, for somebody who is not on that side of the partnership.
    """
    current = _held(by, initiative)
    now = Lead.objects.filter(initiative=current, side=side).first()
    if owner is None:
        if now is not None:
            now.delete()
            _save(current)
            audit.record("lead named", by=by, obj=current, changes={"side": [side, None]})
        return
    offered = [each.ids for each in possible_leads(by, current.partnership, side)]
    if now is not None:
        offered.append(lead_as_owner(by, now).ids)
    if owner.ids not in offered:
        raise ValidationError({"lead": "Choose who leads it"})
    ids = {
        "organisation_id": owner.organisation.pk,
        "posting_id": owner.posting.pk if owner.posting else None,
        "user_id": owner.user.pk if owner.user else None,
    }
    if now is not None and all(getattr(now, name) == value for name, value in ids.items()):
        return
    Lead.objects.update_or_create(
        initiative=current,
        side=side,
        defaults=ids,
        create_defaults={**ids, "partnership_id": current.partnership_id},
    )
    _save(current)
    audit.record(
        "lead named",
        by=by,
        obj=current,
        changes={"side": side, "organisation": ids["organisation_id"]},
    )


def possible_leads(actor: Actor, partnership: Partnership, side: str) -> list[Owner]:
    """Who may lead on a side: each organisation there, and the people known at it."""
    there = set(
        Member.objects.filter(partnership=partnership, side=side).values_list(
            "organisation_id", flat=True
        )
    )
    return [each for each in possible_owners(actor, partnership) if each.organisation.pk in there]


def lead_as_owner(actor: Actor, lead: Lead) -> Owner:
    """A lead as one of the choices of whom to name."""
    mine = lead.user_id is not None and lead.user_id == actor.user_id
    return Owner(lead.organisation, lead.posting, lead.user, is_me=mine)


@transaction.atomic
def add_line(
    *,
    by: Actor,
    initiative: Initiative,
    kind: str,
    words: str,
    note: str = "",
    due_on: date | None = None,
) -> PlanLine:
    """Add a milestone, a need or a risk to its plan.

    Raises ValidationError, keyed by field, for no or too long words, a milestone without a day, a
    day out of reach, more than 60 lines, and for the same line again.
    """
    current = _held(by, initiative)
    given = _checked_line(kind, words, note, due_on)
    rows = PlanLine.objects.filter(initiative=current)
    if rows.filter(kind=kind, words=given["words"], state=LineState.OPEN).exists():
        raise ValidationError({"words": "This is in the plan already"})
    if rows.count() >= MOST_LINES:
        raise ValidationError({"words": f"A plan has {MOST_LINES} lines at most"})
    line = PlanLine.objects.create(
        initiative=current, partnership_id=current.partnership_id, kind=kind, **given
    )
    _save(current)
    audit.record("plan line added", by=by, obj=line, changes={"kind": [None, kind]})
    return line


@transaction.atomic
def change_line(
    *,
    by: Actor,
    line: PlanLine,
    words: str,
    note: str,
    due_on: date | None,
    state: str,
    based_on: int,
) -> PlanLine:
    """Change a line, or say what became of it. The same again does nothing; raises ValidationError
    as `add_line`, and with code `changed_meanwhile` when somebody has changed it since `based_on`.
    """
    initiative = _held(by, line.initiative)
    current = PlanLine.objects.select_for_update().get(pk=line.pk)
    given = {**_checked_line(current.kind, words, note, due_on), "state": state}
    if state not in LineState.values:
        raise ValidationError({"state": "Choose what became of it"})
    changed = sorted(name for name, value in given.items() if getattr(current, name) != value)
    if not changed:
        return current
    if current.revision != based_on:
        raise ValidationError(
            "Somebody has changed this line since you opened it. Look at it, then save yours.",
            code=CHANGED_MEANWHILE,
        )
    for name in changed:
        setattr(current, name, given[name])
    current.revision += 1
    current.save(update_fields=[*changed, "revision"])
    _save(initiative)
    audit.record("plan line changed", by=by, obj=current, changes={"fields": changed})
    return current


@transaction.atomic
def copy_initiative(
    *, by: Actor, initiative: Initiative, partnership: Partnership, outline: Outline
) -> Initiative:
    """Start another one like it, for other schools or another year, here or in another partnership.

    Its needs and risks come along, open again; its milestones, leads and decision do not. Raises
    ValidationError as `start_initiative`.
    """
    permissions.require(by, Permission.SEE_INITIATIVE, initiative)
    same = initiative.partnership_id == partnership.pk
    if not same and initiative.organisation_id != by.organisation_id:
        # What one partnership wrote is not carried into another by a member that did not write it.
        raise ValidationError(
            {"partnership": "Only who looks after it copies it into another partnership"}
        )
    made = _start(by, partnership, outline, initiative.template, initiative if same else None)
    rows = PlanLine.objects.filter(initiative=initiative, acl__overlap=[by.key])
    PlanLine.objects.bulk_create(
        PlanLine(
            initiative=made,
            partnership=partnership,
            kind=each.kind,
            words=each.words,
            note=each.note,
        )
        for each in rows.exclude(kind=LineKind.MILESTONE).exclude(state=LineState.DROPPED)
    )
    return made


def _start(
    by: Actor,
    partnership: Partnership,
    outline: Outline,
    template: str,
    copied_from: Initiative | None = None,
) -> Initiative:
    permissions.require(by, Permission.START_INITIATIVE, partnership)
    assert by.organisation_id is not None
    given = _checked(outline)
    hold_partnership(partnership.pk)
    _require_schools(partnership, given.schools)
    _refuse_same_name(partnership, given.name)
    initiative = Initiative.objects.create(
        partnership=partnership,
        organisation_id=by.organisation_id,
        author_id=by.user_id,
        template=template,
        copied_from=copied_from,
        **_columns(given),
    )
    audit.record("initiative started", by=by, obj=initiative)
    return initiative


def _held(by: Actor, initiative: Initiative) -> Initiative:
    """The initiative as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, Permission.CHANGE_INITIATIVE, initiative)
    hold_partnership(initiative.partnership_id)
    current = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if current.withdrawn_at is not None:
        raise ValidationError("This initiative has been withdrawn.")
    current.partnership = initiative.partnership
    return current


def _save(current: Initiative, **columns: Any) -> None:
    """Save these columns as the next revision."""
    for name, value in columns.items():
        setattr(current, name, value)
    current.revision += 1
    current.changed_at = timezone.now()
    current.save(update_fields=[*columns, "revision", "changed_at"])


def _columns(given: Outline) -> dict[str, Any]:
    return {
        "name": given.name,
        "strand": given.strand,
        "aim": given.aim,
        "audience": given.audience,
        "schools": list(given.schools),
        "place": given.place,
        "starts_on": given.starts_on,
        "ends_on": given.ends_on,
        "hours": given.hours,
        "pilot": given.pilot,
        "decide_on": given.decide_on,
    }


def _write_needs(initiative: Initiative, needs: Collection[str]) -> None:
    PlanLine.objects.bulk_create(
        PlanLine(
            initiative=initiative,
            partnership_id=initiative.partnership_id,
            kind=LineKind.NEED,
            words=each,
        )
        for each in needs
    )


def _refuse_same_name(partnership: Partnership, name: str) -> None:
    rows = Initiative.objects.filter(partnership=partnership, name__iexact=name, withdrawn_at=None)
    if rows.exclude(stage=Stage.FINISHED).exists():
        raise ValidationError({"name": "This partnership has an initiative of this name already"})


def _require_schools(
    partnership: Partnership, schools: Collection[int], kept: Collection[int] = ()
) -> None:
    """Each school is one that a member brings, or that was chosen while it was."""
    asked = set(schools) - set(kept)
    if not asked:
        return
    members = Member.objects.filter(
        partnership=partnership, state=MemberState.ACCEPTED
    ).select_related("organisation")
    brought = {school.pk for each in schools_in(list(members)) for school in each.schools}
    if asked - brought:
        raise ValidationError({"schools": "Choose schools that a member brings"})


def _checked(given: Outline) -> Outline:
    """The outline as it is kept; raises ValidationError, keyed by field."""
    cleaned = replace(
        given,
        name=_one_line(given.name),
        aim=given.aim.strip(),
        audience=_one_line(given.audience),
        place=_one_line(given.place),
        schools=tuple(sorted(set(given.schools))),
        decide_on=given.decide_on if given.pilot else None,
    )
    problems: dict[str, str] = {}
    for field, words, empty, longest in (
        ("name", "The name", "Enter a name", LONGEST_NAME),
        ("aim", "The aim", "Enter what you want to achieve", LONGEST_AIM),
        ("audience", "Who it is for", "", LONGEST_AUDIENCE),
        ("place", "The place", "", LONGEST_PLACE),
    ):
        text = getattr(cleaned, field)
        if empty and not says_something(text):
            problems[field] = empty
        elif len(text) > longest:
            problems[field] = f"{words} must be {longest:,} characters or fewer"
    if cleaned.strand not in Strand.values:
        problems["strand"] = "Choose a strand"
    problems |= _days(cleaned)
    if cleaned.hours is not None and not 1 <= cleaned.hours <= MOST_HOURS:
        problems["hours"] = f"Hours must be between 1 and {MOST_HOURS:,}"
    if problems:
        raise ValidationError(problems)
    return cleaned


def _days(given: Outline) -> dict[str, str]:
    problems = {
        field: "The day must be in 2000 or later, and at most ten years from now"
        for field in ("starts_on", "ends_on", "decide_on")
        if (day := getattr(given, field)) is not None and not EARLIEST <= day <= today() + FURTHEST
    }
    if given.ends_on and given.starts_on is None:
        problems.setdefault("starts_on", "Enter the first day too")
    if given.ends_on and given.starts_on and given.ends_on < given.starts_on:
        problems.setdefault("ends_on", "The last day must be the first day or later")
    if given.decide_on and given.starts_on and given.decide_on < given.starts_on:
        problems.setdefault("decide_on", "Decide after the pilot has begun")
    return problems


def _checked_line(kind: str, words: str, note: str, due_on: date | None) -> dict[str, Any]:
    if kind not in LineKind.values:
        raise ValidationError({"kind": "Choose milestone, need or risk"})
    given = {"words": _one_line(words), "note": _one_line(note), "due_on": due_on}
    problems: dict[str, str] = {}
    if not says_something(str(given["words"])):
        problems["words"] = "Enter what it is"
    elif len(str(given["words"])) > LONGEST_LINE:
        problems["words"] = f"What it is must be {LONGEST_LINE} characters or fewer"
    if len(str(given["note"])) > LONGEST_NOTE:
        problems["note"] = f"What is done about it must be {LONGEST_NOTE} characters or fewer"
    if kind == LineKind.MILESTONE and due_on is None:
        problems["due_on"] = "Enter the day of this milestone"
    elif due_on is not None and not EARLIEST <= due_on <= today() + FURTHEST:
        problems["due_on"] = "The day must be in 2000 or later, and at most ten years from now"
    if problems:
        raise ValidationError(problems)
    return given


def _one_line(text: str) -> str:
    return " ".join(text.split())


# The sides that may each have a lead.
SIDES = (Sector.SCHOOL, Sector.HEALTH)
