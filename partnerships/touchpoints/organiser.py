"""Who organises a touchpoint: reads replies, hears who cannot come and of other times proposed."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.selectors import works_at
from partnerships.record.recipients import is_reachable, live_contacts
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries


@dataclass(frozen=True, slots=True)
class Organiser:
    """Somebody to write to; known as a person who signs in, or by their posting."""

    name: str
    email: str
    user_id: int | None = None
    posting_id: int | None = None


def organiser_of(touchpoint: Touchpoint | TouchpointSeries) -> Organiser | None:
    """Whoever scheduled it while they work there, else their organisation's named contact."""
    author = touchpoint.author
    if works_at(author, touchpoint.author_organisation_id):
        name = author.name or touchpoint.author_organisation.name
        return Organiser(name, author.email, user_id=author.pk)
    for contact in live_contacts(touchpoint.partnership):
        if contact.organisation_id == touchpoint.author_organisation_id and is_reachable(contact):
            posting = contact.posting
            return Organiser(posting.person.name, posting.details.email, posting_id=posting.pk)
    return None
