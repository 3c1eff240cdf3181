"""An agreement to take away: for Word, and as a PDF. Never shown within a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from organisations import audit
from organisations.actor import ActingRequest
from partnerships.agreements import selectors
from partnerships.agreements.asked import agreement_asked_for, version_asked_for
from partnerships.agreements.documents import Document, as_docx, as_pdf, document_of
from partnerships.agreements.uploads import ENDINGS, PDF, WORD


@require_safe
def word(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """A version as a Word document."""
    return _download(request, ref, agreement, as_docx, WORD, ENDINGS[WORD])


@require_safe
def pdf(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """A version as a tagged PDF."""
    return _download(request, ref, agreement, as_pdf, PDF, ENDINGS[PDF])


def _download(
    request: ActingRequest,
    ref: str,
    agreement: str,
    make: Callable[[Document], bytes],
    content_type: str,
    ending: str,
) -> HttpResponse:
    _, found = agreement_asked_for(request, ref, agreement)
    version = selectors.version_of(found, version_asked_for(request))
    audit.record("agreement downloaded", by=request.actor, obj=found)
    name = f"{slugify(version.title) or 'agreement'}-version-{version.number}.{ending}"
    return HttpResponse(
        make(document_of(found, version)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
