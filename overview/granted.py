"""What somebody sees in their own name: what they hold a personal grant on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.components import Component, table
from initiatives.plans import presenters as initiative_words
from initiatives.plans import selectors as initiatives
from initiatives.review import selectors as initiative_reviews
from organisations import audit
from organisations.actor import ActingRequest, Actor
from organisations.permissions import Permission, can
from partnerships.actions import presenters as action_words
from partnerships.actions import selectors as actions
from partnerships.agenda import presenters as agenda_words
from partnerships.agenda import selectors as agenda
from partnerships.agreements import presenters as agreement_words
from partnerships.agreements import selectors as agreements
from partnerships.aims import selectors as aims
from partnerships.conversations import selectors as conversations
from partnerships.diary import quiet_selectors as quiet
from partnerships.diary import quiet_words
from partnerships.record import presenters
from partnerships.record import selectors as record
from partnerships.record.models import Partnership
from partnerships.touchpoints import selectors as touchpoints
from partnerships.touchpoints.presenters import state_tag, when_words
from partnerships.wins import selectors as wins

MOST_WINS, MOST_INITIATIVES = 10, 25


@require_safe
def granted(request: ActingRequest) -> HttpResponse:
    """Everything that was shared with the person, by whom and until when."""
    context = {
        "held": record.grants_of(request.actor),
        "initiatives": initiative_reviews.grants_of(request.actor),
    }
    return render(request, "overview/granted.jinja", context)


@require_safe
def granted_partnership(request: ActingRequest, ref: str) -> HttpResponse:
    """One partnership with its shared conversations and touchpoints. The look is audited."""
    actor = request.actor
    partnership = record.granted_partnership(actor, ref)
    audit.record("partnership seen", by=actor, obj=partnership)
    context = {
        "partnership": partnership,
        "version": aims.newest_of(actor, partnership),
        "wins": wins.latest_of(actor, partnership, MOST_WINS),
        "members": _members(partnership),
        "conversations": conversations.all_of(actor, partnership, request.GET.get("page")),
        "touchpoints": _touchpoints(actor, partnership),
        "actions": _actions(actor, partnership),
        "agenda_items": _agenda_items(actor, partnership),
        "agreements": _agreements(actor, partnership),
        "initiatives": _initiatives(actor, partnership),
        "quiet_periods": _quiet_periods(actor, partnership),
        "may_change": can(actor, Permission.CHANGE_PARTNERSHIP, partnership),
    }
    return render(request, "overview/granted_partnership.jinja", context)


def _members(partnership: Partnership) -> Component:
    """The organisations in it with their contacts."""
    contacts = record.contacts_of(partnership)
    return table(
        ["Organisation", "Contacts", "Where it stands"],
        [
            [
                member.organisation.name,
                ", ".join(
                    f"{each.posting.person.name} ({each.get_function_display().lower()})"
                    for each in contacts
                    if each.organisation_id == member.organisation_id
                )
                or "Not named yet",
                presenters.member_tag(member),
            ]
            for member in record.members_of(partnership)
        ],
    )


def _touchpoints(actor: Actor, partnership: Partnership) -> Component | None:
    rows = touchpoints.of_partnership(actor, partnership)
    if not rows:
        return None
    return table(
        ["When", "What", "Where", "Status"],
        [[when_words(row), row.kind_words, row.venue, state_tag(row)] for row in rows],
    )


def _actions(actor: Actor, partnership: Partnership) -> Component | None:
    found = actions.open_of(actor, partnership).first
    if not found:
        return None
    return table(["Action", "Who", "By when", "Status"], action_words.rows(found))


def _agenda_items(actor: Actor, partnership: Partnership) -> Component | None:
    rows = agenda.open_of(actor, partnership)
    if not rows:
        return None
    return table(
        ["Item", "Gateway", "Meeting", "Status"],
        [
            [
                row.title,
                str(row.gateway),
                agenda_words.meeting_words(row) or "Not known yet",
                agenda_words.state_tag(row),
            ]
            for row in rows
        ],
    )


def _agreements(actor: Actor, partnership: Partnership) -> Component | None:
    found = agreements.agreements_of(actor, partnership)
    if not found:
        return None
    return table(
        ["Agreement", "Kind", "Status"],
        [
            [
                each.title,
                each.agreement.get_kind_display(),
                agreement_words.stage_tag(each.agreement),
            ]
            for each in found
        ],
    )


def _initiatives(actor: Actor, partnership: Partnership) -> Component | None:
    found = initiatives.latest_of(actor, partnership, MOST_INITIATIVES)
    if not found:
        return None
    return table(
        ["Initiative", "Aim", "When", "Stage"],
        [
            [
                each.name,
                each.aim,
                initiative_words.days_words(each) or "No day yet",
                initiative_words.stage_tag(each),
            ]
            for each in found
        ],
    )


def _quiet_periods(actor: Actor, partnership: Partnership) -> Component | None:
    rows = quiet.coming_periods(actor, partnership)
    if not rows:
        return None
    return table(
        ["Days", "Reason", "Who has agreed", "Status"],
        [
            [
                quiet_words.days_words(row.period),
                row.period.reason,
                quiet_words.agreed_words(row),
                quiet_words.state_tag(row),
            ]
            for row in rows
        ],
    )
