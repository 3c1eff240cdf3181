"""Who took part in a conversation, and who connected whom; internal ones stay internal."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from organisations.guard_rail import IdentifierRefused
from organisations.joining.registry import sections
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from partnerships.conversations.selectors import known_people
from partnerships.conversations.services import change_conversation, withdraw_conversation
from tests.cast import Cast
from tests.conversations.test_pages import answers, listed, log
from tests.photographs import Photographs
from tests.record.arranging import NHS_NUMBER, named
from tests.touchpoints.pages import address, post, words
from tests.touchpoints.scene import Scene, arrange

LEAD = "Health named, Walsall Healthcare NHS Trust"
INTRODUCTION = {"kind": "intro", "introduced_by": "The council’s principal", "people": [LEAD]}


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


def test_people_of_both_sides_are_chosen_and_others_said_by_role(scene: Scene) -> None:
    url = address(scene, "log-conversation")
    form = words(scene.cast.client("school_editor").get(url))
    assert LEAD in form
    assert "School deputy, Windsor Academy Trust" in form

    post(scene, url, **answers(people=LEAD, others="Two  school nurses"))  # type: ignore[arg-type]

    assert f"With {LEAD} and Two school nurses." in listed(scene, "health_manager")


def test_whom_nobody_knows_there_is_refused(scene: Scene) -> None:
    url = address(scene, "log-conversation")
    refused = words(post(scene, url, **answers(people="Somebody else")))

    assert "Choose the people from the list" in refused
    assert "No conversations" in listed(scene, "school_editor")


def test_an_introduction_says_who_connected_whom(scene: Scene) -> None:
    url = address(scene, "log-conversation")
    by_nobody = words(post(scene, url, **answers(kind="intro", people=LEAD)))
    assert "Enter who made the introduction" in by_nobody
    of_nobody = answers(kind="intro", introduced_by="The council’s principal")
    assert "Choose or enter who was introduced" in words(post(scene, url, **of_nobody))

    post(scene, url, **answers(**{**INTRODUCTION, "people": LEAD}))  # type: ignore[arg-type]

    shown = listed(scene, "health_manager")
    assert "Introduction" in shown
    assert f"The council’s principal introduced {LEAD}." in shown


def test_who_introduced_is_dropped_where_it_is_no_introduction(scene: Scene) -> None:
    assert log(scene, introduced_by="The council’s principal").introduced_by == ""
    with pytest.raises(DatabaseError), acting(scene.cast.school_editor.scope), transaction.atomic():
        Conversation.objects.update(introduced_by="Past the service")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"others": "x" * 201}, "others"),
        ({**INTRODUCTION, "introduced_by": "x" * 201}, "introduced_by"),
        ({"people": ["x" * 301]}, "people"),
        ({"people": [str(n) for n in range(41)]}, "people"),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        log(scene, **given)
    assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize("field", ["others", "introduced_by", "people"])
def test_a_patients_number_is_refused(scene: Scene, field: str) -> None:
    text: Any = f"About {NHS_NUMBER}"
    with pytest.raises(IdentifierRefused):
        log(scene, **{**INTRODUCTION, field: [text] if field == "people" else text})


def test_who_was_there_stays_when_the_contact_changes(scene: Scene) -> None:
    logged = log(scene, people=[LEAD])
    named(scene.cast, scene.partnership, "health", "health_editor", name="Another lead")

    assert LEAD in listed(scene, "health_manager")
    url = address(scene, "conversation-change", conversation=logged.ref)
    form = scene.cast.client("school_editor").get(url).content.decode()
    assert f'value="{LEAD}"' in form.replace("&#39;", "'")
    assert "Another lead, Walsall Healthcare NHS Trust" in form
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        assert LEAD not in known_people(scene.partnership)


def test_what_is_internal_or_withdrawn_names_nobody_to_others(scene: Scene) -> None:
    """On every page, in the export and in the trail."""
    said = "The quiet room’s nurses"
    log(scene, internal=True, others=said)
    withdrawn = log(scene, summary="Other words", others=said)
    cast = scene.cast
    with acting(cast.school_editor.scope), transaction.atomic():
        withdraw_conversation(by=cast.school_editor, conversation=withdrawn)

    for page in ("conversations", "partnership", "partnership-history"):
        assert said not in words(
            cast.client("health_manager").get(address(scene, page, "health_manager"))
        )
    with acting(cast.health_manager.scope), transaction.atomic():
        assert said not in str([list(each.rows(cast.health_manager)) for each in sections()])
        assert said not in str(list(AuditEvent.objects.values_list("changes", flat=True)))
    with acting(cast.school_manager.scope), transaction.atomic():
        (own,) = (each for each in sections() if each.name == "conversations")
        assert str(list(own.rows(cast.school_manager))).count(said) == 1


def test_a_change_is_on_record_without_the_names(scene: Scene) -> None:
    logged = log(scene, others="Two nurses")
    by = scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        change_conversation(
            by=by,
            conversation=logged,
            kind="meeting",
            held_on=logged.held_on,
            summary=logged.summary,
            internal=False,
            based_on=None,
            others="Three nurses",
        )
        (changes,) = AuditEvent.objects.filter(action="conversation changed").values_list(
            "changes", flat=True
        )
    assert changes == {"others": "changed"}
