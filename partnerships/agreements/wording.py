"""The first words of clauses, from what the record knows already, so that nobody types it again."""

from __future__ import annotations

from organisations.models import Organisation
from partnerships.agreements.library import clause_of
from partnerships.record.models import Member, Partnership
from partnerships.record.recipients import TAKING_PART

CODES = {
    "school_trust": "trust UID",
    "nhs_trust": "ODS code",
    "icb": "ODS code",
    "council": "DfE code",
}


def known_already(partnership: Partnership, kind: str) -> dict[str, str]:
    """The clauses that can begin with what is on record: the parties, and what it is for."""
    members = Member.objects.filter(partnership=partnership, state__in=TAKING_PART)
    rows = members.select_related("organisation").order_by("side", "organisation__name")
    parties = "\n".join(f"{n}. {party(each.organisation)}" for n, each in enumerate(rows, start=1))
    found = {"parties": parties, "dsa_parties": parties, "purpose": partnership.purpose.strip()}
    return {key: text for key, text in found.items() if text and clause_of(kind, key) is not None}


def party(organisation: Organisation) -> str:
    """An organisation as the clause on parties names it."""
    code = CODES.get(organisation.kind)
    return f"{organisation.name} ({code} {organisation.code})" if code else organisation.name
