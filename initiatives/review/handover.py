"""Requests stay under the name of whoever asked, also when that person goes."""

from __future__ import annotations

from initiatives.review.models import ReviewRequest
from partnerships.record.staying import stays_with_its_author


def register() -> None:
    """Make them known to the hand-over."""
    stays_with_its_author(
        name="review_requests",
        label="Reviews of initiatives asked for",
        model=ReviewRequest,
        stays="Stay in the record. Answers go to your contact in the partnership",
        order=88,
    )
