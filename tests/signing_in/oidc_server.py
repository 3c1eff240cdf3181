"""An OpenID Connect provider of our own: real HTTP, discovery, keys, code flow with PKCE.

It follows the standard strictly, so that a client that does not is found out, and can be told
to answer wrongly in one respect, so that a client that does not look is found out too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "tandem", "a-secret-for-tests-only"


@dataclass
class Provider:
    """The provider's state, for tests to look at and to bend."""

    port: int = 0
    # Who is signed in at the provider's own page.
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "person-1", "email": "someone@provider.example"}
    )
    # Claims of the next tokens that are not as they should be.
    wrong: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    refuses: bool = False
    # Shows a page with a link, as a real one does, instead of leading back at once.
    shows_page: bool = False

    def __post_init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.foreign_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with: Any = self.key

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def settings(self, **more: Any) -> dict[str, Any]:
        """An entry of OIDC_PROVIDERS for this provider."""
        return {
            "id": "works",
            "name": "Works account",
            "issuer": self.issuer,
            "client_id": CLIENT_ID,
            "secret": SECRET,
            **more,
        }

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        self.asked.append(query)
        back = {"state": query["state"], "iss": self.issuer}
        if self.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer to a code: a token, once, to the client that asked for it."""
        query = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if (
            query is None
            or form.get("client_secret") != SECRET
            or form.get("redirect_uri") != query["redirect_uri"]
            or proof != query["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            "email_verified": True,
            **self.person,
            **self.wrong,
        }
        key: Any = (
            "a shared text, long enough to sign" if self.algorithm == "HS256" else self.signs_with
        )
        token = jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            None if self.algorithm == "none" else key,
            algorithm=self.algorithm,
            headers={"kid": "one"},
        )
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            self._json(200, self.provider.configuration())
        elif address.path == "/keys":
            self._json(200, self.provider.keys())
        elif address.path == "/authorize":
            self._send_back(self.provider.authorize(query))
        elif address.path == "/favicon.ico":
            self._answer(200, "image/x-icon", b"")
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._json(*self.provider.token(form) if self.path == "/token" else (404, {}))

    def _send_back(self, address: str) -> None:
        if self.provider.shows_page:
            page = f'<!DOCTYPE html><h1>Works account</h1><a href="{address}">Continue</a>'
            self._answer(200, "text/html", page.replace("&", "&amp;").encode())
            return
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._answer(status, "application/json", json.dumps(content).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """The tests say what they saw."""


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering on a port of this machine until the block ends."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
