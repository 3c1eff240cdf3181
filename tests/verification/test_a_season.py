"""A school year, day by day: half the people move, and the directory says what is true of each.

A model in plain Python knows what happened to everybody. Each day the clock's work is done and the
e-mails go out through a conversation with a mail server; people answer some days later, through
the pages. Every two weeks what the directory says is compared with what the model knows.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from contacts.freshness import freshness
from contacts.models import Posting, RoleType
from contacts.verification import clock as beat
from contacts.verification import selectors
from frontend.wording import date_words, relative_days
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from tests.outbox.post_office import ANSWERS_TO_ADDRESS, PostOffice
from tests.verification.arranging import NOW, Directory

Clock = time_machine.Traveller
DAYS = 365
CHECKPOINT = 14
NEVER = date(2100, 1, 1)
LINK = re.compile(r"https?://[^/\s]+(/check/\S+?/)right/")
ADDRESS = re.compile(r"person-\d+@health.example")
DATE = ("day", "month", "year")
# How many of each. The first three move during the year, which is half of them.
BEHAVIOURS = {
    "moves and says so": 12,
    "moves and the address goes": 12,
    "moves and is silent": 6,
    "stays and answers": 18,
    "stays and corrects": 6,
    "stays and is silent": 6,
}
# One that answers for its people, one without a manager, one that has not joined.
ORGANISATIONS = ("health", "council", "icb")


@dataclass
class Someone:
    """What the model knows of one person, and what it expects the directory to say."""

    posting: Posting
    email: str
    behaviour: str
    organisation: str
    moves_on: date
    days_to_answer: int
    interval: int
    checked: tuple[date, str] | None = None
    bounced: date | None = None
    left: date | None = None
    letters: list[tuple[date, str, bool]] = field(default_factory=list)

    def gets(self, path: str, today: date, *, themselves: bool) -> None:
        """An e-mail arrives at them or, about them, at a manager; it is answered some days on."""
        if not (themselves and self.behaviour.endswith("is silent")):
            self.letters.append((today + timedelta(days=self.days_to_answer), path, themselves))

    def answers(self, today: date) -> None:
        """What is due to be answered today is answered, through the pages."""
        for on, path, themselves in self.letters:
            gone = today >= self.moves_on
            if on <= today and not (
                themselves and gone and self.behaviour == "moves and the address goes"
            ):
                self._answer(
                    path, today, gone, "the person" if themselves else "their organisation"
                )
                # One answer uses up every link of that check.
                self.letters = []
                return

    def _answer(self, path: str, today: date, gone: bool, who: str) -> None:
        if gone:
            typed = {f"ended_on_{part}": str(getattr(today, part)) for part in DATE}
            answer = Client().post(f"{path}left/", typed, follow=True)
            self.left = today
        elif self.behaviour == "stays and corrects":
            typed = {"name": "Lead", "job_title": f"Lead since {today}", "email": self.email}
            answer = Client().post(f"{path}changed/", typed, follow=True)
            self.checked = today, who
        else:
            answer = Client().post(f"{path}right/", follow=True)
            self.checked = today, who
        assert "Thank you" in answer.text

    def expected(self, today: date) -> str:
        """What the directory has to say of them today."""
        if self.left:
            return f"Left on {date_words(self.left)}"
        checked = "Never checked"
        if self.checked:
            day, who = self.checked
            checked = f"Checked {relative_days(day, today)} by {who}"
        if self.bounced:
            return f"{checked}. Email refused on {date_words(self.bounced)}"
        if self.checked and self.due <= today:
            return f"{checked}. A new check has been due since {date_words(self.due)}"
        return checked

    @property
    def due(self) -> date:
        """When they are asked again."""
        assert self.checked is not None
        return self.checked[0] + timedelta(days=self.interval)


def people_of(directory: Directory, chance: random.Random) -> list[Someone]:
    """Sixty people, in roles of different intervals and in none."""
    roles = [None, *RoleType.objects.filter(single_seat=False).order_by("check_every_days", "key")]
    found = []
    for number, behaviour in enumerate(b for b, many in BEHAVIOURS.items() for _ in range(many)):
        role = chance.choice(roles)
        organisation = ORGANISATIONS[number % len(ORGANISATIONS)]
        email = f"person-{number}@health.example"
        moves = behaviour.startswith("moves")
        found.append(
            Someone(
                directory.lists(email, organisation, role_type=role),
                email,
                behaviour,
                organisation,
                NOW.date() + timedelta(chance.randrange(30, 300)) if moves else NEVER,
                chance.randrange(9),
                role.check_every_days if role else 180,
            )
        )
    return found


class Season:
    """The people, the mail between them and the directory, and one day after the other."""

    def __init__(self, directory: Directory, office: PostOffice, people: list[Someone]) -> None:
        self.directory = directory
        self.office = office
        self.people = {each.email: each for each in people}
        self.manager = directory.cast.users["health_manager"].email

    def day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Some move, some answer, the clock does its work, and what was sent arrives or not."""
        today = timezone.localdate()
        for each in self.people.values():
            if each.moves_on == today and each.behaviour == "moves and the address goes":
                monkeypatch.setitem(ANSWERS_TO_ADDRESS, each.email, "550 5.1.1 No such mailbox")
            each.answers(today)
        beat.run()
        engine.drain()
        for to, message in self.office.arrived:
            self._arrives(to, text_of(message), today)
        for to in self.office.refused:
            self.people[to].bounced = today
        self.office.arrived.clear()
        self.office.refused.clear()

    def _arrives(self, to: str, text: str, today: date) -> None:
        asked = LINK.search(text)
        if asked is None:
            return
        about = ADDRESS.search(text)
        assert about is not None
        assert to in (about.group(), self.manager)
        self.people[about.group()].gets(asked.group(1), today, themselves=to != self.manager)

    def compare(self) -> None:
        """What the directory says of each of them is what the model knows."""
        today = timezone.localdate()
        for each in self.people.values():
            said = freshness(self.directory.again(each.posting))
            assert said.words == each.expected(today), (each.behaviour, today)
            moved_long_ago = each.moves_on + timedelta(days=each.interval) <= today
            assert not (said.current and moved_long_ago), (each.behaviour, today)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_stated_freshness_is_right_all_year(
    directory: Directory,
    post_office: PostOffice,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    season = Season(directory, post_office, people_of(directory, random.Random(2027)))
    for day in range(DAYS):
        clock.move_to(NOW + timedelta(days=day))
        season.day(monkeypatch)
        if day % CHECKPOINT == 0:
            season.compare()
    season.compare()

    people = list(season.people.values())
    assert sum(each.moves_on <= timezone.localdate() for each in people) == len(people) / 2
    fates = {each.behaviour: {bool(each.left), bool(each.bounced)} for each in people}
    assert fates["stays and answers"] == {False}
    assert any(each.left for each in people)
    assert any(each.bounced for each in people)
    with acting(directory.admin.scope), transaction.atomic():
        silent = set(selectors.no_answer(directory.region).values_list("pk", flat=True))
        left = set(selectors.replies_waiting(directory.region).values_list("posting_id", flat=True))
    assert left == {each.posting.pk for each in people if each.left}
    assert silent == {
        each.posting.pk
        for each in people
        if each.behaviour.endswith("is silent") and each.organisation != "health"
    }
