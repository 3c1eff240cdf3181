"""A provider to sign in at, people with a second factor, and signing in as they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from organisations.models import User
from organisations.signing_in.provider_settings import read_providers
from organisations.tenancy.scope import Scope, acting
from tests.signing_in import oidc_server


@pytest.fixture(scope="session")
def oidc_process() -> Iterator[oidc_server.Provider]:
    """The provider's server, one for the run."""
    with oidc_server.running() as provider:
        yield provider


@pytest.fixture
def provider(
    oidc_process: oidc_server.Provider, settings: Any, db: None
) -> Callable[..., oidc_server.Provider]:
    """`provider(mfa_suffices=True)`: the settings name the provider, as it behaves by default."""

    def named(**more: Any) -> oidc_server.Provider:
        fresh = oidc_server.Provider.__dataclass_fields__
        for name in ("person", "wrong", "codes", "asked"):
            setattr(oidc_process, name, fresh[name].default_factory())  # type: ignore[misc]
        oidc_process.algorithm, oidc_process.signs_with = "RS256", oidc_process.key
        oidc_process.refuses = oidc_process.shows_page = False
        settings.OIDC_PROVIDERS = read_providers(json.dumps([oidc_process.settings(**more)]))
        return oidc_process

    settings.BASE_URL = "http://testserver"
    return named


@pytest.fixture
def with_app(db: None) -> Callable[[User], str]:
    """Give somebody an authenticator app; its secret."""

    def give(user: User) -> str:
        secret = generate_totp_secret()
        with acting(Scope(user_id=user.pk)), transaction.atomic():
            TOTP.activate(user, secret)
            RecoveryCodes.activate(user)
        return secret

    return give


@pytest.fixture
def factors(superuser: Any) -> Callable[[User], list[str]]:
    """The kinds of factors somebody really has."""

    def look(user: User) -> list[str]:
        rows = superuser.execute(
            f"SELECT type FROM {Authenticator._meta.db_table} WHERE user_id = %s ORDER BY type",
            [user.pk],
        ).fetchall()
        return [kind for (kind,) in rows]

    return look


@pytest.fixture
def later(time_machine: Any) -> Callable[[float], None]:
    """`later(600)`: ten minutes on."""

    def wait(seconds: float) -> None:
        time_machine.move_to(datetime.now(UTC) + timedelta(seconds=seconds))

    return wait
