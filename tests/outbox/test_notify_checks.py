"""`check --deploy` complains of GOV.UK Notify half set up."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from bench.notify_server import NotifyServer
from organisations.outbox.carrier import ANY_MAIL_SERVER, NOTIFY, provider
from organisations.outbox.notify.checks import notify_is_set_up


def ids() -> list[str]:
    return [str(message.id) for message in notify_is_set_up()]


def test_all_set_is_fine(notify: NotifyServer, settings: Any) -> None:
    settings.NOTIFY_API_URL = "https://api.notifications.service.gov.uk"

    assert ids() == []
    assert provider() == NOTIFY


@pytest.mark.parametrize(
    ("setting", "value", "complaint"),
    [
        ("NOTIFY_API_KEY", "", "tandem.E011"),
        ("NOTIFY_API_KEY", "half-of-one", "tandem.E011"),
        ("NOTIFY_TEMPLATE_ID", "", "tandem.E012"),
        ("NOTIFY_CALLBACK_TOKEN", "", "tandem.E013"),
        ("NOTIFY_CALLBACK_TOKEN", "short", "tandem.E014"),
        ("NOTIFY_API_URL", "http://api.example", "tandem.E015"),
    ],
)
def test_each_half_is_named(
    notify: NotifyServer, settings: Any, setting: str, value: str, complaint: str
) -> None:
    settings.NOTIFY_API_URL = "https://api.notifications.service.gov.uk"
    setattr(settings, setting, value)

    assert ids() == [complaint]


def test_a_key_without_the_choice_is_named(settings: Any) -> None:
    assert ids() == []
    settings.NOTIFY_API_KEY = "a-key"

    (message,) = notify_is_set_up()

    assert message.id == "tandem.W011"
    assert "NOTIFY_API_KEY is set" in message.msg
    assert provider() == ANY_MAIL_SERVER


def test_the_deployment_check_asks(notify: NotifyServer) -> None:
    with pytest.raises(SystemCheckError, match=r"tandem\.E015"):
        call_command("check", deploy=True, tags=["security"])
