"""The public API: every record against the profile's schemas, paging, filters, and no person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from contacts.models import (
    Gateway,
    GatewayMeeting,
    GatewayType,
    Person,
    Place,
    Posting,
    Region,
    WorkDetails,
)
from contacts.open_referral import answers, records
from contacts.regions.services import give_region
from organisations.models import Kind, Organisation
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.gateways import described, gateway, of_every_kind, yesterday

Super = psycopg.Connection[Any]
PROFILE = Path(__file__).parent.parent / "reference" / "open_referral_uk"
ROOT = "/api/open-referral-uk/"
FORMATS = FormatChecker()
LISTS = {
    "services": "service_list",
    "service_at_locations": "service_at_location_list",
    "organizations": "organization_list",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
WHOLE = LISTS | {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
}


def schema(name: str) -> dict[str, Any]:
    path = PROFILE / "schema" / f"{name}.json"
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text())
    else:
        found = json.loads((PROFILE / "schema" / "service_with_definitions.json").read_text())
        # The definitions refer to their siblings by file name; the one asked for is enough.
        found = {
            key: value
            for key, value in found["definitions"][name].items()
            if key in ("type", "required", "properties")
        }
    return found


def checker(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), format_checker=FORMATS)


def faults(validator: Draft202012Validator, record: dict[str, Any]) -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(record)]


def page_schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PROFILE / "openapi.json").read_text())
    page = found["components"]["schemas"]["Page"]
    return page | {"required": list(page["properties"])}


def get(path: str, **parameters: Any) -> Any:
    cache.clear()
    query = f"?{urlencode(parameters)}" if parameters else ""
    return Client().get(f"{ROOT}{path}{query}")


def everything(path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """Every record of a list, page by page, each page against the description's own schema."""
    number, last = 1, False
    pages = Draft202012Validator(page_schema())
    while not last:
        page = get(path, page=number, per_page=20, **parameters).json()
        assert faults(pages, page) == []
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"])
        yield from page["contents"]
        number, last = number + 1, page["last_page"]


@pytest.fixture
def some(db: None, superuser: Super) -> Iterator[list[Gateway]]:
    with described(superuser, of_every_kind(), meetings=2) as gateways:
        yield gateways


def test_the_formats_that_the_schemas_name_are_really_checked() -> None:
    wrong = {
        "id": "no",
        "name": "x",
        "status": "active",
        "url": "a b",
        "email": "nobody",
        "last_modified": "yesterday",
    }

    assert len(faults(checker("service"), wrong)) == 4


@pytest.mark.parametrize("path", LISTS)
def test_every_record_of_every_list_is_valid(path: str, some: list[Gateway]) -> None:
    validator = checker(LISTS[path])
    found = list(everything(path))

    assert found
    assert {each["id"]: faults(validator, each) for each in found} == {e["id"]: [] for e in found}
    assert len({each["id"] for each in found}) == len(found)


@pytest.mark.parametrize("path", WHOLE)
def test_every_whole_record_is_valid_and_found_by_its_id(path: str, some: list[Gateway]) -> None:
    validator = checker(WHOLE[path])
    for brief in everything(path):
        response = get(f"{path}/{brief['id']}")
        whole = response.json()
        assert response.status_code == 200
        assert faults(validator, whole) == []
        assert {**brief, **whole}.keys() >= brief.keys()
        assert whole["id"] == brief["id"]


@pytest.mark.parametrize("path", ["services", "service_at_locations", "organizations"])
def test_whole_records_may_be_read_as_a_list(path: str, some: list[Gateway]) -> None:
    validator = checker(WHOLE[path])
    listed = list(everything(path, full="true"))

    assert listed
    assert [faults(validator, each) for each in listed] == [[]] * len(listed)
    assert listed[0] == get(f"{path}/{listed[0]['id']}").json()


# Whatever the database takes.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
addresses = st.sampled_from(["https://", "http://", "", "ftp://x.example/"]).flatmap(
    lambda scheme: texts.map(lambda rest: scheme + rest)
)


