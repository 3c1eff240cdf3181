"""The demo's accounts: one password for all of them, worth nothing outside the demo."""

from __future__ import annotations

from django.conf import settings

from organisations.models import User

DEMO_PASSWORD = "tandem-demo-only"  # noqa: S105 – printed on the demo's first page


def may_sign_in(user: User) -> bool:
    """Whether a demo account, or anyone else, may sign in here: demo accounts in the demo only."""
    return settings.DEMO or not user.is_demo


def is_shared(user: User) -> bool:
    """Whether this is one of the demo's accounts, which many people use with one password.

    What would shut the others out cannot be changed on them.
    """
    return settings.DEMO and user.is_demo


def demo_accounts() -> list[User]:
    """The accounts to offer on the demo's first page, the operator last; none elsewhere."""
    if not settings.DEMO:
        return []
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("is_operator", "pk"))
