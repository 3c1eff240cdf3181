"""What a person is told when the guard-rail refuses, and looking into nested values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from organisations.guard_rail.findings import Finding, IdentifierKind

_ROUTE = (
    "Tandem holds nothing about individual children or patients, so nothing was saved. "
    "Take {it} out and try again. If you are worried about a child, speak to your "
    "designated safeguarding lead; do not use Tandem."
)
_MISTAKEN = {
    IdentifierKind.NHS_NUMBER: (
        " If it is a telephone number, write it with its first 0 or +44. "
        "If it is anything else, leave it out and say where it can be looked up."
    ),
    IdentifierKind.UPN: "",
    IdentifierKind.DATE_OF_BIRTH: (
        " If it is another date, write it without a word like born or birth beside it."
    ),
}


def refusal_message(findings: Sequence[Finding]) -> str:
    """The reason and the safeguarding route, without the value."""
    kinds = [kind for kind in IdentifierKind if any(found.kind is kind for found in findings)]
    named = " and ".join(kind.in_words for kind in kinds)
    hints = "".join(_MISTAKEN[kind] for kind in kinds)
    it = "the date" if kinds == [IdentifierKind.DATE_OF_BIRTH] else "the number"
    it = "them" if len(kinds) > 1 else it
    return f"This looks like it contains {named}. {_ROUTE.format(it=it)}{hints}"


class IdentifierRefused(ValidationError):
    """A value holds an identifier; keyed by field, and without the value."""

    def __init__(self, found: Mapping[str, Sequence[Finding]]) -> None:
        self.found = {field: tuple(findings) for field, findings in found.items()}
        super().__init__(
            {
                field: [ValidationError(refusal_message(findings), code="identifier")]
                for field, findings in self.found.items()
            }
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.found,)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value: itself, or those in its lists, keys and values, at any depth."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list | tuple | set | frozenset):
            waiting.extend(item)
