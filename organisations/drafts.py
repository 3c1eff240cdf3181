"""What someone typed into a form when their session had ended, kept across the sign-in.

Kept in the (new) session of the same browser, given back only to the person the form had
been shown to, and only once. Values holding a pupil's or patient's number are not kept, and of a
view that is marked `never_kept` nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

from organisations import submissions
from organisations.guard_rail import find_identifiers

PARAMETER = "draft"
LONGEST = 50_000
SIGNED_OUT = "You were signed out before this was saved"
View = TypeVar("View", bound=Callable[..., Any])


def never_kept(view: View) -> View:
    """Mark a view whose form may hold what is to be kept nowhere; it is typed again then."""
    view.never_kept = True  # type: ignore[attr-defined]
    return view


def keep(request: HttpRequest, *, why: str = SIGNED_OUT) -> str:
    """Keep the posted form, if it is one of ours, and return the address that shows it again.

    `why` it was not saved begins what the person reads there.
    """
    data = request.POST.copy()
    owner = submissions.owner_of(data.get("once", ""))
    encoded_length = sum(len(value) for _, values in data.lists() for value in values)
    view = request.resolver_match.func if request.resolver_match else None
    if owner is None or encoded_length > LONGEST or getattr(view, "never_kept", False):
        return request.path
    data.pop("csrfmiddlewaretoken", None)
    for name, values in list(data.lists()):
        if any(find_identifiers(value) for value in values):
            del data[name]
    key = get_random_string(12)
    request.session[f"draft:{key}"] = {
        "path": request.path,
        "owner": owner,
        "data": data.urlencode(),
        "why": why,
    }
    return f"{request.path}?{urlencode({PARAMETER: key})}"


def take(request: HttpRequest) -> QueryDict | None:
    """The form kept for this page and this person, once; None otherwise."""
    key = request.GET.get(PARAMETER)
    if not key:
        return None
    draft = request.session.get(f"draft:{key}")
    if draft is None or draft["path"] != request.path or draft["owner"] != request.user.pk:
        return None
    del request.session[f"draft:{key}"]
    messages.info(
        request,
        f"{draft.get('why', SIGNED_OUT)}. Nothing you typed is lost: check it and save again.",
    )
    return QueryDict(draft["data"])
