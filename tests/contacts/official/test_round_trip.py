"""Official files, brought in as downloaded: what changes, what does not, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from contacts.imports import england
from contacts.imports.official import comparing
from contacts.imports.official.bringing_in import GIAS, ODS, Result, bring_in
from contacts.imports.official.undoing import Refused, undo
from contacts.models import OfficialChange, OfficialConflict, OfficialImport
from organisations.models import Kind, Organisation, School, Succession
from tests.contacts.official import downloads as of

pytestmark = pytest.mark.usefixtures("undone")
TABLES = ("organisations_organisation", "organisations_school", "organisations_succession")


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Report nothing."""


@pytest.fixture
def undone(db: None) -> Iterator[None]:
    """What the test writes as the owner is rolled back at its end."""
    with transaction.atomic(using="owner"):
        yield
        transaction.set_rollback(True, using="owner")


def facts() -> list[object]:
    """Every official field of every organisation and succession."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(h::text, '' ORDER BY h.id)) FROM ({comparing.HELD}) h"
        )
        organisations = cursor.fetchall()
        cursor.execute(f"SELECT to_jsonb(x) FROM ({comparing.SUCCESSIONS}) x ORDER BY x.id")
        return [organisations, cursor.fetchall()]


def rows_written() -> list[object]:
    """The last transaction that wrote each row: rewriting the same would show."""
    with connections["owner"].cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(xmin::text || ctid::text, '')) FROM {table}"
            )
            found.append(cursor.fetchone())
        return found


class Files:
    """A folder to put downloads into, and bring them in from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def schools(self, *rows: of.Row, day: str = "20261120") -> Path:
        return self.put(f"edubasealldata{day}.csv", of.table(of.COLUMNS, rows))

    def gias(self, *paths: Path) -> Result:
        return bring_in(GIAS, paths, silent)

    def ods(self, *paths: Path) -> Result:
        return bring_in(ODS, paths, silent)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def organisation(kind: str, code: str) -> Organisation:
    return Organisation.objects.using("owner").get(kind=kind, code=code)


def sorts_of(result: Result) -> dict[str, list[str]]:
    changes = OfficialChange.objects.using("owner").filter(official_import__ref=result.ref)
    return {each.code: each.sorts for each in changes}


def test_the_shipped_data_in_the_official_format_changes_nothing(files: Files) -> None:
    before = rows_written()
    schools = of.table(of.COLUMNS, of.shipped_schools(), encoding="utf-8")
    groups = of.table(of.GROUP_COLUMNS, of.shipped_groups(), encoding="utf-8")

    result = files.gias(
        files.put("extract.zip", of.packed({"edubasealldata20261120.csv": schools,
                                            "allgroupsdata20261120.csv": groups}))
    )  # fmt: skip

    assert (result.ref, dict(result.counts), result.conflicts) == (None, {}, 0)
    assert result.rows == 25_071 + 2254
    assert rows_written() == before
    assert not OfficialImport.objects.using("owner").exists()


EDGES = (
    of.school("900001", "Fierté Primary’s School", Postcode="ws11aa",
              SchoolWebsite="www.fierte.example", OpenDate="01-09-2026", Town="Walsall",
              StatutoryLowAge="4", StatutoryHighAge="11"),
    of.school("900002", "In A New Trust", **{
              "Trusts (code)": "990001", "Trusts (name)": "NEW TRUST",
              "TrustSchoolFlag (name)": "Supported by a multi-academy trust"}),
    of.school("900003", "Of a foundation", **{
              "Trusts (code)": "990002", "Trusts (name)": "Old money",
              "TrustSchoolFlag (name)": "Supported by a trust"}),
    of.school("900004", "Closed long ago", **{"EstablishmentStatus (code)": "2",
              "CloseDate": "31-08-1999"}),
    of.school("900005", "Not yet", **{"EstablishmentStatus (code)": "4"}),
    of.school("900006", "Ysgol Gymraeg", council="660", **{"EstablishmentTypeGroup (code)": "6"}),
    of.school("900007", "Odd values", Postcode="nowhere", SchoolWebsite="see our page",
              StatutoryLowAge="-1"),
    of.school("100000", "The Aldgate School Renamed", council="202"),
    of.school("100001", "City of London School for Girls", council="201",
              **{"EstablishmentStatus (code)": "2", "CloseDate": "31/08/2026"}),
)  # fmt: skip


