"""How the API answers anybody: JSON, kept for a few minutes, counted, found by no search engine."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import redis
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from contacts.open_referral.asked import BadParameter
from organisations.signing_in.client_address import client_address

KEPT_SECONDS = 300
# A machine that reads every page of everything needs about a hundred.
MOST_A_MINUTE = 120
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """A view of the API: for anybody, read only, so often a minute, faults told in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _may_ask(client_address(request) or ""):
            refused = fault(HTTPStatus.TOO_MANY_REQUESTS, "too many requests, wait a minute")
            refused["Retry-After"] = "60"
            return refused
        try:
            return view(request, *args, **kwargs)
        except BadParameter as bad:
            said = f"{bad.parameter} {bad.reason}"
            return fault(HTTPStatus.BAD_REQUEST, said, parameter=bad.parameter)

    return login_not_required(require_safe(answer))


def answer(request: HttpRequest, content: Any) -> HttpResponseBase:
    """The content, or that it is what the reader has already (304)."""
    response = _json(content)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    response["Cache-Control"] = f"max-age={KEPT_SECONDS}"
    return get_conditional_response(request, etag, None, response) or response


def not_found(what: str) -> HttpResponse:
    """404: nothing published has this id."""
    return fault(HTTPStatus.NOT_FOUND, f"no {what} has this id")


def fault(status: HTTPStatus, reason: str, **more: str) -> HttpResponse:
    """What is wrong, in words, and kept by nobody."""
    response = _json({"error": reason, **more}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _json(content: Any, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(
        text,
        status=status,
        content_type="application/json; charset=utf-8",
        headers={"X-Robots-Tag": "noindex, nofollow"},
    )


def _may_ask(address: str) -> bool:
    """Counted by address and minute; an IPv6 network counts as one."""
    if ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    key = f"open-referral-uk:{address}:{int(time.time() // 60)}"
    try:
        cache.add(key, 0, 120)
        return cache.incr(key) <= MOST_A_MINUTE
    except ValueError:  # the count ran out between the two
        return True
    except (redis.RedisError, OSError):  # without the cache nobody counts, and reading goes on
        return True
