"""A person's browser as far as measuring needs one: cookies, forms, connections kept open."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    status: int
    body: bytes
    location: str


@dataclass
class Browser:
    """One connection and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("localhost", self.port, timeout=30)

    def get(self, path: str, *, encoding: str = "identity") -> Answer:
        return self._ask("GET", path, None, {"Accept-Encoding": encoding})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self.port}",
        }
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = headers | {"Cookie": cookies}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # idle for longer than the server keeps it
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(answer.status, answer.read(), answer.headers.get("Location", ""))

    def sign_in(self, email: str, password: str) -> None:
        """Through the form, as a person does."""
        page = "/account/login/"
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page).body)
        assert token is not None, "the sign-in page has no form"
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": token[1].decode()}
        answer = self.post(page, fields)
        assert answer.status == http.HTTPStatus.FOUND, answer.body[:2000]

    def follow(self, path: str) -> tuple[str, Answer]:
        """The page at the end of the redirections, and its address."""
        answer = self.get(path)
        while answer.location:
            path = urlsplit(answer.location).path
            answer = self.get(path)
        return path, answer
