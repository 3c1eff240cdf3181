"""What is kept of touchpoints."""

from partnerships.touchpoints.models.attendance import (
    Answer,
    Attendee,
    Paper,
    Proposal,
    ProposalState,
    Way,
)
from partnerships.touchpoints.models.series import (
    OnClash,
    TouchpointKind,
    TouchpointSeries,
)
from partnerships.touchpoints.models.touchpoint import Touchpoint, TouchpointState

__all__ = [
    "Answer",
    "Attendee",
    "OnClash",
    "Paper",
    "Proposal",
    "ProposalState",
    "Touchpoint",
    "TouchpointKind",
    "TouchpointSeries",
    "TouchpointState",
    "Way",
]
