"""A trust claims its schools from its own extract; an operator decides, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connections, transaction
from django.test import Client

from contacts.claims import services
from contacts.models import Claim, ClaimedSchool, ClaimState
from organisations.models import Organisation, School
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.claims.arranging import FREE, drafted, extract, sent, trust_of, upload
from tests.contacts.official import downloads as of
from tests.organisations.onlooker import Superuser, count, on_record
from tests.record.arranging import once_in
from tests.record.arranging import sent as post


@pytest.fixture(autouse=True)
def england(db: None, superuser: Superuser) -> Iterator[None]:
    """The schools' trusts as they were, again at the end."""
    yield
    superuser.execute(
        "UPDATE organisations_school SET trust_id = NULL, trust_basis = '' "
        "WHERE trust_basis = 'reported'"
    )


def ids(*codes: str) -> list[int]:
    found = Organisation.objects.using("owner").filter(kind="school", code__in=codes)
    return list(found.order_by("code").values_list("pk", flat=True))


def trusts() -> list[tuple[int | None, str]]:
    rows = School.objects.using("owner").filter(organisation__code__in=FREE)
    return list(rows.order_by("organisation__code").values_list("trust_id", "trust_basis"))


def test_from_the_extract_to_the_list_of_schools(
    cast: Cast, client: Client, superuser: Superuser
) -> None:
    trust = trust_of(cast)
    base = f"/o/{trust.slug}/schools/"
    client.force_login(cast.users["school_manager"])
    assert "Schools in our trust" in client.get(f"/o/{trust.slug}/organisation/").text
    assert "Claim schools" in client.get(base).text

    once = once_in(client.get(f"{base}claim/").text)
    file = SimpleUploadedFile("extract.csv", extract(trust.code, *FREE, "900009"))
    answer = client.post(f"{base}claim/", {"once": once, "extract": file})
    claim = answer.url  # type: ignore[attr-defined]
    shown = client.get(claim).text

    assert "Schools that you would claim" in shown
    assert "The Aldgate School" in shown
    assert "School 900009, URN 900009" in shown
    assert "Of another" not in shown
    assert "Closed" not in shown
    assert trusts() == [(None, ""), (None, "")]
    assert "You have listed schools already" in client.get(f"{base}claim/").text

    assert post(client, claim).status_code == 302
    assert "Claimed, with the operators" in client.get(claim).text
    assert "The operators look at your claim of 2 schools" in client.get(base).text

    client.force_login(cast.users["operator"])
    decide = f"/operator/official/claims/{claim.rstrip('/').rpartition('/')[2]}/"
    assert decide in client.get("/operator/official/").text
    page = client.get(decide).text
    assert "The Aldgate School, URN 100000" in page
    aldgate, girls = ids(*FREE)
    assert post(client, decide, accepted=str(aldgate)).status_code == 302

    assert trusts() == [(trust.pk, "reported"), (None, "")]
    assert client.get(decide).status_code == 404
    client.force_login(cast.users["school_manager"])
    decided = client.get(claim).text
    names = [decided.index(name) for name in ("City of London School for Girls", "The Aldgate")]
    assert names[0] < decided.index("Not accepted") < names[1] < decided.index("Accepted")
    listed = client.get(base).text
    assert "A report or a claim" in listed
    assert "Of the 2 schools that you claimed last, 1 was accepted" in listed
    record = on_record(superuser)
    for what in ("schools listed to claim", "schools claimed", "claim of schools decided"):
        assert record.count(what) == 1
    assert girls not in [each for each, _ in trusts()]


