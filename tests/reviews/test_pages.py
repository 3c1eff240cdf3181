"""The pages and the e-mails of reviews, without a browser."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from partnerships.reviews.models import Review
from tests.agreements.arranging import three_members
from tests.record.arranging import sent
from tests.reviews.arranging import HEALTH, SCHOOLS, answered, answers, closed, opened
from tests.touchpoints.scene import HEALTH as HEALTH_CONTACT
from tests.touchpoints.scene import SCHOOL, Scene, deliveries

# A radio that is chosen.
CHECKED = 'value="2" checked'


def at(scene: Scene, name: str, review: Review | None = None, part: str = "school") -> str:
    kwargs: dict[str, Any] = {
        "organisation_slug": scene.cast.organisation(part).slug,
        "ref": scene.partnership.ref,
    }
    if review is not None:
        kwargs["review"] = review.ref
    return reverse(name, kwargs=kwargs)


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_it_is_opened_shown_on_the_partnership_and_asked_at_home(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    response = sent(
        client,
        at(scene, "open-review"),
        kind="pulse",
        closes_on_day="25",
        closes_on_month="1",
        closes_on_year="2027",
    )

    assert response.status_code == 302
    assert "Answer this review" in shown(client, response["Location"])
    assert "Pulse, spring term, 2026/27" in shown(client, at(scene, "partnership"))
    home = reverse("home", kwargs={"organisation_slug": scene.cast.organisation("health").slug})
    assert "Answer: Pulse" in shown(scene.cast.client("health_editor"), home)


def test_missing_answers_are_named_in_the_error_summary(scene: Scene) -> None:
    review = opened(scene)
    client = scene.cast.client("school_viewer")
    page = sent(client, at(scene, "review-answer", review), N1="3").content.decode()

    assert "There is a problem" in page
    assert "Choose an answer to: There is one agreed aim" in page
    assert "Choose an answer to: We can each say" not in page


def test_answers_are_kept_and_copied_from_last_time(scene: Scene) -> None:
    review = opened(scene)
    client = scene.cast.client("school_editor")
    assert sent(client, at(scene, "review-answer", review), **answers("2")).status_code == 302
    again = shown(client, at(scene, "review-answer", review))
    assert again.count(CHECKED) == 8
    full = opened(scene, kind="full")
    page = at(scene, "review-answer", full)

    assert "Begin with my answers of last time" in shown(client, page)
    assert shown(client, f"{page}?copy=last").count(CHECKED) == 8
    assert "last time" not in shown(scene.cast.client("school_manager"), page)


def test_both_sides_see_where_they_differ_and_how_it_changed(scene: Scene) -> None:
    three_members(scene)
    for kind, theirs in (("pulse", "1"), ("full", "3")):
        review = opened(scene, kind=kind)
        for part in SCHOOLS:
            answered(scene, review, part, answers("3", kind))
        for part in HEALTH:
            answered(scene, review, part, answers("3", kind, N1=theirs))
        assert "You see this differently" not in shown(
            scene.cast.client("school_editor"), at(scene, "review", review)
        )
        closed(scene, review)
        page = shown(scene.cast.client("council_editor"), at(scene, "review", review, "council"))
        assert "You see this differently" in page
        assert ("Schools 3.0, working; Health and council 1.0, forming" in page) is (theirs == "1")
    listed = shown(scene.cast.client("school_editor"), at(scene, "reviews"))

    assert "Compare over time" in listed


def test_too_few_answers_say_so(scene: Scene) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    closed(scene, review)
    client = scene.cast.client("school_editor")

    assert "Fewer than three people answered" in shown(client, at(scene, "review", review))


def test_members_contacts_are_asked_and_reminded(scene: Scene) -> None:
    opened(scene)
    for kind in ("review_to_answer", "review_reminder"):
        found = deliveries(scene, "school_editor", kind=kind)
        # The council is only recorded, so that it sees no review and is not asked.
        assert {each.recipient for each in found} == {SCHOOL, HEALTH_CONTACT}


def test_the_neutral_link_leads_members_to_it_and_nobody_else(scene: Scene) -> None:
    review = opened(scene)
    response = scene.cast.client("health_editor").get(f"/r/rv-{review.ref}/")

    assert response["Location"] == at(scene, "review", review, "health")
    assert scene.cast.client("stranger").get(f"/r/rv-{review.ref}/").status_code == 404


def test_closing_takes_the_reminders_back(scene: Scene) -> None:
    review = opened(scene)
    for part in ("school_editor", "health_editor"):
        answered(scene, review, part)
    closed(scene, review)

    assert {each.state for each in deliveries(scene, kind="review_reminder")} == {"cancelled"}