def _in_memory(**given: Any) -> Gateway:
    found = Gateway(
        ref="abcdefghjkmn",
        type=GatewayType(key="hub", name="Hub", host="Council", start_here_when=given["about"]),
        place=Place(name="Walsall"),
        host=Organisation(kind=Kind.COUNCIL, code="335", name="Walsall", website=given["website"]),
        described_at=timezone.now(),
        **given,
    )
    found.coming = [  # type: ignore[attr-defined]
        GatewayMeeting(ref="m", meets_on=yesterday(), papers_due_on=yesterday())
    ]
    return found


@given(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(
                ["name", "about", "how_to_reach", "opening", "meets", "telephone"], texts
            ),
            **dict.fromkeys(["address", "postcode"], texts),
            "website": addresses,
        }
    )
)
def test_whatever_is_written_the_record_is_valid(fields: dict[str, Any]) -> None:
    one = _in_memory(**fields)
    made = {
        "service_list": records.service(one),
        "service": records.whole_service(one),
        "service_at_location_list": records.service_at_location(one),
        "service_at_location": records.whole_service_at_location(one),
        "organization_list": records.organization(one.host),
        "organization": records.whole_organization(one.host, [one]),
    }
    # As it goes over the wire.
    sent = {name: json.loads(json.dumps(record)) for name, record in made.items()}

    assert {name: faults(VALIDATORS[name], each) for name, each in sent.items()} == {
        name: [] for name in made
    }


VALIDATORS = {name: checker(name) for name in {*LISTS.values(), *WHOLE.values()}}


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("https://walsall.example/a?b=c&d#e", "https://walsall.example/a?b=c&d#e"),
        ("http://bücher.example/ä b", "http://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://me:secret@walsall.example:8443/100%", "https://walsall.example:8443/100%25"),
        ("https://walsall.example/x[1]|y#a#b", "https://walsall.example/x%5B1%5D%7Cy#a%23b"),
        ("javascript:alert(1)", ""),
        ("ftp://walsall.example/", ""),
        ("https://wal sall.example/", ""),
        ("https://[::1", ""),
        ("https://walsall.example:99999/", ""),
        ("", ""),
    ],
)
def test_an_address_of_the_web_is_published_as_programs_read_it(
    written: str, published: str
) -> None:
    assert records.web_address(written) == published


def test_what_waits_for_details_or_has_ended_is_not_published(
    db: None, superuser: Super, some: list[Gateway]
) -> None:
    kind, place = GatewayType.objects.get(key="hwb"), Place.objects.order_by("name")[0]
    waiting = gateway(kind, place, name="Waiting", described_at=None)
    ended = gateway(kind, place, name="Ended", ended_on=yesterday())
    with described(superuser, [waiting, ended]):
        names = {each["name"] for each in everything("services")}
        total = get("services").json()["total_items"]
        gone = [get(f"services/{records.uuid_of('service', e.ref)}") for e in (waiting, ended)]

    assert (total, names & {"Waiting", "Ended"}) == (len(some), set())
    assert [each.status_code for each in gone] == [404, 404]
    assert Gateway.objects.filter(described_at=None).exists()


