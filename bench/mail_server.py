"""Takes and forgets every message; prints its port and runs until it is killed."""

from __future__ import annotations

import threading

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink


class AnyPort(Controller):
    """A controller on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    controller = AnyPort(Sink(), hostname="127.0.0.1", port=0)
    controller.start()
    print(controller.port, flush=True)
    threading.Event().wait()
