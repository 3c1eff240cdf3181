"""The address that GOV.UK Notify calls when it knows what became of an e-mail."""

from __future__ import annotations

import json
from http import HTTPStatus

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from organisations.outbox.notify import receipts

logger = structlog.get_logger("tandem.outbox")

LONGEST_BODY = 10_000  # bytes; a report has about five hundred
LONGEST_TEXT = 200
FIELDS = ("id", "reference", "status")


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def delivery(request: HttpRequest) -> HttpResponse:
    """Take one report. 204 also for an e-mail that is none of ours: asking again helps nobody."""
    if not settings.NOTIFY_CALLBACK_TOKEN:
        raise Http404("no reports are taken")
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(token, settings.NOTIFY_CALLBACK_TOKEN):
        return HttpResponse(
            status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer realm="notify"'}
        )
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    report = _read(request.body)
    if report is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    worse = receipts.note(
        reference=report["reference"], notification_id=report["id"], status=report["status"]
    )
    logger.info("report of a delivery", status=report["status"], worse=worse)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _read(body: bytes) -> dict[str, str] | None:
    """The three fields that matter; None for what is no report."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):  # the latter for brackets within brackets
        return None
    if not isinstance(found, dict):
        return None
    # An e-mail that somebody sent from Notify's own pages has no reference.
    report = {name: found.get(name) or "" for name in FIELDS}
    if any(not isinstance(value, str) or len(value) > LONGEST_TEXT for value in report.values()):
        return None
    return None if any("\0" in value for value in report.values()) else report
