"""What the demo's partners agreed in writing: one agreement signed by all, one by one so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from calendars.london import today
from organisations.actor import Actor
from organisations.models import Organisation, User
from organisations.tenancy.scope import acting
from overview.demo import agreement_story as story
from partnerships.agreements.library import required_of
from partnerships.agreements.models import Agreement
from partnerships.agreements.papers import add_data_paper
from partnerships.agreements.selectors import version_of
from partnerships.agreements.services import (
    change_clause,
    change_details,
    move_stage,
    start_agreement,
)
from partnerships.agreements.signing import name_signatory, sign_agreement
from partnerships.record.models import Member, MemberState, Partnership

YEAR = timedelta(days=365)


def agree_in_writing(people: Mapping[str, Actor], hub: Partnership) -> None:
    """A letter of intent that every member signed; a memorandum that the trust signed first."""
    school = people["school trust"]
    with acting(school.scope):
        ids = Member.objects.filter(partnership=hub, state=MemberState.ACCEPTED).values_list(
            "organisation_id", flat=True
        )
        members = [each for each in people.values() if each.organisation_id in set(ids)]
    letter = _ready(school, hub, "letter_of_intent", story.LETTER, story.LETTER_CLAUSES)
    for member in members:
        _sign(member, letter)
    _add_papers(school, letter)
    memorandum = _ready(school, hub, "mou", story.MEMORANDUM, story.CLAUSES)
    for member in members:
        _name(member, memorandum)
    _sign(school, memorandum)


def _ready(
    by: Actor, hub: Partnership, kind: str, title: str, texts: Mapping[str, str]
) -> Agreement:
    starts = today() - timedelta(days=30)
    dates = {"starts_on": starts, "review_on": starts + YEAR, "expires_on": starts + 3 * YEAR}
    with acting(by.scope):
        made = start_agreement(by=by, partnership=hub, kind=kind, title=title, dates=dates)
        for clause in required_of(kind, ["clinical", "on_site"]):
            version = version_of(made)
            if clause.key in texts or not version.text_of(clause.key):
                text = texts.get(clause.key, f"{clause.prompt}. {story.ILLUSTRATION}")
                change_clause(
                    by=by, agreement=made, key=clause.key, text=text, based_on=version.number
                )
                made.refresh_from_db()
        change_details(
            by=by,
            agreement=made,
            title=title,
            dates=dates,
            facts={"clinical": True, "on_site": True},
            based_on=made.revision,
        )
        move_stage(by=by, agreement=made, stage="approval")
    return made


def _add_papers(by: Actor, agreement: Agreement) -> None:
    """An impact assessment and a data sharing agreement, of which one is to be reviewed soon."""
    agreed = today() - timedelta(days=200)
    with acting(by.scope):
        assert by.organisation_id is not None
        keeper = Organisation.objects.get(pk=by.organisation_id)
        for kind, (reference, covers), days in (
            ("dpia", story.ASSESSMENT, 230),
            ("dsa", story.SHARING, 365),
        ):
            add_data_paper(
                by=by,
                agreement=agreement,
                kind=kind,
                reference=reference,
                keeper=keeper,
                dated=agreed,
                review_on=agreed + timedelta(days=days),
                covers=covers,
            )


def _name(by: Actor, agreement: Agreement) -> None:
    with acting(by.scope):
        user = User.objects.get(pk=by.user_id)
        name_signatory(by=by, agreement=agreement, user=user, role=story.ROLE)


def _sign(by: Actor, agreement: Agreement) -> None:
    _name(by, agreement)
    with acting(by.scope):
        seen = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        version = version_of(seen)
        sign_agreement(
            by=by, agreement=seen, number=version.number, digest=version.digest, role=story.ROLE
        )
