"""Bringing a signed copy in, getting it, and taking it out. A file is never shown within a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.agreements import files, presenters
from partnerships.agreements.asked import agreement_asked_for
from partnerships.agreements.models import Agreement, AgreementFile
from partnerships.agreements.uploads import LARGEST

FORM_METHODS = ["GET", "HEAD", "POST"]


class FileForm(RecordForm):
    """The signed copy to bring in."""

    file = forms.FileField(
        label="Choose the signed copy",
        help_text="A PDF, Word document (.docx), ODT, PNG or JPEG, up to 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.png,.jpg,.jpeg"}),
        max_length=250,
        error_messages={
            "required": "Choose the signed copy",
            "missing": "Choose the signed copy",
            "empty": "The file is empty",
            "max_length": "The file’s name is too long. Rename it to something shorter",
        },
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError("The file must be 20 MB or smaller")
        return upload


@require_http_methods(FORM_METHODS)
def add(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Bring a signed copy in."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    sent = request.FILES if request.method == "POST" else None
    form = FileForm(data_for(request), actor=request.actor, files=sent)

    def work() -> str:
        files.add_file(by=request.actor, agreement=found, upload=form.cleaned_data["file"])
        return f"{presenters.address(request.actor, found)}#files"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The signed copy is with the agreement")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found}
    return render(request, "agreements/add_file.jinja", context)


@require_safe
def get(request: ActingRequest, ref: str, agreement: str, file: str) -> HttpResponseBase:
    """The file itself, to be kept and not shown; the look is audited."""
    _, found = agreement_asked_for(request, ref, agreement)
    kept = _file(found, file)
    try:
        stored = default_storage.open(kept.stored_as)
    except FileNotFoundError as gone:
        raise Http404("the file is not in the storage") from gone
    audit.record("agreement file opened", by=request.actor, obj=found, changes={"file": kept.pk})
    return FileResponse(
        stored,
        as_attachment=True,
        filename=kept.name,
        content_type=kept.content_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )


@require_http_methods(FORM_METHODS)
def remove(request: ActingRequest, ref: str, agreement: str, file: str) -> HttpResponse:
    """Take a file of one's own organisation out, after asking."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    kept = _file(found, file)
    permissions.require(request.actor, Permission.REMOVE_AGREEMENT_FILE, kept)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        files.remove_file(by=request.actor, file=kept)
        return f"{presenters.address(request.actor, found)}#files"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "The file was taken out")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found, "file": kept}
    return render(request, "agreements/remove_file.jinja", context)


def _file(agreement: Agreement, ref: str) -> AgreementFile:
    """One file of an agreement that is still there; raises Http404 without it."""
    kept = AgreementFile.objects.filter(agreement=agreement, ref=ref, removed_at=None).first()
    if kept is None:
        raise Http404("no such file")
    kept.agreement = agreement
    return kept
