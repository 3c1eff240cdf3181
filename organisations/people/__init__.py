"""The people of an organisation: who belongs to it in which role, decided by its managers.

`services` invites, admits, changes and removes; `handover` knows what somebody would leave
behind, as the floors above tell it; `links` signs the links of invitations. Not here: how an
organisation gets its first person (an operator decides, see `organisations.services`).
"""