def test_a_uuid_is_the_same_whoever_asks_and_whenever(some: list[Gateway]) -> None:
    once, again = list(everything("services")), list(everything("services"))

    assert once == again
    assert (
        str(records.uuid_of("taxonomy", "gateway-types"))
        == (get("taxonomies").json()["contents"][0]["id"])
    )


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "unknown", ["0b5c0a52-52b0-4f0e-9d0c-6f5f6a1a7c11", "no-uuid", "%F0%9F%98%80"]
)
def test_an_unknown_id_is_not_found_in_json(db: None, path: str, unknown: str) -> None:
    response = get(f"{path}/{unknown}")

    assert (response.status_code, response["Content-Type"]) == (
        404,
        "application/json; charset=utf-8",
    )
    assert "has this id" in response.json()["error"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("page", bad) for bad in ("0", "-1", "x", "", "1.5", "٣", "9" * 5000)),
        *(("per_page", bad) for bad in ("0", "101", "x")),
        ("taxonomy_id", "x"),
        ("taxonomy_term_id", "x"),
        ("organization_id", "x"),
        ("minimum_age", "young"),
        ("maximum_age", "x"),
        ("start_time", "noon"),
        ("end_time", "25:00"),
        ("day", "Monday"),
        ("postcode", "nowhere at all"),
        ("proximity", "500"),
        ("modified_after", "2027-02-30"),
        ("full", "maybe"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(db: None, parameter: str, value: str) -> None:
    response = get("services", **{parameter: value})

    assert response.status_code == 400
    assert response.json()["parameter"] == parameter
    assert response.json()["error"].startswith(f"{parameter} ")


def test_paging_is_told_truly(some: list[Gateway]) -> None:
    total = len(some)
    first = get("services", per_page=100).json()
    second = get("services", per_page=100, page=2).json()
    beyond = get("services", page=1000).json()

    assert (first["total_items"], first["total_pages"], first["size"]) == (total, 2, 100)
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    assert (second["size"], second["first_page"], second["last_page"]) == (total - 100, False, True)
    assert (beyond["contents"], beyond["empty"], beyond["last_page"]) == ([], True, True)


def test_filters_leave_what_they_say(some: list[Gateway]) -> None:
    def refs(**filters: str) -> set[str]:
        return {each["id"] for each in everything("services", **filters)}

    def published(chosen: list[Gateway]) -> set[str]:
        return {str(records.uuid_of("service", each.ref)) for each in chosen}

    hubs = [each for each in some if each.type.key == "family_hub"]
    council = Organisation.objects.get(kind=Kind.COUNCIL, code="335")
    hosted = [each for each in some if each.host_id == council.pk]
    term = str(records.uuid_of("term", "family_hub"))
    taxonomy = get("taxonomies").json()["contents"][0]["id"]
    organization = str(records.uuid_of("organization", "council", "335"))
    walsall = [each for each in some if each.place and each.place.name == "Walsall"]
    board = Region.objects.get(places__name="Walsall")

    assert refs(taxonomy_term_id=term) == published(hubs)
    assert refs(taxonomy_id=taxonomy) == published(some)
    assert refs(taxonomy_id=str(uuid4())) == refs(taxonomy_term_id=str(uuid4())) == set()
    assert refs(organization_id=organization) == published(hosted)
    assert refs(organization_id=str(uuid4())) == set()
    assert refs(search="family HUB walsall council") >= published(
        [e for e in hubs if e.host_id == council.pk]
    )
    assert refs(search="xyzzy") == set()
    assert refs(postcode="WS1 2AB") == published(
        walsall + [each for each in some if each.region_id == board.pk]
    )
    assert refs(modified_after="2000-01-01T00:00:00+00:00") == published(some)
    assert refs(modified_after="9999-12-31") == set()
    # Neither ages nor times of the day are held of any gateway.
    for not_held in ({"minimum_age": "5"}, {"day": "mo"}, {"start_time": "09:00"}):
        assert refs(**not_held) == set()


@pytest.mark.parametrize("path", ["services", "service_at_locations", "organizations"])
def test_the_number_of_questions_to_the_database_does_not_grow(
    path: str, some: list[Gateway]
) -> None:
    counts = []
    for size in (1, 60):
        with CaptureQueriesContext(connection) as captured:
            get(path, per_page=size, full="true")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 6


def test_an_answer_may_be_kept_and_is_asked_for_again_cheaply(some: list[Gateway]) -> None:
    first = get("services")
    unchanged = Client().get(f"{ROOT}services", headers={"If-None-Match": first["ETag"]})
    Gateway.objects.using("owner").filter(ref=some[0].ref).update(about="Something else.")
    changed = Client().get(f"{ROOT}services", headers={"If-None-Match": first["ETag"]})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert first["Cache-Control"] == "max-age=300"
    assert first["X-Robots-Tag"] == "noindex, nofollow"
    assert "Access-Control-Allow-Origin" not in first
    assert not first.cookies


def test_it_is_read_only(db: None) -> None:
    client = Client()
    answers_ = {m: getattr(client, m)(f"{ROOT}services").status_code for m in ("post", "put")}

    assert answers_ == {"post": 405, "put": 405}
    assert client.head(f"{ROOT}services").status_code == 200


def test_who_asks_too_often_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers.time, "time", lambda: 1_000_000.0)
    monkeypatch.setattr(answers, "MOST_A_MINUTE", 3)
    cache.clear()
    clients = [Client(), Client(REMOTE_ADDR="2001:db8::1"), Client(REMOTE_ADDR="2001:db8::2")]
    got = [clients[0].get(ROOT) for _ in range(4)]
    network = [each.get(ROOT).status_code for each in clients[1:] * 2]
    monkeypatch.setattr(answers.time, "time", lambda: 1_000_060.0)

    assert [each.status_code for each in got] == [200, 200, 200, 429]
    assert got[-1]["Retry-After"] == "60"
    assert got[-1].json()["error"].startswith("too many requests")
    assert network == [200, 200, 200, 429]
    assert clients[0].get(ROOT).status_code == 200


