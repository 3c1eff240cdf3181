"""The second step of signing in, as a person does it: an app's code, a device's passkey."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from tests.browser.person import Person


def code_of(secret: str, periods_from_now: int = 0) -> str:
    """What the app shows, half a minute ahead for each period."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_from_now))


def secret_of(person: Person) -> str:
    """The secret beneath the picture, on the page that sets the app up."""
    person.page.get_by_text("I cannot scan the picture").click()
    return person.page.locator(".app-copyable").inner_text().replace(" ", "")


def sets_up_an_app(person: Person) -> None:
    """From the page that asks for a second step, through the app, to where they were going."""
    person.reads("Your role needs a second step when you sign in")
    person.follows("Set up an app")
    person.fills({"Code from the app": code_of(secret_of(person))})
    person.presses("Switch it on")
    person.reads("Your recovery codes")
    person.follows("I have kept them, continue")


def passkeys_of(page: Page) -> Any:
    """Give the browser a device that makes passkeys, as a laptop with a fingerprint reader."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools
