"""Inviting an organisation, and its answer: the services."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from calendars.london import day_in_words, today
from organisations.models import Delivery
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.record import services
from partnerships.record.models import Invitation, Member, MemberState, Partnership
from tests.cast import Cast
from tests.record.arranging import acting_as, answered, invited, member, named, opened, shared


def expire(superuser: psycopg.Connection, invitation: Invitation) -> None:
    """Let 29 days pass since it was sent."""
    superuser.execute(
        "UPDATE record_invitation SET sent_at = sent_at - interval '29 days', "
        "expires_at = expires_at - interval '29 days' WHERE id = %s",
        [invitation.pk],
    )


def mails(cast: Cast) -> list[tuple[str, str, int, str]]:
    with acting_as(cast.school_editor):
        return list(
            Delivery.objects.order_by("id").values_list("kind", "recipient", "revision", "state")
        )


def test_the_partner_is_invited_and_an_email_waits(cast: Cast) -> None:
    partnership = opened(cast)

    invitation = invited(cast, partnership)

    assert member(cast, partnership, "health").state == MemberState.INVITED
    assert invitation.expires_at - timezone.now() > timedelta(days=27)
    assert [m[:3] for m in mails(cast)] == [("partnership_invitation", "door@health.example", 1)]


def test_the_invited_organisation_sees_the_invitation_and_not_the_partnership(cast: Cast) -> None:
    invited(cast, opened(cast))

    with acting_as(cast.health_editor):
        assert Invitation.objects.get().partnership_name == "Health hub"
        assert not Partnership.objects.exists()


def test_inviting_twice(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)

    with pytest.raises(ValidationError) as refusal:
        invited(cast, partnership)

    assert refusal.value.messages == [
        (
            f"Walsall Healthcare NHS Trust was already invited on {day_in_words(today())}. "
            "Send the invitation again or withdraw it."
        )
    ]
    assert len(mails(cast)) == 1


def test_inviting_twice_at_the_same_moment_sends_one(cast: Cast) -> None:
    partnership = opened(cast)
    start, outcomes = Barrier(2), []

    def invite() -> None:
        start.wait()
        try:
            invited(cast, partnership)
            outcomes.append("invited")
        except ValidationError as refusal:
            outcomes.append(str(refusal.code))
        finally:
            connection.close()

    threads = [Thread(target=invite) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already_invited", "invited"]
    assert len(mails(cast)) == 1


def test_inviting_itself(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="your own organisation"):
        invited(cast, opened(cast), "school")


def test_inviting_one_that_is_not_in_the_partnership(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="is not in this partnership"):
        invited(cast, opened(cast), "council")


def test_inviting_a_member(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="is already a member"):
        invited(cast, shared(cast))


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "two@x.example, three@x.example"])
def test_an_address_that_is_none(cast: Cast, address: str) -> None:
    partnership = opened(cast)

    with pytest.raises(ValidationError) as refusal, acting_as(cast.school_editor) as by:
        services.invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            email=address,
        )

    assert set(refusal.value.error_dict) == {"email"}
    assert member(cast, partnership, "health").state == MemberState.RECORDED


@pytest.mark.parametrize("part", ["school_viewer", "health_manager", "stranger"])
def test_only_editors_of_the_owner_invite(cast: Cast, part: str) -> None:
    partnership = shared(cast)

    with pytest.raises(PermissionDenied), acting_as(cast.actors[part]) as by:
        services.invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("council"),
            email="door@council.example",
        )


def test_once_accepted_the_partner_sees_what_was_shared_and_nothing_internal(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    with acting_as(cast.school_editor) as by:
        for summary, internal in (("For both", False), ("For us", True)):
            log_conversation(
                by=by,
                partnership=partnership,
                kind="call",
                held_on=today(),
                summary=summary,
                internal=internal,
            )

    answered(cast, invited(cast, partnership))

    with acting_as(cast.health_editor):
        assert [c.summary for c in Conversation.objects.all()] == ["For both"]
        assert Partnership.objects.get().name == "Health hub"
        assert Invitation.objects.get().used_at is not None
    with acting_as(cast.stranger):
        assert not Member.objects.exists()


def test_the_inviter_is_told_the_answer(cast: Cast) -> None:
    answered(cast, invited(cast, opened(cast)))

    with acting_as(cast.health_editor):
        told = Delivery.objects.get(kind="invitation_answered")
    assert told.recipient == cast.users["school_editor"].email


def test_declining_gives_the_reason_and_nothing_is_seen(cast: Cast) -> None:
    partnership = opened(cast)

    answered(cast, invited(cast, partnership), accept=False)

    place = member(cast, partnership, "health")
    assert (place.state, place.decline_reason) == (MemberState.DECLINED, "Not this year")
    with acting_as(cast.health_editor):
        assert not Partnership.objects.exists()


def test_declining_needs_a_reason(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)
    place = member(cast, partnership, "health", by="school_editor")

    with pytest.raises(ValidationError) as refusal, acting_as(cast.health_editor) as by:
        services.answer_invitation(by=by, member=place, accept=False, reason="  ")

    assert refusal.value.message_dict == {"reason": ["Tell Windsor Academy Trust why"]}


def test_after_a_refusal_it_can_be_invited_again(cast: Cast) -> None:
    partnership = opened(cast)
    answered(cast, invited(cast, partnership), accept=False)

    answered(cast, invited(cast, partnership))

    assert member(cast, partnership, "health").state == MemberState.ACCEPTED


@pytest.mark.parametrize("part", ["school_editor", "stranger", "council_editor"])
def test_nobody_answers_for_another_organisation(cast: Cast, part: str) -> None:
    partnership = opened(cast)
    invited(cast, partnership)
    place = member(cast, partnership, "health")

    with pytest.raises(PermissionDenied), acting_as(cast.actors[part]) as by:
        services.answer_invitation(by=by, member=place, accept=True)


def test_answering_twice(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    answered(cast, invitation)

    with pytest.raises(ValidationError, match="answered this invitation on"):
        answered(cast, invitation, accept=False)


def test_answering_after_it_expired(cast: Cast, superuser: psycopg.Connection) -> None:
    invitation = invited(cast, opened(cast))
    expire(superuser, invitation)

    with pytest.raises(ValidationError, match=r"expired on .* Ask Windsor Academy Trust"):
        answered(cast, invitation)


def test_answering_after_it_was_withdrawn(cast: Cast) -> None:
    partnership = opened(cast)
    invitation = invited(cast, partnership)
    place = member(cast, partnership, "health")
    with acting_as(cast.school_editor) as by:
        services.revoke_invitation(by=by, invitation=invitation)

    with acting_as(cast.health_editor):
        assert not Member.objects.exists(), "it is not even told that it is recorded"
    with pytest.raises(PermissionDenied), acting_as(cast.stranger) as by:
        services.answer_invitation(by=by, member=place, accept=True)


def test_sending_again_renews_it_and_ends_the_email_before(
    cast: Cast, superuser: psycopg.Connection
) -> None:
    invitation = invited(cast, opened(cast))
    expire(superuser, invitation)

    with acting_as(cast.school_editor) as by:
        again = services.resend_invitation(
            by=by, invitation=invitation, email="right@health.example"
        )

    assert (again.sending, again.is_open) == (2, True)
    waiting = [(m[1], m[2]) for m in mails(cast) if m[3] in ("pending", "taken")]
    assert ("door@health.example", 1) not in waiting
    assert ("right@health.example", 2) in waiting
    answered(cast, again)


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_what_has_ended_is_neither_sent_again_nor_withdrawn(cast: Cast, how: str) -> None:
    invitation = invited(cast, opened(cast))
    if how == "answered":
        answered(cast, invitation)
    else:
        with acting_as(cast.school_editor) as by:
            services.revoke_invitation(by=by, invitation=invitation)

    for change in (services.resend_invitation, services.revoke_invitation):
        with pytest.raises(ValidationError, match=how), acting_as(cast.school_editor) as by:
            change(by=by, invitation=invitation)


def test_withdrawing_takes_back_an_email_that_has_not_gone(cast: Cast) -> None:
    partnership = opened(cast)
    invitation = invited(cast, partnership)

    with acting_as(cast.school_editor) as by:
        services.revoke_invitation(by=by, invitation=invitation)

    assert member(cast, partnership, "health").state == MemberState.RECORDED
    assert [m[3] for m in mails(cast)] == ["cancelled"]