# Nothing of people ------------------------------------------------------------------------

NAME, TITLE, EMAIL, TELEPHONE = (
    "Quizzaciously Named",
    "Zymurgist of children’s boards",
    "zq.person@secret-address.example",
    "07700 900461",
)


def test_no_person_is_in_any_answer(cast: Cast, superuser: Super, some: list[Gateway]) -> None:
    """Postings in the directory, at a host, of the gateways' own places, open to all who joined."""
    region: Region = cast.organisation("icb").region
    with acting(cast.operator.scope), transaction.atomic():
        give_region(by=cast.operator, region=region, email=cast.users["nobody"].email)
    with acting(cast.nobody.scope), transaction.atomic():
        person = Person.objects.create(name=NAME, region=region)
        posting = Posting.objects.create(
            person=person,
            organisation=cast.organisation("council"),
            job_title=TITLE,
            region=region,
            place=Place.objects.get(name="Walsall"),
            listing="listed",
            visibility="joined",
            source=f"Told by {NAME}",
        )
        WorkDetails.objects.create(posting=posting, email=EMAIL, telephone=TELEPHONE)
    Gateway.objects.using("owner").filter(ref=some[0].ref).update(
        checked_by_id=cast.nobody.user_id, source=f"Told by {NAME}"
    )
    said = [get("").content.decode()]
    for path in LISTS:
        for brief in everything(path):
            said.append(json.dumps(brief, ensure_ascii=False))
            said.append(get(f"{path}/{brief['id']}").content.decode())
    for words in (NAME, EMAIL, TITLE):
        assert get("services", search=words).json()["empty"]

    spoken = "\n".join(said)
    checker_name = cast.users["nobody"].email
    for secret in (NAME, TITLE, EMAIL, TELEPHONE, posting.ref, person.ref, checker_name):
        assert secret not in spoken
    assert '"contacts"' not in spoken


def test_the_addresses_are_those_of_the_description() -> None:
    described_paths = set(json.loads((PROFILE / "openapi.json").read_text())["paths"])
    ours = {
        "/" if name == "open-referral" else reverse(name, args=args)[len(ROOT) - 1 :]
        for name, args in {
            "open-referral": [],
            "open-referral-services": [],
            "open-referral-service": ["{id}"],
            "open-referral-taxonomies": [],
            "open-referral-taxonomy": ["{id}"],
            "open-referral-terms": [],
            "open-referral-term": ["{id}"],
            "open-referral-at-locations": [],
            "open-referral-at-location": ["{id}"],
        }.items()
    }

    assert {each.replace("%7Bid%7D", "{id}") for each in ours} == described_paths
