"""Calendars at addresses, read by the worker from a real web server of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from calendars.elsewhere import selectors
from calendars.elsewhere.applying import EVERY, LONGEST_WAIT
from calendars.elsewhere.services import add_address, leave_term_dates, read_soon, stop_address
from calendars.elsewhere.working import read_all
from calendars.models import OwnPeriod, Subscription
from organisations.models import AuditEvent, Organisation
from tests.calendars.elsewhere_files import busy_calendar, busy_entry, day, terms_calendar
from tests.calendars.ics.conftest import site
from tests.calendars.ics.web import Web
from tests.record.arranging import acting_as

__all__ = ["site"]


def added(actor, url, purpose="busy", *, shared=True, name="Closures"):
    with acting_as(actor) as by:
        return add_address(
            by=by,
            purpose=purpose,
            subject=Organisation.objects.get(pk=by.organisation_id),
            name=name,
            url=url,
            shared=shared,
        )


def now(actor, subscription):
    """As it is kept now."""
    with acting_as(actor):
        return Subscription.objects.get(pk=subscription.pk)


def due(actor, subscription):
    with acting_as(actor) as by:
        read_soon(by=by, subscription=subscription)


def read_again(actor, subscription):
    due(actor, subscription)
    assert read_all() == 1


def periods(actor):
    with acting_as(actor):
        rows = OwnPeriod.objects.filter(removed_at=None).order_by("starts_on")
        return [(each.name, each.starts_on, each.ends_on, each.revision) for each in rows]


def test_busy_periods_follow_the_calendar(cast, site: Web):
    url = site.gives(busy_calendar())
    subscription = added(cast.health_editor, url)
    assert read_all() == 1
    assert periods(cast.health_editor) == [
        ("Closed", day(10), day(12), 0),
        ("Inspection", day(20), day(20), 0),
    ]
    # One longer, one moved, one new; then one gone.
    site.gives(
        busy_calendar(
            busy_entry("Closed", 10, 5), busy_entry("Inspection", 25), busy_entry("Audit", 30)
        )
    )
    read_again(cast.health_editor, subscription)
    assert periods(cast.health_editor) == [
        ("Closed", day(10), day(14), 1),
        ("Inspection", day(25), day(25), 1),
        ("Audit", day(30), day(30), 0),
    ]
    site.gives(busy_calendar(busy_entry("Audit", 30)))
    read_again(cast.health_editor, subscription)
    assert periods(cast.health_editor) == [("Audit", day(30), day(30), 0)]
    kept = now(cast.health_editor, subscription)
    assert kept.read_at is not None
    assert kept.problem == ""
    assert timedelta() < kept.due_at - timezone.now() <= EVERY


def test_it_is_read_when_it_is_due_and_not_before(cast, site: Web):
    added(cast.health_editor, site.gives(busy_calendar()))
    assert read_all() == 1
    assert read_all() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        # The database's clock decides.
        assert read_all() == 0


def test_a_website_that_says_unchanged_is_asked_with_what_it_gave(cast, site: Web):
    url = site.gives(busy_calendar(), ETag='"one"')
    subscription = added(cast.health_editor, url)
    read_all()
    site.says(304)
    read_again(cast.health_editor, subscription)
    assert site.asked[1][1]["If-None-Match"] == '"one"'
    assert len(periods(cast.health_editor)) == 2
    assert now(cast.health_editor, subscription).problem == ""


def test_the_same_content_changes_nothing(cast, site: Web):
    subscription = added(cast.health_editor, site.gives(busy_calendar()))
    read_all()
    with acting_as(cast.health_editor):
        before = AuditEvent.objects.filter(action="busy periods read").count()
        OwnPeriod.objects.filter(name="Closed").update(revision=7)
    read_again(cast.health_editor, subscription)
    assert periods(cast.health_editor)[0] == ("Closed", day(10), day(12), 7)
    with acting_as(cast.health_editor):
        assert AuditEvent.objects.filter(action="busy periods read").count() == before == 1


def test_past_periods_stay_when_the_calendar_forgets_them(cast, site: Web):
    ended = busy_entry("Over", -1, 2)
    subscription = added(cast.health_editor, site.gives(busy_calendar(ended)))
    read_all()
    with acting_as(cast.health_editor):
        OwnPeriod.objects.update(starts_on=day(-9), ends_on=day(-8))
    site.gives(busy_calendar(busy_entry("Next", 5)))
    read_again(cast.health_editor, subscription)
    assert [name for name, *_ in periods(cast.health_editor)] == ["Over", "Next"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda site: site.says(404), "There is no calendar at this address any more"),
        (lambda site: site.gives(b"<!doctype html><title>Sign in</title>"), "This is a web page"),
        (lambda site: site.gives(b"x" * 3_000_000), "This calendar is larger than 2 MB"),
        (lambda site: site.gives(busy_calendar()[:-20]), "This calendar breaks off"),
        (
            lambda site: site.says(302, Location="http://10.0.0.1/"),
            "This address is inside a private network",
        ),
    ],
)
def test_what_fails_is_said_changes_nothing_and_is_tried_later(cast, site: Web, answer, said):
    subscription = added(cast.health_editor, site.gives(busy_calendar()))
    read_all()
    before = periods(cast.health_editor)
    answer(site)
    waited = []
    for _ in range(7):
        read_again(cast.health_editor, subscription)
        kept = now(cast.health_editor, subscription)
        waited.append(round((kept.due_at - kept.tried_at) / EVERY))
    assert kept.problem.startswith(said)
    assert not kept.problem.endswith(".")
    assert waited == [1, 2, 4, 8, 16, LONGEST_WAIT / EVERY, LONGEST_WAIT / EVERY]
    assert periods(cast.health_editor) == before
    site.gives(busy_calendar(busy_entry("Back", 5)))
    read_again(cast.health_editor, subscription)
    kept = now(cast.health_editor, subscription)
    assert (kept.problem, kept.failures) == ("", 0)
    assert [name for name, *_ in periods(cast.health_editor)] == ["Back"]


def test_one_calendar_that_fails_does_not_keep_the_others(cast, site: Web):
    added(cast.health_editor, site.says(500, "/broken"), name="Broken")
    added(cast.council_editor, site.gives(busy_calendar()))
    assert read_all() == 2
    assert len(periods(cast.council_editor)) == 2
    assert periods(cast.health_editor) == []


def test_one_is_taken_at_a_time_however_the_database_plans_it(cast, superuser):
    added(cast.health_editor, "https://example.org/0.ics")
    # A table that is believed to have one row is joined row by row.
    superuser.execute("ANALYZE calendars_subscription")
    for at in range(1, 5):
        added(cast.health_editor, f"https://example.org/{at}.ics")
    taken = superuser.execute("SELECT * FROM tandem.next_subscription('{}')").fetchall()
    assert len(taken) == 1
    waiting = "SELECT count(*) FROM calendars_subscription WHERE due_at <= now()"
    assert superuser.execute(waiting).fetchone() == (4,)


def test_term_dates_wait_for_a_person(cast, site: Web):
    subscription = added(cast.council_editor, site.gives(terms_calendar()), "terms")
    read_all()
    with acting_as(cast.council_editor) as by:
        kept = selectors.address_of(by, subscription.ref)
        assert selectors.waits_to_be_checked(kept)
        (found,) = selectors.found_terms(kept)
        assert [half.name for half in found.half_terms][:2] == ["Autumn 1", "Autumn 2"]
        leave_term_dates(by=by, subscription=subscription)
    with acting_as(cast.council_editor) as by:
        assert not selectors.waits_to_be_checked(selectors.address_of(by, subscription.ref))
    # The same again says nothing new; other dates do.
    site.gives(terms_calendar("UID:x\nSUMMARY:Sports day\nDTSTART:20200101"))
    read_again(cast.council_editor, subscription)
    with acting_as(cast.council_editor) as by:
        assert not selectors.waits_to_be_checked(selectors.address_of(by, subscription.ref))
    site.gives(terms_calendar(autumn_ends="1210"))
    read_again(cast.council_editor, subscription)
    with acting_as(cast.council_editor) as by:
        assert selectors.waits_to_be_checked(selectors.address_of(by, subscription.ref))


def test_stopping_takes_its_periods_out_and_it_is_read_no_more(cast, site: Web):
    subscription = added(cast.health_editor, site.gives(busy_calendar()))
    read_all()
    with acting_as(cast.health_editor) as by:
        stop_address(by=by, subscription=subscription)
    assert periods(cast.health_editor) == []
    assert read_all() == 0
    with (
        acting_as(cast.health_editor) as by,
        pytest.raises(ValidationError, match="not being read"),
    ):
        read_soon(by=by, subscription=subscription)


def test_nothing_is_read_for_an_organisation_that_is_closed_or_when_switched_off(
    cast, site: Web, superuser, settings
):
    added(cast.health_editor, site.gives(busy_calendar()))
    settings.CALENDARS_FROM_ADDRESSES = False
    assert read_all() == 0
    settings.CALENDARS_FROM_ADDRESSES = True
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [cast.organisation("health").pk],
    )
    assert read_all() == 0
    assert site.asked == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/", "must begin with"),
        ("https://me:pw@example.org/a.ics", "user name or password"),
    ],
)
def test_addresses_that_are_refused_stand_at_the_address(cast, url, said):
    with pytest.raises(ValidationError, match=said) as refused:
        added(cast.health_editor, url)
    assert list(refused.value.message_dict) == ["url"]


def test_the_same_address_twice_and_too_many(cast):
    added(cast.health_editor, "https://example.org/0.ics")
    with pytest.raises(ValidationError, match="already"):
        added(cast.health_editor, "webcal://example.org/0.ics")
    for at in range(1, 20):
        added(cast.health_editor, f"https://example.org/{at}.ics")
    with pytest.raises(ValidationError, match="At most 20"):
        added(cast.health_editor, "https://example.org/20.ics")


def test_an_address_is_the_organisations_alone(cast):
    subscription = added(cast.health_editor, "https://example.org/secret.ics")
    with pytest.raises(PermissionDenied):
        added(cast.school_viewer, "https://example.org/a.ics")
    for other in (cast.school_editor, cast.council_editor):
        with acting_as(other) as by:
            assert not Subscription.objects.exists()
            with pytest.raises(PermissionDenied):
                stop_address(by=by, subscription=subscription)


WORKER = """
import django
django.setup()
from django.conf import settings
settings.CALENDARS_AT_LOOPBACK = True
from calendars.elsewhere import working
working.read_all()
"""


def test_a_worker_that_is_killed_while_it_reads_loses_nothing(cast, site: Web, superuser):
    subscription = added(cast.health_editor, site.gives(busy_calendar()))
    read_all()
    before = periods(cast.health_editor)
    asked, over = threading.Event(), threading.Event()

    def hang(handler) -> None:
        asked.set()
        over.wait()

    site.answers["/terms.ics"] = hang
    due(cast.health_editor, subscription)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    try:
        assert asked.wait(60)
    finally:
        over.set()
        worker.kill()
        worker.wait()
    # It stays with the dead worker for ten minutes, then anybody takes it.
    kept = now(cast.health_editor, subscription)
    assert timedelta() < kept.due_at - timezone.now() <= timedelta(minutes=10)
    assert periods(cast.health_editor) == before
    site.gives(busy_calendar(busy_entry("After", 3)))
    assert read_all() == 0
    superuser.execute("UPDATE calendars_subscription SET due_at = now()")
    assert read_all() == 1
    assert [name for name, *_ in periods(cast.health_editor)] == ["After"]


def test_the_worker_sees_no_address(cast, superuser):
    added(cast.health_editor, "https://example.org/secret.ics")
    may = superuser.execute(
        "SELECT has_column_privilege('tandem_definer', 'calendars_subscription', 'url', 'SELECT'),"
        " has_table_privilege('tandem_worker', 'calendars_subscription', 'SELECT'),"
        " has_function_privilege('tandem_web', 'tandem.next_subscription(bigint[])', 'EXECUTE')"
    ).fetchone()
    assert may == (False, False, False)
