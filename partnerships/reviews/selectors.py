"""Reading reviews: what is asked, how many have answered, one's own answers, and the averages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef

from calendars.london import today
from organisations.actor import Actor
from organisations.models import Sector
from organisations.permissions import Hidden
from partnerships.record.models import Partnership
from partnerships.reviews.models import AnswerSet, Review

BOTH_SIDES = (Sector.SCHOOL, Sector.HEALTH)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many people have answered, by side."""

    people: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """On both sides together."""
        return sum(self.people.values())

    @property
    def both(self) -> bool:
        """Whether somebody of each side has answered."""
        return all(self.people.get(side) for side in BOTH_SIDES)


@dataclass(frozen=True, slots=True)
class Result:
    """The averages of one question. The sides are None where they are not broken out."""

    schools: float | None
    health: float | None
    together: float
    apart: bool


Results = dict[str, Result]


def reviews_of(actor: Actor, partnership: Partnership, limit: int | None = None) -> list[Review]:
    """The reviews of a partnership, the latest first: all, or so many."""
    rows = Review.objects.filter(partnership=partnership, acl__overlap=[actor.key])
    return list(rows.select_related("partnership", "author_organisation")[:limit])


def review_of(actor: Actor, partnership: Partnership, ref: str) -> Review:
    """One review of a partnership; raises Hidden unless the actor may see it."""
    found = (
        Review.objects.filter(ref=ref, partnership=partnership, acl__overlap=[actor.key])
        .select_related("author_organisation", "closed_by")
        .first()
    )
    if found is None:
        raise Hidden("see a review")
    found.partnership = partnership
    return found


def own_answers(actor: Actor, review: Review) -> AnswerSet | None:
    """What the acting person answered for the acting organisation."""
    return AnswerSet.objects.filter(
        review=review, organisation_id=actor.organisation_id or 0, user_id=actor.user_id
    ).first()


def own_last_answers(actor: Actor, review: Review) -> AnswerSet | None:
    """What they answered in the latest review of the partnership before this one."""
    rows = AnswerSet.objects.filter(
        partnership_id=review.partnership_id,
        organisation_id=actor.organisation_id or 0,
        user_id=actor.user_id,
        review_id__lt=review.pk,
    )
    return rows.select_related("review").order_by("-review_id").first()


def to_answer(actor: Actor, limit: int) -> list[Review]:
    """The open reviews that this very person has not answered, those that close first first."""
    done = AnswerSet.objects.filter(
        review=OuterRef("pk"), organisation_id=actor.organisation_id or 0, user_id=actor.user_id
    )
    rows = Review.objects.filter(
        ~Exists(done),
        acl__overlap=[actor.key],
        closed_at=None,
        closes_on__gte=today(),
        partnership__closed_at=None,
    ).select_related("partnership")
    return list(rows.order_by("closes_on", "pk")[:limit])


def turnout_of(reviews: Collection[Review]) -> dict[int, Turnout]:
    """How many have answered each review, by side; one statement."""
    found: dict[int, Turnout] = {each.pk: Turnout() for each in reviews}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT review, side, people FROM tandem.review_turnout(%s::bigint[])", [list(found)]
        )
        for review, side, people in cursor.fetchall():
            found[review].people[side] = people
    return found


def results_of(reviews: Collection[Review]) -> dict[int, Results]:
    """The averages of each closed review by question; one statement. Empty where none may be
    shown."""
    found: dict[int, Results] = {each.pk: {} for each in reviews}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT review, question, schools, health, together, apart "
            "FROM tandem.review_results(%s::bigint[])",
            [list(found)],
        )
        for review, question, schools, health, together, apart in cursor.fetchall():
            found[review][question] = Result(
                None if schools is None else float(schools),
                None if health is None else float(health),
                float(together),
                apart,
            )
    return found


def we_answered(review: Review) -> bool:
    """Whether anybody of the organisation that is acted for has answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.we_answered_review(%s)", [review.pk])
        (answered,) = cursor.fetchone()
    return bool(answered)
