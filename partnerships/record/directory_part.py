"""What a person's page in the directory offers to partnerships: naming them as its contact."""

from __future__ import annotations

from django.db.models import F, Q

from contacts.directory import sections
from contacts.directory.sections import Part
from contacts.models import Posting
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from partnerships.record.models import ContactFunction, Member, MemberState
from partnerships.record.selectors.partnership import ours

MOST = 5


def to_name(actor: Actor, posting: Posting) -> Part | None:
    """The partnerships in which the acting organisation names the contact of theirs."""
    if actor.organisation_id is None or not can(actor, Permission.RECORD_POSTING):
        return None
    own_side = Q(organisation_id=ours(actor), state=MemberState.ACCEPTED)
    not_yet = Q(
        partnership__owner_id=ours(actor), state__in=(MemberState.RECORDED, MemberState.INVITED)
    )
    places = (
        Member.objects.filter(
            own_side | not_yet,
            acl__overlap=[ours(actor)],
            organisation=posting.organisation_id,
            partnership__closed_at=None,
        )
        .select_related("partnership", "organisation")
        .order_by(F("partnership__opened_at").desc(), "pk")[:MOST]
    )
    links = [
        (
            place.partnership.name,
            page_of(
                actor,
                "name-contact",
                ref=place.partnership.ref,
                member=place.organisation.slug,
                function=ContactFunction.NAMED,
            ),
        )
        for place in places
    ]
    if not links:
        return None
    return Part("Name them as a contact", "record/directory_part.jinja", {"links": links})


def register() -> None:
    """Add it to the page; for `AppConfig.ready`."""
    sections.of_person.register("name-contact", to_name, order=40)
