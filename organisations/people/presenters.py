"""How people, invitations and what somebody leaves behind are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from frontend.components import Column, Component, link, table, tag
from frontend.wording import number_words, short_date
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Delivery, Membership, PersonInvitation, User
from organisations.models.delivery import State
from organisations.people.handover import Left


def people_table(actor: Actor, people: Iterable[Membership], *, manages: bool) -> Component:
    """Who belongs, in which role and since when; with what a manager can do about it."""
    columns: list[Column | str] = ["Name", "Role", Column("Since", nowrap=True)]
    if manages:
        columns.append(Column("Change", hidden_label=True, nowrap=True))
    rows = []
    for each in people:
        row = [named(each.user, you=each.user_id == actor.user_id), each.get_role_display()]
        row.append(short_date(each.began_at))
        if manages:
            row.append(_actions(actor, each))
        rows.append(row)
    return table(columns, rows)


def named(user: User, *, you: bool = False) -> Markup:
    """A person with the address they sign in with beneath."""
    suffix = Markup(' <span class="app-muted">(you)</span>') if you else ""
    if not user.name:
        return Markup('<span class="app-as-typed">{}</span>{}').format(user.email, suffix)
    return Markup('{}{}<br><span class="app-muted app-as-typed">{}</span>').format(
        user.name, suffix, user.email
    )


def _actions(actor: Actor, membership: Membership) -> Markup:
    name = str(membership.user)
    role = link(
        "Change role",
        page_of(actor, "change-role", person=membership.ref),
        hidden=f"of {name}",
    )
    if membership.user_id == actor.user_id:
        return role
    remove = link("Remove", page_of(actor, "remove-person", person=membership.ref), hidden=name)
    return Markup("{}<br>{}").format(role, remove)


def invitations_table(
    actor: Actor, invitations: Iterable[PersonInvitation], mails: dict[str, Delivery]
) -> Component:
    """Who has been invited and not answered, until when they can, and what a manager can do."""
    rows: list[list[Any]] = []
    for each in invitations:
        again = link(
            "Send again",
            page_of(actor, "resend-person-invitation", ref=each.ref),
            hidden=f"to {each.email}",
        )
        withdraw = link(
            "Withdraw",
            page_of(actor, "withdraw-person-invitation", ref=each.ref),
            hidden=f"the invitation to {each.email}",
        )
        rows.append(
            [
                Markup('<span class="app-as-typed">{}</span>').format(each.email),
                each.get_role_display(),
                _standing(each, mails.get(each.ref)),
                Markup("{}<br>{}").format(again, withdraw),
            ]
        )
    columns: list[Column | str] = [
        "Email address",
        "Role",
        Column("Can join", nowrap=True),
        Column("Change", hidden_label=True, nowrap=True),
    ]
    return table(columns, rows)


def _standing(invitation: PersonInvitation, mail: Delivery | None) -> Any:
    if mail is not None and mail.state == State.DEAD:
        return tag("Email refused", "red")
    if invitation.has_expired:
        return Markup("{} {}").format(tag("Expired", "grey"), short_date(invitation.expires_at))
    return f"until {short_date(invitation.expires_at)}"


def left_table(left: Iterable[Left], *, taken_over: bool) -> Component:
    """What somebody leaves behind, and what becomes of it."""
    return table(
        ["What", Column("How many", numeric=True), "What happens"],
        [[_what(each), number_words(each.count), _becomes(each, taken_over)] for each in left],
    )


def _what(left: Left) -> Any:
    if not left.names:
        return left.kind.label
    more = left.count - len(left.names)
    names = [*left.names, f"and {number_words(more)} more"] if more > 0 else [*left.names]
    return Markup('{}<br><span class="app-muted">{}</span>').format(
        left.kind.label, Markup("<br>").join(names)
    )


def _becomes(left: Left, taken_over: bool) -> str:
    if left.moves and taken_over:
        return "Passes to whoever takes over"
    return left.kind.stays
