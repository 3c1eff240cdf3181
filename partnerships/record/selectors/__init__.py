"""Reading the record of partnerships, always from the acting organisation's side.

Row security stands underneath; every selector says itself for whom it reads, and ends with
everything its page needs loaded.
"""

from partnerships.record.selectors.access import (
    Access,
    Held,
    access_to,
    grant_on,
    granted_partnership,
    grants_of,
)
from partnerships.record.selectors.invitations import (
    invitation_to,
    invitations_to_answer,
    mail_of,
    open_invitation_to,
    open_invitations,
)
from partnerships.record.selectors.lists import (
    STATES,
    Filters,
    Listed,
    Partner,
    page_of_partnerships,
    partnerships_to_join,
    partnerships_with,
    recent_partnerships,
)
from partnerships.record.selectors.partnership import (
    contacts_at,
    contacts_of,
    member_of,
    members_of,
    partnership_of,
    partnership_with_id,
    people_at,
)
from partnerships.record.selectors.schools import schools_in, schools_of
from partnerships.record.selectors.succeeding import places_succeeded
from partnerships.record.selectors.waiting import (
    bounced_contacts,
    lacking_contact,
    left_contacts,
)

__all__ = [
    "STATES",
    "Access",
    "Filters",
    "Held",
    "Listed",
    "Partner",
    "access_to",
    "bounced_contacts",
    "contacts_at",
    "contacts_of",
    "grant_on",
    "granted_partnership",
    "grants_of",
    "invitation_to",
    "invitations_to_answer",
    "lacking_contact",
    "left_contacts",
    "mail_of",
    "member_of",
    "members_of",
    "open_invitation_to",
    "open_invitations",
    "page_of_partnerships",
    "partnership_of",
    "partnership_with_id",
    "partnerships_to_join",
    "partnerships_with",
    "people_at",
    "places_succeeded",
    "recent_partnerships",
    "schools_in",
    "schools_of",
]
