"""Papers for a touchpoint: a title, and the address where its readers find it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.touchpoints.models import Paper, Touchpoint, TouchpointState
from partnerships.touchpoints.services.standing import locked

MOST_PAPERS = 20
LONGEST_TITLE, LONGEST_ADDRESS = 200, 500


@transaction.atomic
def add_paper(*, by: Actor, touchpoint: Touchpoint, title: str, url: str) -> Paper:
    """Add a paper for everyone who comes. Any member may, also after the meeting.

    Raises ValidationError, keyed by field, for an address that is not secure, holds a password,
    or is there already; for a cancelled touchpoint; and once there are twenty.
    """
    current = locked(by, touchpoint, Permission.ADD_PAPER)
    if current.state == TouchpointState.CANCELLED:
        raise ValidationError("This touchpoint is cancelled. No paper was added.")
    title, url = " ".join(title.split()), url.strip()
    _require_good(title, url)
    live = Paper.objects.filter(touchpoint=current, removed_at=None)
    if live.filter(url=url).exists():
        raise ValidationError({"url": "This address is among the papers already"})
    if live.count() >= MOST_PAPERS:
        raise ValidationError(
            f"A touchpoint can have up to {MOST_PAPERS} papers. Remove one to add another."
        )
    assert by.organisation_id is not None
    paper = Paper.objects.create(
        touchpoint=current,
        partnership_id=current.partnership_id,
        organisation_id=by.organisation_id,
        added_by_id=by.user_id,
        title=title,
        url=url,
    )
    audit.record("paper added", by=by, obj=paper)
    return paper


@transaction.atomic
def remove_paper(*, by: Actor, paper: Paper) -> Paper:
    """Take away a paper that the acting organisation added; done twice, it stays so."""
    permissions.require(by, Permission.REMOVE_PAPER, paper)
    current = Paper.objects.select_for_update().get(pk=paper.pk)
    if current.removed_at is None:
        current.removed_at = timezone.now()
        current.save(update_fields=["removed_at"])
        audit.record("paper removed", by=by, obj=current)
    return current


def _require_good(title: str, url: str) -> None:
    problems: dict[str, str] = {}
    if not says_something(title):
        problems["title"] = "Enter what the paper is called"
    elif len(title) > LONGEST_TITLE:
        problems["title"] = f"The title must be {LONGEST_TITLE} characters or fewer"
    if problem := _problem_with(url):
        problems["url"] = problem
    if problems:
        raise ValidationError(problems)


def _problem_with(url: str) -> str:
    """What is wrong with the address of a paper, in words; empty when nothing is."""
    if not url:
        return "Enter the address of the paper, starting with https://"
    if len(url) > LONGEST_ADDRESS:
        return f"The address must be {LONGEST_ADDRESS} characters or fewer"
    try:
        parts: SplitResult = urlsplit(url)
        if parts.scheme != "https":
            return "The address must start with https://"
        if parts.username is not None or parts.password is not None:
            return "Leave the user name and password out of the address: everyone invited sees it"
        URLValidator(schemes=["https"])(url)
    except (ValueError, ValidationError):
        return "Enter a whole address, like https://www.example.nhs.uk/paper.pdf"
    return ""
