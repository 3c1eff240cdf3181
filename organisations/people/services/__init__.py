"""Every write about who belongs to an organisation.

`inviting` asks people in by e-mail, `accepting` admits them, `changing` gives another role,
`leaving` ends a membership and hands over what it leaves behind; `holding` lets them happen
one at a time.
"""

from organisations.people.services.accepting import accept_invitation
from organisations.people.services.changing import change_role
from organisations.people.services.inviting import (
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from organisations.people.services.leaving import leave, remove_person

__all__ = [
    "accept_invitation",
    "change_role",
    "invite_person",
    "leave",
    "remove_person",
    "resend_invitation",
    "withdraw_invitation",
]
