"""Starting an agreement and writing it, version by version: every write but signing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.agreements import announcements
from partnerships.agreements.canonical import canonical_text, fingerprint, tidy
from partnerships.agreements.concluding import conclude
from partnerships.agreements.library import clause_of, clauses_of, facts_asked
from partnerships.agreements.models import (
    DATE_NAMES,
    LONGEST_TITLE,
    OVER,
    WRITING,
    Agreement,
    AgreementVersion,
    Stage,
    Type,
)
from partnerships.agreements.readiness import missing_of, missing_words
from partnerships.agreements.selectors import version_of
from partnerships.agreements.wording import known_already
from partnerships.record.models import Partnership

CHANGED_MEANWHILE = "changed_meanwhile"
NOT_READY = "not_ready"
# About ten pages: a whole agreement pasted into one clause is a slip.
LONGEST_CLAUSE = 20_000


@transaction.atomic
def start_agreement(
    *, by: Actor, partnership: Partnership, kind: str, title: str, dates: Mapping[str, date | None]
) -> Agreement:
    """Start an agreement of a type, with what the record knows already written into its clauses.

    Raises ValidationError, keyed by field, for a title, a type or dates that cannot be.
    """
    permissions.require(by, Permission.START_AGREEMENT, partnership)
    assert by.organisation_id is not None
    if kind not in Type.values:
        raise ValidationError({"kind": "Choose what kind of agreement it is"})
    title = _title(title)
    require_order(dates)
    agreement = Agreement.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind=kind,
    )
    facts: dict[str, bool | None] = {"clinical": None, "on_site": None}
    texts = known_already(partnership, kind)
    add_version(by, agreement, 1, title, dates, facts, texts)
    audit.record("agreement started", by=by, obj=agreement, changes={"kind": kind})
    return agreement


@transaction.atomic
def change_clause(
    *, by: Actor, agreement: Agreement, key: str, text: str, based_on: int
) -> AgreementVersion:
    """Write a clause, or leave it out by an empty text: a new version. The same again does nothing.

    `based_on` is the number of the version that the person saw. What others have changed in other
    clauses meanwhile stays. Raises ValidationError (CHANGED_MEANWHILE) when this very clause
    has been changed since, and for a clause that is too long or not one of this type.
    """
    current, newest = _locked(by, agreement)
    clause = clause_of(current.kind, key)
    if clause is None:
        raise ValidationError("This type of agreement has no such clause.")
    text = tidy(text)
    if len(text) > LONGEST_CLAUSE:
        raise ValidationError({"text": _too_long(len(text))})
    if text and not says_something(text):
        text = ""
    now = newest.text_of(key)
    if text == now:
        return newest
    if based_on != newest.number and version_of(current, based_on).text_of(key) != now:
        raise ValidationError(
            "Somebody else changed this clause while you were writing. Nothing of either text is "
            "lost: compare them, and save what you want it to say.",
            code=CHANGED_MEANWHILE,
        )
    texts = {**texts_of(newest), key: text}
    made = next_version(by, current, newest, texts=texts, changed=key)
    audit.record("agreement clause changed", by=by, obj=current, changes={"version": made.number})
    return made


@transaction.atomic
def change_details(
    *,
    by: Actor,
    agreement: Agreement,
    title: str,
    dates: Mapping[str, date | None],
    facts: Mapping[str, bool | None],
    based_on: int,
) -> AgreementVersion:
    """Change the title, the dates and what was answered: a new version. The same does nothing.

    Raises ValidationError as `change_clause` and `start_agreement` do.
    """
    current, newest = _locked(by, agreement)
    title = _title(title)
    require_order(dates)
    facts = {
        name: facts.get(name) if name in facts_asked(current.kind) else None
        for name in newest.facts
    }
    now = {"title": newest.title, **newest.dates, **newest.facts}
    new = {"title": title, **dates, **facts}
    changed = sorted(name for name in now if now[name] != new[name])
    if not changed:
        return newest
    if based_on != newest.number:
        seen = version_of(current, based_on)
        if {"title": seen.title, **seen.dates, **seen.facts} != now:
            raise ValidationError(
                "Somebody else changed these details while you were writing. Check your changes "
                "against what they say now, and save again.",
                code=CHANGED_MEANWHILE,
            )
    made = next_version(by, current, newest, title=title, dates=dates, facts=facts)
    audit.record("agreement details changed", by=by, obj=current, changes={"fields": changed})
    return made


@transaction.atomic
def move_stage(*, by: Actor, agreement: Agreement, stage: str) -> Agreement:
    """Say how far the work on it is. The same again does nothing.

    Raises ValidationError (NOT_READY), one message for each thing that is missing, for what is not
    ready to sign; and for an agreement that is over.
    """
    current, newest = _locked(by, agreement)
    if stage not in WRITING:
        raise ValidationError({"stage": "Choose how far it is"})
    if stage == current.stage:
        return current
    if current.stage == Stage.SIGNED:
        raise ValidationError("It is signed. Change its text to prepare a new version.")
    if stage == Stage.APPROVAL and newest.missing:
        words = [missing_words(current.kind, each) for each in newest.missing]
        raise ValidationError({"stage": [ValidationError(each, code=NOT_READY) for each in words]})
    _set_stage(current, stage)
    changes = {"stage": [agreement.stage, stage]}
    audit.record("agreement stage changed", by=by, obj=current, changes=changes)
    if stage == Stage.APPROVAL:
        # Everybody may have signed this very version before it was taken back.
        if not conclude(by, current, newest):
            announcements.ask_to_sign(by=by, agreement=current)
    else:
        announcements.no_longer_to_sign(current)
    return current


@transaction.atomic
def end_agreement(*, by: Actor, agreement: Agreement) -> Agreement:
    """Say that an agreement has ended, or that nothing will come of it. It stays to be read."""
    current, _ = _locked(by, agreement)
    _set_stage(current, Stage.ENDED)
    announcements.no_longer_to_sign(current, "The agreement has ended.")
    announcements.call_off(current, "The agreement has ended.")
    audit.record(
        "agreement ended", by=by, obj=current, changes={"stage": [agreement.stage, Stage.ENDED]}
    )
    return current


def _locked(by: Actor, agreement: Agreement) -> tuple[Agreement, AgreementVersion]:
    """The agreement as it is saved now, and its newest version; who else writes waits for us."""
    permissions.require(by, Permission.CHANGE_AGREEMENT, agreement)
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("partnership")
    current = rows.get(pk=agreement.pk)
    if current.stage in OVER:
        raise ValidationError(
            f"This agreement is over: {current.get_stage_display().lower()}. Nothing was changed."
        )
    return current, version_of(current)


def next_version(
    by: Actor,
    agreement: Agreement,
    newest: AgreementVersion,
    *,
    title: str | None = None,
    dates: Mapping[str, date | None] | None = None,
    facts: Mapping[str, bool | None] | None = None,
    texts: Mapping[str, str] | None = None,
    changed: str = "",
) -> AgreementVersion:
    """Add the version that follows, and take the agreement back to its writers where it must.

    For services that have asked whether the actor may, and hold the agreement.
    """
    made = add_version(
        by,
        agreement,
        newest.number + 1,
        newest.title if title is None else title,
        newest.dates if dates is None else dates,
        newest.facts if facts is None else facts,
        texts_of(newest) if texts is None else texts,
        changed=changed,
    )
    agreement.revision = made.number
    fields = ["revision"]
    if agreement.stage == Stage.SIGNED or (agreement.stage == Stage.APPROVAL and made.missing):
        agreement.stage = Stage.DRAFTING
        fields.append("stage")
    agreement.save(update_fields=fields)
    announcements.no_longer_to_sign(agreement)
    if agreement.stage == Stage.APPROVAL:
        announcements.ask_to_sign(by=by, agreement=agreement)
    return made


def add_version(
    by: Actor,
    agreement: Agreement,
    number: int,
    title: str,
    dates: Mapping[str, date | None],
    facts: Mapping[str, bool | None],
    texts: Mapping[str, str],
    *,
    changed: str = "",
) -> AgreementVersion:
    """Keep a version, with what it lacks and the fingerprint of its text.

    `texts` are those of its clauses by key. For services that have asked whether the actor may.
    """
    assert by.organisation_id is not None
    dates = {name: dates.get(name) for name in DATE_NAMES}
    clauses = [
        {"key": each.key, "name": each.name, "binding": each.binding, "text": texts[each.key]}
        for each in clauses_of(agreement.kind)
        if texts.get(each.key)
    ]
    text = canonical_text(
        kind=agreement.kind, title=title, dates=dates, facts=facts, clauses=clauses
    )
    written = [each["key"] for each in clauses]
    return AgreementVersion.objects.create(
        agreement=agreement,
        partnership_id=agreement.partnership_id,
        number=number,
        title=title,
        clauses=clauses,
        text=text,
        digest=fingerprint(text),
        missing=missing_of(agreement.kind, facts=facts, dates=dates, written=written),
        changed=changed,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        **dates,
        **facts,
    )


def _set_stage(agreement: Agreement, stage: str) -> None:
    agreement.stage = stage
    agreement.save(update_fields=["stage"])


def texts_of(version: AgreementVersion) -> dict[str, str]:
    """The texts of its clauses by key."""
    return {each["key"]: each["text"] for each in version.clauses}


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not says_something(title):
        raise ValidationError({"title": "Enter a title for the agreement"})
    if len(title) > LONGEST_TITLE:
        raise ValidationError({"title": f"The title must be {LONGEST_TITLE} characters or fewer"})
    return title


def require_order(dates: Mapping[str, date | None]) -> None:
    """Raise ValidationError, keyed by field, for dates in an order that cannot be."""
    starts, review, expires = (dates.get(name) for name in DATE_NAMES)
    problems: dict[str, Any] = {}
    if starts and expires and expires <= starts:
        problems["expires_on"] = "The day when it expires must be after the day when it starts"
    if starts and review and review <= starts:
        problems["review_on"] = "The day of its review must be after the day when it starts"
    elif review and expires and review > expires:
        problems["review_on"] = "The day of its review must not be after the day when it expires"
    if problems:
        raise ValidationError(problems)


def _too_long(length: int) -> str:
    return (
        f"A clause must be {LONGEST_CLAUSE:,} characters or fewer, and this has {length:,}. Put a "
        "long document beside the agreement as an annex, and name it in the clause"
    )
