"""Who asked not to be in a directory stays out of it, whichever way an admin tries."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from contacts.directory_services import change_posting
from contacts.models import Outcome, RunState
from contacts.verification import clock as beat
from contacts.verification import services
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.sheets.arranging import apply, checked, contacts, csv_of, problems, rows
from tests.verification.arranging import Directory

ADDRESS = "lead@health.example"
SHEET = csv_of([("Somebody", "Lead", "RBK", "LEAD@health.example")])


def objects(directory: Directory) -> None:
    """Somebody in the directory has themselves removed from it."""
    posting = directory.lists(ADDRESS)
    beat.run()
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)


def test_nobody_is_given_their_address(directory: Directory) -> None:
    objects(directory)
    other = directory.lists("other@health.example")
    with (
        acting(directory.admin.scope),
        pytest.raises(ValidationError, match="asked not to be"),
        transaction.atomic(),
    ):
        change_posting(by=directory.admin, posting=directory.again(other), email=ADDRESS)
    assert directory.again(other).details.email == "other@health.example"


def test_no_sheet_brings_them_in(directory: Directory, cast: Cast) -> None:
    objects(directory)
    run = checked(cast, directory.admin, SHEET)
    assert [row.outcome for row in rows(directory.admin, run)] == [Outcome.PROBLEM]
    assert ["asked not to be" in each for each in problems(directory.admin, run)[2]] == [True]


def test_nor_one_that_was_checked_before_they_asked(directory: Directory, cast: Cast) -> None:
    posting = directory.lists("elsewhere@health.example", organisation="council")
    run = checked(cast, directory.admin, SHEET)
    beat.run()
    directory.superuser.execute(
        "UPDATE contacts_workdetails SET email = %s WHERE posting_id = %s", [ADDRESS, posting.pk]
    )
    directory.superuser.execute("UPDATE contacts_letter SET recipient = %s", [ADDRESS])
    services.remove_held(letter=directory.letter(posting), posting_ref=posting.ref)
    run = apply(directory.admin, run)
    assert run.state == RunState.CHECKED
    assert "Nothing was changed" in run.failure
    assert contacts(directory.admin) == []
