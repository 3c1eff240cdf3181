"""When an address wants no e-mail, by London clocks, and until when a message waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
AFTER_A_WEEKEND = time(7)  # nobody is woken at midnight
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day (both or none; over midnight where `since` is later), and weekends."""

    since: time | None = None
    until: time | None = None
    weekends: bool = False

    def ends_at(self, now: datetime) -> datetime | None:
        """The first moment from `now` on that is not quiet; None when `now` is none.

        A weekend runs into Monday's hours, and ends at seven where none lie over midnight.
        """
        moment = now
        while (later := self._end_of_hours(moment) or self._end_of_weekend(moment)) is not None:
            moment = later
        return moment if moment != now else None

    @property
    def _overnight(self) -> bool:
        return self.since is not None and self.until is not None and self.since > self.until

    def _end_of_hours(self, moment: datetime) -> datetime | None:
        if self.since is None or self.until is None:
            return None
        face = moment.astimezone(LONDON)
        clock = face.time()
        if self._overnight:
            within = clock >= self.since or clock < self.until
        else:
            within = self.since <= clock < self.until
        if not within:
            return None
        tomorrow = self._overnight and clock >= self.since
        return _next(face + ONE_DAY if tomorrow else face, self.until, moment)

    def _end_of_weekend(self, moment: datetime) -> datetime | None:
        face = moment.astimezone(LONDON)
        if not self.weekends or face.weekday() < SATURDAY:
            return None
        monday = face + ONE_DAY * (7 - face.weekday())
        return _next(monday, time(0) if self._overnight else AFTER_A_WEEKEND, moment)


def _next(day: datetime, clock: time, after: datetime) -> datetime:
    """When London clocks show `clock` on that day. A time that comes twice is the first one that
    is still to come; one that the clocks skip is an hour later."""
    face = datetime.combine(day.date(), clock, tzinfo=LONDON)
    first, second = (face.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > after else second
