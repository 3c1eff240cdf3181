"""Somebody leaves: their post ends, who takes over, and the note that they are asked for."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from contacts.directory_services import end_posting, list_posting, require_admin
from contacts.keeping import hand_over_links, mail
from contacts.models import HandOver, Listing, Posting
from organisations import audit
from organisations.actor import Actor

LONGEST_NOTE = 4000


@transaction.atomic
def record_leaver(
    *,
    by: Actor,
    posting: Posting,
    on: date,
    successor: Posting | None = None,
    ask_for_note: bool = False,
) -> Posting | None:
    """End somebody's post with their last day; `successor`, who is in post there, takes it over.

    The successor gets a posting in the same role from the day after; it is given back, and has
    not been checked. Without one the role stays visible as vacant. Partnerships that relied on
    the leaver are told. Raises ValidationError, keyed by field.
    """
    require_admin(by, posting)
    if posting.ended_on is not None:
        raise ValidationError("They are recorded as having left already")
    if successor is not None and (
        successor.organisation_id != posting.organisation_id
        or successor.ended_on is not None
        or successor.listing != Listing.LISTED
        or successor.pk == posting.pk
    ):
        raise ValidationError({"successor": "Choose somebody who is in post there"})
    if on > timezone.localdate() + timedelta(days=366):
        raise ValidationError({"on": "Their last day must be within a year from now"})
    if posting.started_on is not None and on < posting.started_on:
        raise ValidationError({"on": "Their last day must be on or after their first"})
    end_posting(by=by, posting=posting, on=on)
    if ask_for_note:
        ask_for_hand_over(by=by, posting=posting)
    if successor is None:
        return None
    assert posting.region is not None
    taken = list_posting(
        by=by,
        region=posting.region,
        organisation=posting.organisation,
        name=successor.person.name,
        job_title=posting.job_title,
        email=successor.details.email,
        telephone=successor.details.telephone,
        role_type=posting.role_type,
        place=posting.place,
        visibility=posting.visibility,
        source=successor.source or "Known as the deputy",
        lawful_basis=posting.lawful_basis,
        started_on=on + timedelta(days=1),
    )
    taken.person = successor.person
    taken.save(update_fields=["person"])
    audit.record("contact succeeded", by=by, obj=taken, changes={"posting": [posting.pk, taken.pk]})
    return taken


@transaction.atomic
def ask_for_hand_over(*, by: Actor, posting: Posting) -> HandOver:
    """Ask somebody who leaves, by e-mail, for a note to whoever comes next. Once."""
    require_admin(by, posting)
    if HandOver.objects.filter(posting=posting).exists():
        raise ValidationError("They have been asked for a note already")
    asked = HandOver.objects.create(posting=posting, asked_by_id=by.user_id)
    audit.record("hand-over note asked for", by=by, obj=posting)
    mail.ask_for_note(asked, posting)
    return asked


@transaction.atomic
def write_hand_over(*, ref: str, text: str) -> bool:
    """Keep what the holder of a link typed; False when it was written before, or is too late.

    Nobody is signed in: the database writes, by the reference that only the link carries.
    """
    found = hand_over_links.about(ref)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.write_hand_over(%s, %s)", [ref, text.strip()])
        written = bool(cursor.fetchone()[0])
    if written and found is not None:
        audit.record("hand-over note written", by=None, obj=Posting(pk=found.posting_id))
    return written
