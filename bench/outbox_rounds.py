"""The rounds of `bench.outbox`, in a process with Django set up; prints messages a second.

`python -m bench.outbox_rounds work` is one of the four workers: it drains each time it is
given a line.
"""

from __future__ import annotations

import json
import logging
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage as PlainMessage
from email.utils import formatdate, make_msgid

import django

ROUNDS = 5
MESSAGES = 600
TEXT = "Good morning,\n\nYou are invited to a short update of the partnership.\n" + "More. " * 150
HTML = f"<!DOCTYPE html><html lang='en-GB'><title>Update</title><p>{TEXT}</p></html>"


def main() -> None:
    """Interleave the three ways of sending."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.outbox_rounds", "work"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    from organisations.outbox import engine

    def four_workers() -> None:
        for worker in workers:
            assert worker.stdin is not None
            print("drain", file=worker.stdin, flush=True)
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()

    organisation = an_organisation()
    rounds = []
    for _ in range(ROUNDS + 1):
        each = {"plain": per_second(plain)}
        fill(organisation)
        each["one worker"] = per_second(engine.drain)
        fill(organisation)
        each["four workers"] = per_second(four_workers)
        rounds.append(each)
        print(each, file=sys.stderr, flush=True)
    for worker in workers:
        worker.communicate()
    print(json.dumps(rounds[1:]))  # the first warms up


def work() -> None:
    """Drain at each line, then answer."""
    from organisations.outbox import engine

    for _ in sys.stdin:
        engine.drain()
        print("done", flush=True)


def per_second(send: Callable[[], object]) -> float:
    began = time.perf_counter()
    send()
    return MESSAGES / (time.perf_counter() - began)


def plain() -> None:
    """What a program without an outbox would do."""
    from django.conf import settings

    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for number in range(MESSAGES):
            message = PlainMessage()
            message["Subject"] = "An invitation"
            message["From"] = settings.DEFAULT_FROM_EMAIL
            message["To"] = f"person-{number}@school.example"
            message["Date"] = formatdate(localtime=True)
            message["Message-ID"] = make_msgid(domain="localhost")
            message.set_content(TEXT)
            message.add_alternative(HTML, subtype="html")
            server.send_message(message)


def an_organisation() -> int:
    from organisations.models import Kind, Organisation

    organisation, _ = Organisation.objects.using("owner").get_or_create(
        kind=Kind.SCHOOL_TRUST, code="bench", defaults={"name": "A trust", "slug": "a-trust"}
    )
    return organisation.pk


def fill(organisation_id: int) -> None:
    from django.db import transaction

    from organisations.models import Delivery
    from organisations.references import new_ref
    from organisations.tenancy.scope import Scope, acting

    with acting(Scope(organisation_id=organisation_id)), transaction.atomic():
        subject = new_ref()
        Delivery.objects.bulk_create(
            Delivery(
                kind="bench",
                subject=subject,
                recipient=f"person-{number}@school.example",
                organisation_id=organisation_id,
            )
            for number in range(MESSAGES)
        )


def register() -> None:
    """A kind that people may switch off: what its reader wants is asked, and a way out added."""
    from django.core.mail import EmailMultiAlternatives

    from organisations.models import Delivery
    from organisations.outbox import Kind, groups, kinds

    def compose(delivery: Delivery) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives("An invitation", TEXT, to=[delivery.recipient])
        message.attach_alternative(HTML, "text/html")
        return message

    kinds.register(Kind("bench", "Measured", compose, group=groups.TOUCHPOINTS))


if __name__ == "__main__":
    django.setup()
    logging.disable(logging.INFO)
    register()
    work() if sys.argv[1:] == ["work"] else main()
