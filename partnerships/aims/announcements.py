"""Which e-mails a shared aim asks the outbox for."""

from __future__ import annotations

from organisations import outbox
from organisations.actor import Actor
from partnerships.aims.models import AimVersion
from partnerships.aims.selectors import newest_of
from partnerships.record.models import Partnership
from partnerships.record.recipients import people_to_tell

TO_AGREE = "aim_to_agree"


def ask(*, by: Actor, version: AimVersion) -> int:
    """Ask the contact of each other member to agree a version; says how many.

    What waits of an earlier version finds out, just before it goes, that there is a later one.
    """
    asked = 0
    for person in people_to_tell(version.partnership):
        joined = person.organisation_id in version.acl
        if not joined or person.organisation_id == version.author_organisation_id:
            continue
        outbox.enqueue(
            kind=TO_AGREE,
            subject=version.partnership.ref,
            recipient=person.email,
            by=by,
            revision=version.number,
            posting_id=person.posting_id,
        )
        asked += 1
    return asked


def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Ask whoever has become a contact since, too; says how many are asked by then.

    Follows the naming or correcting of a contact, whose service has asked whether the actor may.
    """
    version = newest_of(by, partnership)
    if version is None or partnership.closed_at is not None:
        return 0
    version.partnership = partnership
    return ask(by=by, version=version)
