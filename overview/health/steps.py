"""The framework's five steps, each with its evidence and the next thing to do.

Nobody sets a step by hand. What makes one done is in `docs/partnerships.md`, in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.text import get_text_list

from frontend.wording import counted, date_words
from organisations.models import Sector
from overview.health.contacts import Post, posts_in_words, posts_of
from overview.health.facts import BOTH, Facts, InWriting, Meeting, Partner, Together
from partnerships.touchpoints.models import TouchpointState

# So soon a touchpoint that was moved must be made up for, to count as held.
REARRANGED_WITHIN = timedelta(days=14)
HELD_IN_A_ROW = 3
SIDES = {Sector.SCHOOL: "schools", Sector.HEALTH: "health and council"}


class Task(StrEnum):
    """What there is to do, and so where it is done."""

    ADD_PARTNER = "add partner"
    NAME_CONTACT = "name contact"
    CHECK_CONTACT = "check contact"
    LOG_MEETING = "log meeting"
    WRITE_AIM = "write aim"
    PLAN_SERIES = "plan series"
    SAY_OUTCOME = "say outcome"
    MEET = "meet"
    INVITE = "invite"
    AGREE_AIM = "agree aim"
    START_AGREEMENT = "start agreement"
    SIGN_AGREEMENT = "sign agreement"
    START_INITIATIVE = "start initiative"
    MEASURE = "measure"
    LOOK_BACK = "look back"


@dataclass(frozen=True, slots=True)
class Todo:
    """The next thing to do, in words; with whom (`organisation_id`, and as what) or on what
    (`ref`), where that matters."""

    task: Task
    words: str
    organisation_id: int | None = None
    function: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five. What there is `todo` for it, the most pressing first: readers differ in
    what they may do. A step that is done has nothing to do."""

    number: int
    name: str
    evidence: str
    todo: Sequence[Todo] = ()
    done: bool = False


def steps_of(facts: Facts) -> list[Step]:
    """All five, in order."""
    return [
        _know_who(facts),
        _start_dialogue(facts),
        _clear_channels(facts),
        _shared_culture(facts),
        _together(facts),
    ]


def next_of(steps: Sequence[Step]) -> Step | None:
    """The step whose turn it is: the first that is not done and has something to do."""
    return next((each for each in steps if each.todo), None)


def _step(number: int, name: str, evidence: str, todo: Todo | None) -> Step:
    return Step(number, name, evidence, [todo] if todo else [], done=todo is None)


def _know_who(facts: Facts) -> Step:
    """Each side has a named contact and a deputy, checked within the interval of their role."""
    parts, todo = [], []
    for side in BOTH:
        posts = posts_of(facts, side)
        if posts:
            parts.append(f"{side.label}: {posts_in_words(posts)}")
            todo += [_fill(each, each.partner) for each in posts if each.partner is not None]
        else:
            parts.append(f"{side.label}: no organisation yet")
            words = f"Add an organisation of the {SIDES[side]} side"
            todo.append(Todo(Task.ADD_PARTNER, words))
    return Step(1, "Know who to contact", ". ".join(parts), todo, done=not todo)


def _fill(post: Post, partner: Partner) -> Todo:
    label, function = post.function.label.lower(), post.function.value
    if post.missing:
        words = f"Choose a {label} for {partner.name}"
        return Todo(Task.NAME_CONTACT, words, partner.organisation_id, function)
    words = f"Check the {label} of {partner.name}"
    return Todo(Task.CHECK_CONTACT, words, partner.organisation_id, function)


def _start_dialogue(facts: Facts) -> Step:
    """A first meeting is logged, and at least one shared priority is recorded."""
    priorities = facts.aim.priorities if facts.aim else 0
    met = facts.met_on
    evidence = [
        f"First met on {date_words(met)}" if met else "No meeting logged yet",
        counted(priorities, "shared priority", "shared priorities")
        if priorities
        else "No shared priority yet",
    ]
    todo = None
    if met is None:
        todo = Todo(Task.LOG_MEETING, "Log your first meeting")
    elif not priorities:
        todo = Todo(Task.WRITE_AIM, "Write down a first shared priority")
    return _step(2, "Start dialogue", ". ".join(evidence), todo)


def _clear_channels(facts: Facts) -> Step:
    """A series is running, and the last three touchpoints were held, or made up for soon."""
    last = [each for each in facts.meetings if each.over and _counts(each)][-HELD_IN_A_ROW:]
    kept = sum(each.held for each in last)
    evidence = ["A series is running" if facts.series_running else "No series of touchpoints"]
    evidence.append(
        f"{kept} of the last {len(last)} touchpoints {'was' if kept == 1 else 'were'} held"
        if len(last) > 1
        else ("One touchpoint was held" if kept else "No touchpoint held yet")
    )
    todo: Todo | None = None
    unanswered = [each for each in last if each.state == TouchpointState.SCHEDULED]
    if not facts.series_running:
        todo = Todo(Task.PLAN_SERIES, "Plan a series of touchpoints")
    elif unanswered:
        day = date_words(unanswered[0].day)
        words = f"Say what became of the touchpoint on {day}"
        todo = Todo(Task.SAY_OUTCOME, words, ref=unanswered[0].ref)
    elif kept < HELD_IN_A_ROW:
        todo = _meet(facts)
    return _step(3, "Clear channels", ". ".join(evidence), todo)


