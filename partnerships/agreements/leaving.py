"""What becomes of agreements when an organisation leaves Tandem, or one partnership.

Its text names the leaver as a party: one that is ready to sign goes back to those who write it.
What was signed by all stays in force between those who stay; the leaver's signature stays as well.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from organisations import audit
from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.agreements import announcements
from partnerships.agreements.models import RELATED, Agreement, Signatory, Stage
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

LEFT = "A member has left the partnership."
# Before its partnerships are left, without which they could not be read.
FIRST = 12


def settle_agreements(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Take back what is ready to sign, and end who signs for the leaver; says how many of both."""
    ready = list(_ready(by, partnership).select_for_update(of=("self",)))
    for agreement in ready:
        agreement.stage = Stage.DRAFTING
        agreement.save(update_fields=["stage"])
        announcements.no_longer_to_sign(agreement, LEFT)
        changes = {"stage": [str(Stage.APPROVAL), str(Stage.DRAFTING)]}
        audit.record("agreement stage changed", by=by, obj=agreement, changes=changes)
    assert by.organisation_id is not None
    signatories = Signatory.objects.filter(
        acl__overlap=[by.organisation_id], organisation_id=by.organisation_id, ended_at=None
    )
    if partnership is not None:
        signatories = signatories.filter(partnership=partnership)
    ended = signatories.update(ended_at=timezone.now())
    return {"agreements_taken_back": len(ready), "signatories_ended": ended}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    count = _ready(by, partnership).count()
    if not count:
        return []
    what = "1 agreement" if count == 1 else f"{count} agreements"
    goes = "goes" if count == 1 else "go"
    return [
        f"{what} ready to sign {goes} back to being drafted, because the text names it as a party"
    ]


def _ready(by: Actor, partnership: Partnership | None) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(
        acl__overlap=[by.organisation_id], stage=Stage.APPROVAL, partnership__closed_at=None
    ).select_related(*RELATED)
    return found.filter(partnership=partnership) if partnership else found


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(settle_agreements, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(settle_agreements, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