def test_what_changes_is_listed_and_undone(files: Files) -> None:
    before = facts()

    result = files.gias(files.schools(*EDGES))

    sorts = sorts_of(result)
    assert sorts["900001"] == sorts["900002"] == sorts["990001"] == ["opened"]
    assert sorts["100000"][:2] == ["renamed", "moved_council"]
    assert "closed" in sorts["100001"]
    assert not sorts.keys() & {"900004", "900005", "900006"}
    new = organisation(Kind.SCHOOL, "900001")
    assert (new.name, new.postcode, new.website, str(new.opened_on), new.area) == (
        "Fierté Primary’s School", "WS1 1AA", "http://www.fierte.example", "2026-09-01", "Walsall",
    )  # fmt: skip
    assert new.slug == "fierte-primarys-school"
    assert new.school.trust is None
    assert organisation(Kind.SCHOOL, "900002").school.trust.name == "New Trust"  # type: ignore[union-attr]
    assert organisation(Kind.SCHOOL, "900003").school.trust is None
    assert str(organisation(Kind.SCHOOL, "100001").closed_on) == "2026-08-31"
    odd = organisation(Kind.SCHOOL, "900007")
    assert (odd.postcode, odd.website, odd.school.age_low) == ("", "", None)
    assert any("row 8, column Postcode: 'NOWHERE' is not" in note for note in result.notes.said)
    kept = OfficialImport.objects.using("owner").get(ref=result.ref)
    assert kept.files[0]["name"] == "edubasealldata20261120.csv"
    assert len(kept.files[0]["sha256"]) == 64

    assert result.ref
    undo(result.ref)

    assert facts() == before
    with pytest.raises(Refused, match="undone already"):
        undo(result.ref)


def test_the_second_run_changes_nothing(files: Files) -> None:
    path = files.schools(*EDGES)
    files.gias(path)
    before = rows_written()

    again = files.gias(path)

    assert again.ref is None
    assert rows_written() == before
    assert OfficialImport.objects.using("owner").count() == 1


def test_a_layout_with_140_columns_and_one_more_is_read(files: Files) -> None:
    row = of.school("900001", "Older layout")
    assert (len(of.COLUMNS), len(of.AS_OF_2024)) == (139, 140)

    result = files.gias(files.put("edubasealldata.csv", of.table([*of.AS_OF_2024, "New"], [row])))

    assert result.counts == {"opened": 1}


def test_groups_memberships_and_links(files: Files) -> None:
    schools = files.schools(
        of.school("900001", "The old school", **{"EstablishmentStatus (code)": "3"}),
        of.school("900002", "The new academy"),
    )
    files.gias(schools)
    groups = files.put(
        "allgroupsdata20261120.csv",
        of.table(of.GROUP_COLUMNS, [
            of.group("990001", "THE ARK OF WALSALL", **{"Incorporated on (open date)": "01/02/2026",
                     "Group Contact Town": "WALSALL", "Group Contact Postcode": "WS1 1AA"}),
            of.group("990002", "A federation", **{"Group Type": "Federation"}),
            of.group("5361", "Windsor Academy Trust", **{"Group Status": "Closed",
                     "Closed Date": "31/08/2026"}),
        ]),
    )  # fmt: skip
    members = files.put(
        "alllinksdata20261120.csv",
        of.table(of.MEMBERSHIP_COLUMNS, [
            of.membership("900002", "5361", "01/09/2025", **{"Group Status": "Closed"}),
            of.membership("900002", "990001", "01/09/2026"),
            of.membership("900001", "990002", "01/09/2026", **{"Group Type": "Federation"}),
        ]),
    )  # fmt: skip
    links = files.put(
        "links_edubasealldata20261120.csv",
        of.table(of.LINK_COLUMNS, [
            of.link("900001", "900002", "Successor", "01-09-2026"),
            of.link("900002", "900001", "Predecessor", "01-09-2026"),
            of.link("900002", "100004", "Predecessor - merged", "01-09-2026"),
            of.link("900002", "999999", "Predecessor", "01-09-1980"),
            of.link("900002", "900001", "Sixth Form Centre Link", "01-09-1980"),
        ]),
    )  # fmt: skip
    before = facts()

    result = files.gias(groups, members, links)

    ark = organisation(Kind.SCHOOL_TRUST, "990001")
    assert (ark.name, ark.town, ark.postcode) == ("The Ark of Walsall", "Walsall", "WS1 1AA")
    assert not Organisation.objects.using("owner").filter(code="990002").exists()
    assert "closed" in sorts_of(result)["5361"]
    assert organisation(Kind.SCHOOL, "900002").school.trust == ark
    assert organisation(Kind.SCHOOL, "900001").school.trust is None
    told = Succession.objects.using("owner").filter(successor__code="900002")
    assert set(told.values_list("predecessor__code", "nature")) >= {("900001", "succession")}
    assert not told.filter(predecessor__code="999999").exists()

    assert result.ref
    undo(result.ref)
    assert facts() == before


