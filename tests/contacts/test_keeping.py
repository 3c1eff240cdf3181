"""Keeping a region's directory: who may do what, as the role that serves pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from contacts import directory_services
from contacts.keeping import hand_over_links, services
from contacts.models import HandOver, Listing, Posting, Report, Visibility, WorkDetails
from organisations.actor import Actor
from organisations.models import Delivery
from partnerships.record.leavers import compose_left, notes_of
from partnerships.record.models import NamedContact
from partnerships.record.services import add_partner, name_contact
from tests.cast import Cast
from tests.contacts.keeping import (
    Super,
    admin_of,
    again,
    listed,
    mark,
    named_in,
    offered,
    other_region,
    private,
    region_of,
    reported,
    role,
)
from tests.record.arranging import acting_as, shared

TODAY = timezone.localdate


def sees(actor: Actor, posting: Posting) -> tuple[bool, bool]:
    """Whether somebody sees a posting, and how to reach the person."""
    with acting_as(actor):
        return (
            Posting.objects.filter(pk=posting.pk).exists(),
            WorkDetails.objects.filter(posting=posting).exists(),
        )


def change_in_sql(actor: Actor, posting: Posting) -> int:
    with acting_as(actor):
        return Posting.objects.filter(pk=posting.pk).update(job_title="Changed")


def told(superuser: Super, kind: str) -> set[tuple[str, int | None]]:
    rows = superuser.execute(
        "SELECT recipient, organisation_id FROM organisations_delivery WHERE kind = %s", [kind]
    )
    return set(rows.fetchall())


# ------------------------------------------------------------------ who sees and changes what


def test_who_joined_finds_names_and_the_setting_says_who_may_reach_them(cast: Cast) -> None:
    by = admin_of(cast)
    elsewhere = admin_of(cast, "stranger", other_region())
    posting = listed(cast, by, "council", visibility=Visibility.REGION)
    in_region, own, far = cast.school_viewer, cast.council_editor, cast.stranger
    seen = {}
    for setting in Visibility.values:
        with acting_as(by):
            directory_services.change_posting(by=by, posting=posting, visibility=setting)
        seen[setting] = [sees(each, posting) for each in (by, own, in_region)]

    assert seen == {
        "region": [(True, True), (True, True), (True, True)],
        "joined": [(True, True), (True, True), (True, True)],
        "request": [(True, True), (True, True), (True, False)],
    }
    assert sees(far, posting)[0]
    assert sees(elsewhere, posting) == (False, False)
    assert sees(cast.operator, posting) == (False, False)
    assert sees(Actor(cast.school_editor.user_id), posting) == (False, False)


def test_only_its_own_admin_and_organisation_change_what_is_listed(cast: Cast) -> None:
    by = admin_of(cast)
    elsewhere = admin_of(cast, "stranger", other_region())
    posting = listed(cast, by)

    assert change_in_sql(by, posting) == 1
    assert change_in_sql(cast.health_editor, posting) == 1
    for actor in (elsewhere, cast.school_editor, cast.operator):
        assert change_in_sql(actor, posting) == 0
    with pytest.raises(PermissionDenied), acting_as(elsewhere):
        directory_services.change_posting(by=elsewhere, posting=posting, job_title="Theirs")
    with pytest.raises(DatabaseError), acting_as(cast.health_editor):
        Posting.objects.filter(pk=posting.pk).update(listing=Listing.PRIVATE)


def test_an_offer_becomes_the_directorys_and_no_longer_the_recorders(cast: Cast) -> None:
    by = admin_of(cast)
    kept_back = private(cast, name="Another", email="another@health.example")
    posting = offered(cast)
    unseen = sees(by, kept_back), sees(cast.council_editor, posting)
    before = sees(by, posting), change_in_sql(cast.school_editor, posting)
    with acting_as(by):
        directory_services.accept_offer(by=by, posting=again(by, posting))

    assert unseen == ((False, False), (False, False))
    assert before == ((True, True), 1)
    assert sees(cast.council_editor, posting)[0]
    assert change_in_sql(cast.school_editor, posting) == 0
    with pytest.raises(PermissionDenied), acting_as(cast.school_editor) as school:
        directory_services.offer_posting(
            by=cast.health_editor, posting=again(school, posting), region=region_of(cast)
        )


@pytest.mark.parametrize("listing", [Listing.LISTED, Listing.DECLINED])
def test_nobody_takes_their_own_offer_into_the_directory(cast: Cast, listing: str) -> None:
    posting = offered(cast)
    refused = 0
    try:
        with acting_as(cast.school_editor):
            refused = Posting.objects.filter(pk=posting.pk, listing="offered").update(
                listing=listing
            )
    except DatabaseError:
        refused = -1

    assert again(cast.school_editor, posting).listing != Listing.LISTED
    assert (refused == -1) == (listing == Listing.LISTED)


def test_an_offer_withdrawn_is_private_again_and_one_decided_stays_decided(cast: Cast) -> None:
    by = admin_of(cast)
    posting = offered(cast)
    with acting_as(cast.school_editor) as school:
        directory_services.withdraw_offer(by=school, posting=again(school, posting))
        gone = again(school, posting)
    hidden = sees(by, posting)
    with acting_as(cast.school_editor) as school:
        directory_services.offer_posting(by=school, posting=gone, region=region_of(cast))
    with acting_as(by):
        directory_services.decline_offer(by=by, posting=again(by, posting))
    with acting_as(by), pytest.raises(ValidationError, match="decided already"):
        directory_services.accept_offer(by=by, posting=again(by, posting))

    assert hidden == (False, False)


def test_a_role_of_one_is_held_by_one_at_a_time_and_free_again_after(cast: Cast) -> None:
    by = admin_of(cast)
    first = listed(cast, by, "council", role_type=role("dph"))
    with pytest.raises(ValidationError) as refusal:
        listed(cast, by, "council", role_type=role("dph"), name="Another")
    with acting_as(by):
        directory_services.end_posting(by=by, posting=first, on=TODAY() - timedelta(days=1))
    second = listed(cast, by, "council", role_type=role("dph"), name="Another", started_on=TODAY())

    assert "role_type" in refusal.value.message_dict
    assert again(by, second).single_seat


def test_a_new_address_has_not_been_checked_and_has_not_bounced(
    cast: Cast, superuser: Super
) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    with acting_as(by):
        directory_services.confirm_posting(by=by, posting=posting)
    mark(superuser, posting, "bounced_at")
    with acting_as(by):
        fresh = again(by, posting)
        directory_services.change_posting(by=by, posting=fresh, email="new@health.example")
    changed = again(by, posting)

    assert (changed.checked_at, changed.checked_by, changed.bounced_at) == (None, "", None)
    assert changed.check_due_on == TODAY()


def test_naming_somebody_needs_their_details_to_be_open(cast: Cast) -> None:
    by = admin_of(cast)
    posting = listed(cast, by, visibility=Visibility.REQUEST)
    partnership = shared(cast)

    def name(actor: Actor, organisation: str) -> NamedContact:
        with acting_as(actor):
            return name_contact(
                by=actor,
                partnership=partnership,
                organisation=cast.organisation(organisation),
                function="named",
                posting=posting,
            )

    own = name(cast.health_editor, "health")
    closed = listed(cast, by, "council", visibility=Visibility.REQUEST)
    with acting_as(cast.school_editor) as school:
        add_partner(by=school, partnership=partnership, partner=cast.organisation("council"))
    with pytest.raises(PermissionDenied), acting_as(cast.school_editor) as school:
        name_contact(
            by=school,
            partnership=partnership,
            organisation=cast.organisation("council"),
            function="named",
            posting=closed,
        )

    assert own.posting_id == posting.pk
    assert sees(cast.school_viewer, posting) == (True, True)


# ------------------------------------------------------------------ reports


def test_a_report_disputes_a_contact_until_its_admin_has_decided(
    cast: Cast, superuser: Super
) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    report = reported(cast, posting)
    with pytest.raises(ValidationError, match="has said so already"):
        reported(cast, posting, "school_editor")
    with pytest.raises(PermissionDenied), acting_as(by):
        services.report_posting(by=by, posting=posting, kind="left")
    disputed = again(by, posting).disputed_at
    with acting_as(by):
        services.decide_report(by=by, report=report, applied=False, answer="I rang them")
    decided = again(by, posting)

    assert disputed is not None
    assert told(superuser, "report_decided") == {("school-viewer@tandem.example", None)}
    assert (decided.disputed_at, decided.checked_by) == (None, "admin")
    with acting_as(cast.school_viewer):
        answered = Report.objects.get(pk=report.pk)
    assert (answered.state, answered.answer) == ("dismissed", "I rang them")


def test_reports_are_the_reporters_and_the_admins_alone(cast: Cast) -> None:
    by = admin_of(cast)
    elsewhere = admin_of(cast, "stranger", other_region())
    report = reported(cast, listed(cast, by))

    def seen(actor: Actor) -> bool:
        with acting_as(actor):
            return Report.objects.filter(pk=report.pk).exists()

    assert [seen(each) for each in (by, cast.school_editor)] == [True, True]
    strangers = (elsewhere, cast.health_manager, cast.council_editor, cast.operator)
    assert not any(seen(each) for each in strangers)
    with pytest.raises(PermissionDenied), acting_as(elsewhere):
        services.decide_report(by=elsewhere, report=report, applied=True)


# ------------------------------------------------------------------ leavers


def test_partnerships_that_relied_on_a_leaver_are_told_and_the_admin_learns_no_names(
    cast: Cast, superuser: Super
) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    contact = named_in(cast, posting)
    with acting_as(by):
        services.record_leaver(by=by, posting=posting, on=TODAY(), ask_for_note=True)
        visible = NamedContact.objects.count(), Delivery.objects.count()
    school, health = (cast.organisation(each).pk for each in ("school", "health"))
    mails = told(superuser, "contact_left")
    with acting_as(cast.school_editor):
        delivery = Delivery.objects.get(kind="contact_left", organisation_id=school)
        letter = compose_left(delivery)

    assert visible == (0, 0)
    assert {organisation for _, organisation in mails} == {school, health}
    assert ("school-manager@tandem.example", school) in mails
    assert f"/r/p-{contact.partnership.ref}/" in letter.body  # type: ignore[union-attr]
    assert told(superuser, "hand_over_asked") == {("strategy@health.example", None)}


def test_the_deputy_takes_the_role_over_and_it_is_not_vacant(cast: Cast) -> None:
    by = admin_of(cast)
    deputy = listed(cast, by, name="Deputy director", email="deputy@health.example")
    posting = listed(cast, by)
    with acting_as(by):
        directory_services.change_posting(by=by, posting=posting, deputy=deputy)
        taken = services.record_leaver(by=by, posting=posting, on=TODAY(), successor=deputy)
    assert taken is not None
    now = again(by, taken)

    assert (now.person_id, now.job_title) == (deputy.person_id, posting.job_title)
    assert now.started_on == TODAY() + timedelta(days=1)
    assert (now.checked_at, again(by, posting).ended_on) == (None, TODAY())


@pytest.mark.parametrize("days", [-1, 400])
def test_a_last_day_before_the_first_or_far_ahead_is_refused(cast: Cast, days: int) -> None:
    by = admin_of(cast)
    posting = listed(cast, by, started_on=TODAY())
    with acting_as(by), pytest.raises(ValidationError) as refusal:
        services.record_leaver(by=by, posting=posting, on=TODAY() + timedelta(days=days))

    assert "on" in refusal.value.message_dict


def test_a_note_is_written_once_by_the_link_and_read_where_the_leaver_was_known(
    cast: Cast,
) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    named_in(cast, posting)
    with acting_as(by):
        services.record_leaver(by=by, posting=posting, on=TODAY(), ask_for_note=True)
        asked = HandOver.objects.get()
    path = hand_over_links.link_of(asked.ref).split("/", 3)[3]
    client = cast.client(None)
    page = client.get(f"/{path}")
    refused = client.post(f"/{path}", {"text": "NHS number 943 476 5919"})
    first = client.post(f"/{path}", {"text": "Ask the ward clerk about rooms."})
    second = client.post(f"/{path}", {"text": "Something else"})

    def reads(actor: Actor) -> list[str]:
        with acting_as(actor):
            return [each.text for each in notes_of([posting]).values()]

    assert (page.status_code, refused.status_code) == (200, 200)
    assert (first.status_code, second.status_code) == (302, 410)
    for actor in (cast.school_viewer, cast.health_editor):
        assert reads(actor) == ["Ask the ward clerk about rooms."]
    for actor in (by, cast.stranger, cast.council_editor, cast.operator):
        assert reads(actor) == []
    assert client.get("/hand-over/forged:token/").status_code == 404


# ------------------------------------------------------------------ merging


def pair(cast: Cast, by: Actor) -> tuple[Posting, Posting]:
    return listed(cast, by), listed(cast, by, name="Strategy Director", email="other@x.example")


def places(actor: Actor, posting: Posting) -> int:
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.number_of_places(%s)", [posting.pk])
        return int(cursor.fetchone()[0])


def test_places_in_partnerships_pass_on_and_back_without_the_admin_seeing_them(
    cast: Cast,
) -> None:
    by = admin_of(cast)
    kept, folded = pair(cast, by)
    contact = named_in(cast, folded)
    report = reported(cast, folded)

    def named() -> int:
        with acting_as(cast.school_viewer):
            return NamedContact.objects.get(pk=contact.pk).posting_id

    before = places(by, folded), places(cast.school_editor, folded)
    with acting_as(by):
        merge = services.merge_postings(by=by, kept=kept, folded=folded)
        assert NamedContact.objects.count() == 0
    merged = named(), places(by, kept), again(by, folded).ended_on
    with acting_as(cast.school_viewer):
        moved_report = Report.objects.get(pk=report.pk).posting_id
    visible = sees(cast.school_viewer, kept)
    with acting_as(by):
        services.undo_merge(by=by, merge=merge)

    assert before == (1, 0)
    assert merge.places == 1
    assert merged == (kept.pk, 1, TODAY() - timedelta(days=1))
    assert (moved_report, visible) == (kept.pk, (True, True))
    assert (named(), again(by, folded).ended_on, places(by, kept)) == (folded.pk, None, 0)


def test_a_merge_stays_once_somebody_was_named_since(cast: Cast) -> None:
    by = admin_of(cast)
    kept, folded = pair(cast, by)
    contact = named_in(cast, folded)
    with acting_as(by):
        merge = services.merge_postings(by=by, kept=kept, folded=folded)
    other = listed(cast, by, name="Another", email="another@health.example")
    with acting_as(cast.health_editor) as health:
        name_contact(
            by=health,
            partnership=contact.partnership,
            organisation=cast.organisation("health"),
            function="named",
            posting=other,
        )
    with pytest.raises(ValidationError, match="named in a partnership since"), acting_as(by):
        services.undo_merge(by=by, merge=merge)

    assert again(by, folded).merged_into_id == kept.pk


def test_where_both_were_named_one_place_is_left(cast: Cast) -> None:
    by = admin_of(cast)
    kept, folded = pair(cast, by)
    contact = named_in(cast, kept)
    with acting_as(cast.health_editor) as health:
        name_contact(
            by=health,
            partnership=contact.partnership,
            organisation=cast.organisation("health"),
            function="deputy",
            posting=folded,
        )

    def live() -> set[tuple[str, int]]:
        with acting_as(cast.school_viewer):
            found = NamedContact.objects.filter(
                ended_at=None, organisation=cast.organisation("health")
            )
            return set(found.values_list("function", "posting_id"))

    before = live()
    with acting_as(by):
        merge = services.merge_postings(by=by, kept=kept, folded=folded)
    merged = live()
    with acting_as(by):
        services.undo_merge(by=by, merge=merge)

    assert merged == {("named", kept.pk)}
    assert before == live() == {("named", kept.pk), ("deputy", folded.pk)}


def test_nobody_else_merges_and_never_across_organisations(cast: Cast) -> None:
    by = admin_of(cast)
    elsewhere = admin_of(cast, "stranger", other_region())
    kept, folded = pair(cast, by)
    council = listed(cast, by, "council", name="Somebody at the council")
    with pytest.raises(PermissionDenied), acting_as(elsewhere):
        services.merge_postings(by=elsewhere, kept=kept, folded=folded)
    with pytest.raises(ValidationError, match="same organisation"), acting_as(by):
        services.merge_postings(by=by, kept=kept, folded=council)
    with pytest.raises(ValidationError, match="two different"), acting_as(by):
        services.merge_postings(by=by, kept=kept, folded=kept)

    assert again(by, folded).ended_on is None


# ------------------------------------------------------------------ transfer


@pytest.mark.parametrize("accept", [True, False])
def test_another_region_takes_a_contact_over_or_leaves_it(cast: Cast, accept: bool) -> None:
    by = admin_of(cast)
    there = other_region()
    other = admin_of(cast, "stranger", there)
    posting = listed(cast, by)
    unseen = sees(other, posting)
    with acting_as(by):
        services.offer_transfer(by=by, posting=posting, region=there)
    offered_one = sees(other, posting), change_in_sql(other, posting)
    with acting_as(other):
        services.decide_transfer(
            by=other, posting=again(other, posting), region=there, accept=accept
        )
    keeper = other if accept else by

    assert unseen == (False, False)
    assert offered_one == ((True, True), 0)
    assert sees(other, posting) == (accept, accept)
    assert sees(by, posting) == (not accept, not accept)
    assert again(keeper, posting).region == (there if accept else region_of(cast))
    assert again(keeper, posting).offered_to_id is None


def test_only_the_admin_who_was_asked_takes_over(cast: Cast) -> None:
    by = admin_of(cast)
    posting = listed(cast, by)
    with acting_as(by):
        services.offer_transfer(by=by, posting=posting, region=other_region())
    took: list[Any] = []
    for actor in (by, cast.stranger, cast.health_manager):
        with acting_as(actor), connection.cursor() as cursor:
            cursor.execute("SELECT tandem.take_over_posting(%s, NULL, true)", [posting.pk])
            took.append(cursor.fetchone()[0])

    assert took == [False, False, False]
