"""Impact assessments and data sharing agreements beside an agreement: every write of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from calendars.london import today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.agreements import paper_mail
from partnerships.agreements.models import (
    LONGEST_COVERS,
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    Agreement,
    DataPaper,
    PaperKind,
)
from partnerships.record.models import Member, MemberState, Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
OVER_HTTPS = URLValidator(schemes=["https"])


@transaction.atomic
def add_data_paper(*, by: Actor, agreement: Agreement, kind: str, **said: Any) -> DataPaper:
    """Put an impact assessment or a data sharing agreement beside an agreement.

    `said` is what `change_data_paper` takes. Its contacts are reminded of its review. Raises
    ValidationError, keyed by field, for what is missing or cannot be.
    """
    permissions.require(by, Permission.CHANGE_AGREEMENT, agreement)
    assert by.organisation_id is not None
    if kind not in PaperKind.values:
        raise ValidationError({"kind": "Choose what kind of paper it is"})
    paper = DataPaper.objects.create(
        agreement=agreement,
        partnership_id=agreement.partnership_id,
        kind=kind,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        **_checked(agreement.partnership, kind, **said),
    )
    audit.record(
        "data protection paper added",
        by=by,
        obj=agreement,
        changes={"paper": paper.pk, "kind": kind},
    )
    paper_mail.remind(by=by, paper=paper)
    return paper


@transaction.atomic
def change_data_paper(
    *,
    by: Actor,
    paper: DataPaper,
    reference: str,
    keeper: Organisation,
    dated: date,
    review_on: date,
    covers: str = "",
    address: str = "",
    based_on: int | None = None,
) -> DataPaper:
    """Correct a paper, or give it the day of its next review. The same again does nothing.

    `based_on` is the revision that the person saw. Raises ValidationError as `add_data_paper`
    does, for one that has ended, and (CHANGED_MEANWHILE) when somebody else has changed it since.
    """
    current = _locked(by, paper)
    new = _checked(
        current.partnership,
        current.kind,
        reference=reference,
        keeper=keeper,
        dated=dated,
        review_on=review_on,
        covers=covers,
        address=address,
    )
    changed = sorted(name for name, value in new.items() if getattr(current, name) != value)
    if not changed:
        return current
    if based_on is not None and based_on != current.revision:
        raise ValidationError(
            "Somebody else changed this while you were writing. Check your changes against what "
            "it says now, and save again.",
            code=CHANGED_MEANWHILE,
        )
    for name in changed:
        setattr(current, name, new[name])
    current.revision += 1
    current.save(update_fields=[*changed, "revision"])
    changes = {"paper": current.pk, "fields": changed}
    audit.record("data protection paper changed", by=by, obj=current.agreement, changes=changes)
    paper_mail.call_off(current, "The paper was changed.")
    paper_mail.remind(by=by, paper=current)
    return current


@transaction.atomic
def end_data_paper(*, by: Actor, paper: DataPaper, note: str) -> DataPaper:
    """Say that a paper holds no more, and why: replaced, or what it was for has ended.

    It stays to be read. Raises ValidationError without a reason, and when it has ended already.
    """
    current = _locked(by, paper)
    note = " ".join(note.split())
    if not says_something(note):
        raise ValidationError({"note": "Enter why it holds no more"})
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": f"The reason must be {LONGEST_NOTE} characters or fewer"})
    current.ended_at, current.ended_by_id, current.end_note = timezone.now(), by.user_id, note
    current.save(update_fields=["ended_at", "ended_by", "end_note"])
    audit.record(
        "data protection paper ended", by=by, obj=current.agreement, changes={"paper": current.pk}
    )
    paper_mail.call_off(current, "The paper holds no more.")
    return current


def keepers(partnership: Partnership) -> list[Organisation]:
    """Who can keep a paper: the members that have joined, by name."""
    rows = Member.objects.filter(partnership=partnership, state=MemberState.ACCEPTED)
    return [
        each.organisation
        for each in rows.select_related("organisation").order_by("organisation__name")
    ]


def _locked(by: Actor, paper: DataPaper) -> DataPaper:
    permissions.require(by, Permission.CHANGE_AGREEMENT, paper.agreement)
    rows = DataPaper.objects.select_for_update(of=("self",)).select_related(
        "partnership", "agreement__partnership", "keeper"
    )
    # Row security gives nobody one that has ended to change.
    current = rows.filter(pk=paper.pk).first()
    if current is None:
        raise ValidationError("This paper holds no more. Nothing was changed.")
    return current


def _checked(
    partnership: Partnership,
    kind: str,
    *,
    reference: str,
    keeper: Organisation,
    dated: date | None,
    review_on: date | None,
    covers: str = "",
    address: str = "",
) -> Mapping[str, Any]:
    reference, covers, address = " ".join(reference.split()), covers.strip(), address.strip()
    problems = _problems_of_texts(kind, reference, covers, address)
    if keeper not in keepers(partnership):
        problems["keeper"] = "Choose who keeps it"
    if dated is None:
        problems["dated"] = "Enter the day when it was agreed"
    elif dated > today():
        problems["dated"] = "The day when it was agreed must not be in the future"
    if review_on is None:
        problems["review_on"] = "Enter the day of its next review"
    elif dated is not None and review_on <= dated:
        problems["review_on"] = "The day of its review must be after the day when it was agreed"
    if problems:
        raise ValidationError(problems)
    return {
        "reference": reference,
        "keeper": keeper,
        "dated": dated,
        "review_on": review_on,
        "covers": covers,
        "address": address,
    }


def _problems_of_texts(kind: str, reference: str, covers: str, address: str) -> dict[str, str]:
    problems = {}
    if not says_something(reference):
        problems["reference"] = "Enter its title or reference"
    elif len(reference) > LONGEST_REFERENCE:
        problems["reference"] = f"It must be {LONGEST_REFERENCE} characters or fewer"
    if kind == PaperKind.DSA and not says_something(covers):
        problems["covers"] = "Enter which data it covers"
    elif len(covers) > LONGEST_COVERS:
        problems["covers"] = f"What it covers must be {LONGEST_COVERS} characters or fewer"
    if address:
        try:
            OVER_HTTPS(address)
        except ValidationError:
            problems["address"] = "Enter a web address that begins with https://"
    return problems
