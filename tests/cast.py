"""The cast: real organisations of England, and people known by what they do.

school   Windsor Academy Trust          manager, editor, viewer
health   Walsall Healthcare NHS Trust   manager, editor
council  Walsall Council                editor
other    a school trust with no part in anything: stranger
nobody   a person without an organisation
operator a platform operator
"""

from __future__ import annotations

from dataclasses import dataclass, field

from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Kind, Membership, Organisation, Role, User
from organisations.tenancy.scope import Scope, acting

PASSWORD = "a-password-for-tests-only"

ORGANISATIONS = {
    "school": (Kind.SCHOOL_TRUST, "5361"),
    "health": (Kind.NHS_TRUST, "RBK"),
    "council": (Kind.COUNCIL, "335"),
    "icb": (Kind.ICB, "QUA"),
    "other": (Kind.SCHOOL_TRUST, "4320"),
}
PEOPLE = {
    "school_manager": ("school", Role.MANAGER),
    "school_editor": ("school", Role.EDITOR),
    "school_viewer": ("school", Role.VIEWER),
    "health_manager": ("health", Role.MANAGER),
    "health_editor": ("health", Role.EDITOR),
    "council_editor": ("council", Role.EDITOR),
    "stranger": ("other", Role.MANAGER),
    "nobody": (None, None),
}


@dataclass
class Cast:
    """Organisations by part, people by part, and how to act or sign in as them."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, part: str) -> Actor:
        try:
            return self.__dict__["actors"][part]
        except KeyError:
            raise AttributeError(part) from None

    def organisation(self, part: str) -> Organisation:
        """The organisation that plays a part."""
        return self.organisations[part]

    def client(self, part: str | None, *, fresh: bool = True) -> Client:
        """A browserless client signed in as someone just now, or (not `fresh`) a while ago, or
        signed out (None)."""
        client = Client()
        if part is not None:
            client.force_login(self.users[part], backend="organisations.sign_in.PasswordBackend")
        if part is not None and fresh:
            # As signing in by the form would note it.
            request = HttpRequest()
            request.session = client.session
            record_authentication(request, self.users[part], "password")
            request.session.save()
        return client


def assemble() -> Cast:
    """Create the cast through the role that serves pages; the operator through the owner."""
    cast = Cast()
    operator = User.objects.db_manager("owner").create_user(
        "operator@tandem.example", PASSWORD, name="Operator", is_operator=True
    )
    confirm(operator)
    cast.users["operator"] = User.objects.get(pk=operator.pk)
    cast.actors["operator"] = Actor(operator.pk, is_operator=True)
    for part, (kind, code) in ORGANISATIONS.items():
        cast.organisations[part] = Organisation.objects.get(kind=kind, code=code)
    for part, (organisation_part, role) in PEOPLE.items():
        address = f"{part.replace('_', '-')}@tandem.example"
        user = User.objects.create_user(address, PASSWORD, name=part.replace("_", " ").capitalize())
        confirm(user)
        cast.users[part] = user
        cast.actors[part] = Actor(user.pk)
        if organisation_part is not None:
            assert role is not None
            admit(cast, part, organisation_part, role)
    return cast


def confirm(user: User) -> None:
    """Mark a person's address as confirmed, as the link in the e-mail would."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user_id=user.pk, email=user.email, verified=True, primary=True)


def admit(cast: Cast, part: str, organisation_part: str, role: Role) -> None:
    """An operator admits someone to an organisation, which so joins."""
    organisation = cast.organisations[organisation_part]
    user = cast.users[part]
    with acting(Scope(user_id=cast.users["operator"].pk)), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk, joined_at=None).update(
            joined_at=timezone.now()
        )
        Membership.objects.create(organisation=organisation, user=user, role=role)
    organisation.refresh_from_db()
    cast.actors[part] = Actor(
        user.pk,
        ActingOrganisation(
            organisation.pk, organisation.name, organisation.slug, organisation.kind
        ),
        role,
    )
