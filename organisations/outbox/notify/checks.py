"""System checks for `check --deploy`: GOV.UK Notify half set up is worse than not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from organisations.outbox.carrier import NOTIFY_BACKEND
from organisations.outbox.notify.client import Key

SHORTEST_TOKEN = 20
HINT = "docs/notify.md says where each comes from."
OURS = ("NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID", "NOTIFY_REPLY_TO_ID", "NOTIFY_CALLBACK_TOKEN")


@register(Tags.security, deploy=True)
def notify_is_set_up(
    *, app_configs: Sequence[AppConfig] | None = None, **_: Any
) -> list[CheckMessage]:
    """Complain of a provider that is chosen and not set up, or set up and not chosen."""
    if settings.EMAIL_BACKEND != NOTIFY_BACKEND:
        given = [name for name in OURS if getattr(settings, name)]
        words = f"{', '.join(given)} is set, but EMAIL_URL does not choose GOV.UK Notify."
        hint = "Set EMAIL_URL=notify:// or leave these out."
        return [Warning(words, hint=hint, id="tandem.W011")] if given else []
    return [Error(words, hint=HINT, id=f"tandem.{number}") for number, words in _faults()]


def _faults() -> list[tuple[str, str]]:
    token = settings.NOTIFY_CALLBACK_TOKEN
    faults = {
        ("E011", "NOTIFY_API_KEY is missing, or is no key of GOV.UK Notify."): (
            Key.read(settings.NOTIFY_API_KEY) is None
        ),
        ("E012", "NOTIFY_TEMPLATE_ID is missing."): not settings.NOTIFY_TEMPLATE_ID,
        ("E013", "NOTIFY_CALLBACK_TOKEN is missing: nobody would learn of refused e-mail."): (
            not token
        ),
        ("E014", f"NOTIFY_CALLBACK_TOKEN has fewer than {SHORTEST_TOKEN} characters."): (
            0 < len(token) < SHORTEST_TOKEN
        ),
        ("E015", "NOTIFY_API_URL is not an https:// address."): (
            urlsplit(settings.NOTIFY_API_URL).scheme != "https"
        ),
    }
    return [words for words, found in faults.items() if found]
