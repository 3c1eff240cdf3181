"""Who is asked about a quiet period, who has agreed, and whether it holds.

Asked are the members that had accepted the partnership when it was proposed, without the proposer.
Whoever leaves the partnership or Tandem is asked no more; whoever joins later finds it agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from calendars.london import today
from partnerships.diary.models import QuietAnswer, QuietPeriod
from partnerships.record.models import Member, MemberState


class Course(StrEnum):
    """Where a quiet period stands."""

    HOLDS = "Agreed"
    WAITS = "Waiting for answers"
    DECLINED = "Not agreed"
    WITHDRAWN = "Withdrawn"


@dataclass(frozen=True, slots=True)
class Said:
    """A member that was asked, and its answer: None until it has given one."""

    organisation_id: int
    organisation: str
    agreed: bool | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A quiet period with what each member that was asked says of it."""

    period: QuietPeriod
    answers: tuple[Said, ...]

    @property
    def course(self) -> Course:
        """Where it stands. Without anybody to ask it holds at once."""
        if self.period.withdrawn_at is not None:
            return Course.WITHDRAWN
        if any(each.agreed is False for each in self.answers):
            return Course.DECLINED
        return Course.HOLDS if all(each.agreed for each in self.answers) else Course.WAITS

    @property
    def holds(self) -> bool:
        """Whether its days are quiet for every member."""
        return self.course == Course.HOLDS

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.period.ends_on < today()

    def of(self, organisation_id: int | None) -> Said | None:
        """What one organisation says; None when it is not asked."""
        return next((a for a in self.answers if a.organisation_id == organisation_id), None)


def agreements(
    periods: Sequence[QuietPeriod], members: Sequence[Member] | None = None
) -> list[Agreement]:
    """What the members say of quiet periods, in their order; two statements.

    One, when the caller has the `members_since` of their partnerships already.
    """
    if members is None:
        members = members_since({period.partnership_id for period in periods})
    answers = QuietAnswer.objects.filter(period__in=[period.pk for period in periods])
    given = {
        (period, organisation): agreed
        for period, organisation, agreed in answers.values_list(
            "period_id", "organisation_id", "agreed"
        )
    }
    return [
        Agreement(
            period,
            tuple(
                Said(
                    member.organisation_id,
                    member.organisation.name,
                    given.get((period.pk, member.organisation_id)),
                )
                for member in members
                if member.partnership_id == period.partnership_id
                and member.organisation_id != period.author_organisation_id
                and member.since <= period.created_at  # type: ignore[attr-defined]
            ),
        )
        for period in periods
    ]


def agreement_on(period: QuietPeriod) -> Agreement:
    """The same for one."""
    return agreements([period])[0]


def members_since(partnerships: Collection[int]) -> list[Member]:
    """The members of these partnerships by name, `since` when they are one."""
    rows = with_since(Member.objects.filter(partnership__in=partnerships))
    return [each for each in rows.order_by("organisation__name") if is_asked(each)]


def with_since(members: QuerySet[Member]) -> QuerySet[Member]:
    """Members as far as agreeing needs them, `since` when they are one."""
    return (
        members.annotate(since=Coalesce(F("answered_at"), F("added_at")))
        .select_related("organisation")
        .only(
            "partnership_id",
            "organisation_id",
            "state",
            "organisation__name",
            "organisation__left_at",
        )
    )


def is_asked(member: Member) -> bool:
    """Whether a member answers for anything.

    An owner that has left Tandem stays a member of its partnerships, and answers nothing any more.
    """
    return member.state == MemberState.ACCEPTED and member.organisation.left_at is None
