"""Two years after a posting in the directory ended, nobody can tell who it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine
from django.db import transaction

from contacts.directory_services import end_posting
from contacts.models import Person, Posting, PostingChange
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.record.models import NamedContact
from tests.cast import Cast
from tests.record.arranging import named, opened
from tests.verification.arranging import Directory, Super

Clock = time_machine.Traveller
ENDED = date(2027, 9, 1)
DUE = datetime(2029, 9, 2, 3, tzinfo=UTC)


def ended(directory: Directory) -> Posting:
    """Somebody who answered once and left on ENDED."""
    posting = directory.lists("lead@health.example", telephone="01922 721172")
    beat.run()
    services.answer_changed(
        letter=directory.letter(posting),
        name="Lead number 1",
        job_title="Head of school nursing",
        email="lead@health.example",
        note="Ask for me by name",
    )
    with acting(directory.admin.scope), transaction.atomic():
        end_posting(by=directory.admin, posting=directory.again(posting), on=ENDED)
    return posting


def everything(superuser: Super) -> str:
    """All that the directory's tables hold, as text."""
    tables = ("person", "posting", "workdetails", "postingchange", "letter")
    rows = [superuser.execute(f"SELECT t::text FROM contacts_{t} t").fetchall() for t in tables]
    return str(rows)


def test_the_day_after_two_years_the_person_is_gone_and_the_role_stays(
    directory: Directory, clock: Clock, superuser: Super
) -> None:
    posting = ended(directory)
    clock.move_to(DUE - timedelta(days=1))
    assert beat.anonymise() == 0
    clock.move_to(DUE)
    assert [beat.anonymise(), beat.anonymise()] == [1, 0]

    now = directory.again(posting)
    assert (now.person.name, now.ended_on) == ("Former Head of school nursing", ENDED)
    assert (now.details.email, now.details.telephone) == ("", "")
    held = everything(superuser)
    for personal in ("Lead number 1", "lead number", "lead@health", "721172", "by name"):
        assert personal not in held
    with acting(directory.admin.scope), transaction.atomic():
        (change,) = PostingChange.objects.filter(posting=posting)
        assert (change.changes, change.note, change.kind) == ({}, "", "changed")
        event = AuditEvent.objects.filter(object_id=posting.pk).latest("id")
    assert (event.action, event.user_id) == ("contact anonymised", None)


def test_somebody_who_is_still_in_another_post_keeps_their_name_there(
    directory: Directory, clock: Clock, superuser: Super
) -> None:
    old, current = ended(directory), directory.lists("current@health.example")
    superuser.execute(
        "UPDATE contacts_posting SET person_id = %s WHERE id = %s", [old.person_id, current.pk]
    )
    clock.move_to(DUE)
    beat.anonymise()

    assert directory.again(old).person.name == "Former Head of school nursing"
    assert directory.again(current).person.name == "Lead number 1"
    assert directory.again(current).details.email == "current@health.example"


def test_a_partnership_still_tells_which_role_its_contact_had(
    directory: Directory, cast: Cast, clock: Clock
) -> None:
    posting = directory.lists("lead@health.example")
    named(cast, opened(cast), posting=posting)
    with acting(directory.admin.scope), transaction.atomic():
        end_posting(by=directory.admin, posting=directory.again(posting), on=ENDED)
    clock.move_to(DUE)
    beat.anonymise()

    with acting(cast.school_editor.scope), transaction.atomic():
        contact = NamedContact.objects.select_related("posting__person").get()
        assert str(contact.posting) == "Former School nursing lead, School nursing lead"


def test_what_never_was_in_a_directory_is_left_to_who_keeps_it(
    directory: Directory, cast: Cast, clock: Clock, superuser: Super
) -> None:
    named(cast, opened(cast))
    superuser.execute("UPDATE contacts_posting SET ended_on = '2027-01-01'")
    clock.move_to(DUE)
    assert beat.anonymise() == 0
    with acting(cast.school_editor.scope), transaction.atomic():
        assert not Person.objects.filter(name__startswith="Former").exists()
