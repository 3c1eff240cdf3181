"""The trail names people and records by id: nothing that anybody typed is ever in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from organisations.models import AuditEvent
from overview.demo import seeding
from tests.cast import Cast
from tests.record.arranging import NHS_NUMBER, opened, sent

# Words of our own, chosen from lists, and random references: nobody types them.
OUR_OWN = (
    "ref", "result_url", "password", "state", "reason", "subject", "claimed_by", "reply",
    "changed", "digest", "stored_as", "content_type", "template", "library", "rule",
)  # fmt: skip
ROOMS = {
    "organisations", "contacts", "record", "conversations", "touchpoints", "agenda", "actions",
    "agreements", "reviews", "aims", "wins", "plans", "reflections", "measures", "history_import",
    "small_numbers", "initiative_sessions",
    "initiative_review",
}  # fmt: skip
SHORTEST = 4


def typed_columns() -> list[tuple[str, str]]:
    """Every column that holds what people type: free text and addresses."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS or model is AuditEvent:
            continue
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField)
            if text and not field.choices and field.name not in OUR_OWN:
                found.append((model._meta.db_table, field.column))
    return found


def typed(superuser: Any) -> set[str]:
    reference = {"organisations_organisation", "organisations_school", "contacts_roletype"}
    words: set[str] = set()
    for table, column in typed_columns():
        if table in reference or (
            table.startswith(("contacts_p", "contacts_r", "contacts_d", "contacts_gatewaytype"))
            and (table not in ("contacts_person", "contacts_posting"))
        ):
            continue
        rows = superuser.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}"').fetchall()
        words |= {row[0].lower() for row in rows if row[0] and len(row[0]) >= SHORTEST}
    return words


def trail(superuser: Any) -> list[str]:
    rows = superuser.execute(
        "SELECT lower(concat_ws(' ', action, object_table, changes, request_id)) "
        "FROM organisations_auditevent"
    ).fetchall()
    return [row[0] for row in rows]


@pytest.fixture
def whole_story(db: None, superuser: Any) -> Iterator[None]:
    """All of the demo. What it says of England, which tests leave alone, is put back."""
    reported = "SELECT organisation_id FROM organisations_school WHERE trust_basis = 'reported'"
    assert superuser.execute(reported).fetchall() == []
    seeding.seed()
    yield
    superuser.execute(
        "UPDATE organisations_school SET trust_id = NULL, trust_basis = '' "
        f"WHERE organisation_id IN ({reported})"
    )


@pytest.mark.usefixtures("whole_story")
def test_nothing_of_the_whole_story_is_in_the_trail(superuser: Any) -> None:
    words, events = typed(superuser), trail(superuser)

    assert len(words) > 20
    assert len(events) > 20
    assert [(word, event) for word in words for event in events if word in event] == []
    assert [event for event in events if "@" in event] == []


def test_what_was_refused_is_not_in_the_trail(cast: Cast, superuser: Any) -> None:
    from django.urls import reverse

    partnership = opened(cast)
    slug = cast.organisation("school").slug
    url = reverse("log-conversation", args=[slug, partnership.ref])
    sent(cast.client("school_editor"), url, summary=f"About {NHS_NUMBER}", audience="shared")
    cast.client("school_viewer").post(url, {"summary": f"About {NHS_NUMBER}"})
    events = " ".join(trail(superuser))

    assert "refused" in events
    assert NHS_NUMBER not in events
    assert NHS_NUMBER.replace(" ", "") not in events
