"""Writes: what somebody answers with a link, what they ask for, and asking by an admin.

Whoever answers is not signed in. The link names an e-mail that we sent, and the database takes
the answer only while that e-mail may be answered.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from contacts.keeping import followers
from contacts.models import ChangeKind, CheckedBy, Posting, PostingChange
from contacts.services import require_details
from contacts.verification.links import FoundLetter
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.guard_rail import refuse_identifiers
from organisations.permissions import Permission
from organisations.visible_text import in_reading_order

GONE = "This has been answered, or is not needed any more"
REFUSALS = {
    "too_many": {
        "email": "Three new addresses were asked for today. Use the link in one of those emails, "
        "or try again tomorrow"
    },
    "before_start": {"ended_on": "The last day must be on or after the first"},
    "too_far": {"ended_on": "The last day must be within a year from today"},
}


@transaction.atomic
def answer_right(*, letter: FoundLetter) -> None:
    """Everything is still right. Raises ValidationError when nobody asks any more."""
    if not _ask("SELECT tandem.answer_right(%s, %s)", letter.ref, timezone.now()):
        raise ValidationError(GONE)
    _record("contact checked", letter, {"checked_by": _who(letter)})


@transaction.atomic
def answer_changed(
    *,
    letter: FoundLetter,
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
    note: str = "",
) -> bool:
    """Correct what changed; says whether that is all.

    A new address is written to first: it replaces the old one when the link in that e-mail is
    used. Raises ValidationError, keyed by field, for what is missing or refused.
    """
    given = _read(name=name, job_title=job_title, email=email, telephone=telephone, note=note)
    answer = _ask(
        "SELECT tandem.answer_changed(%s, %s, %s, %s, %s, %s, %s)",
        letter.ref,
        timezone.now(),
        *given.values(),
    )
    _refuse(answer)
    before = {"name": letter.name, "job_title": letter.job_title, "telephone": letter.telephone}
    _record_correction(letter.posting_id, given, before, answer, _who(letter))
    return bool(answer == "done")


@transaction.atomic
def answer_left(*, letter: FoundLetter, on: date, note: str = "") -> None:
    """They have left, or leave on a day to come. The region's admin sees it, with the note."""
    note = in_reading_order(note.strip())
    refuse_identifiers(note=note)
    answer = _ask("SELECT tandem.answer_left(%s, %s, %s, %s)", letter.ref, timezone.now(), on, note)
    _refuse(answer)
    _record("contact left", letter, {"ended_on": [None, on.isoformat()], "by": _who(letter)})


@transaction.atomic
def confirm_address(*, letter: FoundLetter) -> None:
    """Put the new address in the place of the old one. Raises ValidationError a second time."""
    if not _ask("SELECT tandem.confirm_address(%s, %s)", letter.ref, timezone.now()):
        raise ValidationError(GONE)
    _record("contact changed", letter, {"fields": ["email"], "checked_by": CheckedBy.PERSON})


@transaction.atomic
def correct_held(
    *,
    letter: FoundLetter,
    posting_id: int,
    posting_ref: str,
    before: dict[str, str],
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
) -> bool:
    """Correct one of the postings that a link shows, as `answer_changed` does."""
    given = _read(name=name, job_title=job_title, email=email, telephone=telephone)
    answer = _ask(
        "SELECT tandem.correct_held(%s, %s, %s, %s, %s, %s, %s)",
        letter.ref,
        posting_ref,
        timezone.now(),
        *given.values(),
    )
    _refuse(answer)
    _record_correction(posting_id, given, before, answer, CheckedBy.PERSON)
    return bool(answer == "done")


@transaction.atomic
def remove_held(*, letter: FoundLetter, posting_ref: str) -> None:
    """Take a posting out of the directory at once, at the person's wish.

    The region's admin and who recorded it are told. Raises ValidationError if the link does not
    show it any more.
    """
    gone = _ask("SELECT tandem.remove_held(%s, %s, %s)", letter.ref, posting_ref, timezone.now())
    if gone is None:
        raise ValidationError("This is not in the directory any more")
    audit.record("contact removed at their wish", by=None, obj=Posting(pk=gone))
    _wake_on_commit()


@transaction.atomic
def ask_for_link(*, email: str) -> None:
    """Send a link to an address, if the directory has it. Nobody learns whether it has."""
    _ask("SELECT tandem.ask_details_link(%s, %s)::text", email.strip(), timezone.now())
    _wake_on_commit()


@transaction.atomic
def ask(*, by: Actor, postings: Collection[Posting]) -> int:
    """Ask the people of these postings now whether their details are right; says how many.

    Left out: whoever was asked within a week, an address that refuses mail, and what is not in
    the directory. Raises PermissionDenied unless the actor manages each posting's region.
    """
    for region in {each.region for each in postings}:
        permissions.require(by, Permission.MANAGE_REGION, region)
    ids = [each.pk for each in postings]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.ask_for_checks(%s, %s)", [ids, timezone.now()])
        asked = [pk for (pk,) in cursor.fetchall()]
    for pk in asked:
        audit.record("contact asked", by=by, obj=Posting(pk=pk))
    _wake_on_commit()
    return len(asked)


@transaction.atomic
def settle(*, by: Actor, change: PostingChange) -> None:
    """Say, as the region's admin, that what follows from a reply was done. Again: nothing.

    Partnerships that relied on somebody who left are told.
    """
    permissions.require(by, Permission.MANAGE_REGION, change.region)
    settled = PostingChange.objects.filter(pk=change.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by_id=by.user_id
    )
    if settled and change.kind == ChangeKind.LEFT:
        followers.left(change.posting)
    if settled:
        audit.record("reply settled", by=by, obj=Posting(pk=change.posting_id))


@transaction.atomic
def note_refused(*, ref: str, reason: str) -> None:
    """An e-mail could not be delivered: mark the posting, if that is its address still."""
    marked = _ask("SELECT tandem.letter_bounced(%s, %s, %s)", ref, timezone.now(), reason)
    if marked is not None:
        audit.record("address bounced", by=None, obj=Posting(pk=marked))


def _read(**texts: str) -> dict[str, str]:
    given = {field: in_reading_order(text.strip()) for field, text in texts.items()}
    require_details(name=given["name"], job_title=given["job_title"], email=given["email"])
    refuse_identifiers(
        name=given["name"],
        job_title=given["job_title"],
        telephone=given["telephone"],
        note=given.get("note", ""),
    )
    return given


def _refuse(answer: str) -> None:
    if answer == "gone":
        raise ValidationError(GONE)
    if answer in REFUSALS:
        raise ValidationError(REFUSALS[answer])


def _record_correction(
    posting_id: int | None, given: dict[str, str], before: dict[str, str], answer: str, who: str
) -> None:
    """Which fields are other than before, and not what they say."""
    changed = [field for field, old in before.items() if given[field] != old]
    changes: dict[str, Any] = {"fields": changed}
    if answer == "done":
        changes["checked_by"] = who
    else:
        changes["new_address"] = "asked for"
        _wake_on_commit()
    audit.record("contact changed", by=None, obj=Posting(pk=posting_id), changes=changes)


def _who(letter: FoundLetter) -> str:
    return CheckedBy.ORGANISATION if letter.by_organisation else CheckedBy.PERSON


def _record(action: str, letter: FoundLetter, changes: dict[str, Any]) -> None:
    audit.record(action, by=None, obj=Posting(pk=letter.posting_id), changes=changes)


def _ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _wake_on_commit() -> None:
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    from contacts.tasks import wake_letters

    wake_letters()
