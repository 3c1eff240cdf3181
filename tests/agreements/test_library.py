"""The clauses that each type asks for, and the one exact text of a version."""

from __future__ import annotations

import pytest

from frontend.text_changes import text_changes
from partnerships.agreements.canonical import canonical_text, fingerprint, tidy
from partnerships.agreements.library import clauses_of, required_of, types
from partnerships.agreements.models import Type
from partnerships.agreements.readiness import missing_of, missing_words

NO_DATES = dict.fromkeys(("starts_on", "review_on", "expires_on"))


def test_the_types_are_those_of_the_library() -> None:
    assert {key: each.name for key, each in types().items()} == dict(Type.choices)


def test_there_are_28_clauses_and_15_more_for_data_sharing() -> None:
    general, sharing = clauses_of("mou"), clauses_of("dsa")

    assert len(general) == 28
    assert len(sharing) == 28 + 15
    assert [each.key for each in sharing if each.key.startswith("dsa_")] == [
        each.key for each in sharing[:15]
    ]


def test_a_condition_decides_whether_a_clause_is_required() -> None:
    def keys(*facts: str) -> set[str]:
        return {each.key for each in required_of("mou", facts)}

    assert "clinical_governance" not in keys()
    assert keys("clinical") - keys() == {"clinical_governance"}
    assert keys("on_site") - keys() == {"premises"}
    assert "pupil_family_voice" not in keys("clinical", "on_site")


@pytest.mark.parametrize(
    ("kind", "count"), [("letter_of_intent", 4), ("mou", 25), ("dsa", 15), ("sla", 25)]
)
def test_how_much_each_type_asks_for(kind: str, count: int) -> None:
    assert len(required_of(kind, [])) == count


def test_what_is_missing_is_named_in_words() -> None:
    missing = missing_of(
        "mou", facts={"clinical": None, "on_site": True}, dates=NO_DATES, written=["parties"]
    )

    assert missing[:3] == ["fact:clinical", "date:starts_on", "date:expires_on"]
    assert "premises" in missing
    assert "parties" not in missing
    assert missing_words("mou", "premises") == (
        "Write the clause Premises, access, health and safety"
    )


def test_the_same_content_has_the_same_fingerprint_wherever_it_was_typed() -> None:
    def text(typed: str) -> str:
        clause = {"key": "purpose", "name": "Aims", "binding": "not_binding", "text": tidy(typed)}
        return canonical_text(
            kind="mou", title="Hub", dates=NO_DATES, facts={"clinical": None}, clauses=[clause]
        )

    assert fingerprint(text("Café\r\ndrop-in  ")) == fingerprint(text("Cafe\u0301\ndrop-in"))
    assert fingerprint(text("drop-in")) != fingerprint(text("drop in"))


def test_changes_are_marked_for_eyes_and_ears_and_nothing_typed_becomes_markup() -> None:
    shown = text_changes("Each <b>term</b> we meet", "Each half term we meet")

    assert "<del>" in shown
    assert "&lt;b&gt;term&lt;/b&gt;" in shown
    assert "[added: " in shown
    assert "<b>" not in shown


def test_long_texts_are_compared_without_losing_a_word() -> None:
    old = "\n".join(f"Line {n} of the agreement" for n in range(400))
    shown = text_changes(old, old.replace("Line 200 of", "Line 200 in"))

    assert shown.count("<ins>") == shown.count("<del>") == 1
