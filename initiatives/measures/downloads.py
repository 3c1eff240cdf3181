"""What a reader may know of measures as a file: the very figures of the pages, and what they are.

The file says at its top how small numbers were treated, of when the figures are and who may see
them, because files travel without their page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from calendars.london import today
from contacts.sheets.files_out import CONTENT_TYPES, write
from frontend.wording import datetime_words
from initiatives.measures import presenters, selectors
from initiatives.measures.selectors import Told
from initiatives.plans.models import Initiative
from initiatives.plans.selectors import initiative_of
from initiatives.small_numbers.presenters import in_words
from organisations import audit
from organisations.actor import ActingRequest, Actor
from partnerships.agreements.selectors import shares_data
from partnerships.diary.school_terms import school_terms
from partnerships.record.selectors import partnership_of

HEADINGS = (
    "Measure", "Measured by", "Period", "First day", "Last day", "Group", "What a figure is",
    "Figure", "Target", "Small numbers",
)  # fmt: skip
SHARED = (
    "Every member of the partnership may see these figures while a data sharing agreement is in "
    "force. Ask before you pass them on."
)
NOT_SHARED = (
    "No data sharing agreement is in force: these figures are for the organisation that measured "
    "them alone."
)


@never_cache
@require_safe
def of_measure(
    request: ActingRequest, ref: str, initiative: str, measure: str, kind: str
) -> HttpResponse:
    """The figures of one measure."""
    found = initiative_of(request.actor, partnership_of(request.actor, ref), initiative)
    one = selectors.measure_of(request.actor, found, measure)
    response = _file(request.actor, found, [selectors.told_of(request.actor, one)], kind)
    audit.record("measure downloaded", by=request.actor, obj=one)
    response["Content-Disposition"] = f'attachment; filename="measure-{one.ref}.{kind}"'
    return response


@never_cache
@require_safe
def of_initiative(request: ActingRequest, ref: str, initiative: str, kind: str) -> HttpResponse:
    """The figures of all measures of an initiative."""
    found = initiative_of(request.actor, partnership_of(request.actor, ref), initiative)
    response = _file(request.actor, found, selectors.measures_of(request.actor, found), kind)
    audit.record("measures downloaded", by=request.actor, obj=found)
    response["Content-Disposition"] = f'attachment; filename="measures-{found.ref}.{kind}"'
    return response


def _file(actor: Actor, initiative: Initiative, told: Sequence[Told], kind: str) -> HttpResponse:
    """The file; raises Http404 for another kind, and where the reader may know of no figure."""
    days = {day for each in told for day in presenters.periods_in(each)}
    if kind not in CONTENT_TYPES or not days:
        raise Http404("no such file, or no figures in it")
    ref = initiative.partnership.ref
    terms = school_terms(actor, {ref}, days).of(ref)
    rows = [row for each in told for row in presenters.told_rows(each, terms)]
    content = write(kind, HEADINGS, rows, about=_about(actor, initiative, told), title="Figures")
    return HttpResponse(content, content_type=CONTENT_TYPES[kind])


def _about(actor: Actor, initiative: Initiative, told: Sequence[Told]) -> list[list[Any]]:
    published = max(row.published_at for each in told for row in each.wholes)
    shares = shares_data(actor, initiative.partnership, today())
    rules = {row.told_by for each in told for row in each.wholes if row.rule}
    how = [f"{each.name}: {in_words(each)}" for each in sorted(rules, key=lambda each: each.name)]
    return [
        ["Figures of", initiative.name],
        ["Partnership", initiative.partnership.name],
        ["Figures as of", datetime_words(published)],
        ["Downloaded", datetime_words(timezone.now())],
        ["Small numbers", " ".join([*how, "A figure that is not shown is not 0."])],
        ["Sharing", SHARED if shares else NOT_SHARED],
        [],
    ]
