"""History from a workbook: judged row by row, saved once and for us alone, and undone."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from organisations.models import Delivery
from organisations.tenancy.scope import acting
from overview.history_import import services
from overview.history_import.models import HistoryRow, HistoryRun
from overview.history_import.tasks import remove_old_rows
from overview.history_import.template import template
from partnerships.conversations.models import Conversation
from partnerships.record.models import NamedContact, Partnership
from tests.cast import Cast
from tests.history_import.arranging import (
    CONTACT,
    HUB,
    MEETING,
    Row,
    book,
    brought_in,
    outcomes,
    rows,
    saved,
    undone,
)
from tests.record.arranging import NHS_NUMBER, acting_as, opened

UNLIKE = ("Careers hub", "Walsal Healthcare Trust", "", "")


def refused(cast: Cast, content: bytes, said: str, name: str = "history.xlsx") -> None:
    with pytest.raises(ValidationError, match=said):
        brought_in(cast.school_manager, content, name)


def problems(cast: Cast, **sheets: Any) -> list[list[str]]:
    by = cast.school_manager
    return [each for *_, found in rows(by, brought_in(by, book(**sheets))) for each in found]


def seen(cast: Cast, part: str = "school_manager") -> list[tuple[str, bool, bool]]:
    with acting_as(cast.actors[part]):
        return [
            (each.summary, each.internal, each.withdrawn_at is not None)
            for each in Conversation.objects.order_by("pk")
        ]


def test_what_is_new_is_saved_once_for_us_alone_and_nobody_is_told(cast: Cast) -> None:
    by = cast.school_manager
    run = brought_in(by, book())
    with acting_as(by):
        assert not Partnership.objects.exists()
        before = Delivery.objects.count()
    saved(by, run)

    with acting_as(by):
        partnership = Partnership.objects.get()
        assert (partnership.name, partnership.purpose) == ("Mental health support", HUB[3])
        contact = NamedContact.objects.select_related("posting__person").get()
        assert (contact.posting.person.name, contact.function) == ("Programme lead", "named")
        conversation = Conversation.objects.get()
        assert (conversation.kind, conversation.held_on) == ("meeting", date(2026, 3, 12))
        assert conversation.internal
        assert Delivery.objects.count() == before
    assert seen(cast, "health_manager") == []
    assert outcomes(by, book()) == ["there", "there", "there"]


def test_contacts_of_ours_come_too_and_are_undone(cast: Cast) -> None:
    by = cast.school_manager
    lead = ("Mental health support", "School lead", "Head of inclusion", "lead@school.example", "")
    content = book(contacts=[CONTACT, (*lead, "Named contact", "ours"), (*lead, "Deputy", "us")])
    run = brought_in(by, content)
    assert [outcome for _, _, outcome, _ in rows(by, run)].count("problem") == 1

    saved(by, run)

    def live() -> dict[str, str]:
        with acting(by.scope), transaction.atomic():
            found = NamedContact.objects.filter(ended_at=None)
            return dict(found.values_list("organisation__code", "posting__details__email"))

    assert live() == {
        "QUA": "lead@icb.example",
        cast.organisation("school").code: "lead@school.example",
    }
    assert set(outcomes(by, book(contacts=[(*lead, "Named contact", "Ours")]))) == {"there"}
    undone(by, run)
    assert live() == {}


def test_saving_twice_or_undoing_twice_is_refused(cast: Cast) -> None:
    by = cast.school_manager
    run = brought_in(by, book())
    saved(by, run)
    with pytest.raises(ValidationError, match="moved on"):
        saved(by, run)
    undone(by, run)
    with pytest.raises(ValidationError, match="moved on"):
        undone(by, run)
    assert seen(cast) == [(MEETING[3], True, True)]


def test_two_previews_of_one_workbook_make_everything_once(cast: Cast) -> None:
    by = cast.school_manager
    first, second = brought_in(by, book()), brought_in(by, book())
    saved(by, first)
    with pytest.raises(ValidationError, match="nothing to save"):
        saved(by, second)
    assert len(seen(cast)) == 1


def test_a_partnership_opened_meanwhile_is_used(cast: Cast) -> None:
    by = cast.school_manager
    run = brought_in(by, book(contacts=()))
    there = opened(cast, "icb", name=HUB[0].upper())
    saved(by, run)

    with acting_as(by):
        assert Partnership.objects.get().pk == there.pk
        assert Conversation.objects.get().partnership_id == there.pk


def test_one_with_the_same_partner_under_another_name_is_told_and_not_taken_for_it(
    cast: Cast,
) -> None:
    by = cast.school_manager
    there = opened(cast, "icb", name="Early years")
    run = brought_in(by, book(contacts=()))
    with acting_as(by):
        (row,) = HistoryRow.objects.filter(run=run, sheet=0)
        assert row.outcome == "new"
        assert "You have “Early years” with them already" in row.found

    saved(by, run)

    with acting_as(by):
        assert Partnership.objects.count() == 2
        assert Conversation.objects.get().partnership_id != there.pk


def test_undoing_takes_back_what_nobody_touched_and_says_what_it_left(cast: Cast) -> None:
    by = cast.school_manager
    more = ("Mental health support", "Visit", "2026-03-13", "Saw the rooms", "")
    run = saved(by, brought_in(by, book(conversations=(MEETING, more))))
    with acting_as(by):
        touched = Conversation.objects.get(summary="Saw the rooms")
        touched.changed_at = datetime.fromisoformat("2026-11-22T10:00:00Z")
        touched.save(update_fields=["changed_at"])
    run = undone(by, run)

    assert run.left == [
        ["Conversations", 3, "Somebody has changed or shared it"],
        ["Partnerships", 2, "There are conversations in it"],
    ]
    with acting_as(by):
        assert NamedContact.objects.get().ended_at is not None
        assert Partnership.objects.get().closed_at is None
    assert [gone for *_, gone in seen(cast)] == [True, False]


def test_undoing_closes_a_partnership_and_it_can_be_imported_again(cast: Cast) -> None:
    by = cast.school_manager
    undone(by, saved(by, brought_in(by, book())))
    with acting_as(by):
        assert Partnership.objects.get().closed_at is not None
    assert outcomes(by, book()) == ["new", "new", "new"]


def test_a_partner_that_nobody_is_called_is_chosen_or_left_out(cast: Cast) -> None:
    by = cast.school_manager
    talk = ("Careers hub", "Meeting", "12/03/2026", "Talked", "")
    run = brought_in(by, book((UNLIKE,), (), (talk,)))
    assert [outcome for _, _, outcome, _ in rows(by, run)] == ["unknown", "unknown"]
    with pytest.raises(ValidationError, match="Choose which"):
        saved(by, run)
    ((unknown, offer),) = run.offers.items()
    health = cast.organisation("health").pk
    assert health in offer["ids"]
    with acting_as(by), pytest.raises(ValidationError, match="offered"):
        services.choose_partners(by=by, run=run, choices={unknown: cast.organisation("other").pk})
    with acting_as(by):
        services.choose_partners(by=by, run=run, choices={unknown: 0})
    assert [outcome for _, _, outcome, _ in rows(by, run)] == ["left_out", "left_out"]
    with acting_as(by):
        services.choose_partners(by=by, run=run, choices={unknown: health})
    saved(by, run)
    assert seen(cast) == [("Talked", True, False)]


def test_an_identifier_refuses_the_row_and_is_kept_nowhere(cast: Cast, superuser: Any) -> None:
    by = cast.school_manager
    run = brought_in(by, book(conversations=((*MEETING[:3], f"About {NHS_NUMBER}", ""),)))
    (*_, (sheet, number, outcome, found)) = rows(by, run)
    assert (sheet, number, outcome) == ("Conversations", 2, "problem")
    assert found[0][0] == "What was said"
    assert "NHS number" in found[0][1]
    with acting_as(by):
        kept = str(list(HistoryRow.objects.values())) + str(list(HistoryRun.objects.values()))
    assert "476" not in kept
    refused(cast, book(), "file’s name", name="9434765919.xlsx")


@pytest.mark.parametrize(
    ("row", "heading", "said"),
    [
        (("", "Meeting", "12/03/2026", "Talked", ""), "Partnership", "empty"),
        (("Another", "Meeting", "12/03/2026", "Talked", ""), "Partnership", "No partnership"),
        ((HUB[0], "Dream", "12/03/2026", "Talked", ""), "Kind", "Write Meeting"),
        ((HUB[0], "Introduction", "12/03/2026", "Talked", ""), "Kind", "Write Meeting"),
        ((HUB[0], "Visit", "last week", "Talked", ""), "Date", "Write the date"),
        ((HUB[0], "Visit", 46093, "Talked", ""), "Date", "Write the date"),
        ((HUB[0], "Visit", "01/01/2099", "Talked", ""), "Date", "in the past"),
        ((HUB[0], "Visit", "01/01/1999", "Talked", ""), "Date", "2000 or later"),
        ((HUB[0], "Visit", "12/03/2026", "=1+1", ""), "What was said", "formula"),
        ((HUB[0], "Visit", "12/03/2026", "x" * 4001, ""), "What was said", "Longer than"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(cast: Cast, row: Row, heading: str, said: str) -> None:
    ((found, words),) = problems(cast, contacts=(), conversations=(row,))
    assert found == heading
    assert said in words


def test_contacts_and_partners_that_cannot_be_are_named(cast: Cast) -> None:
    own = ("Ours", "", "5361", "")
    wrong = (*CONTACT[:3], "no address", "", "Friend")
    again = (*CONTACT[:3], "other@icb.example", "", "Named contact")
    twice = ("Mental health support", "", "RBK", "")
    said = " ".join(
        words for _, words in problems(
            cast, partnerships=(HUB, own, twice), contacts=(CONTACT, wrong, again, CONTACT)
        )
    )  # fmt: skip
    assert "your own organisation" in said
    assert "same name" in said
    assert "email address in the correct format" in said
    assert "Write Named contact or Deputy" in said
    assert "has this place" in said
    assert "same email address" in said


def test_nobody_is_named_where_work_is_under_way_or_the_partner_answers(scene: Any) -> None:
    contact = ("Health hub", "Somebody", "Lead", "new@council.example", "", "Named contact")
    by = scene.cast.school_manager
    found = [each for *_, e in rows(by, brought_in(by, book((), (contact,), ()))) for each in e]
    assert "so that the partner is clear" in found[0][1]
    listed = ("Health hub", "", "RBK", "")
    found = [
        each for *_, e in rows(by, brought_in(by, book((listed,), (contact,), ()))) for each in e
    ]
    assert "names its own contacts" in found[0][1]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_read_as_the_workbook_counts_them(cast: Cast, epoch: Any) -> None:
    def change(made: Workbook) -> None:
        if epoch:
            made.epoch = epoch
        made["Conversations"]["C2"] = datetime.fromisoformat("2026-03-12T14:30:00")

    by = cast.school_manager
    saved(by, brought_in(by, book(change=change)))
    with acting_as(by):
        assert Conversation.objects.get().held_on == date(2026, 3, 12)


def test_a_workbook_that_is_none_of_ours_is_refused_in_words(cast: Cast) -> None:
    def renamed(made: Workbook) -> None:
        made["Contacts"].title = "People"

    def merged(made: Workbook) -> None:
        made["Contacts"].merge_cells("B1:D1")

    def twice(made: Workbook) -> None:
        made["Contacts"]["G1"] = "Name"

    refused(cast, book(change=renamed), "no sheet called Contacts")
    refused(cast, book(change=merged), "no heading “Job title”.*none merged")
    refused(cast, book(change=twice), "“Name” 2 times")
    refused(cast, template(), "no rows")
    refused(cast, b"MZ\x90\x00" + bytes(500), "not an Excel workbook")
    refused(cast, b"PK\x03\x04" + bytes(500), "can be read")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("xl/workbook.xml", "[Content_Types].xml"):
            archive.writestr(name, b" " * 25_000_000)
    refused(cast, bomb.getvalue(), "unpacks to far more")
    many = tuple((HUB[0], "Visit", "12/03/2026", str(each), "") for each in range(8_000))
    refused(cast, book(conversations=many), "8,000 rows; 2,000 at most")
    assert "Notes" in load_workbook(io.BytesIO(template())).sheetnames


def test_managers_alone_import_and_no_other_organisation_sees_it(cast: Cast) -> None:
    run = brought_in(cast.school_manager, book())
    for part in ("school_editor", "school_viewer"):
        with pytest.raises(PermissionDenied):
            brought_in(cast.actors[part], book())
        with acting_as(cast.actors[part]):
            assert not HistoryRun.objects.exists()
    with acting_as(cast.health_manager):
        assert not HistoryRun.objects.exists()
        assert not HistoryRow.objects.exists()
    with pytest.raises(ValidationError, match="moved on"):
        saved(cast.health_manager, run)
    by = cast.health_manager
    with acting(by.scope), pytest.raises(DatabaseError), transaction.atomic():
        HistoryRow.objects.create(run=run, organisation_id=by.organisation_id, sheet=0, number=9)


def test_rows_go_after_thirty_days_and_then_nothing_is_undone(cast: Cast, superuser: Any) -> None:
    by = cast.school_manager
    run, waiting = saved(by, brought_in(by, book())), brought_in(by, book(contacts=()))
    superuser.execute(
        "UPDATE history_import_historyrun SET asked_at = asked_at - interval '31 days'"
    )
    remove_old_rows()

    with acting_as(by):
        assert not HistoryRow.objects.exists()
        assert HistoryRun.objects.get(pk=waiting.pk).state == "discarded"
    with pytest.raises(ValidationError, match="removed"):
        undone(by, run)


def test_what_is_thrown_away_says_nothing_any_more(cast: Cast) -> None:
    by = cast.school_manager
    run = brought_in(by, book())
    with acting_as(by):
        services.discard(by=by, run=run)
        assert [each.values for each in HistoryRow.objects.filter(run=run)] == [{}, {}, {}]
    with pytest.raises(ValidationError, match="moved on"):
        saved(by, run)
