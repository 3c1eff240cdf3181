"""Nothing goes out for an organisation that was closed after its e-mail had been asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from organisations import outbox
from organisations.actor import Actor
from organisations.outbox import engine
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.touchpoints.services import schedule_touchpoint
from tests.cast import Cast
from tests.outbox.conftest import Ask, Looker
from tests.outbox.post_office import PostOffice
from tests.record.arranging import acting_as, answered, invited, named, opened

CLOSED = {
    "suspended_at = now()": "The organisation on whose behalf it would go is suspended.",
    "left_at = now(), joined_at = NULL": "The organisation on whose behalf it would go has left.",
}


@pytest.mark.parametrize("closed", CLOSED)
def test_it_is_asked_again_just_before_sending(
    ask: Ask,
    by: Actor,
    cast: Cast,
    ledger_rows: Looker,
    post_office: PostOffice,
    superuser: Any,
    closed: str,
) -> None:
    """Closed without withdrawing, as if the e-mail had been asked for in the same moment."""
    ask("a@health.example", subject="ours")
    partner = cast.health_editor
    with acting(partner.scope), transaction.atomic():
        outbox.enqueue(kind="note", subject="theirs", recipient="b@school.example", by=partner)
    superuser.execute(
        f"UPDATE organisations_organisation SET {closed} WHERE id = {by.organisation_id}".encode()
    )

    engine.drain()

    rows = {row["subject"]: (row["state"], row["reason"]) for row in ledger_rows.rows()}
    assert rows == {"ours": ("cancelled", CLOSED[closed]), "theirs": ("sent", "")}
    assert post_office.recipients() == ["b@school.example"]


def test_a_suspended_organisations_contact_is_told_nothing_of_its_partners_touchpoint(
    cast: Cast, superuser: Any
) -> None:
    partnership: Partnership = opened(cast)
    named(cast, partnership)
    answered(cast, invited(cast, partnership))
    named(cast, partnership, part="school", email="ours@school.example")
    with acting_as(cast.school_editor) as by:
        day = timezone.localdate() + timedelta(days=30)
        clock = timezone.now().time().replace(hour=14, minute=0, second=0, microsecond=0)
        schedule_touchpoint(
            by=by, partnership=partnership, kind="update", date=day, time=clock, agenda="Referrals"
        )
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [cast.organisation("health").pk],
    )

    engine.drain()

    told = {message.to[0] for message in mail.outbox if "Referrals" in str(message.body)}
    assert told == {"ours@school.example"}
