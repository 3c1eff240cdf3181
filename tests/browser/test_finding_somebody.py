"""Staff of a school trust look for somebody in health, in a real browser: by name, by need.

Then they open how to reach them, which is on record, and say what is wrong about the entry.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from calendars.working_days import add_working_days
from contacts.models import Posting, Report
from frontend.wording import weekday_date
from organisations.actor import Actor
from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.cast import Cast
from tests.directory.arranging import acting_as, admin_of, listed, place

BrowserOf = Callable[..., Person]
NURSE, FIRST, THEN = "School nursing lead", "Immunisation lead", "Children’s lead of the board"
EMAIL = "team.leader@health.example"
WHERE = "Which school, postcode or place?"
NEED = "A vaccination session, or few consent forms coming back"


@pytest.fixture
def admin(cast: Cast) -> Actor:
    """Who manages the region."""
    return admin_of(cast)


@pytest.fixture
def nurse(cast: Cast, admin: Actor) -> Posting:
    """Who leads school nursing in Walsall."""
    return listed(
        admin,
        organisation=cast.organisation("health"),
        role="school_nurse_lead",
        place=place("Walsall"),
    )


@pytest.fixture
def staff(browser_of: BrowserOf, cast: Cast) -> Person:
    """Somebody of the school trust who only reads, with its page open."""
    person = browser_of("school_viewer")
    assert person.opens(f"/o/{cast.organisation('school').slug}/") == 200
    return person


def from_the_menu(person: Person) -> None:
    """Open the directory as everybody does."""
    person.page.get_by_role("navigation").get_by_role("link", name="Directory").first.click()
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("Directory")


def test_a_misspelt_name_finds_them_and_how_to_reach_them_is_on_record(
    staff: Person, nurse: Posting, admin: Actor, browser_of: BrowserOf, cast: Cast
) -> None:
    # Given the directory, opened from the menu
    from_the_menu(staff)
    # When they misspell whom they look for
    staff.fills({"Name, role, organisation, place or postcode": "scool nursng"})
    staff.presses("Search")
    # Then that person is there, and what was typed as well
    staff.reads("1 person")
    expect(staff.field("Name, role, organisation, place or postcode")).to_have_value("scool nursng")
    check_page(staff.page)
    staff.follows(NURSE)
    # How to reach them is not in the page until they ask for it
    staff.reads("Approach for:", "Never", "The team’s own web page", "it is put on record")
    staff.finds_nothing_of(EMAIL)
    staff.presses("Show contact details")
    staff.reads(EMAIL, "That is on record, for your managers and the regional admin")
    page = staff.path
    assert page.endswith(f"/directory/people/{nurse.ref}/")
    check_page(staff.page)
    # And a manager of theirs reads who opened whose
    manager = browser_of("school_manager")
    manager.opens(f"/o/{cast.organisation('school').slug}/audit/")
    row = manager.page.get_by_role("row").filter(has_text="Contact details opened")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("School viewer")
    expect(row).to_contain_text(NURSE)
    # When the address turns out to be wrong, they say so: in two clicks
    staff.follows("This is wrong")
    staff.presses("Send to the regional admin")
    # Then they are back, thanked, and the entry says it, and the admin has it
    staff.is_told("Thank you")
    assert staff.path == page
    staff.reads("Said to be wrong", "Someone says this is wrong")
    with acting_as(admin):
        report = Report.objects.get()
    assert (report.posting_id, report.kind, report.note) == (nurse.pk, "other", "")


def test_who_should_i_contact_says_a_door_a_date_and_where_it_is_steered(
    staff: Person, admin: Actor, cast: Cast
) -> None:
    for part, role, name in (("health", "sais_lead", FIRST), ("icb", "icb_cyp_lead", THEN)):
        listed(admin, organisation=cast.organisation(part), role=role, name=name)
    from_the_menu(staff)
    staff.follows("Who should I contact")
    # When they mistype the postcode
    staff.fills({WHERE: "WS2 9P5"})
    staff.chooses(NEED)
    staff.presses("Find out who")
    # Then they are told so, and led to it; what they typed and chose is there
    staff.is_refused("“WS2 9P5” is not a postcode")
    expect(staff.field(WHERE)).to_have_value("WS2 9P5")
    expect(staff.page.get_by_role("radio", name=NEED)).to_be_checked()
    check_page(staff.page)
    staff.follows("“WS2 9P5” is not a postcode")
    expect(staff.field(WHERE)).to_be_focused()
    # When they put it right
    staff.fills({WHERE: "WS2 9PS"})
    staff.presses("Find out who")
    # Then there is a first door, until when to wait and for whom then, and where it is steered
    day = weekday_date(add_working_days(timezone.localdate(), 10))
    staff.reads("Walsall", f"If nobody has answered by {day}", "Where it is steered")
    headings = staff.page.get_by_role("heading", level=2)
    for words in ("First door", "If nobody has answered by", "Where it is steered"):
        expect(headings.filter(has_text=words)).to_have_count(1)
    order = [staff.text.index(each) for each in ("First door", FIRST, day, THEN, "steered")]
    assert order == sorted(order)
    steered = staff.page.locator("h2", has_text="Where it is steered").locator(
        "xpath=following::tr"
    )
    expect(steered.filter(has_text="Health and wellbeing board").first).to_be_visible()
    check_page(staff.page)
    staff.follows(FIRST)
    expect(staff.page.get_by_role("heading", level=1)).to_contain_text(FIRST)


def test_a_concern_about_a_child_is_sent_elsewhere_without_a_script_on_a_small_phone(
    browser_of: BrowserOf, cast: Cast
) -> None:
    staff = browser_of(
        "school_viewer", java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    staff.opens(f"/o/{cast.organisation('school').slug}/")
    from_the_menu(staff)
    staff.follows("Who should I contact")
    # Nothing about where is asked of them
    staff.chooses("A safeguarding concern about a child")
    staff.presses("Find out who")
    staff.reads("Do not use Tandem for this", "call 999", "designated safeguarding lead")
    expect(staff.page.locator("main").locator("form, input, textarea")).to_have_count(0)
    assert staff.page.evaluate("document.documentElement.scrollWidth") <= 320
