"""OpenID Connect providers, read from one setting. See docs/sign-in-providers.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NAME_IN_ADDRESS = re.compile(r"[a-z][a-z0-9-]{0,39}")
AUTH_METHODS = ("client_secret_post", "client_secret_basic")


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """One provider: how to reach it, and how far its word goes."""

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str
    # Whether signing in there counts as both steps here.
    mfa_suffices: bool = False
    scope: tuple[str, ...] = ("openid", "profile", "email")
    token_auth_method: str = "client_secret_post"  # noqa: S105 (a method, not a secret)
    # Sent with the request, such as {"acr_values": "AAL3"}.
    auth_params: Mapping[str, str] = field(default_factory=dict)
    # What the token must say, such as {"acr": ["AAL3"]}; without it the sign-in is refused.
    required_claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_providers(text: str) -> dict[str, OidcProvider]:
    """The providers in a JSON list, by id.

    Raises ImproperlyConfigured naming what is wrong, and never the secret.
    """
    if not text.strip():
        return {}
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as problem:
        raise ImproperlyConfigured(
            f"OIDC_PROVIDERS is not JSON, at character {problem.pos}. "
            "docs/sign-in-providers.md has examples."
        ) from None
    if not isinstance(entries, list):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a JSON list of providers.")
    providers = [_provider(entry) for entry in entries]
    if len({each.id for each in providers}) != len(providers):
        raise ImproperlyConfigured("OIDC_PROVIDERS names two providers with the same id.")
    return {each.id: each for each in providers}


def _provider(entry: Any) -> OidcProvider:
    if not isinstance(entry, dict):
        raise ImproperlyConfigured("Each entry of OIDC_PROVIDERS must be a JSON object.")
    known = OidcProvider.__dataclass_fields__
    if unknown := sorted(set(entry) - set(known)):
        raise ImproperlyConfigured(f"OIDC_PROVIDERS does not know {', '.join(unknown)}.")
    for name in ("id", "name", "issuer", "client_id", "secret"):
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise ImproperlyConfigured(f"Each entry of OIDC_PROVIDERS needs “{name}”.")
    if not NAME_IN_ADDRESS.fullmatch(entry["id"]):
        raise ImproperlyConfigured(
            "The id of a provider is small letters, digits and hyphens: it is part of an address."
        )
    if not isinstance(entry.get("mfa_suffices", False), bool):
        raise ImproperlyConfigured("“mfa_suffices” is true or false.")
    if entry.get("token_auth_method", AUTH_METHODS[0]) not in AUTH_METHODS:
        raise ImproperlyConfigured(f"“token_auth_method” is one of {', '.join(AUTH_METHODS)}.")
    address = urlsplit(entry["issuer"])
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1"):
        raise ImproperlyConfigured(f"The issuer of “{entry['id']}” must be an https address.")
    claims = entry.get("required_claims", {})
    return OidcProvider(
        **{
            **entry,
            "issuer": entry["issuer"],
            "scope": tuple(entry.get("scope", known["scope"].default)),
            "auth_params": dict(entry.get("auth_params", {})),
            "required_claims": {
                name: tuple(values if isinstance(values, list) else [values])
                for name, values in claims.items()
            },
        }
    )
