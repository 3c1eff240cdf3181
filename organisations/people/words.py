"""What the roles are called and mean, in the same words on every page and in every e-mail."""

from __future__ import annotations

from organisations.models import Role

ROLE_HINTS: dict[Role, str] = {
    Role.VIEWER: "Reads what the organisation keeps and what partners share with it",
    Role.EDITOR: "Also keeps the record: partnerships, conversations and touchpoints",
    Role.MANAGER: "Also invites and removes people and decides their roles",
}


def with_article(role: str) -> str:
    """`an editor`, `a manager`."""
    label = str(Role(role).label).lower()
    return f"an {label}" if label[0] in "aeiou" else f"a {label}"
