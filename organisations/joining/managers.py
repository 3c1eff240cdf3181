"""Where an organisation's managers are reached, by e-mail that goes out on nobody's behalf."""

from __future__ import annotations

from organisations.models import Membership, Role
from organisations.outbox import NotNeeded
from organisations.tenancy.scope import Scope, acting

NO_LONGER_ONE = NotNeeded("They are no longer a manager, or have another address.")


def addresses(organisation_id: int) -> list[str]:
    """The addresses of the managers an organisation has now, as the organisation sees them."""
    with acting(Scope(organisation_id=organisation_id)):
        return list(
            Membership.objects.filter(
                organisation_id=organisation_id,
                role=Role.MANAGER,
                ended_at=None,
                user__is_active=True,
            )
            .order_by("pk")
            .values_list("user__email", flat=True)
        )


def is_one(address: str, organisation_id: int | None) -> bool:
    """Whether an address is that of a manager whom the organisation has now: asked just before
    an e-mail for its managers goes."""
    if organisation_id is None:
        return False
    return address.lower() in {each.lower() for each in addresses(organisation_id)}
