"""What is there after England has been loaded, and what loading it again leaves alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from contacts.imports import england, merging, writing
from contacts.models import Dataset, OutwardCode, Place, PlaceRegion, Region, RoleType
from organisations.models import Kind, Organisation, School, Succession

pytestmark = pytest.mark.usefixtures("db")

TABLES = [
    model._meta.db_table
    for model in (
        Organisation,
        School,
        Succession,
        Region,
        Place,
        PlaceRegion,
        OutwardCode,
        RoleType,
        Dataset,
    )
]


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Report nothing."""


def digest() -> dict[str, str]:
    """Every row of every table, with the transaction that wrote it: rewriting would show."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT md5(string_agg(md5(row_text), '' ORDER BY row_text)) "
                f"FROM (SELECT t::text || xmin::text AS row_text FROM {table} t) rows"
            )
            found[table] = cursor.fetchone()[0]
    return found


def last_written() -> dict[str, tuple[int, int]]:
    """How many rows each table has and the last transaction that wrote one; quicker."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*), max(xmin::text::bigint) FROM {table}")
            found[table] = cursor.fetchone()
    return found


@pytest.fixture
def undone(db: None) -> Iterator[None]:
    """What the test writes as the owner is rolled back at its end."""
    with transaction.atomic(using="owner"):
        yield
        transaction.set_rollback(True, using="owner")


def owned() -> object:
    """Organisations through the connection that imports."""
    return Organisation.objects.using("owner")


def test_every_organisation_is_there() -> None:
    today = timezone.localdate()
    still_open = Organisation.objects.exclude(closed_on__lte=today)

    assert Counter(still_open.values_list("kind", flat=True)) == {
        Kind.ICB: 36,
        Kind.COUNCIL: 153,
        Kind.NHS_TRUST: 202,
        Kind.SCHOOL_TRUST: 2254,
        Kind.SCHOOL: 25_071,
    }
    assert School.objects.count() == 25_071
    assert RoleType.objects.count() == 50


def test_boards_until_2026_are_known_with_their_successors() -> None:
    former = Organisation.objects.filter(kind=Kind.ICB, closed_on="2026-04-01")
    began = Organisation.objects.filter(kind=Kind.ICB, opened_on="2026-04-01")

    assert former.count() == 12
    assert began.count() == 6
    # 42 boards until then: the twelve that ended, and the thirty that went on.
    assert Organisation.objects.filter(kind=Kind.ICB).count() - began.count() == 42
    assert Succession.objects.count() == 16
    assert not former.filter(successions=None).exists()
    frimley = Organisation.objects.get(kind=Kind.ICB, code="QNQ")
    assert set(frimley.successions.values_list("successor__code", "nature")) == {
        ("S0E4D", "split"),
        ("S9B9J", "split"),
        ("QRL", "acquisition"),
    }


def test_every_open_board_has_a_region_and_every_council_a_place_in_one() -> None:
    boards = Organisation.objects.filter(kind=Kind.ICB, closed_on=None)

    assert Region.objects.count() == 36
    assert not boards.filter(region=None).exists()
    assert Region.objects.get(icb__code="QUA").name == "Black Country"
    assert Place.objects.count() == 153
    assert not Place.objects.filter(regions=None).exists()
    for place in Place.objects.prefetch_related("placeregion_set"):
        shares = [each.share for each in place.placeregion_set.all()]
        assert sum(shares) == pytest.approx(1, abs=0.001), place


def test_both_councils_that_lost_their_number_are_themselves() -> None:
    numbers = dict(
        Organisation.objects.filter(kind=Kind.COUNCIL, area__in=("Barnsley", "Sheffield"))
        .values_list("area", "code")
    )  # fmt: skip

    assert numbers == {"Barnsley": "370", "Sheffield": "373"}
    for place in Place.objects.filter(name__in=numbers):
        assert [region.name for region in place.regions.all()] == ["South Yorkshire"]
    schools = School.objects.filter(council__area="Barnsley")
    assert set(schools.values_list("organisation__area", flat=True)) == {"Barnsley"}


