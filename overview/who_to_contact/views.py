"""The page that asks and answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars.london import today
from calendars.working_days import add_working_days
from contacts.directory import answers, presenters
from contacts.directory.answers import Answer, Door
from contacts.directory.where import Where
from organisations import permissions
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.permissions import Permission
from overview.who_to_contact import in_touch
from overview.who_to_contact.forms import QuestionForm

# How long to wait for an answer of the first door.
PATIENCE = 10


@require_safe
def who(request: ActingRequest) -> HttpResponse:
    """Ask, choose among several places, or answer."""
    actor = request.actor
    permissions.require(actor, Permission.SEARCH_DIRECTORY)
    asked = "need" in request.GET or "where" in request.GET
    form = QuestionForm(request.GET if asked else None, needs=answers.needs())
    here = page_of(actor, "who-to-contact")
    context: dict[str, Any] = {"form": form, "here": here}
    if not asked or not form.is_valid():
        return render(request, "who/ask.jinja", context)
    need = form.chosen
    context["need"] = need
    if need.not_here:
        return render(request, "who/not_here.jinja", context)
    if len(form.meant.choices) > 1:
        typed, key = form.cleaned_data["where"], need.key
        context["choices"] = [
            (each.name, f"{here}?{_question(typed, key, each)}") for each in form.meant.choices
        ]
        return render(request, "who/choose.jinja", context)
    [where] = form.meant.choices
    return render(request, "who/answer.jinja", context | _answer(actor, need, where))


def _question(typed: str, need: str, where: Where) -> str:
    asked = {"where": typed, "need": need, "place": where.place.council.slug}
    if where.school:
        asked["school"] = where.school.slug
    return urlencode(asked)


def _answer(actor: Actor, need: Any, where: Where) -> dict[str, Any]:
    found = answers.answer(need, where)
    return {
        "answer": found,
        "where": where,
        "place_page": presenters.area_page(actor, where.place),
        "first": _door(actor, found.first),
        "fallback": _door(actor, found.fallback),
        "strategic": _door(actor, found.strategic),
        "in_touch": in_touch.facts_about(actor, _organisations(found)),
        "fallback_on": add_working_days(today(), PATIENCE),
    }


def _organisations(found: Answer) -> set[int]:
    """The organisations that the answer leads to."""
    people = [*found.first.people, *found.fallback.people]
    return {each.organisation_id for each in people}


def _door(actor: Actor, door: Door) -> dict[str, Any]:
    return {
        "words": door.words,
        "nobody": door.nobody,
        "people": presenters.people(actor, door.people),
        "gateways": presenters.gateways(actor, door.gateways),
    }
