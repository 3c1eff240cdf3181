"""Calendars elsewhere as other tests need them: files that wait or were taken, addresses."""

from __future__ import annotations

from dataclasses import dataclass

from calendars import asked_year
from calendars.elsewhere import applying
from calendars.elsewhere.services import add_address, bring_in_file, take_from_file
from calendars.ics.fetching import Fetched
from calendars.ics.found import busy_back
from calendars.models import CalendarFile, Subscription
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Organisation
from tests.calendars.elsewhere_files import busy_calendar, terms_calendar
from tests.record.arranging import acting_as


@dataclass(frozen=True)
class Elsewhere:
    """A file that waits to be chosen from, one that was taken, one with term dates; and three
    addresses: one that was read, one that could not be, one with term dates."""

    waiting: CalendarFile
    taken: CalendarFile
    terms_file: CalendarFile
    read: Subscription
    failing: Subscription
    terms: Subscription

    @property
    def refs(self) -> dict[str, str]:
        """Their references, as addresses of pages name them."""
        refs = {f"calendar_{name}": getattr(self, name).ref for name in self.__dataclass_fields__}
        return {**refs, "calendar_year": self.year}

    @property
    def year(self) -> str:
        """The school year of the term dates, as addresses of pages write it."""
        starts_in = self.terms_file.found["years"][0]["starts_in"]
        return asked_year.in_address(AcademicYear(starts_in))


def file(actor: Actor, purpose: str = "busy", name: str = "closures.ics") -> CalendarFile:
    """A file that waits."""
    content = busy_calendar() if purpose == "busy" else terms_calendar()
    with acting_as(actor) as by:
        own = Organisation.objects.get(pk=by.organisation_id)
        return bring_in_file(by=by, purpose=purpose, subject=own, name=name, content=content)


def taken_file(actor: Actor) -> CalendarFile:
    """A file of which everything was taken."""
    waiting = file(actor, name="inspections.ics")
    keys = [each.key for each in busy_back(waiting.found).periods]
    with acting_as(actor) as by:
        return take_from_file(by=by, file=waiting, keys=keys, shared=True)


def address(actor: Actor, purpose: str = "busy", name: str = "Closures") -> Subscription:
    """An address that nobody has read yet."""
    with acting_as(actor) as by:
        return add_address(
            by=by,
            purpose=purpose,
            subject=Organisation.objects.get(pk=by.organisation_id),
            name=name,
            url=f"https://calendar.example/{purpose}/{len(name)}.ics",
            shared=True,
        )


def read_address(actor: Actor, purpose: str = "busy", name: str = "Closures") -> Subscription:
    """An address as the worker leaves it when it has read a calendar there."""
    added = address(actor, purpose, name)
    with acting_as(actor):
        content = busy_calendar() if purpose == "busy" else terms_calendar()
        applying.apply(added.pk, Fetched(content))
        return Subscription.objects.get(pk=added.pk)


def failing_address(actor: Actor) -> Subscription:
    """An address as the worker leaves it when it could not be read."""
    added = address(actor, name="Inspections")
    with acting_as(actor):
        applying.note_failure(added.pk, "There is no calendar at this address any more")
        return Subscription.objects.get(pk=added.pk)


def everything(actor: Actor) -> Elsewhere:
    """One of each, of an organisation with school terms."""
    return Elsewhere(
        file(actor),
        taken_file(actor),
        file(actor, "terms", "term-dates.ics"),
        read_address(actor),
        failing_address(actor),
        read_address(actor, "terms", "Council term dates"),
    )
