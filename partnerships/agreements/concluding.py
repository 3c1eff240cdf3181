"""An agreement is concluded once every member has signed one version; it takes two to agree."""

from __future__ import annotations

from organisations import audit
from organisations.actor import Actor
from partnerships.agreements import announcements
from partnerships.agreements.models import OVER, Agreement, AgreementVersion, DataPaper, Stage
from partnerships.agreements.selectors import taking_part
from partnerships.record.models import MemberState


def conclude(by: Actor, agreement: Agreement, version: AgreementVersion) -> bool:
    """Say that it is signed, if every member has signed this version; says whether it is.

    Follows a signature, or that a text is ready which everybody has signed before: for services
    that have asked whether the actor may.
    """
    signed = set(version.signatures.values_list("organisation_id", flat=True))
    members = [
        each.organisation_id
        for each in taking_part(agreement.partnership)
        if each.state == MemberState.ACCEPTED
    ]
    if len(members) < 2 or not signed.issuperset(members):
        return False
    agreement.stage = Stage.SIGNED
    agreement.signed_version = version
    agreement.save(update_fields=["stage", "signed_version"])
    audit.record("agreement agreed", by=by, obj=agreement, changes={"version": version.number})
    announcements.remind(by=by, agreement=agreement, version=version)
    _replace_renewed(by, agreement)
    return True


def _replace_renewed(by: Actor, agreement: Agreement) -> None:
    """What it renews is replaced by it; unless that has ended before."""
    if agreement.renews_id is None:
        return
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("partnership")
    former = rows.get(pk=agreement.renews_id)
    if former.stage in OVER:
        return
    was = former.stage
    former.stage = Stage.VARIED
    former.save(update_fields=["stage"])
    announcements.no_longer_to_sign(former, "The agreement was replaced by its renewal.")
    announcements.call_off(former, "The agreement was replaced by its renewal.")
    # What stands beside it holds on, beside what replaces it.
    DataPaper.objects.filter(agreement=former, ended_at=None).update(agreement=agreement)
    audit.record("agreement replaced", by=by, obj=former, changes={"stage": [was, Stage.VARIED]})
