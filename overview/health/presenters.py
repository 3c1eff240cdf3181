"""Steps, signals and what is asked, as the page of a partnership shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frontend.components import Component, tag
from frontend.wording import counted
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from overview.health.asked_of import Burden
from overview.health.signals import Signal, Weight
from overview.health.steps import Step, Task, Todo
from partnerships.record.models import Partnership

# Where something is done about a contact or an invitation: the page by organisation and function.
ContactPages = Mapping[tuple[int, str], str]
InvitePages = Mapping[int, str]

COLOURS = {Weight.RED: "red", Weight.AMBER: "orange"}
# What may be done where, and with which permission; the rest hangs on who or what it is about.
_PAGES: dict[Task, tuple[str, Permission]] = {
    Task.LOG_MEETING: ("log-conversation", Permission.LOG_CONVERSATION),
    Task.WRITE_AIM: ("shared-aim-change", Permission.CHANGE_AIM),
    Task.PLAN_SERIES: ("touchpoint-series", Permission.SCHEDULE_TOUCHPOINT),
    Task.START_AGREEMENT: ("start-agreement", Permission.START_AGREEMENT),
    Task.START_INITIATIVE: ("choose-template", Permission.START_INITIATIVE),
    Task.AGREE_AIM: ("shared-aim", Permission.SEE_PARTNERSHIP),
}
_ABOUT_ONE = {
    Task.SAY_OUTCOME: ("touchpoint", "touchpoint"),
    Task.MEET: ("touchpoint", "touchpoint"),
    Task.SIGN_AGREEMENT: ("agreement", "agreement"),
    Task.MEASURE: ("measures", "initiative"),
    Task.LOOK_BACK: ("initiative", "initiative"),
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """The next thing to do, and where; no address for whoever may only read."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One of the five steps on the page."""

    number: int
    name: str
    evidence: str
    status: Component
    todo: ToDo | None


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal on the page."""

    status: Component
    evidence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Where:
    """Finds the page on which this person does something about one partnership."""

    actor: Actor
    partnership: Partnership
    contacts: ContactPages
    invites: InvitePages

    def todo(self, step: Step | None) -> ToDo | None:
        """What is to be done for a step: the first thing that this person may do, or else the
        first."""
        found = [ToDo(each.words, self._address(each)) for each in step.todo] if step else []
        return next((each for each in found if each.href), found[0] if found else None)

    def _address(self, todo: Todo) -> str:
        if todo.task in (Task.NAME_CONTACT, Task.CHECK_CONTACT):
            return self.contacts.get((todo.organisation_id or 0, todo.function), "")
        if todo.task is Task.INVITE:
            return self.invites.get(todo.organisation_id or 0, "")
        if todo.task is Task.ADD_PARTNER:
            may = can(self.actor, Permission.CHANGE_PARTNERSHIP, self.partnership)
            return page_of(self.actor, "find-organisation") if may else ""
        if todo.task in _ABOUT_ONE:
            page, name = _ABOUT_ONE[todo.task]
            return page_of(self.actor, page, ref=self.partnership.ref, **{name: todo.ref})
        page, permission = _PAGES[todo.task]
        may = can(self.actor, permission, self.partnership)
        return page_of(self.actor, page, ref=self.partnership.ref) if may else ""


def step_lines(steps: Sequence[Step], where: Where) -> list[StepLine]:
    """The five steps; the first that is not done is marked as the next."""
    following = next((each.number for each in steps if not each.done), None)
    return [
        StepLine(
            each.number,
            each.name,
            each.evidence,
            _status(each, following),
            where.todo(each),
        )
        for each in steps
    ]


def _status(step: Step, following: int | None) -> Component:
    if step.done:
        return tag("Done", "green")
    return tag("Next", "blue") if step.number == following else tag("Not yet", "grey")


def signal_lines(signals: Sequence[Signal]) -> list[SignalLine]:
    """The signals with their names as tags."""
    return [
        SignalLine(tag(each.name, COLOURS[each.weight]), f"{each.evidence}.", each.rule)
        for each in signals
    ]


def burden_words(found: Sequence[Burden]) -> list[str]:
    """`Windsor Academy Trust: 2 hours 30 minutes`, of those that are asked anything."""
    return [f"{each.partner.name}: {duration(each.minutes)}" for each in found if each.minutes]


def duration(minutes: int) -> str:
    """`2 hours 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(counted(rest, "minute"))
    return " ".join(parts)
