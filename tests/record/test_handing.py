"""Whoever opened a partnership hands it to another member, which looks after it from then on."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse

from organisations.models import AuditEvent, Delivery
from partnerships.record import services
from partnerships.record.handing import hand_partnership, who_can_take_over
from partnerships.record.models import Invitation, Member, MemberState, Partnership
from partnerships.record.parting import leave_partnership
from partnerships.record.standing import what_it_looks_after
from tests.cast import Cast
from tests.record.arranging import acting_as, invited, member, opened, sent, shared

WORDS = "We merge in April."


def with_council_invited(cast: Cast) -> Partnership:
    """A partnership with one member and one invitation that waits."""
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        services.add_partner(by=by, partnership=partnership, partner=cast.organisation("council"))
    invited(cast, partnership, "council")
    return partnership


def handed(cast: Cast, partnership: Partnership, by: str = "school_manager") -> Partnership:
    with acting_as(cast.actors[by]) as actor:
        return hand_partnership(
            by=actor, partnership=partnership, to=cast.organisation("health"), words=WORDS
        )


def test_who_takes_over_looks_after_it_and_the_opener_can_leave(cast: Cast) -> None:
    partnership = with_council_invited(cast)

    now = handed(cast, partnership)

    assert now.owner == cast.organisation("health")
    with acting_as(cast.health_editor) as by:
        services.change_partnership(by=by, partnership=now, name="Hub of health", purpose="")
        council = Member.objects.get(partnership=now, organisation=cast.organisation("council"))
        assert council.state == MemberState.RECORDED
        services.invite_partner(
            by=by,
            partnership=now,
            organisation=cast.organisation("council"),
            email="door@council.example",
        )
    with acting_as(cast.school_manager) as by:
        place = member(cast, partnership, "school", by="school_manager")
        leave_partnership(by=by, member=place)
    with acting_as(cast.school_manager):
        assert not Partnership.objects.filter(pk=partnership.pk).exists()
    with acting_as(cast.health_editor):
        assert Partnership.objects.get(pk=partnership.pk).name == "Hub of health"


def test_open_invitations_end_and_the_change_is_on_record_for_every_member(cast: Cast) -> None:
    partnership = with_council_invited(cast)

    handed(cast, partnership)

    with acting_as(cast.school_manager):
        assert not Invitation.objects.filter(
            partnership=partnership, used_at=None, revoked_at=None
        ).exists()
    with acting_as(cast.health_manager):
        (changes,) = AuditEvent.objects.filter(action="partnership handed over").values_list(
            "changes", flat=True
        )
    ids = [cast.organisation(part).pk for part in ("school", "health")]
    assert changes == {"owner": ids, "partner_invitations": 1}


def test_the_managers_of_who_takes_over_are_told_with_the_words(cast: Cast) -> None:
    partnership = shared(cast)
    handed(cast, partnership)
    with acting_as(cast.health_manager):
        (told,) = Delivery.objects.filter(kind="partnership_handed")
    assert told.recipient == cast.users["health_manager"].email
    assert told.payload["words"] == WORDS


def test_it_goes_to_a_member_alone_and_by_a_manager_of_who_has_it(cast: Cast) -> None:
    partnership = with_council_invited(cast)
    with acting_as(cast.school_manager):
        able = [each.organisation for each in who_can_take_over(partnership)]
    assert able == [cast.organisation("health")]
    for part in ("school_editor", "health_manager"):
        with pytest.raises(PermissionDenied):
            handed(cast, partnership, by=part)
    with (
        pytest.raises(ValidationError, match="a member that is in"),
        acting_as(cast.school_manager) as by,
    ):
        hand_partnership(by=by, partnership=partnership, to=cast.organisation("council"))


@pytest.mark.parametrize(
    ("part", "to"),
    [("school_editor", "health"), ("health_manager", "health"), ("school_manager", "council")],
)
def test_nor_does_the_database_hand_it_otherwise(cast: Cast, part: str, to: str) -> None:
    partnership = with_council_invited(cast)
    ids = [partnership.pk, cast.organisation(to).pk]
    with (
        pytest.raises(DatabaseError),
        acting_as(cast.actors[part]),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT tandem.hand_partnership(%s, %s)", ids)
    with pytest.raises(DatabaseError), acting_as(cast.school_manager):
        Partnership.objects.filter(pk=partnership.pk).update(owner=cast.organisation(to))


def test_handed_over_twice_is_refused_in_words(cast: Cast) -> None:
    partnership = shared(cast)
    handed(cast, partnership)
    # A second tab still has it as the school trust's.
    with pytest.raises(ValidationError, match="has handed this partnership over"):
        handed(cast, partnership)


def test_the_page_asks_and_says_who_looks_after_it(cast: Cast) -> None:
    partnership = with_council_invited(cast)
    slug = cast.organisation("school").slug
    url = reverse("hand-over-partnership", args=[slug, partnership.ref])
    client = cast.client("school_manager")
    page = client.get(url).text
    assert "1 invitation that nobody has answered yet ends" in page

    assert sent(client, url).status_code == 200
    health = cast.organisation("health")
    done = sent(client, url, to=str(health.pk), words=WORDS)

    assert done.status_code == 302
    text = client.get(done["Location"]).text
    assert f"{health.name} looks after this partnership now" in text
    assert "Looks after it" in text
    assert "Leave this partnership" in text
    assert client.get(url).status_code == 403


def test_with_no_other_member_the_page_says_so(cast: Cast) -> None:
    partnership = opened(cast)
    slug = cast.organisation("school").slug
    url = reverse("hand-over-partnership", args=[slug, partnership.ref])
    client = cast.client("school_manager")
    assert "Nobody can take over yet" in client.get(url).text
    assert client.post(url, {}).status_code == 200


def test_who_leaves_tandem_is_told_to_hand_over_first(cast: Cast) -> None:
    with acting_as(cast.school_manager) as by:
        assert what_it_looks_after(by) == []
    shared(cast)
    with acting_as(cast.school_manager) as by:
        (said,) = what_it_looks_after(by)
    assert said.startswith("1 partnership that you look after")
