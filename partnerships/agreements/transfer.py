"""An agreement passes from an organisation that has closed to one that took over from it.

Its text names the successor instead, in a new version, which every member signs anew: an agreement
binds nobody who has not signed it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation, Succession
from organisations.permissions import Permission
from partnerships.agreements.models import OVER, TRANSFERRED, Agreement, AgreementVersion
from partnerships.agreements.selectors import version_of
from partnerships.agreements.services import next_version, texts_of
from partnerships.agreements.wording import party
from partnerships.record.models import Member
from partnerships.record.recipients import TAKING_PART


@dataclass(frozen=True, slots=True)
class Transfer:
    """From whom to whom; whether the successor is in the partnership, without which it cannot."""

    former: Organisation
    successor: Organisation
    is_there: bool

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.former.pk}-{self.successor.pk}"


def transfers_of(agreement: Agreement, version: AgreementVersion) -> list[Transfer]:
    """Who took over from an organisation of the partnership that has closed and that the text
    still names; two statements at most."""
    if agreement.stage in OVER:
        return []
    rows = Member.objects.filter(partnership_id=agreement.partnership_id).select_related(
        "organisation"
    )
    members = {each.organisation_id: each for each in rows}
    closed = [
        each.organisation_id
        for each in members.values()
        if each.organisation.closed_on is not None
        and each.organisation.closed_on <= today()
        and each.organisation.name in version.text
    ]
    if not closed:
        return []
    found = Succession.objects.filter(predecessor__in=closed, happened_on__lte=today())
    return [
        Transfer(
            each.predecessor,
            each.successor,
            each.successor_id in members and members[each.successor_id].state in TAKING_PART,
        )
        for each in found.select_related("predecessor", "successor").order_by(
            "predecessor__name", "successor__name"
        )
    ]


@transaction.atomic
def transfer_agreement(
    *, by: Actor, agreement: Agreement, former: Organisation, successor: Organisation
) -> AgreementVersion:
    """Name a successor instead of the organisation that has closed: a new version, to be signed.

    Raises ValidationError where there is no such succession, where the successor is not in the
    partnership, and for an agreement that is over.
    """
    permissions.require(by, Permission.CHANGE_AGREEMENT, agreement)
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("partnership")
    current = rows.get(pk=agreement.pk)
    newest = version_of(current)
    asked = (former.pk, successor.pk)
    known = {(t.former.pk, t.successor.pk): t for t in transfers_of(current, newest)}
    if asked not in known:
        raise ValidationError(
            "Nothing is to be transferred: the text does not name an organisation that has closed "
            "and that this one took over from."
        )
    if not known[asked].is_there:
        raise ValidationError(f"{successor.name} is not in the partnership yet. Add it first.")
    made = next_version(
        by,
        current,
        newest,
        title=newest.title.replace(former.name, successor.name),
        texts={key: _renamed(text, former, successor) for key, text in texts_of(newest).items()},
        changed=TRANSFERRED,
    )
    audit.record(
        "agreement transferred",
        by=by,
        obj=current,
        changes={"version": made.number, "party": [former.pk, successor.pk]},
    )
    return made


def _renamed(text: str, former: Organisation, successor: Organisation) -> str:
    """The text with the successor in it, with its code where the former's stood."""
    return text.replace(party(former), party(successor)).replace(former.name, successor.name)
