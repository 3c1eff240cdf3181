"""Who is invited to a touchpoint: kept up to date with the contacts, and whom its e-mails reach.

No permission is asked here and nothing is put on record: the services do that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Least, TruncDate
from django.utils import timezone

from calendars.london import LONDON, today
from contacts.models import Posting, WorkDetails
from organisations.actor import Actor
from organisations.models import Delivery, Organisation
from partnerships.record.models import Member, NamedContact, Partnership
from partnerships.record.recipients import (
    TAKING_PART,
    Recipient,
    contact_behind,
    people_to_tell,
)
from partnerships.touchpoints.models import Answer, Attendee, Touchpoint

NO_ANSWER = {
    "answer": Answer.NEEDS_ACTION,
    "answered_at": None,
    "answered_by": None,
    "answered_way": "",
    "answered_revision": None,
    "stamp": None,
}


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to whom an e-mail about a touchpoint may still go.

    `function` is what they are in the partnership, empty for somebody chosen besides.
    """

    posting: Posting
    organisation: Organisation
    function: str

    @property
    def name(self) -> str:
        """What they are called."""
        return self.posting.person.name


@dataclass(frozen=True, slots=True)
class TakenOff:
    """Somebody who need not come any more, and who it is as far as that may still be known."""

    posting: Posting | None
    organisation: Organisation
    function: str = ""

    @property
    def name(self) -> str:
        """What they are called."""
        return self.posting.person.name if self.posting else ""


def follow_contacts(partnership: Partnership, touchpoints: Sequence[Touchpoint]) -> list[Attendee]:
    """Have the contact of each organisation among those invited; gives back those taken off.

    For touchpoints of one partnership, however many: as many statements for all as for one. Who
    was taken off (`follows_contact` no longer) stays so.
    """
    if not touchpoints:
        return []
    people = people_to_tell(partnership)
    rows = Attendee.objects.filter(touchpoint__in=touchpoints)
    there = set(rows.values_list("touchpoint_id", "posting_id"))
    now = timezone.now()
    Attendee.objects.bulk_create(
        Attendee(
            touchpoint=touchpoint,
            partnership_id=touchpoint.partnership_id,
            organisation_id=person.organisation_id,
            posting_id=person.posting_id,
            asked_revision=touchpoint.revision,
            added_at=now,
        )
        for touchpoint in touchpoints
        for person in people
        if (touchpoint.pk, person.posting_id) not in there
    )
    contacts = NamedContact.objects.filter(partnership=partnership, ended_at=None).values("posting")
    follow = rows.filter(follows_contact=True)
    # A former contact who is the deputy now had been invited, and is again.
    follow.filter(posting__in=contacts, removed_at__isnull=False).update(
        removed_at=None, added_at=now, **_asked_anew()
    )
    former = list(follow.filter(removed_at=None).exclude(posting__in=contacts))
    if former:
        rows.filter(pk__in=[row.pk for row in former]).update(removed_at=now)
    return former


def invite_those_of(before: Touchpoint, touchpoint: Touchpoint) -> list[int]:
    """Invite to one touchpoint whoever was chosen for another besides the contacts, if they still
    work for an organisation taking part; gives back their postings."""
    there = Attendee.objects.filter(touchpoint=touchpoint).values("posting")
    chosen = _at_work(before).filter(follows_contact=False, removed_at=None)
    rows = Attendee.objects.bulk_create(
        Attendee(
            touchpoint=touchpoint,
            partnership_id=touchpoint.partnership_id,
            organisation_id=row.organisation_id,
            posting_id=row.posting_id,
            follows_contact=False,
            asked_revision=touchpoint.revision,
        )
        for row in chosen.exclude(posting__in=there)
    )
    return [row.posting_id for row in rows]


def is_oneself(actor: Actor, attendee: Attendee) -> bool:
    """Whether somebody invited is the person who is signed in: they confirmed that address."""
    details = WorkDetails.objects.filter(posting=attendee.posting_id).first()
    return (
        details is not None
        and EmailAddress.objects.filter(
            user_id=actor.user_id, verified=True, email__iexact=details.email
        ).exists()
    )


def time_has_changed(touchpoints: Collection[Touchpoint]) -> None:
    """Ask everyone anew: what they said was about another time. After the touchpoints are saved."""
    rows = Attendee.objects.filter(touchpoint__in=touchpoints)
    # An answer that is being given just now is waited for: of the old time, it is taken back too.
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    rows.exclude(answer=Answer.NEEDS_ACTION).update(said_before=F("answer"), **_asked_anew())
    rows.filter(answer=Answer.NEEDS_ACTION).update(asked_revision=_REVISION)


_REVISION = Subquery(Touchpoint.objects.filter(pk=OuterRef("touchpoint")).values("revision")[:1])


