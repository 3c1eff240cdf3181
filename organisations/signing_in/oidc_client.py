"""Speaking OpenID Connect: the code flow with PKCE, state and nonce, and a checked id token.

allauth's own client neither sends a nonce nor checks the signature of a token that it fetched
itself. Ours does both, reads nothing but the id token, and keeps no token.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.core.cache import cache
from django.utils.crypto import constant_time_compare

from organisations.signing_in.provider_settings import OidcProvider

TIMEOUT_SECONDS = (3.05, 5)
KEPT_SECONDS = 3600
# How often keys may be asked for again because a token names one that we do not know.
KEYS_AGAIN_SECONDS = 60
LEEWAY_SECONDS = 60
# Signatures by a key pair alone: with a shared secret or none, anybody could write a token.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderRefused(Exception):
    """The sign-in cannot be believed, or the provider did not answer. Says why, for the record."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along with a request to a provider, to be compared with the answer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says has signed in. `shown_as` is for people to read, never to match.

    `email` finds nobody either; it is empty where the provider says that it is not confirmed.
    """

    issuer: str
    subject: str
    shown_as: str
    email: str = ""
    name: str = ""


def ask(provider: OidcProvider, redirect_uri: str, **more: str) -> tuple[str, Asked]:
    """The address at the provider to go to, and what to compare the answer with.

    Raises ProviderRefused when the provider does not say how it works.
    """
    asked = Asked(*(secrets.token_urlsafe(32) for _ in range(3)))
    challenge = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scope),
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **provider.auth_params,
        **more,
    }
    address = _configuration(provider)["authorization_endpoint"]
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}{urlencode(query)}", asked


def identify(provider: OidcProvider, code: str, asked: Asked, redirect_uri: str) -> Identity:
    """Exchange the code for an id token, check the token, and say who it is.

    Raises ProviderRefused when anything about it is not as it should be.
    """
    token = _exchange(provider, code, asked, redirect_uri)
    claims = _checked(provider, token, asked.nonce)
    shown = claims.get("preferred_username") or claims.get("email") or claims.get("name") or ""
    believed = claims.get("email_verified", True) is True
    return Identity(
        provider.issuer,
        str(claims["sub"]),
        str(shown)[:254],
        email=str(claims.get("email", ""))[:254].strip().lower() if believed else "",
        name=" ".join(str(claims.get("name", "")).split())[:120],
    )


def _exchange(provider: OidcProvider, code: str, asked: Asked, redirect_uri: str) -> str:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": asked.verifier,
    }
    basic = None
    if provider.token_auth_method == "client_secret_basic":  # noqa: S105
        basic = (provider.client_id, provider.secret)
    else:
        data |= {"client_id": provider.client_id, "client_secret": provider.secret}
    address = _configuration(provider)["token_endpoint"]
    answer = _json("POST", address, data=data, auth=basic)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused("no id token")
    return token


def _checked(provider: OidcProvider, token: str, nonce: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise ProviderRefused("signature not accepted")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(provider, header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )
    except jwt.PyJWTError as problem:
        raise ProviderRefused(f"id token: {type(problem).__name__}") from problem
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise ProviderRefused("nonce")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderRefused("authorised party")
    if not claims["sub"] or len(str(claims["sub"])) > 255:
        raise ProviderRefused("subject")
    _require(provider, claims)
    return claims


def _require(provider: OidcProvider, claims: Mapping[str, Any]) -> None:
    for name, accepted in provider.required_claims.items():
        said = claims.get(name)
        values = said if isinstance(said, list) else [said]
        if not any(str(value) in accepted for value in values):
            raise ProviderRefused(f"claim {name}")


def _key(provider: OidcProvider, key_id: str | None, algorithm: str) -> Any:
    for again in (False, True):
        for each in _keys(provider, again=again):
            if (
                (key_id is None or each.get("kid") == key_id)
                and each.get("use", "sig") == "sig"
                and each.get("alg", algorithm) == algorithm
            ):
                return jwt.PyJWK(each, algorithm=algorithm).key
    raise ProviderRefused("unknown key")


def _keys(provider: OidcProvider, *, again: bool) -> list[dict[str, Any]]:
    kept_as = f"oidc-keys:{provider.id}"
    kept: list[dict[str, Any]] | None = cache.get(kept_as)
    if kept is not None and not again:
        return kept
    if again and not cache.add(f"{kept_as}:again", 1, KEYS_AGAIN_SECONDS):
        return kept or []
    keys = _json("GET", _configuration(provider)["jwks_uri"]).get("keys", [])
    cache.set(kept_as, keys, KEPT_SECONDS)
    return [each for each in keys if isinstance(each, dict)]


def _configuration(provider: OidcProvider) -> dict[str, Any]:
    kept_as = f"oidc-configuration:{provider.id}:{provider.issuer}"
    kept: dict[str, Any] | None = cache.get(kept_as)
    if kept is not None:
        return kept
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _json("GET", address)
    if found.get("issuer") != provider.issuer:
        raise ProviderRefused("issuer of the provider")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        endpoint = str(found.get(name, ""))
        if urlsplit(endpoint).scheme != urlsplit(provider.issuer).scheme:
            raise ProviderRefused(f"no safe {name}")
    cache.set(kept_as, found, KEPT_SECONDS)
    return found


def _json(method: str, address: str, **how: Any) -> dict[str, Any]:
    try:
        answer = requests.request(
            method, address, timeout=TIMEOUT_SECONDS, allow_redirects=False, **how
        )
        found = answer.json()
    except (requests.RequestException, ValueError) as problem:
        raise ProviderRefused("no answer") from problem
    if answer.status_code != requests.codes.ok or not isinstance(found, dict):
        raise ProviderRefused(f"answer {answer.status_code}")
    return found
