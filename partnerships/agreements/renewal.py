"""Renewing an agreement: the same text with new dates, written and signed anew.

What is in force stays so until every member has signed the renewal, which then replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.agreements.models import OVER, Agreement, AgreementVersion, Stage
from partnerships.agreements.services import add_version, require_order, texts_of

A_DAY = timedelta(days=1)


@transaction.atomic
def renew_agreement(
    *, by: Actor, agreement: Agreement, dates: Mapping[str, date | None]
) -> Agreement:
    """Start the renewal of an agreement from its signed text; the same again does nothing.

    Raises ValidationError for one that is not signed or that is over, and, keyed by field, for
    dates that cannot be.
    """
    permissions.require(by, Permission.CHANGE_AGREEMENT, agreement)
    assert by.organisation_id is not None
    rows = Agreement.objects.select_for_update(of=("self",))
    current = rows.select_related("partnership", "signed_version").get(pk=agreement.pk)
    signed = current.signed_version
    if signed is None or current.stage in OVER:
        raise ValidationError("Only an agreement that is signed and not over can be renewed.")
    under_way = renewal_of(current)
    if under_way is not None:
        return under_way
    require_order(dates)
    made = Agreement.objects.create(
        partnership=current.partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind=current.kind,
        renews=current,
    )
    add_version(by, made, 1, signed.title, dates, signed.facts, texts_of(signed))
    audit.record("agreement renewal started", by=by, obj=made, changes={"renews": current.pk})
    return made


def renewal_of(agreement: Agreement) -> Agreement | None:
    """The renewal that is being prepared, or that has replaced it; none that was given up."""
    rows = agreement.renewals.exclude(stage=Stage.ENDED)
    return rows.select_related("partnership").first()


def dates_of_renewal(signed: AgreementVersion) -> dict[str, date | None]:
    """Dates to begin with: from the day after it expires, or today, for as long as before."""
    starts = max(today(), signed.expires_on + A_DAY) if signed.expires_on else today()
    if signed.starts_on is None:
        return {"starts_on": starts, "review_on": None, "expires_on": None}
    later = starts - signed.starts_on
    return {
        "starts_on": starts,
        "review_on": signed.review_on + later if signed.review_on else None,
        "expires_on": signed.expires_on + later if signed.expires_on else None,
    }
