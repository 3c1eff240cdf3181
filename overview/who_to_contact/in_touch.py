"""Who is in touch already with the organisations that a page is about: our own people, and, where
these agreed, other organisations by name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from contacts.directory import sections
from contacts.directory.sections import Part
from contacts.models import Posting
from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from partnerships.conversations.selectors import last_held
from partnerships.record.selectors.approaches import others_in_touch, own_approaches

TEMPLATE = "who/in_touch.jinja"


def facts_about(actor: Actor, organisations: Collection[int]) -> dict[str, Any]:
    """What the template shows of it; at most four statements."""
    if actor.organisation_id is None or not organisations:
        return {"own": [], "others": []}
    approaches = own_approaches(actor, organisations)
    held = last_held(actor, [each.partnership.pk for each in approaches])
    return {
        "own": [
            {
                "name": each.partnership.name,
                "page": page_of(actor, "partnership", ref=each.partnership.ref),
                "organisation": each.organisation.name,
                "contact": each.contact.posting.person.name if each.contact else "",
                "last": date_words(held.get(each.partnership.pk)),
            }
            for each in approaches
        ],
        "others": others_in_touch(organisations),
    }


def with_their_organisation(actor: Actor, posting: Posting) -> Part | None:
    """The part of a person's page."""
    if posting.organisation_id == actor.organisation_id:
        return None
    facts = facts_about(actor, [posting.organisation_id])
    return Part("Who is in touch already", TEMPLATE, facts)


def register() -> None:
    """Add it to the page; for `AppConfig.ready`."""
    sections.of_person.register("in-touch", with_their_organisation, order=20)
