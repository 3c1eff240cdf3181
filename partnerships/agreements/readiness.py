"""What an agreement lacks before it is ready to sign. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from partnerships.agreements.library import clause_of, facts_asked, required_of

FACT, DAY = "fact:", "date:"
QUESTIONS = {
    "clinical": "Will there be any clinical activity?",
    "on_site": "Will anything take place on a site of one of you?",
}
DAYS = {"starts_on": "the day when it starts", "expires_on": "the day when it expires"}


def missing_of(
    kind: str,
    *,
    facts: Mapping[str, bool | None],
    dates: Mapping[str, date | None],
    written: Collection[str],
) -> list[str]:
    """The keys of the clauses that are required and not written; of the questions not answered
    (`fact:…`) and of the dates not set (`date:…`)."""
    hold = [name for name, value in facts.items() if value]
    return [
        *(f"{FACT}{name}" for name in facts_asked(kind) if facts[name] is None),
        *(f"{DAY}{name}" for name in DAYS if dates[name] is None),
        *(each.key for each in required_of(kind, hold) if each.key not in written),
    ]


def missing_words(kind: str, missing: str) -> str:
    """What to do about one of them, as an error summary says it."""
    if missing.startswith(FACT):
        return f"Answer: {QUESTIONS[missing.removeprefix(FACT)]}"
    if missing.startswith(DAY):
        return f"Set {DAYS[missing.removeprefix(DAY)]}"
    clause = clause_of(kind, missing)
    return f"Write the clause {clause.name if clause else missing}"
