"""Saying that a contact of the directory is wrong, and what its admin makes of it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.directory_services import confirm_posting, require_admin
from contacts.keeping import mail
from contacts.models import Posting, Report, ReportKind, ReportState
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission


@transaction.atomic
def report_posting(*, by: Actor, posting: Posting, kind: str, note: str = "") -> Report:
    """Say that a contact of a directory is wrong; its region's admin is asked to look.

    `kind` is one of ReportKind. Raises ValidationError for somebody who has left already, or
    when the acting organisation said so before and it is not decided yet.
    """
    permissions.require(by, Permission.REPORT_POSTING, posting)
    assert by.organisation_id is not None
    if posting.ended_on is not None:
        raise ValidationError("They are recorded as having left already")
    try:
        with transaction.atomic():
            report = Report.objects.create(
                posting=posting,
                organisation_id=by.organisation_id,
                user_id=by.user_id,
                kind=ReportKind(kind),
                note=note.strip(),
            )
    except IntegrityError as problem:
        raise ValidationError(
            "Your organisation has said so already. The regional admin is looking into it"
        ) from problem
    audit.record("contact reported", by=by, obj=posting, changes={"kind": str(report.kind)})
    return report


@transaction.atomic
def decide_report(*, by: Actor, report: Report, applied: bool, answer: str = "") -> Report:
    """Say, as the region's admin, that a contact was put right, or stays as it was.

    Once no report of it is open, it is no longer disputed; one that stays as it was counts as
    checked today. The reporter is told by e-mail. Raises ValidationError if decided already.
    """
    require_admin(by, report.posting)
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.state != ReportState.OPEN:
        raise ValidationError("This has been decided already")
    held.state = ReportState.APPLIED if applied else ReportState.DISMISSED
    held.answer, held.decided_at, held.decided_by_id = answer.strip(), timezone.now(), by.user_id
    held.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    posting = Posting.objects.select_related("person", "organisation", "region").get(
        pk=held.posting_id
    )
    still_open = Report.objects.filter(posting=posting, state=ReportState.OPEN).exists()
    if not still_open and posting.ended_on is None:
        if applied:
            posting.disputed_at = None
            posting.save(update_fields=["disputed_at"])
        else:
            confirm_posting(by=by, posting=posting)
    audit.record("report decided", by=by, obj=posting, changes={"decision": str(held.state)})
    mail.say_decided(held, posting)
    return held
