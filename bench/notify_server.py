"""A server that behaves like GOV.UK Notify, as far as Tandem asks: real HTTP, on a free port.

    with NotifyServer() as notify:
        environment |= notify.environment()      # EMAIL_URL=notify:// and the rest
        notify.sent                              # what was taken, in its order
        notify.copies()                          # how many e-mails each reference has
        notify.fail_next(503, 429)               # the next requests to send get these answers
        notify.report(notify.sent[0], "permanent-failure")  # as its callback would

What the part before the @ begins with decides: `refused` 400 for the address, `team` 400 for a
key of the team alone, `hangup` the first time it is taken and the connection breaks, `slow` a
second before the answer. `lose` is the share of answers that are lost after the e-mail was
taken. Run as a program it prints its port and runs until it is killed.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time
import uuid
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
CALLBACK_TOKEN = "only-the-server-that-plays-notify-knows-this"
CLOCKS_MAY_DIFFER = 30  # seconds
ERRORS = {429: "RateLimitError", 403: "AuthError", 400: "BadRequestError"}


class NotifyServer:
    """The service: its template, what it took, and how it fails."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.delay = 0.0
        self.lose = 0.0
        self.every_answer: int | None = None
        self.template: dict[str, Any] = {
            "id": TEMPLATE,
            "type": "email",
            "subject": "((subject))",
            "body": "((body))",
            "version": 1,
        }
        self._coming: deque[int] = deque()
        self._changed = threading.Condition()
        handler = type("Handler", (_Handler,), {"notify": self})
        self._server = _Listener(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> NotifyServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port that the system gave it."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What sends a process's e-mail here."""
        return {
            "EMAIL_URL": "notify://",
            "NOTIFY_API_URL": self.url,
            "NOTIFY_API_KEY": f"tests-{SERVICE}-{SECRET}",
            "NOTIFY_TEMPLATE_ID": TEMPLATE,
            "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
        }

    def fail_next(self, *statuses: int) -> None:
        """Answer the coming requests to send with these."""
        with self._changed:
            self._coming.extend(statuses)

    def copies(self) -> Counter[str]:
        """How many e-mails were taken under each reference."""
        with self._changed:
            return Counter(one["reference"] for one in self.sent)

    def wait_for(self, number: int, *, seconds: float = 60) -> bool:
        """Wait until that many have been taken."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.sent) >= number, timeout=seconds)

    def report(self, one: dict[str, Any], status: str) -> dict[str, Any]:
        """Settle what became of an e-mail; returns the body of the callback that tells of it."""
        with self._changed:
            one["status"] = status
        return {
            "id": one["id"],
            "reference": one["reference"],
            "to": one["email_address"],
            "status": status,
            "created_at": "2027-01-04T09:00:00.000000Z",
            "completed_at": "2027-01-04T09:00:02.000000Z",
            "sent_at": "2027-01-04T09:00:01.000000Z",
            "notification_type": "email",
            "template_id": TEMPLATE,
            "template_version": 1,
        }

    # What a request asks of it.

    def coming_failure(self) -> int | None:
        """The status that the next request to send gets instead of being taken."""
        with self._changed:
            return self._coming.popleft() if self._coming else self.every_answer

    def take(self, letter: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """Keep an e-mail; returns it, and how many there are now under its reference."""
        taken = {**letter, "id": str(uuid.uuid4()), "type": "email", "status": "sending"}
        with self._changed:
            self.sent.append(taken)
            self._changed.notify_all()
            copies = sum(one["reference"] == letter["reference"] for one in self.sent)
        return taken, copies

    def known_by(self, reference: str) -> list[dict[str, Any]]:
        """What was taken under a reference, the newest first."""
        with self._changed:
            self.asked.append(reference)
            return [one for one in reversed(self.sent) if one["reference"] == reference]


class _Listener(ThreadingHTTPServer):
    """Listens; says nothing of a request that was cut off because whoever sent it was killed."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | json.JSONDecodeError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    notify: ClassVar[NotifyServer]

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        asked = urlsplit(self.path)
        if self.notify.every_answer:
            self._refuse(self.notify.every_answer, "It was told to")
        elif asked.path == f"/v2/template/{TEMPLATE}":
            self._answer(200, self.notify.template)
        elif asked.path == "/v2/notifications":
            reference = parse_qs(asked.query)["reference"][0]
            self._answer(200, {"notifications": self.notify.known_by(reference), "links": {}})
        else:
            self._refuse(404, "No result found")

    def do_POST(self) -> None:
        letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_ours():
            return
        who = str(letter.get("email_address", ""))
        if failure := self.notify.coming_failure():
            self._refuse(failure, "It was told to")
        elif who.startswith("refused") or "@" not in who:
            self._refuse(400, "email_address Not a valid email address", "ValidationError")
        elif who.startswith("team"):
            self._refuse(400, "Can’t send to this recipient using a team-only API key")
        elif letter.get("template_id") != TEMPLATE:
            self._refuse(400, "Template not found")
        elif set(letter.get("personalisation", ())) != {"subject", "body"}:
            self._refuse(400, "Missing personalisation: subject, body")
        else:
            self._take(letter, who)

    def _take(self, letter: dict[str, Any], who: str) -> None:
        taken, copies = self.notify.take(letter)
        time.sleep(1.0 if who.startswith("slow") else self.notify.delay)
        unlucky = random.random() < self.notify.lose  # no secret
        if unlucky or (who.startswith("hangup") and copies == 1):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(
            201,
            {
                "id": taken["id"],
                "reference": taken["reference"],
                "content": {"from_email": "tandem@notify.example", **letter["personalisation"]},
                "uri": f"{self.notify.url}/v2/notifications/{taken['id']}",
                "template": {"id": TEMPLATE, "version": 1, "uri": ""},
            },
        )

    def _is_ours(self) -> bool:
        """Whether the request is signed with the service's key, by a clock that is right."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(
                token,
                SECRET,
                algorithms=["HS256"],
                options={"require": ["iss", "iat"]},
                leeway=CLOCKS_MAY_DIFFER,
            )
        except jwt.InvalidTokenError:
            claims = {}
        right = (
            claims.get("iss") == SERVICE
            and abs(time.time() - claims.get("iat", 0)) <= CLOCKS_MAY_DIFFER
        )
        if not right:
            self._refuse(403, "Invalid token: API key not found", "AuthError")
        return right

    def _refuse(self, status: int, words: str, kind: str = "") -> None:
        kind = kind or ERRORS.get(status, "Exception")
        self._answer(status, {"status_code": status, "errors": [{"error": kind, "message": words}]})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:  # whoever asked was killed meanwhile
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    with NotifyServer() as server:
        print(server.port, flush=True)
        threading.Event().wait()
