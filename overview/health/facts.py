"""What is known of one partnership on a day, as far as every member sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from organisations.models import Sector
from partnerships.record.models import ContactFunction
from partnerships.touchpoints.models import TouchpointState

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that has neither declined nor left.

    `joined` once it has accepted and takes part in Tandem: it can agree, answer and log.
    `closing_on` is the day on which open data say that it ends, `announced` what else is expected
    of it, in a sentence.
    """

    organisation_id: int
    name: str
    slug: str
    side: Sector
    joined: bool = True
    closing_on: date | None = None
    announced: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact or deputy of one partner; `doubt` says why they are not to be relied on."""

    organisation_id: int
    function: ContactFunction
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A touchpoint.

    `called_off_on` is the day on which it was said to be cancelled, `moved_to` the day of the
    touchpoint that replaces it, `came` who was invited and did not stay away, by organisation and
    posting, and `logged_by` the organisation that recorded its outcome.
    """

    day: date
    state: str
    over: bool
    ref: str = ""
    minutes: int = 30
    called_off_on: date | None = None
    moved_to: date | None = None
    came: frozenset[tuple[int, int]] = frozenset()
    logged_by: int | None = None

    @property
    def held(self) -> bool:
        """Whether it took place."""
        return self.state == TouchpointState.HELD

    @property
    def cancelled_beforehand(self) -> bool:
        """Whether nobody waited for it in vain."""
        return (
            self.state == TouchpointState.CANCELLED
            and self.called_off_on is not None
            and self.called_off_on < self.day
        )


@dataclass(frozen=True, slots=True)
class Talks:
    """The shared conversations that one organisation logged: how many in the last twelve months,
    the last spoken one (no e-mail), and the first meeting or visit."""

    organisation_id: int
    logged: int = 0
    last_spoken: date | None = None
    first_met: date | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """The shared aim that counts: how many priorities it has, and who has agreed it."""

    priorities: int
    agreed_by: frozenset[int]


@dataclass(frozen=True, slots=True)
class InWriting:
    """An agreement that is not over. `signed`: a version of it is signed by every member, and
    these are its dates."""

    ref: str
    title: str
    signed: bool = False
    review_on: date | None = None
    expires_on: date | None = None

    def in_date(self, day: date) -> bool:
        """Whether it is signed and has not expired."""
        return self.signed and (self.expires_on is None or self.expires_on >= day)


@dataclass(frozen=True, slots=True)
class Governed:
    """An impact assessment or a data sharing agreement that holds, and when its review is due."""

    title: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A review: how many minutes it takes, when it was opened, and, once it is closed, how many
    answered on each side."""

    title: str
    minutes: int
    opened_on: date
    answered: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure: of how many periods it has readings, until when, and how long a period is."""

    name: str
    periods: int
    read_until: date | None
    since: date
    period_days: int

    def silent_for_two(self, day: date) -> bool:
        """Whether two periods have gone by without a reading, since the last or since it began."""
        return day > (self.read_until or self.since) + timedelta(days=2 * self.period_days)


@dataclass(frozen=True, slots=True)
class Together:
    """An initiative that was not withdrawn: whether it runs, its measures, and whether somebody
    has reflected on it."""

    ref: str
    name: str
    reflected: bool = False
    running: bool = True
    measures: tuple[Measured, ...] = ()

    @property
    def has_baseline(self) -> bool:
        """Whether a measure has a first reading."""
        return any(each.periods > 0 for each in self.measures)

    @property
    def has_later_reading(self) -> bool:
        """Whether the same measure has been read again."""
        return any(each.periods > 1 for each in self.measures)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that steps and signals are computed from.

    `meetings` are in order of time. `rests_on` says of a day whether schools have holidays or the
    members agreed to keep it quiet. `term` is the present term's name, first and last day; in the
    holidays, the one before.
    """

    today: date
    opened_on: date
    partners: tuple[Partner, ...]
    term: tuple[str, date, date]
    rests_on: Callable[[date], bool] = lambda day: False
    contacts: tuple[Contact, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    series_running: bool = False
    talks: tuple[Talks, ...] = ()
    aim: Aim | None = None
    agreements: tuple[InWriting, ...] = ()
    papers: tuple[Governed, ...] = ()
    actions_open: int = 0
    actions_overdue: int = 0
    reviews: tuple[Asked, ...] = ()
    initiatives: tuple[Together, ...] = ()

    def side(self, sector: Sector) -> list[Partner]:
        """The partners of one side."""
        return [each for each in self.partners if each.side == sector]

    def side_of(self, organisation_id: int) -> Sector | None:
        """On which side an organisation stands; None for one that has declined or left."""
        sides = {each.organisation_id: each.side for each in self.partners}
        return sides.get(organisation_id)

    @property
    def members(self) -> list[Partner]:
        """The partners that have joined."""
        return [each for each in self.partners if each.joined]

    @property
    def both_joined(self) -> bool:
        """Whether each side has a partner that can log and answer."""
        return {each.side for each in self.members} == set(BOTH)

    @property
    def met_on(self) -> date | None:
        """The day of the first meeting, visit or touchpoint that took place."""
        days = [each.first_met for each in self.talks if each.first_met]
        days += [each.day for each in self.meetings if each.held]
        return min(days, default=None)

    @property
    def last_real_on(self) -> date | None:
        """The latest day on which the sides met or spoke; e-mails are not speaking."""
        return max(last_days(self.meetings, self.talks), default=None)

    def held_lately(self) -> Iterator[Meeting]:
        """The touchpoints that took place in the last twelve months."""
        return (each for each in self.meetings if each.held and each.day > self.today - A_YEAR)


def last_days(meetings: Iterable[Meeting], talks: Iterable[Talks]) -> list[date]:
    """The last day of each kind of meeting and speaking."""
    held = max((each.day for each in meetings if each.held), default=None)
    days = [held, *(each.last_spoken for each in talks)]
    return [each for each in days if each is not None]


BOTH = (Sector.SCHOOL, Sector.HEALTH)
