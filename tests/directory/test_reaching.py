"""How to reach somebody: opened on record and within limits, or asked for; never copied out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from psycopg.rows import dict_row

from contacts.directory import services
from contacts.directory.reaching import State, reach_of
from contacts.directory.services import ask_for_details, decide_request, open_details
from contacts.models import DetailsOpened, DetailsRequest, Posting, WorkDetails
from organisations.actor import Actor
from organisations.models import AuditEvent, Delivery
from organisations.outbox.composing import compose
from organisations.tenancy.scope import acting
from partnerships.record.selectors import people_at
from partnerships.record.services import name_contact
from tests.cast import Cast
from tests.directory.arranging import acting_as, admin_of, listed
from tests.record.arranging import once_in, opened, sent
from tests.record.test_at_once import Beside

Super = psycopg.Connection[Any]
EMAIL = "team.leader@health.example"


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return admin_of(cast)


def at_health(cast: Cast, admin: Actor, visibility: str = "joined", **given: Any) -> Posting:
    return listed(
        admin,
        organisation=cast.organisation("health"),
        role="school_nurse_lead",
        visibility=visibility,
        **given,
    )


def page_of(cast: Cast, posting: Posting, name: str = "directory-person") -> str:
    return reverse(name, args=[cast.organisation("school").slug, posting.ref])


def state(actor: Actor, posting: Posting) -> State:
    with acting_as(actor):
        return reach_of(actor, Posting.objects.get(pk=posting.pk)).state


def test_details_are_shown_when_opened_and_that_is_on_record(
    cast: Cast, admin: Actor, superuser: Super
) -> None:
    posting = at_health(cast, admin)
    client = cast.client("school_viewer")
    page = page_of(cast, posting)
    before = client.get(page).content.decode()
    once = once_in(before)
    client.post(page_of(cast, posting, "open-details"), {"once": once})
    after = client.get(page).content.decode()

    assert EMAIL not in before
    assert EMAIL in after
    assert EMAIL not in cast.client("school_editor").get(page).content.decode()
    with acting_as(cast.school_manager):
        [event] = AuditEvent.objects.filter(action="contact details opened")
    assert event.user_id == cast.school_viewer.user_id
    assert event.changes == {"posting": [None, posting.pk]}
    # The region's admin learns of it; the person's organisation and whoever else do not.
    with acting_as(admin):
        assert AuditEvent.objects.filter(action="contact details opened").count() == 1
    for other in (cast.health_manager, cast.stranger, admin_of(cast, "stranger", "devon")):
        with acting_as(other):
            assert not AuditEvent.objects.filter(action="contact details opened").exists()
    history = cast.client("nobody").get(f"/regions/black-country/contacts/{posting.ref}/")
    assert "ontact details opened" in history.content.decode()
    # An hour later they have to be opened again.
    superuser.execute("UPDATE contacts_detailsopened SET at = at - interval '61 minutes'")
    assert EMAIL not in client.get(page).content.decode()


def test_who_may_open_follows_the_postings_own_setting(cast: Cast, admin: Actor) -> None:
    region = at_health(cast, admin, "region")
    on_request = at_health(cast, admin, "request", name="On request")
    joined = at_health(cast, admin, "joined", name="Joined")

    school = [state(cast.school_editor, p) for p in (region, on_request, joined)]
    elsewhere = [state(cast.stranger, p) for p in (on_request, joined)]
    assert school == [State.TO_OPEN, State.TO_ASK, State.TO_OPEN]
    assert elsewhere == [State.TO_ASK, State.TO_OPEN]
    assert {state(cast.health_editor, p) for p in (region, on_request, joined)} == {State.OURS}
    for actor in (cast.school_editor, cast.stranger):
        with pytest.raises(PermissionDenied), acting_as(actor) as by:
            open_details(by=by, posting=on_request)


def test_an_organisation_of_another_region_finds_them_closed(cast: Cast, superuser: Super) -> None:
    devon = admin_of(cast, "nobody", "devon")
    posting = at_health(cast, devon, "region", region="devon")

    assert state(cast.school_editor, posting) == State.CLOSED
    page = cast.client("school_editor").get(page_of(cast, posting)).content.decode()
    assert "open to organisations in Devon only" in page


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "MOST_AN_HOUR", 2)
    monkeypatch.setattr(services, "MOST_A_DAY", 3)
    return


@pytest.mark.usefixtures("small_limits")
def test_nobody_can_copy_the_directory_out(cast: Cast, admin: Actor, superuser: Super) -> None:
    people = [at_health(cast, admin, name=f"Practitioner {n}") for n in range(5)]

    def opens(actor: Actor, posting: Posting) -> None:
        with acting_as(actor) as by:
            open_details(by=by, posting=posting)

    opens(cast.school_editor, people[0])
    opens(cast.school_editor, people[0])  # again within the hour: counts once
    opens(cast.school_editor, people[1])
    with pytest.raises(ValidationError, match=r"You have opened .* 2 people.*within an hour.*from"):
        opens(cast.school_editor, people[2])
    opens(cast.school_viewer, people[2])
    with pytest.raises(ValidationError, match=r"Your organisation .* 3 people.*within a day"):
        opens(cast.school_viewer, people[3])
    # Others have limits of their own, and time gives more.
    opens(cast.stranger, people[3])
    superuser.execute("UPDATE contacts_detailsopened SET at = at - interval '25 hours'")
    opens(cast.school_editor, people[2])


@pytest.mark.usefixtures("small_limits")
def test_the_limit_is_said_on_the_page(cast: Cast, admin: Actor) -> None:
    people = [at_health(cast, admin, name=f"Practitioner {n}") for n in range(3)]
    client = cast.client("school_viewer")
    answers = [
        client.post(
            page_of(cast, each, "open-details"),
            {"once": once_in(client.get(page_of(cast, each)).content.decode())},
        )
        for each in people
    ]

    assert [each.status_code for each in answers] == [302, 302, 200]
    said = answers[2].content.decode()
    assert "as many as can be opened within an hour" in said
    assert EMAIL not in said


@pytest.mark.usefixtures("small_limits")
def test_two_at_once_do_not_pass_the_limit_together(
    cast: Cast, admin: Actor, superuser: Super
) -> None:
    people = [at_health(cast, admin, name=f"Practitioner {n}") for n in range(3)]

    def opens(posting: Posting) -> None:
        with acting_as(cast.school_editor) as by:
            open_details(by=by, posting=posting)

    opens(people[0])
    with acting(cast.school_editor.scope), transaction.atomic():
        open_details(by=cast.school_editor, posting=people[1])
        beside = Beside(lambda: opens(people[2]))
        beside.wait_until_blocked(superuser)
    beside.thread.join(20)

    [failure] = beside.failures
    assert isinstance(failure, ValidationError)
    with acting_as(cast.school_editor):
        assert DetailsOpened.objects.count() == 2


def test_an_opening_is_in_ones_own_name_and_stays(cast: Cast, admin: Actor) -> None:
    posting = at_health(cast, admin)
    own = cast.school_editor
    with acting_as(own) as by:
        open_details(by=by, posting=posting)

    for organisation, user in (
        (cast.organisation("health").pk, own.user_id),
        (own.organisation_id, cast.school_viewer.user_id),
    ):
        with pytest.raises(DatabaseError), acting_as(own):
            DetailsOpened.objects.create(
                posting=posting, organisation_id=organisation, user_id=user
            )
    for change in (
        lambda: DetailsOpened.objects.all().delete(),
        lambda: DetailsOpened.objects.update(at=timezone.now() - timedelta(days=2)),
    ):
        with pytest.raises(DatabaseError), acting_as(own):
            change()
    with acting_as(cast.stranger):
        assert not DetailsOpened.objects.exists()


def test_asking_deciding_and_what_that_opens(cast: Cast, admin: Actor) -> None:
    posting = at_health(cast, admin, "request")
    client = cast.client("school_editor")
    page = page_of(cast, posting)
    assert "Ask for contact details" in client.get(page).content.decode()
    sent(client, page_of(cast, posting, "ask-for-details"), reason="Rooms for a clinic")
    waiting = client.get(page).content.decode()
    assert "waits for the regional admin" in waiting
    region = cast.client("nobody")
    assert "1 request" in region.get("/regions/black-country/").content.decode()
    listing = region.get("/regions/black-country/requests/").content.decode()
    assert "Waiting for you" in listing
    with acting_as(admin):
        request = DetailsRequest.objects.get()
    decide = f"/regions/black-country/requests/{request.ref}/"
    assert "Rooms for a clinic" in region.get(decide).content.decode()
    refused = sent(region, decide, decision="refuse", answer="")
    assert "Say why" in refused.content.decode()
    sent(region, decide, decision="give")

    assert state(cast.school_viewer, posting) == State.TO_OPEN
    assert state(cast.stranger, posting) == State.TO_ASK
    with acting_as(cast.school_viewer) as by:
        assert open_details(by=by, posting=posting).email == EMAIL
    with acting_as(cast.stranger):
        assert not WorkDetails.objects.filter(posting=posting).exists()
        assert not DetailsRequest.objects.exists()
    with acting_as(cast.school_manager):
        actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"contact details asked for", "contact details given"} <= actions


def test_both_are_told_by_email_without_details(cast: Cast, admin: Actor, superuser: Super) -> None:
    posting = at_health(cast, admin, "request")
    with acting_as(cast.school_editor) as by:
        ask_for_details(by=by, posting=posting, reason="Rooms for a clinic")
    with acting_as(admin) as by:
        decide_request(by=by, request=DetailsRequest.objects.get(), approve=False, answer="Ring us")

    mail = superuser.execute(
        "SELECT kind, recipient, payload::text FROM organisations_delivery "
        "WHERE kind LIKE 'details%' ORDER BY id"
    ).fetchall()
    assert [(kind, to) for kind, to, _ in mail] == [
        ("details_asked", cast.users["nobody"].email),
        ("details_decided", cast.users["school_editor"].email),
    ]
    for _kind, _to, payload in mail:
        assert EMAIL not in payload
        assert "clinic" not in payload
        assert "Ring us" not in payload
    page = cast.client("school_editor").get(page_of(cast, posting)).content.decode()
    assert "Ring us" in page
    assert "Ask again" in page


def test_asking_is_refused_where_it_makes_no_sense(cast: Cast, admin: Actor) -> None:
    posting = at_health(cast, admin, "request")
    open_to_all = at_health(cast, admin, "joined", name="Open to all")

    def asks(by: Actor, about: Posting, reason: str = "Rooms") -> None:
        with acting_as(by):
            ask_for_details(by=by, posting=about, reason=reason)

    with pytest.raises(ValidationError, match="Say what"):
        asks(cast.school_editor, posting, " ")
    with pytest.raises(ValidationError, match="not given on request"):
        asks(cast.school_editor, open_to_all)
    with pytest.raises(PermissionDenied):
        asks(cast.school_viewer, posting)
    asks(cast.school_editor, posting)
    with pytest.raises(ValidationError, match="already"):
        asks(cast.school_manager, posting)


def test_only_the_regions_admin_decides(cast: Cast, admin: Actor) -> None:
    posting = at_health(cast, admin, "request")
    with acting_as(cast.school_editor) as by:
        request = ask_for_details(by=by, posting=posting, reason="Rooms")
    devon = admin_of(cast, "stranger", "devon")

    for actor in (cast.school_manager, cast.health_manager, devon):
        with acting_as(actor):
            with pytest.raises(PermissionDenied):
                decide_request(by=actor, request=request, approve=True)
            # Nor by going round the service.
            assert DetailsRequest.objects.filter(pk=request.pk).update(approved=True) == 0
    with acting_as(admin) as by:
        decide_request(by=by, request=request, approve=True)
        with pytest.raises(ValidationError, match="already"):
            decide_request(by=by, request=request, approve=False, answer="No")


def test_naming_somebody_from_the_directory_counts_as_opening(cast: Cast, admin: Actor) -> None:
    posting = at_health(cast, admin)
    closed = at_health(cast, admin, "request", name="On request")
    partnership = opened(cast)
    with acting_as(cast.school_editor) as by:
        choices = people_at(by, cast.organisation("health"))
        name_contact(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            function="named",
            posting=choices[0],
        )
        assert [each.pk for each in choices] == [posting.pk]
        assert DetailsOpened.objects.count() == 1
        with pytest.raises(PermissionDenied):
            name_contact(
                by=by,
                partnership=partnership,
                organisation=cast.organisation("health"),
                function="deputy",
                posting=closed,
            )
    # From now on it is the record's, and stays open.
    assert state(cast.school_viewer, posting) == State.OURS


def test_the_form_that_names_them_does_not_say_how_to_reach_them(cast: Cast, admin: Actor) -> None:
    at_health(cast, admin)
    partnership = opened(cast)
    url = reverse(
        "name-contact",
        args=[
            cast.organisation("school").slug,
            partnership.ref,
            cast.organisation("health").slug,
            "named",
        ],
    )
    page = cast.client("school_editor").get(url).content.decode()

    assert "in the directory" in page
    assert EMAIL not in page


def written(superuser: Super, kind: str) -> Any:
    """An e-mail of a kind that goes on nobody's behalf, as it would go now."""
    with superuser.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT * FROM organisations_delivery WHERE kind = %s", [kind])
        found: list[dict[str, Any]] = cursor.fetchall()
    (row,) = found
    return compose(Delivery(**row))


def test_mail_of_a_request_can_be_written(cast: Cast, admin: Actor, superuser: Super) -> None:
    posting = at_health(cast, admin, "request")
    with acting_as(cast.school_editor) as by:
        ask_for_details(by=by, posting=posting, reason="Rooms")
    asks = "Windsor Academy Trust asks how to reach School nursing lead"
    assert written(superuser, "details_asked").subject == asks
    with acting_as(admin) as by:
        decide_request(by=by, request=DetailsRequest.objects.get(), approve=True)
    given = "You can see the contact details of School nursing lead"
    assert written(superuser, "details_decided").subject == given
