"""What the record holds of an organisation that ends: its places in partnerships, and invitations.

Its place passes to its successor, what it wrote stays under its name
(`docs/decisions/0006-a-successor-takes-its-place.md`). Everyone affected is told once it is done.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse

from frontend.wording import date_words
from organisations import audit, outbox
from organisations.acting_for import on_behalf_of
from organisations.models import (
    Delivery,
    Membership,
    Organisation,
    PersonInvitation,
    Reorganisation,
    ReorganisationRow,
)
from organisations.outbox import NotNeeded
from organisations.reorganising.registry import Affected, register, when_finished
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Member, MemberState, Partnership

REORGANISED = "organisation_reorganised"
MOST_NAMED = 20


def register_own() -> None:
    """Register what is affected, and the e-mail; for `AppConfig.ready`."""
    register(
        Affected(
            name="invitations",
            label="Open invitations into partnerships",
            follows="Withdrawn, because nobody answers for it any more",
            about="An invitation that it sent, or that was sent to it, and that nobody has "
            "answered, is withdrawn. Whoever looks after the partnership can invite again.",
            order=28,
        )
    )
    register(
        Affected(
            name="partnerships",
            label="Partnerships",
            follows="The successor takes its place",
            about="The successor takes its place in the partnership and sees what that side could "
            "see. What was written stays under the former name. You see who is in a "
            "partnership, not what it holds.",
            order=30,
            after=_put_on_record,
        )
    )
    when_finished(tell_everyone)
    outbox.register(
        outbox.Kind(REORGANISED, "An organisation was succeeded", compose, group=outbox.groups.NEWS)
    )


def _put_on_record(rows: list[ReorganisationRow]) -> None:
    """In the trail of each partnership, as its members read it: who took whose place."""
    moved: dict[int, list[ReorganisationRow]] = defaultdict(list)
    for row in rows:
        if row.outcome == "followed" and row.successor_id is not None:
            moved[row.successor_id].append(row)
    for successor, each in moved.items():
        with acting(Scope(organisation_id=successor)):
            for row in each:
                audit.record(
                    "organisation succeeded",
                    by=None,
                    obj=Member(pk=row.result_id),
                    changes={"organisation": [row.reorganisation.predecessor_id, row.successor_id]},
                )


def tell_everyone(reorganisation: Reorganisation) -> None:
    """Ask for one e-mail to each person affected, with the partnerships that they see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.told_of_reorganisation(%s)", [reorganisation.pk])
        told = cursor.fetchall()
    of_organisation: dict[int, list[tuple[str, list[int]]]] = defaultdict(list)
    for address, organisation_id, partnerships in told:
        of_organisation[organisation_id].append((address, partnerships))
    for organisation_id, people in of_organisation.items():
        with acting(Scope(organisation_id=organisation_id)):
            by = on_behalf_of(organisation_id)
            for address, partnerships in people:
                outbox.enqueue(
                    kind=REORGANISED,
                    subject=reorganisation.ref,
                    recipient=address,
                    by=by,
                    payload={
                        "former": reorganisation.predecessor_id,
                        "day": reorganisation.happens_on.isoformat(),
                        "partnerships": partnerships,
                    },
                )


def compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who took whose place in which partnerships, as the reader's organisation sees them."""
    former = Organisation.objects.get(pk=delivery.payload["former"])
    assert delivery.organisation_id is not None
    reader = Organisation.objects.get(pk=delivery.organisation_id)
    named = delivery.payload["partnerships"] if _is_there_still(delivery.recipient, reader) else []
    partnerships = list(
        Partnership.objects.filter(pk__in=named)
        .filter(members__organisation=former, members__state=MemberState.SUCCEEDED)
        .order_by("name", "pk")
    )
    successors = sorted(
        Organisation.objects.filter(predecessions__predecessor=former).values_list(
            "name", flat=True
        )
    )
    page = reverse("succession", kwargs={"organisation_slug": reader.slug, "former": former.slug})
    return outbox.letter(
        REORGANISED,
        subject=f"{former.name} has been succeeded",
        to=delivery.recipient,
        context={
            "former": former,
            "successors": successors,
            "day": date_words(date.fromisoformat(delivery.payload["day"])),
            "partnerships": [
                (each.name, f"{settings.BASE_URL}/r/p-{each.ref}/")
                for each in partnerships[:MOST_NAMED]
            ],
            "more": len(partnerships) - MOST_NAMED,
            "opens": reader.joined_at is None,
            "page": f"{settings.BASE_URL}{page}",
        },
    )


def _is_there_still(address: str, organisation: Organisation) -> bool:
    """Whether somebody belongs to an organisation, or is invited to it from the former one."""
    of_it = Membership.objects.filter(
        organisation=organisation, user__email__iexact=address, ended_at=None
    )
    invited = PersonInvitation.objects.filter(
        organisation=organisation, email=address.lower(), revoked_at=None
    )
    return of_it.exists() or invited.exists()