def _counts(meeting: Meeting) -> bool:
    """Whether one that is over says something about keeping to the plan.

    Not what was cancelled beforehand, nor what was moved by up to a fortnight: its new day does.
    """
    if meeting.cancelled_beforehand:
        return False
    moved_to = meeting.moved_to
    return moved_to is None or moved_to - meeting.day > REARRANGED_WITHIN


def _meet(facts: Facts) -> Todo:
    coming = (each for each in facts.meetings if not each.over)
    following = next((each for each in coming if each.state == TouchpointState.SCHEDULED), None)
    if following is None:
        return Todo(Task.PLAN_SERIES, "Plan the next touchpoint")
    words = f"Meet on {date_words(following.day)} as planned"
    return Todo(Task.MEET, words, ref=following.ref)


def _shared_culture(facts: Facts) -> Step:
    """Every member has agreed the same version of the aim; an agreement is signed and in date."""
    aim_words, todo = _aim(facts)
    current = [each for each in facts.agreements if each.in_date(facts.today)]
    if current:
        agreed = f"“{current[0].title}” is signed"
        if current[0].expires_on:
            agreed += f" until {date_words(current[0].expires_on)}"
    else:
        agreed = "No agreement signed and in date"
        todo = todo or _in_writing(facts.agreements)
    return _step(4, "Shared culture", f"{aim_words}. {agreed}", todo)


def _aim(facts: Facts) -> tuple[str, Todo | None]:
    if facts.aim is None:
        return "No shared aim yet", Todo(Task.WRITE_AIM, "Write your shared aim")
    agreed_by = facts.aim.agreed_by
    waiting = [each for each in facts.members if each.organisation_id not in agreed_by]
    if waiting:
        names = get_text_list([each.name for each in waiting], "and")
        words = f"Agree the shared aim: {names} {'has' if len(waiting) == 1 else 'have'} not yet"
        if len(waiting) == len(facts.members):
            return "Nobody has agreed the shared aim yet", Todo(Task.AGREE_AIM, words)
        evidence = f"{len(facts.members) - len(waiting)} of {len(facts.members)} members agreed it"
        return f"Shared aim: {evidence}", Todo(Task.AGREE_AIM, words)
    if len(facts.members) > 1:
        return "Every member has agreed the shared aim", None
    others = [each for each in facts.partners if not each.joined]
    if not others:
        return "Nobody to agree the shared aim with yet", Todo(
            Task.ADD_PARTNER, "Add a partner to agree the shared aim with"
        )
    return f"Shared aim: only {facts.members[0].name} has joined", Todo(
        Task.INVITE, f"Invite {others[0].name}", others[0].organisation_id
    )


def _together(facts: Facts) -> Step:
    """An initiative has a baseline, a later reading and a reflection."""
    name = "Joint initiatives"
    if not facts.initiatives:
        todo = Todo(Task.START_INITIATIVE, "Start an initiative")
        return _step(5, name, "No initiative yet", todo)
    best = max(facts.initiatives, key=_how_far)
    lacks = [
        (task, words, lacking)
        for has, task, words, lacking in (
            (best.has_baseline, Task.MEASURE, "Enter a first reading of", "a baseline"),
            (best.has_later_reading, Task.MEASURE, "Enter a later reading of", "a later reading"),
            (best.reflected, Task.LOOK_BACK, "Reflect on", "a reflection"),
        )
        if not has
    ]
    if not lacks:
        evidence = f"“{best.name}” has a baseline, a later reading and a reflection"
        return _step(5, name, evidence, None)
    lacking = get_text_list([each for _, _, each in lacks], "and")
    number = counted(len(facts.initiatives), "initiative")
    task, words, _ = lacks[0]
    todo = Todo(task, f"{words} {best.name}", ref=best.ref)
    return _step(5, name, f"{number}. “{best.name}” still lacks {lacking}", todo)


def _how_far(one: Together) -> tuple[int, bool]:
    """How much of the three an initiative has; what runs comes before what does not."""
    return one.has_baseline + one.has_later_reading + one.reflected, one.running


def _in_writing(agreements: tuple[InWriting, ...]) -> Todo:
    """What to do where none is signed and in date; one that expired is to be renewed first."""
    if not agreements:
        return Todo(Task.START_AGREEMENT, "Start an agreement")
    one = agreements[0]
    words = f"Renew “{one.title}”" if one.signed else f"Get “{one.title}” signed"
    return Todo(Task.SIGN_AGREEMENT, words, ref=one.ref)
