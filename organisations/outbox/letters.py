"""Writing a message of one kind from its two templates: plain text, and simple HTML.

`templates/jinja2/email/<kind>.txt.jinja` extends `email/layout.txt.jinja`, and the same for
HTML. The text is rendered without escaping, since it is no markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import engines

from organisations.outbox.kinds import label_of

MANY_BLANK_LINES = re.compile(r"\n{3,}")


def letter(
    kind: str, *, subject: str, to: str, context: Mapping[str, Any] | None = None
) -> EmailMultiAlternatives:
    """The message of `kind` to one address.

    The templates get `context`, and `base_url` (for links), `service_name`, `subject` and
    `kind_label`.
    """
    subject = " ".join(subject.split())
    values = {
        "base_url": settings.BASE_URL,
        "service_name": settings.EMAIL_FROM_NAME,
        "subject": subject,
        "kind_label": label_of(kind),
        **(context or {}),
    }
    text = text_environment().get_template(f"email/{kind}.txt.jinja").render(values)
    html = page_environment().get_template(f"email/{kind}.html.jinja").render(values)
    message = EmailMultiAlternatives(
        subject=subject, body=MANY_BLANK_LINES.sub("\n\n", text).strip() + "\n", to=[to]
    )
    message.attach_alternative(html, "text/html")
    return message


@cache
def text_environment() -> jinja2.Environment:
    """The pages' Jinja environment without escaping."""
    return page_environment().overlay(autoescape=False)


def page_environment() -> jinja2.Environment:
    """The pages' Jinja environment, which escapes."""
    engine: Any = engines["jinja2"]
    environment: jinja2.Environment = engine.env
    return environment