WITHOUT_TRUSTS = (
    b"URN,EstablishmentName,LA (code),EstablishmentStatus (code),CloseDate\r\n100000,A,201,1,\r\n"
)
BAD: dict[str, tuple[str, bytes, str]] = {
    "of another trust": (
        "extract.csv",
        extract("990009", "100000"),
        "None of the 3 rows of this file is an open school with 5361 as its trust",
    ),
    "no trusts in it": (
        "extract.csv",
        WITHOUT_TRUSTS,
        "extract.csv, row 1, column Trusts (code): is missing",
    ),
    "no schools in it": (
        "allgroupsdata.csv",
        of.table(of.GROUP_COLUMNS, [of.group("5361", "Windsor")]),
        "holds no schools",
    ),
    "another table": (
        "shopping.csv",
        b"what,how many\r\neggs,6\r\n",
        "has the headings of no file",
    ),
    "a picture": ("extract.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "is no text"),
    "nothing new": ("extract.csv", extract("5361", "900009"), "does not know the 1 schools"),
    "empty": ("extract.csv", b"", "This file is empty"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_file_that_is_not_right_is_refused_in_words(
    case: str, cast: Cast, client: Client, superuser: Superuser
) -> None:
    name, content, words = BAD[case]
    assert trust_of(cast).code == "5361"
    client.force_login(cast.users["school_manager"])
    page = f"/o/{trust_of(cast).slug}/schools/claim/"

    once = once_in(client.get(page).text)
    answer = client.post(page, {"once": once, "extract": SimpleUploadedFile(name, content)})

    assert answer.status_code == 200
    assert words in answer.content.decode().replace("&#39;", "'")
    assert count(superuser, "contacts_claim") == 0


def test_one_claim_at_a_time(cast: Cast) -> None:
    first = drafted(cast)
    with acting(cast.school_manager.scope):
        with pytest.raises(ValidationError, match="is open already"), transaction.atomic():
            services.draft_claim(by=cast.school_manager, upload=upload(cast, *FREE))
        with transaction.atomic():
            services.withdraw_claim(by=cast.school_manager, claim=first)
        with pytest.raises(ValidationError, match="moved on"), transaction.atomic():
            services.send_claim(by=cast.school_manager, claim=first)
    assert drafted(cast).pk != first.pk


def test_what_was_taken_back_is_not_decided(cast: Cast) -> None:
    claim = sent(cast)
    with acting(cast.school_manager.scope), transaction.atomic():
        services.withdraw_claim(by=cast.school_manager, claim=claim)

    with (
        acting(cast.operator.scope),
        pytest.raises(ValidationError, match="taken back or decided"),
        transaction.atomic(),
    ):
        services.decide_claim(by=cast.operator, claim=claim, accepted=ids(*FREE))

    assert trusts() == [(None, ""), (None, "")]


def test_no_school_is_accepted_that_was_not_claimed(cast: Cast) -> None:
    claim = sent(cast, "100000")

    with acting(cast.operator.scope), transaction.atomic():
        changed = services.decide_claim(by=cast.operator, claim=claim, accepted=ids(*FREE))

    assert changed == 1
    assert trusts() == [(trust_of(cast).pk, "reported"), (None, "")]


@pytest.mark.parametrize("who", ["health_manager", "school_editor", "school_viewer"])
def test_who_may_not_claim(who: str, cast: Cast, client: Client) -> None:
    actor = getattr(cast, who)
    claim = drafted(cast)
    client.force_login(cast.users[who])
    assert actor.organisation
    page = f"/o/{actor.organisation.slug}/schools/claim/"

    assert client.get(page).status_code in (403, 404)
    assert client.get(f"{page}{claim.ref}/").status_code in (403, 404)
    with acting(actor.scope):
        with pytest.raises(PermissionDenied), transaction.atomic():
            services.draft_claim(by=actor, upload=upload(cast, *FREE))
        with pytest.raises((PermissionDenied, ValidationError)), transaction.atomic():
            services.send_claim(by=actor, claim=claim)


def test_others_see_no_claim_and_operators_only_what_was_sent(cast: Cast) -> None:
    drafted(cast)
    for actor in (cast.health_manager, cast.operator, cast.stranger):
        with acting(actor.scope), transaction.atomic():
            assert not Claim.objects.exists()
            assert not ClaimedSchool.objects.exists()
    with acting(cast.school_manager.scope), transaction.atomic():
        services.send_claim(by=cast.school_manager, claim=Claim.objects.get())
    with acting(cast.operator.scope), transaction.atomic():
        assert ClaimedSchool.objects.count() == 2
    with acting(cast.health_manager.scope), transaction.atomic():
        assert not Claim.objects.exists()


def test_the_database_lets_nobody_decide_for_themselves(cast: Cast) -> None:
    claim = sent(cast)
    with acting(cast.school_manager.scope):
        for sql in (
            "UPDATE contacts_claim SET state = 'decided'",
            "UPDATE contacts_claimedschool SET accepted = true",
            "UPDATE organisations_school SET trust_basis = 'reported'",
            f"SELECT tandem.decide_claim({claim.pk}, '{{}}')",
        ):
            with (
                pytest.raises(ProgrammingError),
                transaction.atomic(),
                connections["default"].cursor() as cursor,
            ):
                cursor.execute(sql)
        with pytest.raises(ProgrammingError), transaction.atomic():
            ClaimedSchool.objects.create(claim=claim, school_id=ids("100005")[0])
    assert Claim.objects.using("owner").count() == 0  # no tenant's rows for the owner
    with acting(cast.school_manager.scope), transaction.atomic():
        assert Claim.objects.get().state == ClaimState.SENT


def test_an_organisation_that_is_no_trust_has_no_such_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["health_manager"])
    slug = cast.organisation("health").slug

    assert client.get(f"/o/{slug}/schools/").status_code == 404
    assert "Schools in our trust" not in client.get(f"/o/{slug}/organisation/").text
