"""Pages that exist only for a while: a grant, a support session, a suspension, terms to accept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from organisations.joining import domains, suspending
from organisations.models import Membership
from organisations.support import services as support
from partnerships.record import services as record
from tests.browser.axe import check_page
from tests.browser.person import NOT_FOUND, Person
from tests.cast import Cast
from tests.initiative_review import arranging as reviews
from tests.people.arranging import page
from tests.record.arranging import acting_as, shared
from tests.touchpoints.scene import Scene, arrange

BrowserOf = Callable[..., Person]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """A partnership of the school trust and the NHS trust."""
    return arrange(cast)


def look(person: Person, address: str, name: str) -> None:
    """The page is there and is as every page has to be; its picture, where one is asked for."""
    assert person.opens(address) == 200
    folder = os.environ.get("TANDEM_PICTURES")
    check_page(person.page, picture=Path(folder) / name if folder else None)


def test_what_is_given_to_one_person(browser_of: BrowserOf, cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.school_manager) as by:
        grant = record.give_access(
            by=by,
            partnership=partnership,
            email=cast.users["nobody"].email,
            allows="change_partnership",
            reason="Advises both sides on premises.",
        )
    access = page(cast, "partnership-access", ref=partnership.ref)
    manager, person = browser_of("school_manager"), browser_of("nobody")

    look(manager, access, "turn-access")
    look(manager, f"{access}{grant.pk}/end/", "turn-end-access")
    look(person, "/granted/", "turn-granted")
    look(person, f"/granted/partnerships/{partnership.ref}/", "turn-granted-partnership")
    person.follows("Change name or purpose")
    look(person, person.path, "turn-change-granted")
    manager.presses("End access")
    assert person.opens(f"/granted/partnerships/{partnership.ref}/") == NOT_FOUND


def test_a_review_of_an_initiative(browser_of: BrowserOf, scene: Scene) -> None:
    initiative = reviews.planned(scene, template="mhst_dropin")
    reviews.asked(scene, initiative)
    reviews.person_asked(scene, initiative)
    reviews.commented(scene.cast.health_editor, initiative)
    base = {"ref": scene.partnership.ref, "initiative": initiative.ref}
    manager, lead = browser_of("school_manager"), browser_of("health_editor")
    person = browser_of("nobody")

    review = page(scene.cast, "initiative-review", **base)
    look(manager, review, "turn-initiative-review")
    grant = manager.page.locator("a[href*='/access/']").get_attribute("href")
    look(manager, page(scene.cast, "ask-person-for-review", **base), "turn-ask-person")
    look(manager, str(grant), "turn-end-initiative-access")
    health = scene.cast.organisation("health").slug
    ours = review.replace(scene.cast.organisation("school").slug, health)
    look(lead, f"/o/{health}/reviews-asked/", "turn-initiatives-to-review")
    look(lead, ours, "turn-lead-reviews")
    look(lead, f"{ours}answer/", "turn-answer-review")
    own = f"/granted/initiatives/{initiative.ref}/"
    for below, name in (("", "one"), ("answer/", "answer"), ("arrived/", "arrived")):
        look(person, f"{own}{below}", f"turn-granted-initiative-{name}")
    look(person, "/granted/", "turn-granted-initiatives")
    assert person.opens(review) == NOT_FOUND


def test_a_support_session(browser_of: BrowserOf, cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.operator) as by:
        session = support.start(
            by=by,
            organisation=cast.organisation("school"),
            reason="The partnership page answers with an error.",
            minutes=15,
        )
    operator, manager = browser_of("operator"), browser_of("school_manager")
    record_page = page(cast, "partnership", ref=partnership.ref)

    look(operator, record_page, "turn-support")
    operator.reads("You are reading the records of Windsor Academy Trust")
    look(operator, f"/operator/support/{session.ref}/end/", "turn-end-own-support")
    look(manager, page(cast, "support-sessions"), "turn-support-sessions")
    manager.follows("End this session")
    look(manager, manager.path, "turn-end-support")
    manager.presses("End it now")
    assert operator.opens(record_page) == NOT_FOUND


def test_a_suspension(browser_of: BrowserOf, cast: Cast) -> None:
    school = cast.organisation("school")
    with acting_as(cast.operator) as by:
        trusted = domains.trust(
            by=by, organisation=school, domain="windsor.example", note="On its website."
        )
        suspending.suspend(by=by, organisation=school, reason="Its mailbox was taken over.")
    operator, editor = browser_of("operator"), browser_of("school_editor")
    about = f"/operator/organisations/{school.slug}/"

    assert editor.opens(page(cast, "home")) == NOT_FOUND
    look(editor, "/organisations/", "turn-suspended")
    editor.reads("Suspended")
    look(operator, about, "turn-operator-organisation")
    look(operator, f"{about}domains/{trusted.ref}/remove/", "turn-distrust-domain")
    look(operator, f"{about}reinstate/", "turn-reinstate")
    operator.fills({"Why is it opened again?": "The mailbox is theirs again."})
    operator.presses("Reinstate")
    assert editor.opens(page(cast, "home")) == 200


def test_terms_to_accept(browser_of: BrowserOf, cast: Cast) -> None:
    board = cast.organisation("icb")
    with acting_as(cast.operator):
        Membership.objects.create(organisation=board, user_id=cast.nobody.user_id, role="manager")
    person = browser_of("nobody")

    look(person, f"/organisations/{board.slug}/terms/", "turn-terms")
    look(person, "/organisations/", "turn-terms-wait")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_form_that_was_refused(browser_of: BrowserOf, cast: Cast, width: int) -> None:
    manager = browser_of("school_manager")
    manager.page.set_viewport_size({"width": width, "height": 900})
    manager.opens(page(cast, "invite-person"))
    manager.fills({"Their work email address": "lead@blасkcountry.icb.nhs.uk"})
    manager.presses("Send invitation")
    manager.is_refused("Choose what they may do")
    check_page(manager.page)
