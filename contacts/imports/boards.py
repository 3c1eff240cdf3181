"""Which integrated care board an NHS trust belongs to, now that boards have merged.

The published register still gives the codes of boards that ended on 1 April 2026. Where a
board went wholly into one successor that is the answer. Where it was split, the trust's
postcode decides, if it leads to one of the successors and to no other; if not, nobody is
told that we know: the basis is "to check".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from organisations.models.organisation import ICBBasis


@dataclass(frozen=True, slots=True)
class Boards:
    """What is known of boards: those of today, who succeeded whom, and where they lie."""

    current: frozenset[str]
    successors: Mapping[str, Sequence[str]]  # former board → its successors
    of_council: Mapping[str, Sequence[str]]  # council → boards that reach into it
    councils_of: Mapping[str, Sequence[str]]  # outward postcode → councils

    def belongs_to(self, published: str, postcode: str) -> tuple[str | None, ICBBasis]:
        """The board of an NHS trust and how we know it.

        Raises KeyError for a published code of no board, present or former.
        """
        if published in self.current:
            return published, ICBBasis.PUBLISHED
        successors = self.successors[published]
        if len(successors) == 1:
            return successors[0], ICBBasis.SUCCESSION
        there = self.around(postcode).intersection(successors)
        if len(there) == 1:
            return there.pop(), ICBBasis.POSTCODE
        return None, ICBBasis.TO_CHECK

    def around(self, postcode: str) -> set[str]:
        """The boards that reach into any council of the postcode's outward part."""
        outward = postcode.partition(" ")[0]
        councils = self.councils_of.get(outward, ())
        return {board for council in councils for board in self.of_council.get(council, ())}