def test_ods_as_published(files: Files) -> None:
    content = "".join((
        of.nhs("RBK", "WALSALL HEALTHCARE NHS TRUST", "QUA", "19910401", "20261031"),
        of.nhs("R9Z", "BLACK COUNTRY GROUP NHS FOUNDATION TRUST", "QUA", "20261101"),
        of.nhs("R9Y", "ENDED LONG AGO NHS TRUST", "QUA", "19910401", "20100331"),
        of.nhs("M81", "A SURGERY", "QUA", "19910401"),
    ))  # fmt: skip

    result = files.ods(files.put("etr.zip", of.packed({"etr.csv": content.encode()})))

    assert sorts_of(result)["R9Z"] == ["opened"]
    assert "closed" in sorts_of(result)["RBK"]
    new = organisation(Kind.NHS_TRUST, "R9Z")
    assert new.name == "Black Country Group NHS Foundation Trust"
    assert (new.icb.code, new.icb_basis) == ("QUA", "published")  # type: ignore[union-attr]
    assert not Organisation.objects.using("owner").filter(code__in=("R9Y", "M81")).exists()


def test_ods_with_headings(files: Files) -> None:
    content = (
        b"Organisation Code,Name,Health Geography,Postcode,Open Date,Close Date\r\n"
        b"R9Z,BLACK COUNTRY GROUP NHS TRUST,QUA,WS2 9PS,01-Nov-2026,\r\n"
    )

    result = files.ods(files.put("nhs.csv", content))

    assert result.counts == {"opened": 1}
    assert str(organisation(Kind.NHS_TRUST, "R9Z").opened_on) == "2026-11-01"


def test_what_a_person_reported_goes_to_review(files: Files) -> None:
    trust = organisation(Kind.SCHOOL_TRUST, "5361")
    School.objects.using("owner").filter(organisation__code="100000").update(
        trust=trust, trust_basis="reported"
    )
    path = files.schools(of.school("100000", "The Aldgate School", council="201"))

    result = files.gias(path)

    assert result.conflicts == 1
    assert organisation(Kind.SCHOOL, "100000").school.trust == trust
    conflict = OfficialConflict.objects.using("owner").get()
    assert (conflict.field, conflict.ours, conflict.official) == ("trust", "5361", "")
    assert files.gias(path).conflicts == 0  # asked once


def test_an_import_that_another_stands_on_is_not_undone(files: Files) -> None:
    first = files.gias(files.schools(of.school("900001", "First name"), day="20261118"))
    second = files.gias(files.schools(of.school("900001", "Second name"), day="20261119"))
    assert first.ref
    assert second.ref

    with pytest.raises(Refused, match=r"A later import, of .* changed First name \(900001\) too"):
        undo(first.ref)

    undo(second.ref)
    undo(first.ref)
    assert not Organisation.objects.using("owner").filter(code="900001").exists()


def test_what_people_use_is_not_removed(files: Files) -> None:
    result = files.gias(files.schools(of.school("900001", "Used"), of.school("900002", "Not used")))
    # As a membership of a person would: another table refers to it.
    Succession.objects.using("owner").create(
        predecessor=organisation(Kind.SCHOOL, "100000"),
        successor=organisation(Kind.SCHOOL, "900001"),
        happened_on="2026-09-01",
        nature="merger",
    )

    assert result.ref
    with pytest.raises(Refused, match="Used was opened by this import, and people have used it"):
        undo(result.ref)

    assert Organisation.objects.using("owner").filter(code="900002").exists()


def test_an_older_file_is_refused(files: Files) -> None:
    files.gias(files.schools(of.school("900001", "New"), day="20261119"))
    before = rows_written()

    with pytest.raises(Exception, match=r"is of 18/11/2026, and one of 19/11/2026 was brought in"):
        files.gias(files.schools(of.school("900001", "Old"), day="20261118"))

    assert rows_written() == before


def test_loading_england_again_keeps_what_is_newer(files: Files) -> None:
    result = files.gias(files.schools(of.school("100000", "A newer name", council="201")))

    england.load(england.REFERENCE, silent, again=True)

    assert organisation(Kind.SCHOOL, "100000").name == "A newer name"
    assert result.ref
    undo(result.ref)
    england.load(england.REFERENCE, silent, again=True)
    assert organisation(Kind.SCHOOL, "100000").name == "The Aldgate School"


def test_the_commands(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.schools(*EDGES)

    call_command("import_gias", path)

    said = capsys.readouterr().out
    assert "4 opened" in said or "5 opened" in said
    ref = said.strip().rpartition(" ")[2]
    call_command("import_gias", "--undo", ref)
    assert "changes undone" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Name one or more files"):
        call_command("import_ods")
    with pytest.raises(CommandError, match="There is no import nothing"):
        call_command("import_ods", "--undo", "nothing")
