"""`/metrics`: how the outbox stands, for Prometheus and programs like it. Off until it is set up.

Every figure comes from the database at the moment of asking, so it is the same in every web
process and nothing is kept between them: the format is written here in full.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations import health
from organisations.outbox.inbox import notes
from organisations.outbox.inbox.notes import State
from organisations.signing_in.client_address import client_address
from organisations.steering.selectors import Figures, figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure, with a sample for each set of labels."""

    name: str
    help: str
    samples: Iterable[tuple[Mapping[str, str], float]]

    def lines(self) -> Iterable[str]:
        """As Prometheus reads it."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} gauge"
        for labels, value in self.samples:
            written = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield (
                f"{self.name}{{{written}}} {value:.15g}" if written else f"{self.name} {value:.15g}"
            )


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whom the settings let in; everybody else learns of no such page."""
    if not may_read(request):
        raise Http404("no metrics for whoever asks")
    parts = {"broker": health.broker_answers(), "worker": health.worker_beats()}
    told = [*gauges(figures(), parts), *inbox_gauges(notes.state(), notes.counts())]
    lines = [line for gauge in told for line in gauge.lines()]
    return HttpResponse("\n".join([*lines, ""]), content_type=CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    """Whether the token and the address are right, as far as the settings ask for either."""
    token, networks = settings.METRICS_TOKEN, settings.METRICS_ADDRESSES
    if not token and not networks:
        return False
    given = request.headers.get("Authorization", "")
    if token and not constant_time_compare(given, f"{BEARER}{token}"):
        return False
    address = client_address(request)
    return not networks or (
        address is not None
        and any(ipaddress.ip_address(address) in network for network in networks)
    )


def gauges(found: Figures, parts: Mapping[str, bool]) -> list[Gauge]:
    """What is told. What was sent or cancelled long ago is not counted: it only ever grows."""
    waited = 0.0
    if found.oldest_due is not None:
        waited = max(0.0, (timezone.now() - found.oldest_due).total_seconds())
    total = found.total
    return [
        Gauge(
            "tandem_outbox_deliveries",
            "E-mails that have not ended well yet, by state and kind.",
            [({"state": s, "kind": k}, n) for (k, s), n in sorted(found.counted.items())],
        ),
        Gauge("tandem_outbox_due", "E-mails that are due and wait.", [({}, total.due)]),
        Gauge(
            "tandem_outbox_retrying",
            "E-mails that failed and wait to be tried again.",
            [({}, total.retried)],
        ),
        Gauge(
            "tandem_outbox_uncertain",
            "E-mails of which nobody knows whether they arrived; they wait for an operator.",
            [({}, total.uncertain)],
        ),
        Gauge("tandem_outbox_dead", "E-mails that could not be delivered.", [({}, total.dead)]),
        Gauge(
            "tandem_outbox_oldest_due_seconds",
            "How long the e-mail that is the longest due has waited; 0 when none is due.",
            [({}, waited)],
        ),
        Gauge(
            "tandem_outbox_sent_last_minute",
            "E-mails taken by the provider within a minute.",
            [({}, found.sent_last_minute)],
        ),
        Gauge(
            "tandem_outbox_sent_last_hour",
            "E-mails taken by the provider within an hour.",
            [({}, found.sent_last_hour)],
        ),
        Gauge(
            "tandem_up",
            "Whether a part answers.",
            [({"part": part}, int(there)) for part, there in parts.items()],
        ),
    ]


def inbox_gauges(state: State | None, counts: Mapping[tuple[str, str], int]) -> list[Gauge]:
    """How the mailbox for answers is read; nothing where none is set up."""
    if state is None:
        return []
    age = state.age
    return [
        Gauge(
            "tandem_inbox_last_read_seconds",
            "How long ago the mailbox for answers was read without a fault.",
            [] if age is None else [({}, age)],
        ),
        Gauge(
            "tandem_inbox_failing",
            "Whether the mailbox could not be read the last time.",
            [({}, int(bool(state.failure)))],
        ),
        Gauge(
            "tandem_inbox_messages_last_day",
            "Messages that came in within a day, by sort and by where they were put.",
            [({"sort": s, "folder": f}, n) for (s, f), n in sorted(counts.items())],
        ),
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
