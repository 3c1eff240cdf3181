"""Pages of the shared aim: what it says and who agreed, writing, comparing, agreeing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.errors import Problem
from frontend.text_changes import text_changes
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.aims import selectors, services
from partnerships.aims.forms import AgreeForm, AimForm, CommentForm
from partnerships.aims.models import AimVersion
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def shared_aim(request: ActingRequest, ref: str) -> HttpResponse:
    """The version that counts, who has agreed it, what was said, and the versions before it."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    versions = selectors.versions_of(actor, partnership)
    version = versions[0] if versions else None
    if version is not None and version.author_organisation_id != actor.organisation_id:
        audit.record("shared aim seen", by=actor, obj=version)
    answers = selectors.answers_to(actor, version) if version else []
    agreed = any(e.agreed and e.member.organisation_id == actor.organisation_id for e in answers)
    context = {
        "partnership": partnership,
        "version": version,
        "versions": versions,
        "answers": answers,
        "by_all": selectors.agreed_by_all(answers),
        "comments": selectors.comments_of(actor, partnership),
        "may_change": permissions.can(actor, Permission.CHANGE_AIM, partnership),
        "may_comment": permissions.can(actor, Permission.COMMENT_ON_AIM, partnership),
        "may_agree": not agreed and permissions.can(actor, Permission.AGREE_AIM, partnership),
    }
    return render(request, "aims/aim.jinja", context)


@require_http_methods(FORM_METHODS)
def change(request: ActingRequest, ref: str) -> HttpResponse:
    """Write it. When somebody else changed it meanwhile, both texts are shown."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.CHANGE_AIM, partnership)
    version = selectors.newest_of(request.actor, partnership)
    form = AimForm(data_for(request), actor=request.actor, version=version)

    def work() -> str:
        services.write_aim(
            by=request.actor,
            partnership=partnership,
            priorities=form.cleaned_data["priorities"].splitlines(),
            aim=form.cleaned_data["aim"],
            based_on=form.cleaned_data["based_on"],
        )
        return _address(request, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Shared aim saved. Every member can now agree it")
        return redirect(url)
    context: dict[str, Any] = {"form": form, "partnership": partnership, "version": version}
    if _met_another(form) and version is not None:
        typed = "\n".join([form.cleaned_data["priorities"], form.cleaned_data["aim"]])
        context["theirs"] = version.text
        context["changes"] = text_changes(version.text, typed)
        form.now_based_on(version.number)
    return render(request, "aims/change.jinja", context)


@require_safe
def compare(request: ActingRequest, ref: str) -> HttpResponse:
    """What changed from one version to another."""
    partnership = partnership_of(request.actor, ref)
    newest = selectors.newest_of(request.actor, partnership)
    if newest is None:
        raise Http404("nothing to compare")
    new = _version(request, partnership, "to") or newest
    earlier = max(new.number - 1, 1)
    old = _version(request, partnership, "from") or selectors.version_of(
        request.actor, partnership, earlier
    )
    context = {
        "partnership": partnership,
        "old": old,
        "new": new,
        "changes": [
            (
                "Shared priorities",
                text_changes("\n".join(old.priorities), "\n".join(new.priorities)),
            ),
            ("Shared aim", text_changes(old.aim, new.aim)),
        ],
        "numbers": [{"value": str(n), "text": f"Version {n}"} for n in range(newest.number, 0, -1)],
    }
    return render(request, "aims/compare.jinja", context)


@require_http_methods(FORM_METHODS)
def agree(request: ActingRequest, ref: str) -> HttpResponse:
    """Agree the text on the page; one that has just changed is shown with what changed."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.AGREE_AIM, partnership)
    version = selectors.newest_of(request.actor, partnership)
    if version is None:
        raise Http404("nothing to agree")
    if request.method != "POST" and selectors.has_agreed(request.actor, version):
        messages.info(request, "Your organisation has agreed this version already.")
        return redirect(_address(request, partnership))
    form = AgreeForm(data_for(request), actor=request.actor, version=version)

    def work() -> str:
        given = form.cleaned_data
        services.agree_aim(
            by=request.actor,
            partnership=partnership,
            number=given["number"],
            role=given["role"],
        )
        return _address(request, partnership)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Agreed")
        return redirect(url)
    context: dict[str, Any] = {"form": form, "partnership": partnership, "version": version}
    if _met_another(form):
        number = min(form.cleaned_data["number"], version.number)
        seen = selectors.version_of(request.actor, partnership, number)
        context["seen"] = seen
        context["changes"] = text_changes(seen.text, version.text)
        context["forms"] = [Problem(str(each), "#changed") for each in form.non_field_errors()]
        context["form"] = AgreeForm(actor=request.actor, version=version)
    return render(request, "aims/agree.jinja", context)


@require_http_methods(FORM_METHODS)
def comment(request: ActingRequest, ref: str) -> HttpResponse:
    """Say something about the version that counts."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.COMMENT_ON_AIM, partnership)
    form = CommentForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.comment_on_aim(
            by=request.actor, partnership=partnership, text=form.cleaned_data["text"]
        )
        return f"{_address(request, partnership)}#comments"

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Comment added")
        return redirect(url)
    return render(request, "aims/comment.jinja", {"form": form, "partnership": partnership})


def _address(request: ActingRequest, partnership: Partnership) -> str:
    return page_of(request.actor, "shared-aim", ref=partnership.ref)


def _met_another(form: RecordForm) -> bool:
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE)


def _version(request: ActingRequest, partnership: Partnership, name: str) -> AimVersion | None:
    """The version whose number is in the address; raises Http404 for what is none."""
    typed = request.GET.get(name)
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 6:
        raise Http404("no such version")
    return selectors.version_of(request.actor, partnership, int(typed))