def test_every_nhs_trust_has_a_board_of_today_or_is_to_check() -> None:
    for trust in Organisation.objects.filter(kind=Kind.NHS_TRUST).select_related("icb"):
        if trust.icb is None:
            assert trust.icb_basis == "to_check", trust
        else:
            assert trust.icb_basis in ("published", "succession", "postcode"), trust
            assert trust.icb.closed_on is None, trust


@pytest.mark.parametrize(
    ("code", "board", "basis"),
    [
        ("RBK", "QUA", "published"),  # Walsall: its board went on
        ("RRP", "Z9B2Z", "succession"),
        ("RQW", "D7T5G", "postcode"),  # Harlow: its board was split, CM20 is in Essex
        ("RDU", "S9B9J", "postcode"),  # Camberley: split three ways, GU16 is in Surrey
    ],
)
def test_boards_of_nhs_trusts(code: str, board: str, basis: str) -> None:
    if code == "RRP":  # any trust of a board that merged as a whole
        trust = Organisation.objects.filter(kind=Kind.NHS_TRUST, icb__code=board).first()
    else:
        trust = Organisation.objects.get(kind=Kind.NHS_TRUST, code=code)

    assert trust is not None
    assert trust.icb is not None
    assert (trust.icb.code, trust.icb_basis) == (board, basis)


def test_loading_again_writes_nothing() -> None:
    before = digest()

    written = england.load(england.REFERENCE, silent, again=True)

    assert written is not None
    assert set(written.values()) == {0}
    assert digest() == before


def test_what_is_loaded_already_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(england, "read", lambda *args: pytest.fail("the files were read"))

    assert england.load(england.REFERENCE, silent) is None


@pytest.mark.usefixtures("undone")
def test_loading_leaves_what_people_decided() -> None:
    trust = owned().get(kind=Kind.SCHOOL_TRUST, code="5361")  # type: ignore[attr-defined]
    school = School.objects.using("owner").get(organisation__code="138591")
    joined = timezone.now()
    owned().filter(pk=trust.pk).update(joined_at=joined, town="Elsewhere")  # type: ignore[attr-defined]
    School.objects.using("owner").filter(pk=school.pk).update(
        trust=trust, trust_basis="reported", phase="Elsewhere"
    )

    england.load(england.REFERENCE, silent, again=True)

    trust.refresh_from_db()
    school.refresh_from_db()
    assert trust.joined_at == joined
    assert trust.town == "Halesowen"
    assert (school.trust_id, school.trust_basis) == (trust.pk, "reported")
    assert school.phase == "Primary"


@pytest.mark.usefixtures("undone")
def test_an_organisation_keeps_its_address_when_its_name_changes() -> None:
    trust = owned().get(kind=Kind.NHS_TRUST, code="RBK")  # type: ignore[attr-defined]
    owned().filter(pk=trust.pk).update(name="A former name")  # type: ignore[attr-defined]

    england.load(england.REFERENCE, silent, again=True)

    before = trust.slug
    trust.refresh_from_db()
    assert (trust.name, trust.slug) == ("Walsall Healthcare NHS Trust", before)


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest()
    broken = merging.Step("what fails", "SELECT 1 / 0")
    monkeypatch.setattr(merging, "STEPS", (*merging.STEPS, broken))
    real = england.read(england.REFERENCE, silent)
    real.places = [(council, f"{name} changed") for council, name in real.places]

    with pytest.raises(Exception, match="division by zero"):
        writing.write(real, "England", "another digest", silent)

    assert digest() == before


def test_the_command_says_when_there_is_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_england")
    assert capsys.readouterr().out == "England is up to date.\n"

    call_command("load_england", "--quiet")
    assert capsys.readouterr().out == ""
