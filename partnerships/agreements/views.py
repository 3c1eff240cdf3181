"""Pages of agreements: the list, starting one, writing it, its text, what changed, its stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.text_changes import text_changes
from frontend.wording import counted
from organisations import audit, permissions
from organisations.actor import ActingRequest
from organisations.forms import RecordForm, data_for
from organisations.permissions import Permission
from partnerships.agreements import presenters, selectors, services, signing
from partnerships.agreements.asked import agreement_asked_for, version_asked_for
from partnerships.agreements.forms import BasedOn, ClauseForm, DetailsForm, StageForm, StartForm
from partnerships.agreements.library import clause_of
from partnerships.agreements.models import Agreement, AgreementVersion, Stage
from partnerships.agreements.renewal import renewal_of
from partnerships.agreements.signing_words import lines_of, signatures_table
from partnerships.agreements.transfer import transfers_of
from partnerships.record.models import Partnership
from partnerships.record.selectors import partnership_of

FORM_METHODS = ["GET", "HEAD", "POST"]
# So many versions are shown; those before them are folded.
MOST_VERSIONS = 5


@require_safe
def agreements(request: ActingRequest, ref: str) -> HttpResponse:
    """Every agreement of a partnership, those under way first."""
    partnership = partnership_of(request.actor, ref)
    found = selectors.agreements_of(request.actor, partnership)
    context = {
        "partnership": partnership,
        "agreements": presenters.agreements_table(request.actor, found) if found else None,
        "may_start": permissions.can(request.actor, Permission.START_AGREEMENT, partnership),
    }
    return render(request, "agreements/list.jinja", context)


@require_http_methods(FORM_METHODS)
def start(request: ActingRequest, ref: str) -> HttpResponse:
    """Start an agreement of a type."""
    partnership = partnership_of(request.actor, ref)
    permissions.require(request.actor, Permission.START_AGREEMENT, partnership)
    form = StartForm(data_for(request), actor=request.actor)

    def work() -> str:
        made = services.start_agreement(
            by=request.actor,
            partnership=partnership,
            kind=form.cleaned_data["kind"],
            title=form.cleaned_data["title"],
            dates=form.dates(),
        )
        return presenters.address(request.actor, made)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Agreement started. Now write its clauses")
        return redirect(url)
    return render(request, "agreements/start.jinja", {"form": form, "partnership": partnership})


@require_safe
def agreement_page(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """One agreement: how far it is, what it lacks, its clauses and its versions."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    actor = request.actor
    if found.author_organisation_id != actor.organisation_id:
        audit.record("agreement seen", by=actor, obj=found)
    version = selectors.version_of(found)
    may_change = permissions.can(actor, Permission.CHANGE_AGREEMENT, found) and not found.is_over
    files = selectors.files_of(found)
    papers = selectors.papers_of(found)
    may_add = permissions.can(actor, Permission.CHANGE_AGREEMENT, found)
    inside, outside = presenters.clause_lines(actor, found, version)
    versions = selectors.versions_of(found)
    earlier = versions[MOST_VERSIONS:]
    where = presenters.address(actor, found, "agreement-details") if may_change else ""
    context = {
        "partnership": partnership,
        "agreement": found,
        "version": version,
        "status": presenters.stage_tag(found),
        "details": presenters.details(found, version, where),
        "missing": presenters.what_is_missing(actor, found, version),
        "clauses": presenters.clauses_table(inside, linked=may_change),
        "more_clauses": presenters.clauses_table(outside, linked=True) if outside else None,
        "may_change": may_change,
        "may_add_file": may_add,
        "papers": presenters.papers_table(actor, found, papers, may_change=may_add)
        if papers
        else None,
        "signatures": signatures_table(lines_of(found)),
        "files": presenters.files_table(actor, found, files) if files else None,
        "may_sign": _may_sign(request, found, version),
        "may_name": permissions.can(actor, Permission.NAME_SIGNATORY, found) and not found.is_over,
        "in_force": _in_force(found),
        "transfers": transfers_of(found, version),
        "renewal": renewal_of(found),
        "renewed": presenters.address(actor, found.renews) if found.renews else "",
        "versions": presenters.versions_table(actor, found, versions[:MOST_VERSIONS]),
        "earlier": presenters.versions_table(actor, found, earlier) if earlier else None,
        "how_many_earlier": counted(len(earlier), "earlier version"),
    }
    return render(request, "agreements/agreement.jinja", context)


