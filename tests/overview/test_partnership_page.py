"""The partnership page: what each side and a stranger see of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calendars.london import today
from contacts.services import note_bounce
from organisations.models import AuditEvent, Organisation
from partnerships.conversations.services import log_conversation
from partnerships.record.models import Partnership
from partnerships.record.services import add_partner
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.record.arranging import (
    DETAILS,
    acting_as,
    answered,
    invited,
    named,
    opened,
    shared,
    statements,
)


def page(cast: Cast, partnership: Partnership, part: str, own: str = "school") -> str:
    slug = cast.organisation(own).slug
    response = cast.client(part).get(reverse("partnership", args=[slug, partnership.ref]))
    assert response.status_code == 200
    return response.text


def log(cast: Cast, partnership: Partnership, part: str, text: str, internal: bool) -> None:
    with acting_as(cast.actors[part]) as by:
        log_conversation(
            by=by,
            partnership=partnership,
            kind="call",
            held_on=today(),
            summary=text,
            internal=internal,
        )


def touchpoint(cast: Cast, partnership: Partnership, days: int) -> None:
    with acting_as(cast.school_editor) as by:
        Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="planning",
            starts_at=timezone.now() + timedelta(days=days),
        )


def test_both_sides_see_the_same_record_but_for_their_own_notes(cast: Cast) -> None:
    partnership = shared(cast)
    log(cast, partnership, "school_editor", "For both", False)
    log(cast, partnership, "school_editor", "School only", True)
    log(cast, partnership, "health_editor", "Health only", True)

    school = page(cast, partnership, "school_viewer")
    health = page(cast, partnership, "health_editor", "health")

    assert "For both" in school
    assert "For both" in health
    assert "School only" in school
    assert "School only" not in health
    assert "Health only" in health
    assert "Health only" not in school
    assert "Only Windsor Academy Trust" in school


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_a_stranger_gets_404(cast: Cast, part: str) -> None:
    partnership = shared(cast)
    own = {"stranger": "other", "council_editor": "council"}[part]
    client = cast.client(part)

    for slug in (cast.organisation(own).slug, cast.organisation("school").slug):
        assert client.get(reverse("partnership", args=[slug, partnership.ref])).status_code == 404


def test_an_invited_organisation_does_not_see_it_yet_and_a_declined_one_never(cast: Cast) -> None:
    partnership = opened(cast)
    invitation = invited(cast, partnership)
    where = reverse("partnership", args=[cast.organisation("health").slug, partnership.ref])

    before = cast.client("health_editor").get(where).status_code
    answered(cast, invitation, accept=False)
    after = cast.client("health_editor").get(where).status_code

    assert (before, after) == (404, 404)
    assert "Not this year" in page(cast, partnership, "school_editor")
    assert "Invite again" in page(cast, partnership, "school_editor")


def test_contacts_with_how_fresh_they_are(cast: Cast) -> None:
    partnership = opened(cast)
    contact = named(cast, partnership)
    named(cast, partnership, function="deputy", name="Deputy", email="deputy@health.example")
    with acting_as(cast.school_editor):
        note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550")

    shown = page(cast, partnership, "school_editor")

    assert "Community manager" in shown
    assert "Email refused on" in shown
    assert "Never checked" in shown
    assert "Correct details" in shown


def test_the_next_and_the_last_touchpoint(cast: Cast) -> None:
    partnership = shared(cast)
    empty = page(cast, partnership, "school_editor")
    touchpoint(cast, partnership, -20)
    touchpoint(cast, partnership, 20)

    shown = page(cast, partnership, "health_editor", "health")

    assert "None planned" in empty
    assert "None yet" in empty
    assert "None planned" not in shown
    assert "None yet" not in shown
    assert shown.count("Shared planning meeting") == 2, "the next and the last"


def test_who_may_do_what_is_what_is_offered(cast: Cast) -> None:
    partnership = shared(cast)

    owner = page(cast, partnership, "school_editor")
    partner = page(cast, partnership, "health_editor", "health")
    viewer = page(cast, partnership, "school_viewer")

    for words in ("Log a conversation", "Schedule a touchpoint"):
        assert words in owner
        assert words in partner
        assert words not in viewer
    # Each side is asked for what it can do; who only reads, for nothing.
    assert "Choose a named contact for Windsor Academy Trust</a>" in owner
    assert "Choose a named contact for Walsall Healthcare NHS Trust</a>" in partner
    assert "Choose a named contact for Windsor Academy Trust</p>" in viewer
    assert "Add another organisation" in owner
    assert "Add another organisation" not in partner


def test_the_page_begins_with_the_next_thing_the_steps_and_what_to_look_at(cast: Cast) -> None:
    partnership = shared(cast)
    shown = page(cast, partnership, "health_editor", "health")

    in_order = [
        "The next thing to do",
        "The five steps",
        "Know who to contact",
        "Joint initiatives",
        "What to look at",
        "A contact is missing",
        "A side has no named contact or no deputy whose details were checked in time.",
        "Nothing is signed by every member.",
        "At a glance",
        "Who is in it",
    ]
    places = [shown.index(words) for words in in_order]
    assert places == sorted(places)


def test_the_owner_sees_how_an_invitation_stands(cast: Cast) -> None:
    partnership = opened(cast)
    assert "Invite partner" in page(cast, partnership, "school_editor")

    invited(cast, partnership)

    shown = page(cast, partnership, "school_editor")
    assert "Invited by email to door@health.example on" in shown
    assert "can answer until" in shown
    assert "Send again or withdraw" in shown


def test_who_can_see_it_is_said_by_name(cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        add_partner(by=by, partnership=partnership, partner=cast.organisation("council"))

    shown = page(cast, partnership, "health_editor", "health").split("Who can see this?")[1]

    assert "<li>Walsall Healthcare NHS Trust</li>" in shown
    assert "<li>Windsor Academy Trust</li>" in shown
    assert "Walsall Metropolitan Borough Council sees nothing of it" in shown


def test_a_look_by_another_organisation_is_on_record_and_by_ones_own_is_not(cast: Cast) -> None:
    partnership = shared(cast)
    page(cast, partnership, "school_viewer")
    page(cast, partnership, "health_editor", "health")

    with acting_as(cast.school_viewer):
        looks = list(
            AuditEvent.objects.filter(action="partnership seen").values_list("user_id", flat=True)
        )
    assert looks == [cast.health_editor.user_id]


def test_what_people_typed_is_no_markup(cast: Cast) -> None:
    partnership = opened(cast, name="Hub <script>alert(1)</script>")
    named(cast, partnership, name="<b>Bold</b>", job_title="<i>x</i>")
    log(cast, partnership, "school_editor", "<img src=x>", False)

    shown = page(cast, partnership, "school_editor")

    for tag in ("<script>alert", "<b>Bold", "<i>x", "<img"):
        assert tag not in shown


def test_a_fixed_number_of_statements(cast: Cast) -> None:
    small, large = shared(cast), shared(cast)
    councils = Organisation.objects.filter(kind="council", closed_on=None)[:12]
    with acting_as(cast.school_editor) as by:
        for council in councils:
            add_partner(by=by, partnership=large, partner=council)
    touchpoint(cast, small, 5)
    for number in range(12):
        log(cast, large, "school_editor", f"Conversation {number}", bool(number % 2))
        touchpoint(cast, large, number - 6 or 1)
    named(cast, large, "school")
    named(cast, large, "school", function="deputy", name="Deputy", email="d@school.example")
    client = cast.client("school_editor")
    # The first page of a session does more.
    client.get(reverse("home", args=[cast.organisation("school").slug]))
    counts = []
    for partnership in (small, large):
        with CaptureQueriesContext(connection) as captured:
            client.get(
                reverse("partnership", args=[cast.organisation("school").slug, partnership.ref])
            )
        counts.append(len(statements(captured)))

    assert counts[0] == counts[1]
    assert counts[1] <= 23