def _asked_anew() -> dict[str, object]:
    return {**NO_ANSWER, "asked_revision": _REVISION}


def people_invited(touchpoint: Touchpoint) -> list[Recipient]:
    """Everyone who is invited and whom an e-mail reaches; an address that comes twice, once."""
    by_address = {
        row.posting.details.email.lower(): Recipient(
            posting_id=row.posting_id,
            email=row.posting.details.email,
            name=row.posting.person.name,
            organisation_id=row.organisation_id,
            organisation=row.organisation.name,
        )
        for row in reachable(touchpoint)
    }
    return list(by_address.values())


def reachable(touchpoint: Touchpoint) -> QuerySet[Attendee]:
    """Those invited who still work for an organisation taking part and whose address takes mail."""
    return reachable_or_left(touchpoint).filter(organisation__left_at=None)


def sides_without_anybody(touchpoint: Touchpoint) -> set[int]:
    """The organisations of which people are invited, and each has said that they do not come or
    has left their post."""
    rows = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None).order_by()
    coming = rows.exclude(answer=Answer.DECLINED).exclude(has_left_before())
    sides = rows.values_list("organisation_id", flat=True)
    return {*sides} - {*coming.values_list("organisation_id", flat=True)}


def has_left_before() -> Exists:
    """Of an attendee: their post ended before the day of the touchpoint, and by today. Whoever may
    not see the posting any more does not learn it."""
    begins = ExpressionWrapper(OuterRef("touchpoint__starts_at"), DateTimeField())
    day = TruncDate(begins, tzinfo=LONDON)
    return Exists(
        Posting.objects.filter(pk=OuterRef("posting_id"), ended_on__lt=Least(day, today()))
    )


def invited_behind(delivery: Delivery, touchpoint: Touchpoint) -> Invited | None:
    """For whom an e-mail is, if they are still invited and may be told; with the same address.

    A contact for as long as they are one; somebody chosen besides until they are taken off.
    """
    row = (
        reachable_or_left(touchpoint)
        .filter(posting=delivery.posting_id, posting__details__email__iexact=delivery.recipient)
        .first()
    )
    if row is not None and not row.follows_contact:
        return Invited(row.posting, row.organisation, "")
    if row is None and was_taken_off(touchpoint, delivery.posting_id):
        return None
    contact = contact_behind(delivery, touchpoint.partnership)
    if contact is None:
        return None
    return Invited(contact.posting, contact.organisation, contact.get_function_display().lower())


def taken_off_behind(delivery: Delivery, *touchpoints: Touchpoint) -> TakenOff | None:
    """For whom the news is that they need not come to one of these, if it holds and reaches them.

    Who they are the sender may not see any more; that it was sent an invitation, it knows.
    """
    row = (
        Attendee.objects.filter(
            touchpoint__in=touchpoints, posting=delivery.posting_id, removed_at__isnull=False
        )
        .select_related("organisation")
        .first()
    )
    if row is None:
        return None
    posting = (
        Posting.objects.filter(pk=row.posting_id)
        .select_related("person", "details", "recorded_by", "region")
        .first()
    )
    if posting is not None and (
        posting.bounced_at is not None
        or (posting.ended_on is not None and posting.ended_on < today())
    ):
        return None
    return TakenOff(posting, row.organisation)


def reachable_or_left(touchpoint: Touchpoint) -> QuerySet[Attendee]:
    """The same, and those of an organisation that has left: of a cancellation they still hear."""
    return _rows(touchpoint).filter(removed_at=None)


def _at_work(touchpoint: Touchpoint) -> QuerySet[Attendee]:
    still_there = Q(posting__ended_on=None) | Q(posting__ended_on__gte=today())
    taking_part = Member.objects.filter(
        partnership=touchpoint.partnership_id, state__in=TAKING_PART
    )
    return Attendee.objects.filter(
        still_there,
        touchpoint=touchpoint,
        organisation__in=taking_part.values("organisation"),
    )


def _rows(touchpoint: Touchpoint) -> QuerySet[Attendee]:
    return (
        _at_work(touchpoint)
        .filter(posting__bounced_at=None, posting__details__isnull=False)
        .select_related(*_WHAT_LETTERS_SAY)
        .order_by("organisation__name", "pk")
    )


_WHAT_LETTERS_SAY = (
    "posting__person",
    "posting__details",
    "posting__recorded_by",
    "posting__region",
    "organisation",
)


def was_taken_off(touchpoint: Touchpoint, posting_id: int | None) -> bool:
    """Whether somebody was invited and is no longer."""
    return Attendee.objects.filter(
        touchpoint=touchpoint, posting=posting_id, removed_at__isnull=False
    ).exists()
