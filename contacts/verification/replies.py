"""For whoever manages a region: what people answered, who does not, and asking them again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from contacts.freshness import freshness
from contacts.models import ChangeKind, CheckedBy, Posting, PostingChange, Region
from contacts.regions.sections import Section, register
from contacts.verification import selectors, services
from frontend.components import Component, link, table
from frontend.wording import counted, date_words
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission

MOST = 100
FIELDS = {"name": "Name", "job_title": "Job title", "telephone": "Telephone", "email": "Email"}


def section(actor: Actor, region: Region) -> Section:
    """How many answers wait for the admin, and how many people do not answer."""
    return Section(
        "Answers to checks",
        "verification/section.jinja",
        {
            "waiting": selectors.replies_waiting(region).count(),
            "silent": selectors.no_answer(region).count(),
            "page": reverse("region-replies", args=[region.slug]),
        },
    )


def register_own() -> None:
    """Register it; for `AppConfig.ready`."""
    register("answers", section, order=15)


@require_safe
def replies(request: ActingRequest, slug: str) -> HttpResponse:
    """Who left or asked to be removed, who does not answer, and what was corrected lately."""
    region = _region(request, slug)
    silent = list(selectors.no_answer(region)[:MOST])
    context = {
        "region": region,
        "waiting": _waiting(region, list(selectors.replies_waiting(region)[:MOST])),
        "silent": _silent(region, silent),
        "number": len(silent),
        "corrected": _corrected(region, list(selectors.corrections(region)[:20])),
    }
    return render(request, "verification/replies.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: ActingRequest, slug: str, reply: int) -> HttpResponse:
    """Say that what follows from an answer was done."""
    region = _region(request, slug)
    change = selectors.replies_waiting(region).filter(pk=reply).first()
    if change is None:
        raise Http404("no such answer waits here")
    page = reverse("region-replies", args=[region.slug])
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.settle(by=request.actor, change=change)
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Marked as done")
        return redirect(url)
    context = {"region": region, "form": form, "back": page, "said": _who(change), "change": change}
    return render(request, "verification/settle.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: ActingRequest, slug: str) -> HttpResponse:
    """Ask those who do not answer once more."""
    region = _region(request, slug)
    page = reverse("region-replies", args=[region.slug])
    silent = list(selectors.no_answer(region)[:MOST])
    form = RecordForm(data_for(request), actor=request.actor)
    asked: list[int] = []

    def work() -> str:
        asked.append(services.ask(by=request.actor, postings=silent))
        return page

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, f"{counted(asked[0], 'person', 'people')} asked again")
        return redirect(url)
    context = {"region": region, "form": form, "back": page, "number": len(silent)}
    return render(request, "verification/ask_again.jinja", context)


def _region(request: ActingRequest, slug: str) -> Region:
    found: Region = get_object_or_404(Region.objects.select_related("icb"), slug=slug)
    permissions.hide_unless(request.actor, Permission.MANAGE_REGION, found)
    return found


def _page_of(region: Region, posting: Posting) -> Markup:
    address = reverse("region-contact", args=[region.slug, posting.ref])
    return Markup("{}<br>{}").format(
        link(posting.person.name, address), f"{posting.job_title}, {posting.organisation.name}"
    )


def _who(change: PostingChange) -> str | Markup:
    """Whom an answer is about; nobody any more once they were removed."""
    if change.kind == ChangeKind.REMOVED:
        return "Somebody who asked to be removed"
    return f"{change.posting.person.name}, {change.posting.job_title}"


def _waiting(region: Region, found: list[PostingChange]) -> Component | None:
    rows: list[list[Any]] = [
        [
            _who(each) if each.kind == ChangeKind.REMOVED else _page_of(region, each.posting),
            "Removed from the directory at their wish"
            if each.kind == ChangeKind.REMOVED
            else f"{freshness(each.posting).words}, says {CheckedBy(each.by).label}",
            Markup('<span class="app-as-typed">{}</span>').format(each.note) if each.note else "–",
            link(
                "Mark as done",
                reverse("settle-reply", args=[region.slug, each.pk]),
                hidden=_who(each),
            ),
        ]
        for each in found
    ]
    return table(["Who", "What they answered", "Note", "Next"], rows) if rows else None


def _silent(region: Region, found: list[Posting]) -> Component | None:
    rows = [[_page_of(region, each), freshness(each).words] for each in found]
    return table(["Who", "What the directory says"], rows) if rows else None


def _corrected(region: Region, found: list[PostingChange]) -> Component | None:
    rows = [
        [
            _page_of(region, each.posting),
            Markup("<br>").join(
                f"{FIELDS.get(name, name)}: {before or 'none'} → {after or 'none'}"
                for name, (before, after) in each.changes.items()
            )
            or "–",
            Markup('<span class="app-as-typed">{}</span>').format(each.note) if each.note else "–",
            f"{date_words(each.at)}, {CheckedBy(each.by).label}",
        ]
        for each in found
    ]
    return table(["Who", "Before and after", "Note", "When and by whom"], rows) if rows else None
