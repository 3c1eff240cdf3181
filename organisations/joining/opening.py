"""A manager accepts the processing terms; the first acceptance opens the organisation."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.joining import mail, terms
from organisations.joining.registry import on_joined
from organisations.models import Organisation, TermsAcceptance


@transaction.atomic
def accept_terms(*, by: Actor, organisation: Organisation, version: int) -> bool:
    """Accept a version of the terms for an organisation; say whether that opened it.

    On opening, those who had recorded things about it are told before its people see a page.
    Raises PermissionDenied for anybody but its managers, ValidationError for a version that is
    not the current one or an organisation that is suspended.
    """
    if not terms.managed_by(by, organisation):
        raise PermissionDenied("You may not accept the terms for this organisation.")
    if version != terms.CURRENT:
        raise ValidationError("There is a newer version of the terms. Read that one first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.hold_people(%s)", [organisation.pk])
    organisation = Organisation.objects.get(pk=organisation.pk)
    if organisation.suspended_at is not None:
        raise ValidationError(f"{organisation} is suspended. Ask an operator.")
    acceptance = TermsAcceptance.objects.create(
        organisation=organisation, version=version, user_id=by.user_id
    )
    audit.record(
        "processing terms accepted",
        by=by,
        obj=acceptance,
        changes={"organisation": organisation.pk, "version": [None, version]},
    )
    if organisation.joined_at is not None:
        return False
    Organisation.objects.filter(pk=organisation.pk, joined_at=None).update(
        joined_at=TransactionNow(), left_at=None
    )
    audit.record("organisation joined", by=by, obj=organisation)
    organisation.refresh_from_db()
    for tell in on_joined.listeners:
        tell(organisation, by)
    mail.say_opened(organisation)
    return True
