"""Home: what needs someone today, their partnerships, the next six weeks."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.services import note_bounce
from organisations.models import Organisation
from partnerships.record import services
from partnerships.record.models import Partnership
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


def home(cast: Cast, part: str, own: str) -> str:
    response = cast.client(part).get(reverse("home", args=[cast.organisation(own).slug]))
    assert response.status_code == 200
    return response.text


def touchpoint(cast: Cast, partnership: Partnership, days: float) -> Touchpoint:
    with acting_as(cast.school_editor) as by:
        return Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=timezone.now() + timedelta(days=days),
        )


def test_a_newcomer_is_led_to_find_an_organisation(cast: Cast) -> None:
    page = home(cast, "stranger", "other")

    assert "No partnerships yet" in page
    assert reverse("find-organisation", args=[cast.organisation("other").slug]) in page


def test_a_viewer_is_not_offered_what_they_may_not_do(cast: Cast) -> None:
    page = home(cast, "school_viewer", "school")

    assert "No partnerships yet" in page
    assert "Directory</a>" in page.split("<main")[0], "it is in the menu"
    assert "Find an organisation</a>" not in page.split("<main")[1]


def test_the_day_stands_in_both_years(cast: Cast) -> None:
    page = home(cast, "stranger", "other")

    assert " · Q" in page


def test_an_invitation_waits_for_an_answer(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))

    page = home(cast, "health_editor", "health")

    assert "Answer Windsor Academy Trust’s invitation" in page
    health = cast.organisation("health").slug
    assert reverse("answer-invitation", args=[health, invitation.ref]) in page
    assert "Answer Windsor" not in home(cast, "stranger", "other")


def test_a_touchpoint_whose_outcome_is_missing(cast: Cast) -> None:
    partnership = shared(cast)
    past = touchpoint(cast, partnership, -1)

    for part, own in (("school_editor", "school"), ("health_editor", "health")):
        slug = cast.organisation(own).slug
        page = home(cast, part, own)
        assert "Say what became of the short update" in page
        assert reverse("touchpoint-outcome", args=[slug, partnership.ref, past.ref]) in page


def test_what_our_side_lacks(cast: Cast) -> None:
    partnership = shared(cast)
    assert "Name a contact and a deputy on our side" in home(cast, "school_editor", "school")

    named(cast, partnership, "school")
    assert "Name a deputy on our side" in home(cast, "school_editor", "school")

    named(cast, partnership, "school", function="deputy", name="Deputy", email="d@school.example")
    assert "on our side" not in home(cast, "school_editor", "school")
    assert "on our side" in home(cast, "health_editor", "health")


def test_of_many_that_lack_a_contact_the_list_shows_the_rest(cast: Cast) -> None:
    for number in range(4):
        opened(cast, name=f"Hub {number}")

    page = home(cast, "school_editor", "school")

    assert page.count("Name a contact and a deputy on our side") == 3
    assert "?state=unnamed" in page


def test_an_address_that_came_back_is_a_task_for_who_can_put_it_right(cast: Cast) -> None:
    partnership = opened(cast)
    contact = named(cast, partnership)

    with acting_as(cast.school_editor):
        note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550")

    page = home(cast, "school_editor", "school")

    assert "Correct Community manager’s email address" in page
    slug, health = cast.organisation("school").slug, cast.organisation("health").slug
    correct = reverse("correct-contact", args=[slug, partnership.ref, health, "named"])
    assert correct in page
    assert cast.client("school_editor").get(correct).status_code == 200


def test_a_member_whose_contact_someone_else_recorded_names_another(cast: Cast) -> None:
    partnership = opened(cast)
    contact = named(cast, partnership)
    with acting_as(cast.school_editor):
        note_bounce(posting_id=contact.posting_id, email=DETAILS["email"], reason="550")
    answered(cast, invited(cast, partnership))

    page = home(cast, "health_editor", "health")

    health = cast.organisation("health").slug
    assert reverse("name-contact", args=[health, partnership.ref, health, "named"]) in page


def test_the_next_six_weeks_and_no_more(cast: Cast) -> None:
    partnership = shared(cast)
    near, far = touchpoint(cast, partnership, 41), touchpoint(cast, partnership, 45)

    page = home(cast, "health_editor", "health")

    assert near.ref in page
    assert far.ref not in page


def test_a_fixed_number_of_statements(cast: Cast) -> None:
    client = cast.client("school_editor")
    where = reverse("home", args=[cast.organisation("school").slug])
    touchpoint(cast, shared(cast), 5)
    client.get(where)  # the first page of a session does more
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(where)
        counts.append(len(statements(captured)))
        for number, trust in enumerate(Organisation.objects.filter(kind="nhs_trust")[:12]):
            if trust.closed_on is None and trust.pk != cast.organisation("health").pk:
                with acting_as(cast.school_editor) as by:
                    partnership = services.open_partnership(
                        by=by, name=f"Hub {number}", purpose="", partner=trust
                    )
                touchpoint(cast, partnership, -number or 3)

    assert counts[0] == counts[1]
    assert counts[1] <= 27
