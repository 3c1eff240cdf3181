"""A sheet comes in, is checked, applied and undone: what each step does, and what it leaves."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from contacts.directory_services import confirm_posting, list_posting
from contacts.models import Choice, ImportRow, Outcome, Posting, RoleType, RunState
from contacts.sheets import services, working
from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.record.models import NamedContact
from tests.cast import Cast
from tests.contacts.sheets.arranging import (
    WALSALL,
    applied,
    apply,
    brought_in,
    checked,
    contacts,
    csv_of,
    fresh,
    make_admin,
    problems,
    region,
    rows,
    undone,
)
from tests.organisations.onlooker import Superuser, on_record

SECOND = ("Named nurse", "Named nurse", "Walsall Healthcare NHS Trust", "nurse@health.example")


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return make_admin(cast)


def test_a_sheet_adds_contacts_once_it_is_applied(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = checked(cast, admin, csv_of([WALSALL, SECOND]))
    before = contacts(admin)
    done = apply(admin, run)

    assert (run.state, run.counts, before) == (RunState.CHECKED, {"new": 2}, [])
    assert (done.state, done.failure) == (RunState.APPLIED, "")
    first, second = contacts(admin)
    assert (first.person.name, first.job_title, first.details.email) == (
        "Head of service",
        "Head of children’s services",
        "head@health.example",
    )
    assert first.organisation_id == second.organisation_id == cast.organisation("health").pk
    assert (first.listing, first.region_id, first.recorded_by_id) == (
        "listed",
        region(cast).pk,
        None,
    )
    assert first.check_due_on is not None
    assert on_record(superuser, user_id=admin.user_id) == [
        "sheet brought in",
        "sheet columns matched",
        "sheet checked",
        "sheet to be applied",
        "contact listed",
        "contact listed",
        "sheet applied",
    ]


def test_it_is_applied_once(cast: Cast, admin: Actor) -> None:
    run = applied(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope):
        again = services.apply_sheet(by=admin, run=run)
        with pytest.raises(ValidationError, match="moved on"), transaction.atomic():
            services.ask_to_apply(by=admin, run=run)

    assert again is False
    assert len(contacts(admin)) == 1


def test_the_same_sheet_again_changes_nothing(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, csv_of([WALSALL, SECOND]))
    run = checked(cast, admin, csv_of([WALSALL, SECOND]))

    assert run.counts == {"unchanged": 2}
    with (
        acting(admin.scope),
        pytest.raises(ValidationError, match="nothing to apply"),
        transaction.atomic(),
    ):
        services.ask_to_apply(by=admin, run=run)


def test_a_changed_row_changes_its_contact_and_blank_cells_change_nothing(
    cast: Cast, admin: Actor
) -> None:
    headings = ("Name", "Job title", "Organisation", "Email", "Phone", "Role", "Start date")
    role = RoleType.objects.filter(single_seat=False).order_by("name").first()
    assert role is not None
    full = (*WALSALL, "01922 720 255", role.name, "1/9/2026")
    applied(cast, admin, csv_of([full], headings))
    changed = ("Head of service", "Director of children’s services", *WALSALL[2:], "", "", "")
    run = applied(cast, admin, csv_of([changed], headings))

    (contact,) = contacts(admin)
    (row,) = rows(admin, run)
    assert row.before is not None
    assert row.after is not None
    assert run.counts == {"changed": 1}
    assert contact.job_title == "Director of children’s services"
    assert contact.details.telephone == "01922 720 255"
    assert contact.role_type_id == role.pk
    assert str(contact.started_on) == "2026-09-01"
    assert (row.before["job_title"], row.after["job_title"]) == (WALSALL[1], changed[1])


def test_rows_with_problems_stop_all_of_it_unless_the_admin_leaves_them_out(
    cast: Cast, admin: Actor
) -> None:
    wrong = ("A nurse", "Nurse", "No such trust at all", "not an address")
    run = checked(cast, admin, csv_of([WALSALL, wrong]))
    with (
        acting(admin.scope),
        pytest.raises(ValidationError, match="have problems"),
        transaction.atomic(),
    ):
        services.ask_to_apply(by=admin, run=run)
    still_nothing = contacts(admin)
    done = apply(admin, run, only_good=True)

    assert run.counts == {"new": 1, "problem": 1}
    assert still_nothing == []
    assert done.only_good
    assert [each.person.name for each in contacts(admin)] == ["Head of service"]


def test_possible_duplicates_wait_for_an_answer(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    other_address = ("Head of service", WALSALL[1], "RBK", "h.service@health.example")
    same_address = ("Interim head", "Interim head", "RBK", WALSALL[3])
    elsewhere = (WALSALL[0], "Adviser", "335", WALSALL[3])
    run = checked(cast, admin, csv_of([other_address, same_address, elsewhere]))
    (there,) = contacts(admin)
    asked = [row.candidates for row in rows(admin, run)]
    answers = {2: f"update:{there.pk}", 3: Choice.LEAVE_OUT, 4: Choice.ADD}
    with acting(admin.scope), transaction.atomic():
        services.decide(by=admin, run=run, choices=answers)
    working.do_all()
    run = fresh(admin, run)

    assert asked == [[there.pk]] * 3
    assert run.counts == {"changed": 1, "left_out": 1, "new": 1}
    done = apply(admin, run)
    first, second = contacts(admin)
    assert done.state == RunState.APPLIED
    assert (first.details.email, second.job_title) == ("h.service@health.example", "Adviser")


def test_all_possible_duplicates_can_be_decided_alike(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    same_address = ("Interim head", "Interim head", "RBK", WALSALL[3])
    run = checked(cast, admin, csv_of([same_address]))
    with acting(admin.scope), transaction.atomic():
        services.decide_all(by=admin, run=run, choice=Choice.LEAVE_OUT)
    working.do_all()

    assert fresh(admin, run).counts == {"left_out": 1}


@pytest.mark.parametrize(
    "choices",
    [{2: "update:0"}, {2: "update:"}, {2: "update:999999999"}, {99: "add"}, {2: "anything"}],
)
def test_an_answer_about_nobody_is_refused(
    cast: Cast, admin: Actor, choices: dict[int, str]
) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    run = checked(cast, admin, csv_of([("Interim head", "Interim", "RBK", WALSALL[3])]))
    with acting(admin.scope), pytest.raises(ValidationError), transaction.atomic():
        services.decide(by=admin, run=run, choices=choices)

    assert fresh(admin, run).state == RunState.CHECKED


def test_undoing_empties_what_it_added_and_restores_what_it_changed(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    (first,) = contacts(admin)
    with acting(admin.scope), transaction.atomic():
        confirm_posting(by=admin, posting=first)
    (was,) = contacts(admin)
    headings = ("Reference", "Name", "Job title", "Organisation", "Email")
    moved = (first.ref, "Head of service", "Director", "RBK", "director@health.example")
    run = applied(cast, admin, csv_of([moved, ("", *SECOND)], headings))
    during = [each.details.email for each in contacts(admin)]
    done = undone(admin, run)

    assert during == ["director@health.example", "nurse@health.example"]
    assert (done.state, done.failure) == (RunState.UNDONE, "")
    (after,) = contacts(admin)
    assert (after.job_title, after.details.email) == (was.job_title, was.details.email)
    assert (after.checked_at, after.checked_by) == (was.checked_at, was.checked_by)
    gone = superuser.execute(
        "SELECT n.name, p.listing, p.ended_on IS NOT NULL, d.email, d.telephone, p.role_type_id "
        "FROM contacts_posting p JOIN contacts_person n ON n.id = p.person_id "
        "JOIN contacts_workdetails d ON d.posting_id = p.id WHERE p.id <> %s",
        [first.pk],
    ).fetchall()
    assert gone == [("Removed", "declined", True, "", "", None)]
    kept = superuser.execute("SELECT * FROM contacts_importrow").fetchall()
    assert "nurse@health.example" not in str(kept[-1])
    assert on_record(superuser)[-3:] == [
        "contact import undone",
        "contact import undone",
        "sheet undone",
    ]


def test_undoing_frees_a_seat_that_one_person_holds(cast: Cast, admin: Actor) -> None:
    role = RoleType.objects.filter(single_seat=True).order_by("name").first()
    assert role is not None
    headings = ("Name", "Job title", "Organisation", "Email", "Role type")
    run = applied(cast, admin, csv_of([(*WALSALL, role.name)], headings))
    undone(admin, run)
    again = applied(cast, admin, csv_of([(*WALSALL, role.name)], headings))

    assert (again.state, again.counts) == (RunState.APPLIED, {"new": 1})


def test_what_something_later_depends_on_is_not_undone(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    third = ("Matron", "Matron", "RBK", "matron@health.example")
    run = applied(cast, admin, csv_of([WALSALL, SECOND, third]))
    first, second, last = contacts(admin)
    with acting(admin.scope), transaction.atomic():
        confirm_posting(by=admin, posting=first)
    superuser.execute(
        "UPDATE contacts_posting SET job_title = 'Another' WHERE id = %s", [second.pk]
    )
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE contacts_posting SET acl = '{7}' WHERE id = %s", [last.pk])
    superuser.execute("SET session_replication_role = origin")
    kept = undone(admin, run)

    assert kept.state == RunState.APPLIED
    assert "row 2, checked; row 3, changed; row 4, named in a partnership" in kept.failure
    assert len(contacts(admin)) == 3
    assert NamedContact.objects.model is not None


def test_a_contact_changed_between_check_and_apply_stops_it(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    changed = (WALSALL[0], "Director", *WALSALL[2:])
    run = checked(cast, admin, csv_of([changed, SECOND]))
    (contact,) = contacts(admin)
    with acting(admin.scope), transaction.atomic():
        confirm_posting(by=admin, posting=contact)
    done = apply(admin, run)

    assert (done.state, done.applied_at) == (RunState.CHECKED, None)
    assert "row 2" in done.failure
    assert [each.job_title for each in contacts(admin)] == [WALSALL[1]]


def test_a_seat_taken_between_check_and_apply_stops_all_of_it(cast: Cast, admin: Actor) -> None:
    role = RoleType.objects.filter(single_seat=True).order_by("name").first()
    headings = ("Name", "Job title", "Organisation", "Email", "Role type")
    assert role is not None
    run = checked(cast, admin, csv_of([(*SECOND, ""), (*WALSALL, role.name)], headings))
    with acting(admin.scope), transaction.atomic():
        list_posting(
            by=admin,
            region=region(cast),
            organisation=cast.organisation("health"),
            name="Somebody else",
            job_title="Head",
            email="else@health.example",
            role_type=role,
        )
    done = apply(admin, run)

    assert done.state == RunState.CHECKED
    assert "One person at a time" in done.failure
    assert [each.person.name for each in contacts(admin)] == ["Somebody else"]


def test_throwing_a_sheet_away_removes_what_its_rows_said(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = checked(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope), transaction.atomic():
        services.discard(by=admin, run=run)

    assert fresh(admin, run).state == RunState.DISCARDED
    kept = superuser.execute("SELECT * FROM contacts_importrow").fetchall()
    assert "head@health.example" not in str(kept)
    assert "Head of service" not in str(kept)


def test_rows_are_removed_after_thirty_days(cast: Cast, admin: Actor, superuser: Superuser) -> None:
    old = applied(cast, admin, csv_of([WALSALL]))
    checked_only = checked(cast, admin, csv_of([SECOND]))
    new = checked(cast, admin, csv_of([SECOND]))
    superuser.execute(
        "UPDATE contacts_importrun SET asked_at = now() - interval '31 days' WHERE id <> %s",
        [new.pk],
    )
    removed = working.remove_old()

    assert removed == 2
    assert fresh(admin, old).rows_removed_at is not None
    assert fresh(admin, checked_only).state == RunState.DISCARDED
    with acting(admin.scope), transaction.atomic():
        assert set(ImportRow.objects.values_list("run_id", flat=True)) == {new.pk}
        with pytest.raises(ValidationError, match="cannot be undone"):
            services.ask_to_undo(by=admin, run=old)


def test_columns_are_remembered(cast: Cast, admin: Actor) -> None:
    headings = ("Wer", "Was", "Wo", "Wie")
    run = brought_in(cast, admin, csv_of([WALSALL], headings))
    matching = {"name": 0, "job_title": 1, "organisation": 2, "email": 3}
    with acting(admin.scope), transaction.atomic():
        services.match_columns(by=admin, run=run, matching=matching)
    again = brought_in(cast, admin, csv_of([WALSALL], headings))

    assert (run.matching, again.matching) == ({}, matching)


def test_columns_that_are_missing_or_named_twice_are_refused(cast: Cast, admin: Actor) -> None:
    run = brought_in(cast, admin, csv_of([WALSALL]))
    wrong = {"name": 0, "job_title": 0, "organisation": 2, "telephone": 9}
    with (
        acting(admin.scope),
        pytest.raises(ValidationError) as refusal,
        transaction.atomic(),
    ):
        services.match_columns(by=admin, run=run, matching=wrong)

    assert refusal.value.message_dict == {
        "email": ["Choose the column with the email address"],
        "job_title": ["This column is matched to “Name” already"],
        "telephone": ["Choose one of the sheet’s columns"],
    }


def test_nobody_but_the_regions_admin_takes_a_step(cast: Cast, admin: Actor) -> None:
    run = checked(cast, admin, csv_of([WALSALL]))
    devon = make_admin(cast, "stranger", "devon")
    for other in (devon, cast.school_manager, Actor(cast.school_manager.user_id), cast.operator):
        with acting(other.scope), transaction.atomic():
            for step in (services.ask_to_apply, services.discard, services.ask_to_undo):
                with pytest.raises(PermissionDenied):
                    step(by=other, run=run)
            with pytest.raises(PermissionDenied):
                services.bring_in(
                    by=other, region=region(cast), name="a.csv", content=csv_of([WALSALL])
                )

    assert problems(admin, run) == {}
    assert rows(admin, run)[0].outcome == Outcome.NEW


def test_an_admin_whose_grant_ended_has_nothing_applied(
    cast: Cast, admin: Actor, superuser: Superuser
) -> None:
    run = checked(cast, admin, csv_of([WALSALL]))
    with acting(admin.scope), transaction.atomic():
        services.ask_to_apply(by=admin, run=run)
    superuser.execute("UPDATE contacts_regiongrant SET ends = '2026-01-01'")
    working.do_all()
    state = superuser.execute("SELECT state, failure FROM contacts_importrun").fetchone()

    assert state == ("checked", "Something went wrong, and nothing was changed. Try again")
    assert superuser.execute("SELECT count(*) FROM contacts_posting").fetchone() == (0,)


def test_events_of_the_contacts_are_for_the_admin_to_read(cast: Cast, admin: Actor) -> None:
    applied(cast, admin, csv_of([WALSALL]))
    (contact,) = contacts(admin)
    with acting(admin.scope), transaction.atomic():
        found = AuditEvent.objects.filter(object_table="contacts_posting", object_id=contact.pk)
        changes = list(found.values_list("action", "changes"))
        assert Posting.objects.filter(pk=contact.pk).exists()

    assert changes == [
        (
            "contact listed",
            {
                "organisation": [None, cast.organisation("health").pk],
                "region": [None, region(cast).pk],
            },
        )
    ]
