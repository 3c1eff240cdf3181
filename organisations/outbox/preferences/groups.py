"""The groups of kinds of e-mail that people choose by, as data."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.models.mail_wishes import Choice

ACCOUNT = "account"
INVITATIONS = "invitations"
CANCELLATIONS = "cancellations"
TOUCHPOINTS = "touchpoints"
REMINDERS = "reminders"
FOLLOW_UPS = "follow_ups"
ACTIONS = "actions"
AGREEMENTS = "agreements"
NEWS = "partnership_news"
DIRECTORY = "directory"
DIGEST = "digest"

ANY_TIME = (Choice.AT_ONCE, Choice.DIGEST, Choice.NEVER)
HOW_OFTEN = (Choice.WEEKLY, Choice.DAILY, Choice.NEVER)


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that one choice is made for. The first of `choices` holds until another is made;
    without any, such e-mails always come. `waits`: for the end of somebody's quiet hours."""

    name: str
    label: str
    hint: str
    choices: tuple[Choice, ...] = ANY_TIME
    waits: bool = True

    @property
    def may_be_silenced(self) -> bool:
        """Whether people may switch it off."""
        return Choice.NEVER in self.choices

    @property
    def usual(self) -> Choice:
        """What holds for somebody who has chosen nothing."""
        return self.choices[0] if self.choices else Choice.AT_ONCE


_GROUPS = {
    group.name: group
    for group in (
        Group(TOUCHPOINTS, "Invitations to touchpoints", "And new times or details."),
        Group(REMINDERS, "Reminders before a touchpoint", "By default, the day before."),
        Group(FOLLOW_UPS, "After a touchpoint", "Was it held, and what came of it? Who is coming?"),
        Group(ACTIONS, "Actions and papers", "What is due soon, or changed."),
        Group(AGREEMENTS, "Agreements and reviews", "To sign, to answer, or about to end."),
        Group(NEWS, "News from your partnerships", "Who joined or left, quiet periods, access."),
        Group(DIRECTORY, "The directory", "Are your details right? Reports and requests."),
        Group(
            DIGEST,
            "Your summary",
            "What needs you in the next two weeks. Monday, or each working day, at 7:30am.",
            choices=HOW_OFTEN,
        ),
        Group(
            CANCELLATIONS, "Cancellations", "Of touchpoints that you were invited to.", choices=()
        ),
        Group(INVITATIONS, "Invitations to a partnership", "", choices=()),
        Group(
            ACCOUNT,
            "Your account and your rights",
            "Signing in, roles, links that you asked for, what is held on you.",
            choices=(),
            waits=False,
        ),
    )
}


def group_named(name: str) -> Group:
    """The group of that name. Raises ValueError for an unknown one."""
    try:
        return _GROUPS[name]
    except KeyError:
        raise ValueError(f"e-mails have no group {name!r}") from None


def all_groups() -> list[Group]:
    """Every group, in the order in which people are asked."""
    return list(_GROUPS.values())


def groups_to_choose() -> list[Group]:
    """Those that people may switch off."""
    return [group for group in _GROUPS.values() if group.may_be_silenced]
