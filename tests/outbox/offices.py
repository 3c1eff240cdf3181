"""The kinds that go to whoever holds an office, as rows beside those of `just_before_sending`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from psycopg.rows import dict_row

from contacts.directory.services import ask_for_details
from organisations.exporting import mail as exporting
from organisations.models import Delivery, RecordsExport, SupportSession
from organisations.services import ask_to_join
from organisations.support import mail as support
from organisations.tenancy.scope import acting
from tests.directory.arranging import admin_of, listed
from tests.organisations.test_joining import ANSWERS
from tests.outbox.just_before_sending import MANAGERS_ROW, ONE_OFF, Case, Row, Stage

ON_NOBODYS_BEHALF = "It goes on nobody's behalf."
NO_MEMBER = "It goes to somebody who belongs to no organisation."
OF_NO_PARTNERSHIP = "It is about no partnership."
HEARS_ALL_THE_SAME = "Its managers are to know who reads its records, whatever it is to Tandem."
OF_NO_ORGANISATION: dict[Case, str] = {
    Case.SENDER_SUSPENDED: ON_NOBODYS_BEHALF,
    Case.SENDER_LEFT: ON_NOBODYS_BEHALF,
    Case.LEFT_PARTNERSHIP: OF_NO_PARTNERSHIP,
    Case.CHANGED: ONE_OFF,
}
OF_NO_MEMBER: dict[Case, str] = {
    **OF_NO_ORGANISATION,
    **dict.fromkeys((Case.LEFT_POST, Case.READER_SUSPENDED, Case.READER_LEFT), NO_MEMBER),
}


def asked_for(stage: Stage, kind: str) -> Delivery:
    """The one of a kind; what goes on nobody's behalf no member reads."""
    with stage.superuser.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT * FROM organisations_delivery WHERE kind = %s", [kind])
        found: list[dict[str, Any]] = cursor.fetchall()
    (row,) = found
    return Delivery(**row)


def _to_decide(stage: Stage) -> Delivery:
    by = stage.by("nobody")
    with acting(by.scope), transaction.atomic():
        ask_to_join(by=by, organisation=stage.of("icb"), **ANSWERS)
    return asked_for(stage, "joining_to_decide")


def _support(stage: Stage) -> Delivery:
    by = stage.by("operator")
    session = SupportSession(
        organisation=stage.of("school"), reason="A report", ends_at=timezone.now()
    )
    with acting(by.scope), transaction.atomic():
        support.say_started(session, by=by)
    return asked_for(stage, "support_started")


def _export(stage: Stage) -> Delivery:
    by = stage.by("school_manager")
    with acting(by.scope), transaction.atomic():
        export = RecordsExport.objects.create(
            organisation_id=by.organisation_id, asked_by_id=by.user_id
        )
        export.expires_at = timezone.now() + timedelta(days=7)
        exporting.say_ready(by, export)
    return asked_for(stage, "records_export_ready")


def _details(stage: Stage) -> Delivery:
    cast = stage.scene.cast
    posting = listed(
        admin_of(cast),
        organisation=stage.of("health"),
        role="school_nurse_lead",
        visibility="request",
    )
    by = stage.by("school_editor")
    with acting(by.scope), transaction.atomic():
        ask_for_details(by=by, posting=posting, reason="Rooms for a clinic")
    return asked_for(stage, "details_asked")


OFFICES: dict[str, Row] = {
    "joining_to_decide": Row(
        _to_decide,
        account="operator",
        over="UPDATE organisations_joiningrequest SET state = 'declined', decided_at = now(), "
        "decided_by_id = user_id, decision_note = 'No'",
        no_office="UPDATE organisations_user SET is_operator = false WHERE is_operator",
        but=OF_NO_MEMBER,
    ),
    "support_started": Row(
        _support,
        **MANAGERS_ROW,
        but={
            **OF_NO_ORGANISATION,
            Case.OVER: "That it was read, they hear once that is over too.",
            Case.READER_SUSPENDED: HEARS_ALL_THE_SAME,
            Case.READER_LEFT: HEARS_ALL_THE_SAME,
        },
    ),
    "records_export_ready": Row(
        _export,
        **MANAGERS_ROW,
        but={Case.CHANGED: ONE_OFF, Case.OVER: "Until when, travels with it: tests/exporting."},
    ),
    "details_asked": Row(
        _details,
        account="nobody",
        over="UPDATE contacts_detailsrequest SET approved = false, decided_at = now(), "
        "decided_by_id = asked_by_id",
        no_office="UPDATE contacts_regiongrant SET ended_at = now(), ended_by_id = user_id",
        but=OF_NO_MEMBER,
    ),
}
