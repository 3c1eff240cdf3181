"""Changes the plans of real touchpoints while workers are killed, in a process of its own.

`main` reads from a line of JSON who acts where, changes something every few tenths of a second
until its input ends, and writes each change with the moment at which it had been committed. It
prefers what a worker holds just then and has not begun.
"""

from __future__ import annotations

import json
import random
import select
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from calendars.london import in_london
from contacts.services import record_posting
from organisations.actor import ActingOrganisation, Actor
from organisations.joining import leaving
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import acting
from partnerships.record.models import NamedContact, Partnership
from partnerships.record.services.contacts import name_contact
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.services import (
    cancel_touchpoint,
    invite_people,
    move_touchpoint,
    schedule_touchpoint,
    take_off,
)

BEFORE = 120  # minutes, of the one reminder: due a few seconds after the touchpoint is planned
MOST_LIVE = 8
COLLEAGUES = 4
LEAVES_AFTER = 8.0  # seconds
PAUSES = (0.0, 0.2)


@dataclass
class Changer:
    """Plans touchpoints of one partnership, and changes them."""

    actors: dict[str, Actor]
    partnership_id: int
    sides: dict[str, int]
    out: TextIO
    live: list[Touchpoint] = field(default_factory=list)
    named: int = 0

    def __post_init__(self) -> None:
        self._leaves_at = time.monotonic() + LEAVES_AFTER
        self._left: set[str] = set()

    def go_on(self) -> None:
        """Until the input ends."""
        while not select.select([sys.stdin], [], [], random.uniform(*PAUSES))[0]:  # noqa: S311
            try:
                self._step()
            except ValidationError:
                self.live.clear()  # what has begun meanwhile is of no more use
            except DatabaseError:
                connection.close()
                time.sleep(0.1)

    def _step(self) -> None:
        if len(self.live) < MOST_LIVE // 2 or (
            len(self.live) < MOST_LIVE and random.random() < 0.3  # noqa: S311
        ):
            self._as("school_editor", self._schedule)
        elif time.monotonic() > self._leaves_at and not self._left:
            self._leave()
        else:
            step: Callable[[], None] = random.choice(  # noqa: S311
                [self._move, self._move, self._cancel, self._take_off, self._take_off, self._name]
            )
            step()

    def _as(self, part: str, work: Callable[[Actor], Any]) -> Any:
        by = self.actors[part]
        with acting(by.scope), transaction.atomic():
            return work(by)

    def _schedule(self, by: Actor) -> None:

        touchpoint = schedule_touchpoint(
            by=by,
            partnership=Partnership.objects.get(pk=self.partnership_id),
            reminder_minutes=[BEFORE],
            **a_plan(),
        )
        school = Organisation.objects.get(pk=self.sides["school"])
        colleagues = [
            record_posting(
                by=by,
                organisation=school,
                name=f"Colleague {number}",
                job_title="Lead",
                email=f"colleague-{number}-{touchpoint.ref.lower()}@school.example",
            )
            for number in range(COLLEAGUES)
        ]
        invite_people(by=by, touchpoint=touchpoint, postings=colleagues)
        transaction.on_commit(lambda: self.live.append(touchpoint))

    def _move(self) -> None:

        touchpoint = self._one()
        moved = self._as(
            "school_editor",
            lambda by: move_touchpoint(by=by, touchpoint=touchpoint, **a_plan()),
        )
        self._note("moved", [touchpoint.ref], revision=moved.revision)

    def _cancel(self) -> None:

        touchpoint = self._one()
        cancelled = self._as(
            "school_editor", lambda by: cancel_touchpoint(by=by, touchpoint=touchpoint)
        )
        self._note("cancelled", [touchpoint.ref], revision=cancelled.revision)
        self.live.remove(touchpoint)

    def _take_off(self) -> None:

        touchpoint = self._one()

        def work(by: Actor) -> Attendee | None:
            rows = list(Attendee.objects.filter(touchpoint=touchpoint, removed_at=None))
            held = {each.posting_id for each in self._held() if each.subject == touchpoint.ref}
            chosen = [row for row in rows if row.posting_id in held] or rows
            if not chosen:
                return None
            return take_off(by=by, attendee=random.choice(chosen))  # noqa: S311

        row = self._as("school_editor", work)
        if row is not None:
            self._note("taken off", [touchpoint.ref], postings=[row.posting_id])

    def _name(self) -> None:
        """Somebody else becomes the contact of a side; who was is invited no longer."""

        side = random.choice([side for side in self.sides if side not in self._left])  # noqa: S311
        function = "deputy" if side == "council" else "named"
        self.named += 1

        def work(by: Actor) -> list[int]:
            former = NamedContact.objects.filter(
                partnership=self.partnership_id,
                organisation=self.sides[side],
                function=function,
                ended_at=None,
            )
            postings = list(former.values_list("posting_id", flat=True))
            name_contact(
                by=by,
                partnership=Partnership.objects.get(pk=self.partnership_id),
                organisation=Organisation.objects.get(pk=self.sides[side]),
                function=function,
                name=f"{side} {function} {self.named}".capitalize(),
                job_title="Lead",
                email=f"{side}-{function}-{self.named}@{side}.example",
                source="Its website",
            )
            return postings

        postings = self._as("health_editor" if side == "health" else "school_editor", work)
        self._note("contact ended", [each.ref for each in self.live], postings=postings)

    def _leave(self) -> None:
        """An organisation of the partnership leaves; nobody there is invited any longer."""

        def work(by: Actor) -> list[int]:
            assert by.organisation is not None
            postings = Attendee.objects.filter(
                organisation=by.organisation.id, removed_at=None
            ).values_list("posting_id", flat=True)
            gone = list(postings)
            leaving.leave(by=by, name=by.organisation.name)
            return gone

        postings = self._as("health_manager", work)
        self._left.add("health")
        self._note("member left", [each.ref for each in self.live], postings=postings)

    def _one(self) -> Touchpoint:
        held = {each.subject for each in self._as("school_editor", lambda by: self._held())}
        return random.choice([each for each in self.live if each.ref in held] or self.live)  # noqa: S311

    def _held(self) -> list[Delivery]:
        """What a worker holds just now and has not begun."""

        refs = [each.ref for each in self.live]
        return list(Delivery.objects.filter(subject__in=refs, state="taken", phase=0))

    def _note(self, what: str, refs: Sequence[str], **more: Any) -> None:
        said = {"what": what, "at": datetime.now(UTC).isoformat(), "refs": list(refs), **more}
        print(json.dumps(said), file=self.out, flush=True)


def a_plan() -> dict[str, Any]:
    """A plan whose reminder is due in a few seconds."""
    ahead = timedelta(minutes=BEFORE, seconds=random.uniform(1, 6))  # noqa: S311
    starts = in_london(datetime.now(UTC) + ahead)
    return {
        "kind": "update",
        "date": starts.date(),
        "time": starts.time(),
        "minutes": 30,
        "venue": "Goldsmith Primary Academy",
        "agenda": "Rooms",
    }


def main() -> None:
    """Read who acts, then change."""
    who = json.loads(sys.stdin.readline())
    actors = {
        part: Actor(user, ActingOrganisation(*organisation), role)
        for part, (user, organisation, role) in who["actors"].items()
    }
    Changer(actors, who["partnership"], who["sides"], sys.stdout).go_on()
