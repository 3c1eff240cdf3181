"""What becomes of initiatives when an organisation leaves Tandem, or one partnership.

Those that it looks after pass to the organisation that looks after the partnership; where that is
itself, any member may take them on. Its people lead none any more.
"""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from frontend.wording import counted
from initiatives.plans.models import Initiative, Lead, Stage
from initiatives.plans.services import pass_on
from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

# Before its partnerships are left, without which they could not be read.
FIRST = 16


def settle_initiatives(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Pass on what it looks after, and take its people off; says how many."""
    passed = list(_looked_after(by, partnership).select_related("partnership", "organisation"))
    for each in passed:
        pass_on(by=by, initiative=each, to_organisation_id=each.partnership.owner_id)
    leads, _ = _leads(by, partnership).delete()
    return {"initiatives_passed_on": len(passed), "leads_ended": leads}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    number = _looked_after(by, partnership).count()
    leads = _leads(by, partnership).count()
    words = []
    if number:
        said = "passes" if number == 1 else "pass"
        words.append(
            f"{counted(number, 'initiative')} that it looks after {said} to whoever looks after "
            "the partnership"
        )
    if leads:
        said = "has" if leads == 1 else "have"
        words.append(f"{counted(leads, 'initiative')} that its people lead {said} no lead there")
    return words


def _looked_after(by: Actor, partnership: Partnership | None) -> QuerySet[Initiative]:
    """Those under way, of one partnership or of all, that somebody else can take over."""
    return (
        Initiative.objects.filter(
            Q(partnership=partnership) if partnership else Q(),
            acl__overlap=[by.organisation_id],
            organisation=by.organisation_id,
            withdrawn_at=None,
        )
        .exclude(stage=Stage.FINISHED)
        .exclude(partnership__owner_id=F("organisation_id"))
    )


def _leads(by: Actor, partnership: Partnership | None) -> QuerySet[Lead]:
    return Lead.objects.filter(
        Q(partnership=partnership) if partnership else Q(),
        acl__overlap=[by.organisation_id],
        organisation=by.organisation_id,
    )


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(settle_initiatives, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(settle_initiatives, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