@require_http_methods(FORM_METHODS)
def details(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Change the title, the dates and what is asked about the agreement."""
    partnership, found = _to_change(request, ref, agreement)
    if request.method != "POST" and found.is_over:
        return _back(request, found)
    version = selectors.version_of(found)
    form = DetailsForm(data_for(request), actor=request.actor, agreement=found, version=version)

    def work() -> str:
        services.change_details(
            by=request.actor,
            agreement=found,
            title=form.cleaned_data["title"],
            dates=form.dates(),
            facts=form.facts(),
            based_on=form.cleaned_data["based_on"],
        )
        return presenters.address(request.actor, found)

    if url := _carried_out(request, form, work, version):
        messages.success(request, "Details saved")
        return redirect(url)
    context = {"form": form, "partnership": partnership, "agreement": found}
    if _met_another(form):
        context["now"] = presenters.details(found, version)
    return render(request, "agreements/details.jinja", context)


@require_http_methods(FORM_METHODS)
def clause(request: ActingRequest, ref: str, agreement: str, clause: str) -> HttpResponse:
    """Write one clause. When somebody else changed it meanwhile, both texts are shown."""
    partnership, found = _to_change(request, ref, agreement)
    this = clause_of(found.kind, clause)
    if this is None:
        raise Http404("this type of agreement has no such clause")
    if request.method != "POST" and found.is_over:
        return _back(request, found)
    version = selectors.version_of(found)
    form = ClauseForm(data_for(request), actor=request.actor, version=version, key=clause)

    def work() -> str:
        services.change_clause(
            by=request.actor,
            agreement=found,
            key=clause,
            text=form.cleaned_data["text"],
            based_on=form.cleaned_data["based_on"],
        )
        return f"{presenters.address(request.actor, found)}#clauses"

    if url := _carried_out(request, form, work, version):
        messages.success(request, f"{this.name}: saved")
        return redirect(url)
    context = {
        "form": form,
        "partnership": partnership,
        "agreement": found,
        "clause": this,
        "binding": presenters.binding_words(this.binding),
    }
    if _met_another(form):
        theirs = version.text_of(clause)
        context["theirs"] = theirs
        context["changes"] = text_changes(theirs, form.cleaned_data["text"])
    return render(request, "agreements/clause.jinja", context)


@require_safe
def text(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """The whole text of a version, as it would be signed."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    version = selectors.version_of(found, version_asked_for(request))
    if found.author_organisation_id != request.actor.organisation_id:
        audit.record("agreement read", by=request.actor, obj=found)
    context = {
        "partnership": partnership,
        "agreement": found,
        "version": version,
        "details": presenters.details(found, version),
        "binding_words": presenters.binding_words,
    }
    return render(request, "agreements/text.jinja", context)


@require_safe
def compare(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """What changed from one version to another, clause by clause."""
    partnership, found = agreement_asked_for(request, ref, agreement)
    new = selectors.version_of(found, version_asked_for(request, "to"))
    old_number = version_asked_for(request, "from") or max(new.number - 1, 1)
    old = selectors.version_of(found, old_number)
    context = {
        "partnership": partnership,
        "agreement": found,
        "old": old,
        "new": new,
        "numbers": [
            {"value": str(n), "text": f"Version {n}"} for n in range(found.revision, 0, -1)
        ],
        "changes": presenters.changes_between(found, old, new),
    }
    return render(request, "agreements/compare.jinja", context)


@require_http_methods(FORM_METHODS)
def stage(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Say how far it is; what is not ready to sign is refused, with all that it lacks."""
    partnership, found = _to_change(request, ref, agreement)
    if request.method != "POST" and found.is_over:
        return _back(request, found)
    form = StageForm(data_for(request), actor=request.actor, agreement=found)

    def work() -> str:
        services.move_stage(by=request.actor, agreement=found, stage=form.cleaned_data["stage"])
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Recorded how far the agreement is")
        return redirect(url)
    context: dict[str, Any] = {"partnership": partnership, "agreement": found}
    if form.is_bound and form.has_error("stage", code=services.NOT_READY):
        # Its error summary leads to where each thing is done, not to the box.
        version = selectors.version_of(found)
        context["missing"] = presenters.what_is_missing(request.actor, found, version)
        context["fresh"] = StageForm(actor=request.actor, agreement=found)
    else:
        context["form"] = form
    return render(request, "agreements/stage.jinja", context)


@require_http_methods(FORM_METHODS)
def end(request: ActingRequest, ref: str, agreement: str) -> HttpResponse:
    """Say that it has ended, after asking."""
    partnership, found = _to_change(request, ref, agreement)
    if request.method != "POST" and found.is_over:
        return _back(request, found)
    form = RecordForm(data_for(request), actor=request.actor)

    def work() -> str:
        services.end_agreement(by=request.actor, agreement=found)
        return presenters.address(request.actor, found)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Recorded: the agreement has ended")
        return redirect(url)
    version = selectors.version_of(found)
    context = {"form": form, "partnership": partnership, "agreement": found, "version": version}
    return render(request, "agreements/end.jinja", context)


def _may_sign(request: ActingRequest, agreement: Agreement, version: AgreementVersion) -> bool:
    """Whether this person is asked to sign the newest version, and has not."""
    if agreement.stage != Stage.APPROVAL:
        return False
    named = signing.signatory_of(request.actor, agreement)
    if named is None or named.user_id != request.actor.user_id:
        return False
    return signing.signature_of(request.actor, version) is None


def _in_force(agreement: Agreement) -> int | None:
    """The version that counts while a later one is written; None when there is none such."""
    signed = agreement.signed_version
    if signed is None or agreement.is_over or signed.number == agreement.revision:
        return None
    return signed.number


def _to_change(request: ActingRequest, ref: str, agreement: str) -> tuple[Partnership, Agreement]:
    partnership, found = agreement_asked_for(request, ref, agreement)
    permissions.require(request.actor, Permission.CHANGE_AGREEMENT, found)
    return partnership, found


def _carried_out(
    request: ActingRequest, form: BasedOn, work: Callable[[], str], version: AgreementVersion
) -> str | None:
    """Do it; when somebody else was there first, keep what was typed, upon what is there now."""
    if request.method != "POST" or not form.is_valid():
        return None
    url = form.carry_out(work)
    if url is None and _met_another(form):
        form.now_based_on(version)
    return url


def _met_another(form: BasedOn) -> bool:
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, code=services.CHANGED_MEANWHILE)


def _back(request: ActingRequest, agreement: Agreement) -> HttpResponse:
    """Back to the agreement, saying why this cannot be done now."""
    messages.info(request, f"It is over already: {agreement.get_stage_display().lower()}.")
    return redirect(presenters.address(request.actor, agreement))
