"""What the e-mails about invitations say, and when they are not sent after all."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from contacts.models import WorkDetails
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose, tell_refused
from partnerships.record.invitation_links import link_of
from partnerships.record.models import Invitation
from partnerships.record.services import invite_partner, resend_invitation, revoke_invitation
from tests.cast import Cast
from tests.record.arranging import DETAILS, acting_as, answered, invited, named, opened


def delivery(cast: Cast, kind: str, by: str = "school_editor", revision: int = 1) -> Delivery:
    with acting_as(cast.actors[by]):
        found = Delivery.objects.filter(kind=kind)
        return found.get(revision=revision) if revision else found.get()


def written(waiting: Delivery) -> EmailMultiAlternatives:
    message = compose(waiting)
    assert isinstance(message, EmailMultiAlternatives)
    return message


def test_the_invitation_says_who_invites_whom_and_what_ones_rights_are(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    with acting_as(cast.school_editor) as by:
        invitation = invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            email=DETAILS["email"],
            message="We met on Tuesday.",
        )

    message = written(delivery(cast, "partnership_invitation"))

    html = str(message.alternatives[0][0])
    assert message.to == [DETAILS["email"]]
    assert message.subject == (
        "Windsor Academy Trust invites Walsall Healthcare NHS Trust to a partnership"
    )
    assert "Windsor Academy Trust via" in message.from_email
    for text in (str(message.body), html):
        assert "School editor of Windsor Academy Trust invites Walsall Healthcare" in text
        assert "We met on Tuesday." in text
        assert link_of(invitation) in text
        assert "their website" in text
        assert "corrected or removed" in text
        assert re.search(r"by \d{1,2} \w+ 20\d\d", text)
        assert "A hub" not in text, "nothing of the partnership but its name"


def test_the_message_is_no_markup(cast: Cast) -> None:
    partnership = opened(cast, name="Hub <b>& more</b>")
    with acting_as(cast.school_editor) as by:
        invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            email="door@health.example",
            message="<script>alert(1)</script>",
        )

    message = written(delivery(cast, "partnership_invitation"))

    assert "<script>alert(1)</script>" in str(message.body)
    assert "<script>" not in str(message.alternatives[0][0])
    assert "Hub <b>& more</b>" in str(message.body)


@pytest.mark.parametrize("end", ["withdrawn", "answered", "newer", "expired"])
def test_an_invitation_that_has_lost_its_point_is_not_sent(
    cast: Cast, superuser: psycopg.Connection, end: str
) -> None:
    invitation = invited(cast, opened(cast))
    waiting = delivery(cast, "partnership_invitation")
    if end == "answered":
        answered(cast, invitation)
    elif end == "expired":
        superuser.execute(
            "UPDATE record_invitation SET sent_at = sent_at - interval '29 days', "
            "expires_at = expires_at - interval '29 days'"
        )
    else:
        change = revoke_invitation if end == "withdrawn" else resend_invitation
        with acting_as(cast.school_editor) as by:
            change(by=by, invitation=invitation)

    outcome = compose(waiting)

    assert isinstance(outcome, NotNeeded)
    assert end in outcome.reason


@pytest.mark.parametrize("accept", [True, False])
def test_the_inviter_reads_the_answer(cast: Cast, accept: bool) -> None:
    partnership = opened(cast)
    answered(cast, invited(cast, partnership), accept=accept)

    message = written(delivery(cast, "invitation_answered", by="health_editor", revision=0))

    link = f"{settings.BASE_URL}/r/p-{partnership.ref}/"
    word = "accepted" if accept else "declined"
    assert message.subject == f"Walsall Healthcare NHS Trust {word} your invitation"
    assert message.to == [cast.users["school_editor"].email]
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert (link in text) is accept
        assert ("Not this year" in text) is not accept


def test_an_address_that_refuses_is_marked_where_it_is_a_contacts(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    with acting_as(cast.school_editor) as by:
        invite_partner(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            email=DETAILS["email"].upper(),
        )
    waiting = delivery(cast, "partnership_invitation")
    waiting.reason = "550 no such user"

    tell_refused(waiting)
    tell_refused(waiting)

    with acting_as(cast.school_editor):
        assert WorkDetails.objects.get().bounce_reason == "550 no such user"
        assert Invitation.objects.get().is_open, "it can be sent again to the right address"
