"""An e-mail backend that writes each message into a folder, where the demo shows it.

One file a message, named by the moment and its Message-ID, so that a second copy is seen.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailFolderBackend(BaseEmailBackend):
    """Delivers into `settings.MAIL_FOLDER`, each message whole and on the disk, or not at all."""

    all_or_nothing = True

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self._folder = Path(settings.MAIL_FOLDER)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; returns how many."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        written = message.message()
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(written.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._folder / file_name(str(written["Message-ID"])))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def file_name(message_id: str) -> str:
    """`20270721T143000-123456-<id>.eml`: sorts by time, and is safe as a file name."""
    key = re.sub(r"[^A-Za-z0-9]", "", message_id.partition("@")[0])[:40]
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}-{key}.eml"
