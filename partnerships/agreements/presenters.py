"""How agreements are put into words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from markupsafe import Markup

from calendars.london import today
from frontend.components import Component, link, table, tag
from frontend.lists import Row, summary_list
from frontend.text_changes import text_changes
from frontend.wording import date_words, datetime_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from partnerships.agreements.canonical import FACTS
from partnerships.agreements.library import BINDING, clause_of, clauses_of, facts_asked, required_of
from partnerships.agreements.models import (
    TRANSFERRED,
    Agreement,
    AgreementFile,
    AgreementVersion,
    DataPaper,
    Stage,
)
from partnerships.agreements.readiness import DAY, FACT, QUESTIONS, missing_words

COLOURS = {
    Stage.IDEA: "grey",
    Stage.DRAFTING: "blue",
    Stage.WITH_PARTNER: "blue",
    Stage.IG_REVIEW: "purple",
    Stage.LEGAL_REVIEW: "purple",
    Stage.APPROVAL: "yellow",
    Stage.SIGNED: "green",
    Stage.VARIED: "grey",
    Stage.ENDED: "grey",
}
# So many words of a clause are shown in the list.
BEGINNING = 14
DATE_LABELS = {"starts_on": "Starts", "review_on": "To be reviewed", "expires_on": "Expires"}


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as the page of an agreement lists it."""

    name: str
    href: str
    text: str
    status: Component


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A part of an agreement in which two versions differ."""

    name: str
    changed: Markup


def stage_tag(agreement: Agreement) -> Component:
    """How far it is; once it is signed, what its dates make of it."""
    stage, signed = Stage(agreement.stage), agreement.signed_version
    if stage == Stage.SIGNED and signed is not None:
        if signed.expires_on is not None and signed.expires_on < today():
            return tag("Expired", "red")
        if signed.review_on is not None and signed.review_on <= today():
            return tag("Due for review", "orange")
    return tag(stage.label, COLOURS[stage])


def address(actor: Actor, agreement: Agreement, page: str = "agreement", **more: object) -> str:
    """A page of an agreement."""
    return page_of(actor, page, ref=agreement.partnership.ref, agreement=agreement.ref, **more)


def agreements_table(actor: Actor, versions: Sequence[AgreementVersion]) -> Component:
    """Agreements with a link to each."""
    return table(
        ["Agreement", "Kind", "Expires", "Status"],
        [
            [
                link(each.title, address(actor, each.agreement)),
                each.agreement.get_kind_display(),
                date_words(each.expires_on) if each.expires_on else "Not set yet",
                stage_tag(each.agreement),
            ]
            for each in versions
        ],
    )


def details(agreement: Agreement, version: AgreementVersion, change: str = "") -> Component:
    """The kind, the dates and what was answered; `change` is where that is done."""
    rows = [Row("Kind", agreement.get_kind_display())]
    rows += [
        Row(label, _day(version.dates[name]), change=change or None, empty="Not set yet")
        for name, label in DATE_LABELS.items()
    ]
    for name in facts_asked(agreement.kind):
        said = {True: "Yes", False: "No", None: None}[version.facts[name]]
        label = QUESTIONS[name]
        rows.append(Row(label, said, change=change or None, empty="Not answered yet"))
    rows.append(Row("Version", version_words(version)))
    return summary_list(rows)


def version_words(version: AgreementVersion) -> str:
    """`3, by Editor, Windsor Academy Trust, on …`."""
    return (
        f"{version.number}, by {version.author}, {version.author_organisation.name}, on "
        f"{datetime_words(version.created_at)}"
    )


def clause_lines(
    actor: Actor, agreement: Agreement, version: AgreementVersion
) -> tuple[list[ClauseLine], list[ClauseLine]]:
    """The clauses in it or required of it; and those that could be added."""
    hold = [name for name, value in version.facts.items() if value]
    required = {each.key for each in required_of(agreement.kind, hold)}
    inside: list[ClauseLine] = []
    outside: list[ClauseLine] = []
    for clause in clauses_of(agreement.kind):
        text = version.text_of(clause.key)
        line = ClauseLine(
            clause.name,
            address(actor, agreement, "agreement-clause", clause=clause.key),
            text,
            _clause_tag(clause.key in required, bool(text)),
        )
        (inside if text or clause.key in required else outside).append(line)
    return inside, outside


def clauses_table(lines: Sequence[ClauseLine], *, linked: bool) -> Component:
    """Clauses with the beginning of each, and a link to write it where the reader may."""
    return table(
        ["Clause", "Begins", "Status"],
        [
            [
                link(each.name, each.href) if linked else each.name,
                Truncator(each.text).words(BEGINNING) or "Nothing yet",
                each.status,
            ]
            for each in lines
        ],
    )


def what_is_missing(
    actor: Actor, agreement: Agreement, version: AgreementVersion
) -> list[dict[str, str]]:
    """What it lacks before it is ready to sign, each with the page where that is done."""
    return [
        {"text": missing_words(agreement.kind, each), "href": _where(actor, agreement, each)}
        for each in version.missing
    ]


def changes_between(
    agreement: Agreement, old: AgreementVersion, new: AgreementVersion
) -> list[ClauseChange]:
    """Each part in which two versions differ, with what was added and taken away marked."""
    found = []
    for name, before, after in _parts(agreement, old, new):
        if before != after:
            found.append(ClauseChange(name, text_changes(before, after)))
    return found


def versions_table(
    actor: Actor, agreement: Agreement, versions: Sequence[AgreementVersion]
) -> Component:
    """Every version, what was changed in it, and where to see the difference."""
    return table(
        ["Version", "What was changed", "By", "When", "Compared with the one before"],
        [
            [
                link(
                    f"Version {each.number}",
                    address(actor, agreement, "agreement-text") + f"?version={each.number}",
                ),
                changed_words(agreement, each),
                f"{each.author}, {each.author_organisation.name}",
                datetime_words(each.created_at),
                _compare_link(actor, agreement, each),
            ]
            for each in versions
        ],
    )


def files_table(actor: Actor, agreement: Agreement, files: Sequence[AgreementFile]) -> Component:
    """The signed copies, each to be got; and to be taken out by who brought it in."""
    return table(
        ["Signed copy", "Brought in by", "When", "Take it out"],
        [
            [
                link(
                    f"{each.name} ({filesizeformat(each.size)})",
                    address(actor, agreement, "agreement-file", file=each.ref),
                ),
                f"{each.added_by}, {each.organisation.name}",
                datetime_words(each.added_at),
                link(
                    "Take out",
                    address(actor, agreement, "agreement-file-remove", file=each.ref),
                    hidden=each.name,
                )
                if can(actor, Permission.REMOVE_AGREEMENT_FILE, each)
                else "",
            ]
            for each in files
        ],
    )


def papers_table(
    actor: Actor, agreement: Agreement, papers: Sequence[DataPaper], *, may_change: bool
) -> Component:
    """The impact assessments and data sharing agreements beside it."""
    return table(
        ["Paper", "Kept by", "Agreed", "To be reviewed", "Status"],
        [
            [
                _paper_words(actor, agreement, each, may_change=may_change),
                each.keeper.name,
                date_words(each.dated),
                date_words(each.review_on),
                paper_tag(each),
            ]
            for each in papers
        ],
    )


def paper_tag(paper: DataPaper) -> Component:
    """Whether it holds, and whether its review is overdue."""
    if paper.ended_at is not None:
        return tag("Ended", "grey")
    if paper.review_on < today():
        return tag("Review overdue", "red")
    return tag("In force", "green")


def paper_details(paper: DataPaper) -> Component:
    """What a paper says, for comparing it with what was typed."""
    return summary_list(
        [
            Row("Title or reference", paper.reference),
            Row("Kept by", paper.keeper.name),
            Row("Agreed", date_words(paper.dated)),
            Row("To be reviewed", date_words(paper.review_on)),
            Row("Covers", paper.covers or None, empty="Not said"),
            Row("On the web", paper.address or None, empty="Not said"),
        ]
    )


def _paper_words(
    actor: Actor, agreement: Agreement, paper: DataPaper, *, may_change: bool
) -> Markup:
    """What it is called, what it covers and where it is; why it ended."""
    lines: list[Markup | str] = [
        link(paper.reference, paper.address) if paper.address else paper.reference,
        paper.get_kind_display(),
    ]
    if paper.covers:
        lines.append(f"Covers: {paper.covers}")
    if paper.ended_at is not None:
        lines.append(f"Ended on {date_words(paper.ended_at)}: {paper.end_note}")
    elif may_change:
        where = address(actor, agreement, "agreement-paper", paper=paper.ref)
        lines.append(link("Change", where, hidden=paper.reference))
    return Markup("<br>").join(lines)


def changed_words(agreement: Agreement, version: AgreementVersion) -> str:
    """What a version changed, in a few words."""
    if version.number == 1:
        return "Started"
    if version.changed == TRANSFERRED:
        return "Passed to a successor"
    clause = clause_of(agreement.kind, version.changed)
    return clause.name if clause else "Title, dates or answers"


def binding_words(binding: str) -> str:
    """Whether a clause is meant to bind."""
    return BINDING.get(binding, "")


def _compare_link(actor: Actor, agreement: Agreement, version: AgreementVersion) -> Markup | str:
    if version.number == 1:
        return ""
    query = f"?from={version.number - 1}&to={version.number}"
    return link(
        "What changed",
        address(actor, agreement, "agreement-compare") + query,
        hidden=f"in version {version.number}",
    )


def _parts(
    agreement: Agreement, old: AgreementVersion, new: AgreementVersion
) -> list[tuple[str, str, str]]:
    parts = [("Title", old.title, new.title)]
    for name, label in DATE_LABELS.items():
        parts.append((label, _day(old.dates[name]) or "", _day(new.dates[name]) or ""))
    said = {True: "Yes", False: "No", None: ""}
    for name, label in FACTS.items():
        parts.append((label, said[old.facts[name]], said[new.facts[name]]))
    parts += [
        (each.name, old.text_of(each.key), new.text_of(each.key))
        for each in clauses_of(agreement.kind)
    ]
    return parts


def _clause_tag(required: bool, written: bool) -> Component:
    if written:
        return tag("Written", "green")
    return tag("To be written", "yellow") if required else tag("Not in it", "grey")


def _where(actor: Actor, agreement: Agreement, missing: str) -> str:
    if missing.startswith((FACT, DAY)):
        return address(actor, agreement, "agreement-details")
    return address(actor, agreement, "agreement-clause", clause=missing)


def _day(day: date | None) -> str | None:
    return date_words(day) if day else None
