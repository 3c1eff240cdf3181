"""The guard-rail: no identifier of a child or patient gets into Tandem.

`find_identifiers` says where a text holds one; `refuse_identifiers` raises, naming the
field, the reason and the safeguarding route, never the value. All functions are pure and
take time in proportion to the length of the text. What is refused and what is not is
written for users in `docs/guard-rail.md`.

A new kind is a function from a `Reading` to findings, added to `_DETECTORS`. Forms and
models use `organisations.guarded_forms` and `organisations.guarded_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from organisations.guard_rail.births import find_dates_of_birth
from organisations.guard_rail.findings import Finding, IdentifierKind
from organisations.guard_rail.nhs_numbers import find_nhs_numbers
from organisations.guard_rail.reading import Reading
from organisations.guard_rail.refusal import IdentifierRefused, refusal_message, texts_in
from organisations.guard_rail.upns import find_upns

__all__ = [
    "Finding",
    "IdentifierKind",
    "IdentifierRefused",
    "find_identifiers",
    "find_identifiers_in",
    "refusal_message",
    "refuse_identifiers",
]

# In order of precedence: where two overlap, the earlier kind is reported. Each with the number of
# digits of the shortest that it finds, below which there is nothing to look for.
_DETECTORS: tuple[tuple[Callable[[Reading], Iterator[Finding]], int], ...] = (
    (find_upns, 10),
    (find_nhs_numbers, 10),
    (find_dates_of_birth, 3),
)


def find_identifiers(text: str, *, label: str = "") -> list[Finding]:
    """Where `text` holds NHS numbers, UPNs or dates of birth, in order and without overlaps.

    `label` is the name of the field the text was typed into; a telephone field's digits
    are read as telephone numbers where they can be one, and a date in a field called after birth
    as a date of birth.
    """
    reading = Reading(text, label=label)
    found: list[Finding] = []
    for detector, fewest in _DETECTORS:
        if reading.digit_count >= fewest:
            found += _without_overlaps(found, list(detector(reading)))
    return sorted(found, key=lambda finding: finding.start)


def _without_overlaps(earlier: list[Finding], new: list[Finding]) -> list[Finding]:
    """Those of `new` that share no character with one already kept; linear after sorting."""
    kept: list[Finding] = []
    taken = sorted(earlier, key=lambda finding: finding.start)
    at, free_from = 0, 0
    for finding in sorted(new, key=lambda finding: (finding.start, -finding.end)):
        while at < len(taken) and taken[at].end <= finding.start:
            at += 1
        overlaps = at < len(taken) and taken[at].start < finding.end
        if not overlaps and finding.start >= free_from:
            kept.append(finding)
            free_from = finding.end
    return kept


def find_identifiers_in(value: object, *, label: str = "") -> list[Finding]:
    """As `find_identifiers`, for any value: looks into lists and dictionaries too.

    Positions are within the text of the value they were found in.
    """
    return [finding for text in texts_in(value) for finding in find_identifiers(text, label=label)]


def refuse_identifiers(**fields: object) -> None:
    """Raise IdentifierRefused when any of the named values holds an identifier.

    >>> refuse_identifiers(summary="Met the head of year on 0121 496 0000.")
    """
    found = {
        name: tuple(findings)
        for name, value in fields.items()
        if (findings := find_identifiers_in(value, label=name))
    }
    if found:
        raise IdentifierRefused(found)
