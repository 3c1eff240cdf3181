"""One box: what each organisation finds of its records, and never anything else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.plans.services import withdraw_initiative
from organisations.actor import Actor
from organisations.tenancy.scope import Scope, acting
from overview.search import presenters, selectors
from overview.search.selectors import Answer
from partnerships.agreements.services import change_clause
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation, withdraw_conversation
from partnerships.record.models import Member
from partnerships.record.parting import leave_partnership
from tests.agreements.arranging import started as an_agreement
from tests.cast import Cast
from tests.photographs import Photographs
from tests.plans.arranging import started as an_initiative
from tests.touchpoints.scene import Scene, arrange

TOLD = {"kind": "meeting", "held_on": date(2026, 11, 2), "internal": False}


def whole(cast: Cast) -> Scene:
    """A partnership with a conversation, an internal note, an initiative and an agreement."""
    scene = arrange(cast)
    log(scene, "We agreed on asthma champions in every tutor group.")
    log(scene, "Our own zebra worries about cost.", internal=True)
    an_initiative(cast.school_editor, scene.partnership, name="Toothbrushing club")
    an_agreement(scene)
    return scene


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(whole, cast)


def log(scene: Scene, summary: str, part: str = "school_editor", **more: Any) -> Conversation:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return log_conversation(
            by=by, partnership=scene.partnership, **{**TOLD, "summary": summary, **more}
        )


def ask(by: Actor, query: str) -> Answer:
    with acting(by.scope), transaction.atomic():
        return selectors.search_everything(by, query)


def found(by: Actor, query: str) -> dict[str, int]:
    """How many of each kind of record."""
    return {kind: group.total for kind, group in ask(by, query).records.items()}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("Health hub", {"partnership": 1, "agreement": 1}),
        ("HEALTH   hub!", {"partnership": 1, "agreement": 1}),
        ("asthma", {"conversation": 1}),
        ("asth champ", {"conversation": 1}),
        ("champion tutors", {"conversation": 1}),
        ("zebra", {"conversation": 1}),
        ("toothbrush", {"initiative": 1}),
        ("library", {"initiative": 1}),
        ("asthma zebra", {}),
        ("the", {}),
        ("nowhere", {}),
    ],
)
def test_words_begin_as_typed_and_all_of_them_count(
    query: str, kinds: dict[str, int], scene: Scene
) -> None:
    assert found(scene.cast.school_editor, query) == kinds


@pytest.mark.parametrize(
    ("typo", "kind"),
    [
        ("Helth hub", "partnership"),
        ("hub helht", "partnership"),
        ("Toothbrusing clob", "initiative"),
    ],
)
def test_names_with_small_mistakes_are_found_as_similar(typo: str, kind: str, scene: Scene) -> None:
    answer = ask(scene.cast.school_editor, typo)

    assert answer.only_alike
    assert kind in answer.records


def test_each_side_finds_what_is_shared_and_its_own_alone(scene: Scene) -> None:
    cast = scene.cast

    for part in ("school_viewer", "school_editor", "health_manager"):
        assert found(cast.actors[part], "asthma") == {"conversation": 1}
    assert found(cast.school_viewer, "zebra") == {"conversation": 1}
    assert found(cast.health_manager, "zebra") == {}
    # A council that was recorded and has not joined, somebody else, an operator, nobody.
    for actor in (cast.council_editor, cast.stranger, cast.operator, cast.nobody):
        for query in ("asthma", "zebra", "Health hub", "toothbrushing", "Helth hub"):
            assert found(actor, query) == {}


def test_a_person_on_a_grant_finds_none(scene: Scene) -> None:
    somebody = scene.cast.nobody

    scope = Scope(user_id=somebody.user_id)
    with acting(scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.search_records('asthma', NULL, 5)")
        assert cursor.fetchall() == []


def test_what_was_withdrawn_is_not_found(scene: Scene) -> None:
    by = scene.cast.school_editor
    conversation = log(scene, "A quokka was mentioned.")
    initiative = an_initiative(by, scene.partnership, name="Quokka visits")
    assert found(by, "quokka") == {"initiative": 1, "conversation": 1}

    with acting(by.scope), transaction.atomic():
        withdraw_conversation(by=by, conversation=conversation)
        withdraw_initiative(by=by, initiative=initiative)

    assert found(by, "quokka") == {}
    assert found(by, "qoukka") == {}


def test_who_has_left_finds_its_own_notes_alone(scene: Scene) -> None:
    health = scene.cast.health_manager
    log(scene, "Our own heron.", part="health_editor", internal=True)
    with acting(health.scope), transaction.atomic():
        place = Member.objects.get(
            partnership=scene.partnership, organisation_id=health.organisation_id
        )
        leave_partnership(by=health, member=place)

    assert found(health, "asthma") == {}
    assert found(health, "Health hub") == {}
    assert found(scene.cast.school_editor, "asthma") == {"conversation": 1}


def test_an_agreement_is_found_by_its_newest_version_alone(scene: Scene) -> None:
    agreement = an_agreement(scene)
    by = scene.cast.school_editor
    for number, text in enumerate(("About walruses.", "About puffins."), start=1):
        with acting(by.scope), transaction.atomic():
            change_clause(by=by, agreement=agreement, key="purpose", text=text, based_on=number)

    assert found(by, "puffins") == {"agreement": 1}
    assert found(by, "walruses") == {}


def test_the_page_groups_marks_and_leads_on(scene: Scene, client: Client) -> None:
    client.force_login(scene.cast.users["school_editor"])
    slug = scene.cast.organisation("school").slug

    page = client.get(f"/o/{slug}/search/", {"q": "asthma"}).text
    hub = client.get(f"/o/{slug}/search/", {"q": "walsall"}).text
    nothing = client.get(f"/o/{slug}/search/", {"q": "qqqqqqqq"}).text
    empty = client.get(f"/o/{slug}/search/").text

    assert "We agreed on <mark>asthma</mark> champions" in page
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        conversation = Conversation.objects.get(summary__contains="asthma")
    address = f"/o/{slug}/partnerships/{scene.partnership.ref}/conversations/?page=1"
    assert f"{address}#conversation-{conversation.ref}" in page
    assert f'id="conversation-{conversation.ref}"' in client.get(address).text
    assert "Organisations and schools" in hub
    assert "See all " in hub
    assert "Nothing found for “qqqqqqqq”" in nothing
    assert "One box for everything" in empty


def test_one_kind_alone_shows_all_of_it(scene: Scene, client: Client) -> None:
    for number in range(7):
        log(scene, f"Ferret number {number}", held_on=date(2026, 11, 3 + number))
    client.force_login(scene.cast.users["school_editor"])
    slug = scene.cast.organisation("school").slug

    beside = client.get(f"/o/{slug}/search/", {"q": "ferret"}).text
    alone = client.get(f"/o/{slug}/search/", {"q": "ferret", "kind": "conversation"}).text
    odd = client.get(f"/o/{slug}/search/", {"q": "ferret", "kind": "nonsense"}).text

    assert "7 conversations, the first 5" in beside
    assert "See all 7 conversations" in beside
    assert "number 0" not in beside.replace("</mark>", "").lower()
    assert alone.count("app-log__entry") == 7
    assert "7 conversations, the first 5" in odd
    # The latest first.
    assert alone.index("number 6") < alone.index("number 0")


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>", "' OR 1=1 --", "%_\\", "!!!", "\u202egnirts", "🙂",
        "x" * 10_000, "asthma & !zebra | (", ":* <->", "RBK", "WS2 9PS", "100000",
        "head@school.example", "  ",
    ],
)  # fmt: skip
def test_whatever_is_typed_gives_a_page(query: str, scene: Scene, client: Client) -> None:
    client.force_login(scene.cast.users["school_editor"])
    slug = scene.cast.organisation("school").slug

    for kind in ("", *selectors.RECORDS):
        answer = client.get(f"/o/{slug}/search/", {"q": query, "kind": kind})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_what_was_recorded_is_shown_as_text(scene: Scene, client: Client) -> None:
    log(scene, "<img src=x onerror=alert(1)> about badgers & <b>setts</b>")
    client.force_login(scene.cast.users["health_editor"])
    slug = scene.cast.organisation("health").slug

    page = client.get(f"/o/{slug}/search/", {"q": "badgers img"}).text

    assert "<img src=x" not in page
    assert "&lt;<mark>img</mark> src=x" in page


def test_the_same_number_of_statements_whatever_is_found(scene: Scene) -> None:
    def statements() -> int:
        with acting(by.scope), transaction.atomic(), CaptureQueriesContext(connection) as ran:
            selectors.search_everything(by, "weasel")
        return len(ran)

    by = scene.cast.school_editor
    log(scene, "One weasel.")
    few = statements()
    for number in range(12):
        log(scene, f"Weasel {number}")

    assert statements() == few


WORDS = ("asthma", "zebra", "toothbrushing", "health", "hub", "cost", "agreed", "club", "own")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=st.one_of(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
        st.text(max_size=30),
    ),
    part=st.sampled_from(["school_viewer", "health_manager", "council_editor", "stranger"]),
)
def test_nothing_is_found_that_row_security_does_not_show(
    query: str, part: str, scene: Scene
) -> None:
    by = scene.cast.actors[part]
    tables = {
        "partnership": "record_partnership",
        "initiative": "plans_initiative",
        "agreement": "agreements_agreement",
        "conversation": "conversations_conversation",
    }
    with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tandem.search_records(%s, NULL, 100)", [query.replace("\x00", "")]
        )
        for kind, pk, total, _ in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {tables[kind]} WHERE id = %s", [pk])
            assert cursor.fetchone() == (1,)
            cursor.execute(f"SELECT count(*) FROM {tables[kind]}")
            [(seen,)] = cursor.fetchall()
            assert total <= seen


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Asthma plans", "asth", "<mark>Asthma</mark> plans"),
        ("a < b", "b", "a &lt; <mark>b</mark>"),
        ("nothing", "!!", "nothing"),
        ("Été à la mer", "été", "<mark>Été</mark> à la mer"),
    ],
)
def test_words_are_marked(text: str, query: str, shown: str) -> None:
    assert presenters.marked(text, query) == shown


def test_a_long_text_is_shown_from_where_the_word_is() -> None:
    text = "word " * 100 + "here is asthma " + "more " * 100

    shown = presenters.excerpt(text, "asthma")

    assert shown.startswith("…word")
    assert shown.endswith("…")
    assert "<mark>asthma</mark>" in shown
    assert len(shown) < 260
