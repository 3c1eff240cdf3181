"""Writes about people and their postings: recorded, corrected, or found to bounce.

Not here: which posting is a named contact of a partnership (`partnerships.record`).
"""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from contacts.models import Person, Posting, RoleType, WorkDetails
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Delivery, Organisation
from organisations.permissions import Permission

CORRECTED = ("job_title", "role_type")
REACHED_BY = ("email", "telephone")
CHANGED_MEANWHILE = "changed_meanwhile"


@transaction.atomic
def record_posting(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
    role_type: RoleType | None = None,
    source: str = "",
) -> Posting:
    """Record someone at work in a role of `organisation`, seen by the actor's organisation.

    Someone already recorded there by the same name and address is given back instead of a
    second one. Raises ValidationError, keyed by field, when something is missing.
    """
    permissions.require(by, Permission.RECORD_POSTING)
    assert by.organisation_id is not None
    name, job_title, email = name.strip(), job_title.strip(), email.strip()
    require_details(name=name, job_title=job_title, email=email)
    known = Posting.objects.filter(
        acl__overlap=[by.organisation_id],
        organisation=organisation,
        ended_on=None,
        person__name__iexact=name,
        details__email__iexact=email,
    ).first()
    if known is not None:
        return known
    person = Person.objects.create(name=name, recorded_by_id=by.organisation_id)
    posting = Posting.objects.create(
        person=person,
        organisation=organisation,
        role_type=role_type,
        job_title=job_title,
        source=source.strip(),
        recorded_by_id=by.organisation_id,
    )
    WorkDetails.objects.create(posting=posting, email=email, telephone=telephone.strip())
    audit.record(
        "posting recorded", by=by, obj=posting, changes={"organisation": [None, organisation.pk]}
    )
    return posting


@transaction.atomic
def correct_posting(
    *,
    by: Actor,
    posting: Posting,
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
    role_type: RoleType | None = None,
    based_on: str | None = None,
) -> Posting:
    """Correct the details of a posting that the actor's organisation recorded.

    A new address has not bounced and has not been checked. `based_on` is the `version_of` what
    the person saw. Raises PermissionDenied for a posting of someone else's, ValidationError when
    something is missing, and (CHANGED_MEANWHILE) when it has been corrected since.
    """
    permissions.require(by, Permission.CORRECT_POSTING, posting)
    name, job_title, email = name.strip(), job_title.strip(), email.strip()
    require_details(name=name, job_title=job_title, email=email)
    posting = (
        Posting.objects.select_for_update(of=("self",))
        .select_related("person", "details")
        .get(pk=posting.pk)
    )
    if based_on is not None and based_on != version_of(posting):
        raise ValidationError(
            "Somebody else corrected these details while you were writing. Nothing is lost: "
            "compare both, then save the ones to keep.",
            code=CHANGED_MEANWHILE,
        )
    details = posting.details
    given = {
        "job_title": job_title,
        "role_type": role_type,
        "email": email,
        "telephone": telephone.strip(),
    }
    changed = [field for field in CORRECTED if getattr(posting, field) != given[field]]
    reached = [field for field in REACHED_BY if getattr(details, field) != given[field]]
    for field in changed:
        setattr(posting, field, given[field])
    for field in reached:
        setattr(details, field, given[field])
    if "email" in reached:
        posting.bounced_at, posting.checked_at, posting.checked_by = None, None, ""
        posting.save(update_fields=[*changed, "bounced_at", "checked_at", "checked_by"])
        details.bounce_reason = ""
        details.save(update_fields=[*reached, "bounce_reason"])
    else:
        if changed:
            posting.save(update_fields=changed)
        if reached:
            details.save(update_fields=reached)
    changed += reached
    if posting.person.name != name:
        posting.person.name = name
        posting.person.save(update_fields=["name"])
        changed.append("name")
    if changed:
        audit.record("posting corrected", by=by, obj=posting, changes={"fields": changed})
    return posting


def version_of(posting: Posting) -> str:
    """Names what is saved of somebody's details, for the form that corrects them."""
    details = posting.details
    said = (posting.person.name, posting.job_title, details.email, details.telephone)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def note_bounce(*, posting_id: int, email: str, reason: str) -> bool:
    """Mark the address of a posting as refusing mail; says whether that was news.

    For the outbox, in the scope of the organisation whose e-mail bounced: it may be a
    partner's posting, which it sees but may not change. An address corrected since is
    left alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.note_bounce(%s, %s, %s)", [posting_id, email, reason])
        marked = bool(cursor.fetchone()[0])
    if marked:
        audit.record("address bounced", by=None, obj=Posting(pk=posting_id))
    return marked


def address_refused(delivery: Delivery) -> None:
    """The `on_dead` of every e-mail to a posting: its address refuses mail, for everyone who
    works with it."""
    if delivery.posting_id is not None:
        note_bounce(
            posting_id=delivery.posting_id,
            email=delivery.recipient,
            reason=delivery.reason or "The mail server refused the address.",
        )


def require_details(*, name: str, job_title: str, email: str) -> None:
    """Raise ValidationError, keyed by field, for what is missing or is no address."""
    missing = {
        "name": "Enter their name" if not name else "",
        "job_title": "Enter their job title" if not job_title else "",
        "email": "Enter their work email address" if not email else "",
    }
    problems = {field: text for field, text in missing.items() if text}
    if problems:
        raise ValidationError(problems)
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValidationError(
            {"email": "Enter an email address in the correct format, like name@example.nhs.uk"}
        ) from problem
