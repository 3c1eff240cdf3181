"""Every write to the record of a partnership."""

from partnerships.record.services.access import end_access, give_access
from partnerships.record.services.changing import (
    ChangedMeanwhile,
    change_partnership,
    version_of,
)
from partnerships.record.services.contacts import (
    correct_contact,
    free_deputys_place,
    name_contact,
)
from partnerships.record.services.describing import (
    CHANGED_MEANWHILE,
    ON_EITHER_SIDE,
    choose_schools,
    choose_side,
)
from partnerships.record.services.invitations import (
    answer_invitation,
    invite_partner,
    resend_invitation,
    revoke_invitation,
)
from partnerships.record.services.opening import add_partner, open_partnership, refuse_partner

__all__ = [
    "CHANGED_MEANWHILE",
    "ON_EITHER_SIDE",
    "ChangedMeanwhile",
    "add_partner",
    "answer_invitation",
    "change_partnership",
    "choose_schools",
    "choose_side",
    "correct_contact",
    "end_access",
    "free_deputys_place",
    "give_access",
    "invite_partner",
    "name_contact",
    "open_partnership",
    "refuse_partner",
    "resend_invitation",
    "revoke_invitation",
    "version_of",
]
