"""How signatures are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from frontend.components import Component, table, tag
from frontend.wording import datetime_words
from partnerships.agreements.canonical import in_groups
from partnerships.agreements.models import Agreement, Signatory, Signature
from partnerships.agreements.selectors import taking_part
from partnerships.record.models import MemberState


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation: who signs for it, and what it has signed last."""

    organisation: str
    signatory: str
    signature: Signature | None
    joined: bool
    current: bool


def lines_of(agreement: Agreement) -> list[Line]:
    """Every organisation that has to sign, and every one that has signed; three statements."""
    named = {
        each.organisation_id: each
        for each in Signatory.objects.filter(agreement=agreement, ended_at=None).select_related(
            "user"
        )
    }
    last: dict[int, Signature] = {}
    rows = Signature.objects.filter(agreement=agreement).select_related("version", "organisation")
    for each in rows.order_by("version__number"):
        last[each.organisation_id] = each
    lines = []
    for member in taking_part(agreement.partnership):
        signature = last.pop(member.organisation_id, None)
        signatory = named.get(member.organisation_id)
        lines.append(
            Line(
                member.organisation.name,
                str(signatory) if signatory else "",
                signature,
                member.state == MemberState.ACCEPTED,
                signature is not None and signature.version.number == agreement.revision,
            )
        )
    # Who has left the partnership since stays on the list with what they signed.
    return lines + [
        Line(each.organisation.name, "", each, True, each.version.number == agreement.revision)
        for each in last.values()
    ]


def signatures_table(lines: Sequence[Line]) -> Component:
    """Who signs for each organisation, and what it has signed."""
    return table(
        ["Organisation", "Who signs", "What was signed", "Status"],
        [[each.organisation, _who(each), _what(each), _tag(each)] for each in lines],
    )


def signature_words(signature: Signature) -> str:
    """By whom and when, of which version, with the beginning of its fingerprint."""
    return (
        f"Version {signature.version.number}, by {signature.name}, {signature.role}, on "
        f"{datetime_words(signature.signed_at)}. Fingerprint {in_groups(signature.digest)}"
    )


def _who(line: Line) -> str:
    if line.signatory:
        return line.signatory
    return "Not named yet" if line.joined else "Signs once it has joined the partnership here"


def _what(line: Line) -> str:
    return signature_words(line.signature) if line.signature else "Nothing yet"


def _tag(line: Line) -> Component:
    if line.current:
        return tag("Signed", "green")
    if line.signature:
        return tag("Changed since", "yellow")
    return tag("Not signed", "grey") if line.joined else tag("Not a member yet", "grey")
