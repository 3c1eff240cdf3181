"""How quiet periods are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from calendars.london import today, weekday_in_words
from calendars.terms import place_in_years
from frontend.components import Component, table, tag
from frontend.lists import Row, summary_list
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from partnerships.diary.agreement import Agreement, Course, Said
from partnerships.diary.announcements import ANSWERED, PROPOSED, WITHDRAWN
from partnerships.diary.models import QuietPeriod
from partnerships.record.told import told_of_each, told_table

MESSAGES = {PROPOSED: "Proposal", ANSWERED: "Answer", WITHDRAWN: "Withdrawal"}
COLOURS = {
    Course.HOLDS: "green",
    Course.WAITS: "yellow",
    Course.DECLINED: "red",
    Course.WITHDRAWN: "grey",
}


def days_words(period: QuietPeriod) -> str:
    """From which day to which, or the one day."""
    first, last = weekday_in_words(period.starts_on), weekday_in_words(period.ends_on)
    return first if first == last else f"{first} to {last}"


def place_words(period: QuietPeriod) -> str:
    """Where it begins in the school year and in the NHS year."""
    return place_in_years(period.starts_on)


def state_tag(agreement: Agreement) -> Component:
    """Where it stands; what holds is over once its last day has passed."""
    course = agreement.course
    if agreement.is_over and course != Course.WITHDRAWN:
        return tag("Over" if agreement.holds else "Was not agreed", "grey")
    if agreement.holds and agreement.period.starts_on <= today():
        return tag("Quiet now", "green")
    return tag(course.value, COLOURS[course])


def agreed_words(agreement: Agreement) -> str:
    """Who has agreed and who has not, as sentences."""
    if agreement.course == Course.WITHDRAWN:
        return "Withdrawn by the organisation that proposed it."
    if not agreement.answers:
        return "Nobody had to agree: no other organisation had accepted this partnership."
    said = [
        _sentence([each for each in agreement.answers if each.agreed is answer], words)
        for answer, words in ((True, "agreed"), (False, "did not agree"), (None, ""))
    ]
    return " ".join(filter(None, said))


def _sentence(those: Sequence[Said], words: str) -> str:
    names = ", ".join(each.organisation for each in those)
    if not names:
        return ""
    return f"{names} {words}." if words else f"Waiting for {names}."


def facts(period: QuietPeriod) -> Component:
    """One quiet period, for a page that asks about it."""
    return summary_list(
        [
            Row("Days", days_words(period)),
            Row("School and NHS year", place_words(period)),
            Row("Reason", period.reason),
            Row("Proposed by", period.author_organisation.name),
        ]
    )


def periods_table(actor: Actor, rows: Sequence[Agreement]) -> Component:
    """Quiet periods with who has agreed, and what the reader can do about each."""
    return table(
        ["Days", "Reason", "Who has agreed", "Status", "Action"],
        [
            [
                Markup('{}<br><span class="app-muted">{}</span>').format(
                    days_words(row.period), place_words(row.period)
                ),
                Markup('{}<br><span class="app-muted">{}</span>').format(
                    row.period.reason, row.period.author_organisation.name
                ),
                agreed_words(row),
                state_tag(row),
                _action(actor, row),
            ]
            for row in rows
        ],
    )


def past_table(rows: Sequence[Agreement]) -> Component:
    """Those that are over or withdrawn."""
    return table(
        ["Days", "Reason", "Proposed by", "Status"],
        [
            [
                days_words(row.period),
                row.period.reason,
                row.period.author_organisation.name,
                state_tag(row),
            ]
            for row in rows
        ],
    )


def told_tables(rows: Sequence[Agreement]) -> list[tuple[str, Component]]:
    """Who was told of each by the reader's organisation, after its days in words."""
    told = told_of_each([row.period.ref for row in rows], "quiet_period_")
    return [
        (days_words(row.period), told_table(told[row.period.ref], MESSAGES))
        for row in rows
        if row.period.ref in told
    ]


def _action(actor: Actor, row: Agreement) -> Markup | str:
    """The one thing this reader can do about it, as a link that says about which."""
    period = row.period
    said = row.of(actor.organisation_id)
    if said is not None and can(actor, Permission.ANSWER_QUIET_PERIOD, period):
        words = "Answer" if said.agreed is None else "Change answer"
        return _link(actor, "quiet-period-answer", period, words)
    if can(actor, Permission.WITHDRAW_QUIET_PERIOD, period):
        return _link(actor, "quiet-period-withdraw", period, "Withdraw")
    return ""


def _link(actor: Actor, name: str, period: QuietPeriod, words: str) -> Markup:
    href = page_of(actor, name, ref=period.partnership.ref, period=period.ref)
    return Markup(
        '<a class="nhsuk-link" href="{}">{}<span class="nhsuk-u-visually-hidden">: {}</span></a>'
    ).format(href, words, period.reason)
